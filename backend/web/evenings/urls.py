from django.urls import path

from backend.web.evenings import views

app_name = "evenings"

urlpatterns = [
    path("", views.evenings, name="list"),
    path("new/<uuid:programme_id>/", views.new, name="new"),
    path("<uuid:public_id>/", views.evening, name="detail"),
    path("<uuid:public_id>/invite/", views.invite, name="invite"),
    path("<uuid:public_id>/came/", views.came, name="came"),
    path("<uuid:public_id>/cancel/", views.cancel, name="cancel"),
    path("<uuid:public_id>/likings/", views.likings, name="likings"),
]
