from django.urls import path

from backend.web.mentorings import views

app_name = "mentorings"

urlpatterns = [
    path("", views.mentorings, name="list"),
    path("<uuid:public_id>/", views.mentoring, name="detail"),
    path("<uuid:public_id>/end/", views.end, name="end"),
    path("<uuid:public_id>/pause/", views.pause, name="pause"),
    path("<uuid:public_id>/resume/", views.resume, name="resume"),
]
