from django.urls import path

from backend.web.imports import views

app_name = "imports"

urlpatterns = [
    path("", views.start, name="start"),
    path("export/", views.export, name="export"),
    path("<uuid:public_id>/", views.batch, name="batch"),
    path("<uuid:public_id>/columns/", views.mapping, name="mapping"),
    path("<uuid:public_id>/rows/", views.rows, name="rows"),
    path("<uuid:public_id>/take-in/", views.commit, name="commit"),
    path("<uuid:public_id>/done/", views.done, name="done"),
    path("<uuid:public_id>/throw-away/", views.discard, name="discard"),
]
