from django.urls import path

from backend.web.organisation import views

urlpatterns = [
    path("", views.organisations, name="organisations"),
    path("<uuid:public_id>/", views.organisation, name="organisation"),
    path("<uuid:public_id>/settings/", views.organisation_change, name="organisation_change"),
    path("<uuid:public_id>/learning/", views.organisation_learning, name="organisation_learning"),
    path("<uuid:public_id>/colleagues/new/", views.colleague_new, name="colleague_new"),
    path("<uuid:public_id>/colleagues/<uuid:person>/", views.colleague, name="colleague"),
    path("<uuid:public_id>/colleagues/<uuid:person>/slip/", views.colleague_slip, name="colleague_slip"),
    path("roles/<uuid:public_id>/end/", views.role_end, name="role_end"),
]
