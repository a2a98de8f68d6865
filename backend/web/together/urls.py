from django.urls import path

from backend.web.together import goodbye, views

app_name = "together"

urlpatterns = [
    path("<uuid:public_id>/", views.together, name="page"),
    # ending
    path("<uuid:public_id>/ask-to-end/", goodbye.wish_to_end, name="ask_to_end"),
    path("<uuid:public_id>/evaluation/", goodbye.evaluation, name="evaluation"),
    path("<uuid:public_id>/thank-you/", goodbye.thanks, name="thanks"),
]
