from django.urls import path

from backend.web.expenses import views

app_name = "expenses"

urlpatterns = [
    path("", views.expenses, name="list"),
    path("<uuid:public_id>/receipt/", views.receipt, name="receipt"),
    path("<uuid:public_id>/approve/", views.approve, name="approve"),
    path("<uuid:public_id>/refuse/", views.refuse, name="refuse"),
    path("hand-on/<uuid:organisation_id>/", views.hand_on, name="hand_on"),
    path("<uuid:public_id>/list/", views.list_again, name="list_again"),
]
