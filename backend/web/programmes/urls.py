from django.urls import path

from backend.web.programmes import views

urlpatterns = [
    path("", views.programmes, name="programmes"),
    path("new/", views.programme_new, name="programme_new"),
    path("<uuid:public_id>/", views.programme, name="programme"),
    path("<uuid:public_id>/edit/", views.programme_edit, name="programme_edit"),
    path("<uuid:public_id>/open/", views.programme_open, name="programme_open"),
    path("<uuid:public_id>/close/", views.programme_close, name="programme_close"),
]
