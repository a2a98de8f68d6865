from django.urls import path

from backend.web.together import goodbye, views, writing

app_name = "together"

urlpatterns = [
    path("<uuid:public_id>/", views.together, name="page"),
    # while it lasts
    path("<uuid:public_id>/met/", writing.met, name="met"),
    path("<uuid:public_id>/met/<uuid:meeting_id>/take-back/", writing.take_back, name="take_back"),
    path("<uuid:public_id>/elsewhere/", writing.elsewhere, name="elsewhere"),
    path("<uuid:public_id>/month/", writing.month, name="month"),
    path("<uuid:public_id>/goals/", writing.goal_new, name="goal_new"),
    path("<uuid:public_id>/goals/<uuid:goal_id>/", writing.goal, name="goal"),
    path("<uuid:public_id>/goals/<uuid:goal_id>/<uuid:step_id>/", writing.step, name="step"),
    path("<uuid:public_id>/ask-pause/", writing.pause, name="ask_pause"),
    path("<uuid:public_id>/expenses/", writing.expenses, name="expenses"),
    # ending
    path("<uuid:public_id>/ask-to-end/", goodbye.wish_to_end, name="ask_to_end"),
    path("<uuid:public_id>/evaluation/", goodbye.evaluation, name="evaluation"),
    path("<uuid:public_id>/thank-you/", goodbye.thanks, name="thanks"),
]
