from django.urls import path

from backend.web.join import views

urlpatterns = [
    path("", views.start, name="join"),
    path("resume/", views.resume, name="join_resume"),
    path("continue/", views.go_on, name="join_continue"),
    path("forget/", views.forget, name="join_forget"),
    path("sent/", views.sent, name="join_sent"),
    path("status/", views.status, name="join_status"),
    path("<slug:step>/", views.step, name="join_step"),
]
