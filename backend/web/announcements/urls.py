from django.urls import path

from backend.web.announcements import views

urlpatterns = [
    path("", views.announcements, name="announcements"),
    path("new/", views.announcement_new, name="announcement_new"),
    path("<uuid:public_id>/", views.announcement, name="announcement"),
]
