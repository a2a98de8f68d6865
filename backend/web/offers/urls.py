from django.urls import path

from backend.web.offers import views

app_name = "offers"

urlpatterns = [
    path("<uuid:public_id>/", views.offer, name="detail"),
    path("<uuid:public_id>/accept/", views.accept, name="accept"),
    path("<uuid:public_id>/decline/", views.decline, name="decline"),
    path("<uuid:public_id>/ask/", views.ask, name="ask"),
]
