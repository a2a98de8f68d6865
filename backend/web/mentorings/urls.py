from django.urls import path

from backend.web.mentorings import goodbye, members, views, writing

app_name = "mentorings"

urlpatterns = [
    path("", views.mentorings, name="list"),
    path("<uuid:public_id>/", views.mentoring, name="detail"),
    path("<uuid:public_id>/end/", views.end, name="end"),
    path("<uuid:public_id>/pause/", views.pause, name="pause"),
    path("<uuid:public_id>/resume/", views.resume, name="resume"),
    # while it lasts
    path("<uuid:public_id>/check-in/", writing.check_in, name="check_in"),
    path("<uuid:public_id>/met/", writing.met, name="met"),
    path("<uuid:public_id>/met/<uuid:meeting_id>/take-back/", writing.take_back, name="take_back"),
    path("<uuid:public_id>/elsewhere/", writing.elsewhere, name="elsewhere"),
    path("<uuid:public_id>/goals/", writing.goal_new, name="goal_new"),
    path("<uuid:public_id>/goals/<uuid:goal_id>/", writing.goal, name="goal"),
    path("<uuid:public_id>/goals/<uuid:goal_id>/<uuid:step_id>/", writing.step, name="step"),
    # ending
    path("<uuid:public_id>/join/", members.join, name="join"),
    path("<uuid:public_id>/of/<uuid:enrolment_id>/leave/", members.leave, name="leave"),
    path("<uuid:public_id>/of/<uuid:enrolment_id>/stand-in/", members.stand_in, name="stand_in"),
    path("<uuid:public_id>/of/<uuid:enrolment_id>/evaluation/", goodbye.evaluation, name="evaluation"),
    path("<uuid:public_id>/of/<uuid:enrolment_id>/thank-you/", goodbye.thanks, name="thanks"),
]
