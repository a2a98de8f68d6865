"""Only those pages of allauth that are used here; nobody signs up or confirms an address through it."""

from allauth.account import views as allauth
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.urls import path

from backend.web.account import slips, views
from backend.web.shell.access import public, signed_in

urlpatterns = [
    path("login/", public(views.sign_in), name="account_login"),
    path("help/", views.cannot_sign_in, name="account_help"),
    path("logout/", public(allauth.logout), name="account_logout"),
    path("inactive/", public(allauth.account_inactive), name="account_inactive"),
    path("reauthenticate/", signed_in(allauth.reauthenticate), name="account_reauthenticate"),
    path("password/change/", signed_in(allauth.password_change), name="account_change_password"),
    path("password/set/", views.set_sign_in, name="account_set_password"),
    path("welcome/", views.welcome, name="account_welcome"),
    path("me/", views.me, name="account"),
    path("me/consents/", views.change_consent, name="account_consent"),
    path("devices/", signed_in(views.devices), name="usersessions_list"),
    path("second-factor/", signed_in(mfa.index), name="mfa_index"),
    path("second-factor/enter/", public(mfa.authenticate), name="mfa_authenticate"),
    path("second-factor/again/", signed_in(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("second-factor/on/", signed_in(totp.activate_totp), name="mfa_activate_totp"),
    path("second-factor/off/", signed_in(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("codes/", signed_in(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "recovery-codes/make/",
        signed_in(recovery.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "recovery-codes/download/",
        signed_in(recovery.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("slip/", slips.enter_code, name="slip"),
    path("slip/<str:code>/", slips.open_slip, name="slip_open"),
    path("slips/<uuid:person>/", slips.print_slip, name="slip_make"),
]
