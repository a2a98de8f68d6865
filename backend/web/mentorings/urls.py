from django.urls import path

from backend.web.mentorings import goodbye, members, views

app_name = "mentorings"

urlpatterns = [
    path("", views.mentorings, name="list"),
    path("<uuid:public_id>/", views.mentoring, name="detail"),
    path("<uuid:public_id>/end/", views.end, name="end"),
    path("<uuid:public_id>/pause/", views.pause, name="pause"),
    path("<uuid:public_id>/resume/", views.resume, name="resume"),
    # ending
    path("<uuid:public_id>/join/", members.join, name="join"),
    path("<uuid:public_id>/of/<uuid:enrolment_id>/leave/", members.leave, name="leave"),
    path("<uuid:public_id>/of/<uuid:enrolment_id>/stand-in/", members.stand_in, name="stand_in"),
    path("<uuid:public_id>/of/<uuid:enrolment_id>/evaluation/", goodbye.evaluation, name="evaluation"),
    path("<uuid:public_id>/of/<uuid:enrolment_id>/thank-you/", goodbye.thanks, name="thanks"),
]
