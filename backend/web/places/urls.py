from django.urls import path

from backend.web.places import views

app_name = "places"

urlpatterns = [
    path("<uuid:public_id>/places/", views.places, name="list"),
    path("<uuid:public_id>/places/<uuid:place>/", views.place, name="change"),
    path("<uuid:public_id>/places/<uuid:place>/close/", views.close, name="close"),
]
