from django.urls import path

from backend.web.transfers import views

app_name = "transfers"

urlpatterns = [
    path("", views.moves, name="list"),
    path("<uuid:public_id>/", views.move, name="page"),
    path("<uuid:public_id>/agree/", views.agree, name="agree"),
    path("<uuid:public_id>/refuse/", views.refuse, name="refuse"),
    path("<uuid:public_id>/withdraw/", views.withdraw, name="withdraw"),
    path("<uuid:public_id>/take/", views.take, name="take"),
]
