from django.urls import path

from backend.web.calendar import views

app_name = "calendar"

urlpatterns = [
    path("", views.mine, name="mine"),
    path("revoke/", views.revoke, name="revoke"),
    path("meetings/<uuid:public_id>.ics", views.meeting, name="meeting"),
    path("evenings/<uuid:public_id>.ics", views.evening, name="evening"),
    path("feed/<str:key>/", views.feed, name="feed"),
]
