from django.urls import path

from backend.web.home import views

urlpatterns = [
    path("", views.home, name="home"),
    path("mine/", views.mine, name="mine"),
    path("today/", views.today, name="today"),
]
