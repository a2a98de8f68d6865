from django.urls import path

from backend.web.together import views

app_name = "together"

urlpatterns = [
    path("<uuid:public_id>/", views.together, name="page"),
]
