"""Signing in, and what people change about themselves."""

from __future__ import annotations

from allauth.account.views import LoginView
from allauth.usersessions.views import ListUserSessionsView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backend.core import clock
from backend.core.errors import Expected
from backend.organisations.queries import names_of
from backend.people.actions import record_consent, set_settings
from backend.people.actions import set_sign_in as give_sign_in
from backend.people.demo import demo_signins
from backend.people.enums import Channel, Purpose
from backend.people.queries import consents_of, identifiers_of
from backend.web.account.devices import device_name
from backend.web.account.forms import SettingsForm, SignInDetailsForm
from backend.web.shell.access import form_page, public, signed_in
from backend.web.shell.request import Request
from backend.web.shell.stepup import require_recent_sign_in


class SignInView(LoginView):
    """Allauth's, which counts failed tries; in a demo the example people stand beside the form."""

    template_name = "account/login.html"

    def get_context_data(self, **kwargs):
        people = demo_signins() if settings.DEMO else []
        return super().get_context_data(**kwargs) | {"demo_signins": people}


sign_in = SignInView.as_view()


class DevicesView(ListUserSessionsView):
    """Where one is signed in, in words; a POST signs the other devices out."""

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        named = [(one, device_name(one.user_agent)) for one in context["sessions"]]
        return context | {"devices": named}


devices = DevicesView.as_view()


@public
@require_safe
def cannot_sign_in(request: HttpRequest) -> HttpResponse:
    return render(request, "account/help.html")


@signed_in
@require_safe
def welcome(request: Request) -> HttpResponse:
    """The first page after a slip: the language, then perhaps a way to come back without paper."""
    return render(request, "account/welcome.html", {"has_password": request.user.has_usable_password()})


@signed_in
@form_page
def set_sign_in(request: Request) -> HttpResponse:
    """Choose a user name and a password; who has one proves first that it is them, not a phone left lying."""
    if request.user.has_usable_password():
        require_recent_sign_in(request)
    form = SignInDetailsForm(request.POST or None, initial={"username": request.user.username})
    if request.method == "POST" and form.is_valid() and _gave_sign_in(request, form):
        messages.success(request, _("Saved. Next time, sign in with this name and password."))
        return redirect("account")
    return render(request, "account/set_sign_in.html", {"form": form})


def _gave_sign_in(request: Request, form: SignInDetailsForm) -> bool:
    """Whether it was saved; otherwise the form says why not."""
    try:
        give_sign_in(person=request.user, actor=request.actor, **form.cleaned_data)
    except Expected as problem:
        form.add_error("username", str(problem))
    except ValidationError as problem:
        form.add_error("password", problem)
    else:
        update_session_auth_hash(request, request.user)  # this device stays signed in, others do not
        return True
    return False


@signed_in
@form_page
def me(request: Request) -> HttpResponse:
    """Settings, ways in, devices, and who can see what."""
    person, is_staff = request.user, bool(request.actor.grants)
    form = SettingsForm(request.POST or None, instance=person, is_staff=is_staff)
    if request.method == "POST" and form.is_valid():
        set_settings(person=person, actor=request.actor, **form.wanted())
        translation.activate(person.language)
        messages.success(request, _("Saved."))
        return redirect("account")
    consents = consents_of(person)
    names = names_of({consent.organisation_id for consent in consents})
    context = {
        "form": form,
        "is_staff": is_staff,
        "identifiers": identifiers_of(person),
        "consents": [(consent, names.get(consent.organisation_id, "")) for consent in consents],
    }
    return render(request, "account/me.html", context)


@signed_in
@require_POST
def change_consent(request: Request) -> HttpResponse:
    """Take back, or give again, what one agreed to: a new line, the old one stays."""
    wanted = request.POST.get("consent", "")
    for consent in consents_of(request.user):
        if str(consent.public_id) == wanted:
            record_consent(
                person=request.user,
                organisation_id=consent.organisation_id,
                purpose=Purpose(consent.purpose),
                given=not consent.given,
                channel=Channel.SELF,
                language_shown=translation.get_language() or "en",
                actor=request.actor,
                now=clock.now(),
            )
            messages.success(request, _("Saved. Your coordinator sees the change."))
    return redirect("account")
