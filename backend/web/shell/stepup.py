"""Proving once more who one is, before something that opens a door to others."""

from __future__ import annotations

import time

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from backend.web.shell.request import Request


def require_recent_sign_in(request: Request) -> None:
    """Ask for the password or the second factor again, unless it was given in the last five minutes.

    allauth's middleware leads there and back, with the form that was sent. Who came in by a slip and has
    no password yet is led to choose one.
    """
    if not request.user.has_usable_password():
        messages.info(request, _("Choose a password first. Then you can do this."))
        raise ImmediateHttpResponse(redirect("account_set_password"))
    # Not allauth's own question, which counts no sign-in: it would ask again a minute after one.
    times = [record["at"] for record in get_authentication_records(request, request.user)]
    if time.time() - max(times, default=0.0) >= app_settings.REAUTHENTICATION_TIMEOUT:
        raise ReauthenticationRequired
