"""A volunteer signs up: language and programme first, then five steps, the account at the end."""

from __future__ import annotations

from functools import wraps
from typing import Any

from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from backend.core import clock
from backend.core.errors import Expected, require
from backend.core.text import fold
from backend.people.actions import UsernameTaken
from backend.people.rules import UnfitUsername
from backend.people.slips import grouped
from backend.profiles.drafts import DraftGone, begin_draft, delete_draft, draft_of, keep_answers
from backend.profiles.models import Profile
from backend.programmes.applications import (
    SignIn,
    applications_of,
    apply_as_volunteer,
    open_programme,
    programmes_to_join,
    town_of,
)
from backend.web.account.slips import TooManyTries
from backend.web.join import flow, tasks
from backend.web.join.forms import STEPS, TITLES, CodeForm, OfferForm, Step
from backend.web.shell.access import View, form_page, public, signed_in
from backend.web.shell.request import Request


@public
@never_cache
@form_page
def start(request: HttpRequest) -> HttpResponse:
    """Choose the language and where to help; a draft begins with the answer."""
    if request.method == "POST":
        programme = open_programme(request.POST.get("programme", ""))
        if programme:
            require(ratelimit.consume(request, action="join"), TooManyTries)
            answers = {"programme": str(programme.public_id)}
            _draft, request.session[flow.CODE] = begin_draft(answers=answers, now=clock.now())
            return redirect("join_step", step="you")
    search = request.GET.get("q", "")
    found = [(p, town_of(p)) for p in programmes_to_join()]
    found = [(p, town) for p, town in found if fold(search) in fold(f"{town} {p.name}")]
    context = {
        "programmes": found,
        "search": search,
        "is_missing": request.method == "POST",
        "has_draft": flow.CODE in request.session,
    }
    return render(request, "join/start.html", context)


def _needs_draft(view: View) -> View:
    """Where the answers are gone, start again and say why."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except DraftGone as problem:
            request.session.pop(flow.CODE, None)
            messages.warning(request, str(problem))
            return redirect("join")

    return guarded


@public
@never_cache
@form_page
@_needs_draft
def step(request: HttpRequest, step: str) -> HttpResponse:
    """One step; what it asks is kept before the next one opens."""
    if step not in STEPS:
        raise Http404
    now = clock.now()
    if _is_sent(request, now):
        return redirect("join_sent")
    sign_up = flow.sign_up_of(request, now=now)
    if not sign_up.may_open(step):
        return redirect("join_step", step=sign_up.next_step())
    form = _form(request, step, sign_up)
    if request.method == "POST" and "more" not in request.POST and form.is_valid():
        if step == "check":
            if answer := _send(request, sign_up, form):
                return answer
        else:
            keep_answers(draft_id=sign_up.draft.pk, step=step, values=form.kept(), now=now)
            return redirect("join_step", step=_after(step))
    return render(request, f"join/{step}.html", _page(step, sign_up, form))


def _form(request: HttpRequest, step: str, sign_up: flow.SignUp) -> Step:
    options: dict[str, Any] = sign_up.options() | {"initial": flow.initial_of(step, sign_up.answers)}
    wants_more = request.method == "POST" and "more" in request.POST
    if STEPS[step] is OfferForm:
        given = request.POST if request.method == "POST" else options["initial"]
        filled = sum(bool(given.get(name)) for name in given if name.startswith("language_"))
        shown = sum(name.startswith("language_") for name in given)
        options["rows"] = max(2, filled, shown) + wants_more
    if wants_more:  # not yet a try to go on: what was filled in stays, and nothing is an error
        topics = {"topics": request.POST.getlist("topics")}
        return STEPS[step](**options | {"initial": request.POST.dict() | topics})
    return STEPS[step](request.POST if request.method == "POST" else None, **options)


def _page(step: str, sign_up: flow.SignUp, form: Step) -> dict[str, Any]:
    order = list(STEPS)
    number = order.index(step) + 1
    context = {
        "form": form,
        "step": step,
        "number": number,
        "total": len(order),
        "title": TITLES[step],
        "back": reverse("join_step", args=[order[number - 2]]) if number > 1 else reverse("join"),
        "code": grouped(sign_up.code),
        "organisation": sign_up.programme.organisation.name,
        "programme": sign_up.programme,
    }
    if step == "check":
        context["words"] = flow.in_words(sign_up.answers, today=sign_up.today)
    if step == "safety":
        context["checks"] = tasks.checks_of(sign_up.programme)
    return context


def _after(step: str) -> str:
    order = list(STEPS)
    return order[order.index(step) + 1]


def _send(request: HttpRequest, sign_up: flow.SignUp, form: Step) -> HttpResponse | None:
    """Send everything; None when the form has to say what does not fit."""
    values = form.cleaned_data
    own = SignIn(values["username"], values["password"]) if values["account"] == "own" else None
    try:
        profile = apply_as_volunteer(
            draft_id=sign_up.draft.pk,
            programme=sign_up.programme,
            answers=flow.profile_answers(sign_up.answers),
            agreed=flow.AGREED,
            sign_in=own,
            language=translation.get_language() or "en",
            now=clock.now(),
        )
    except (UsernameTaken, UnfitUsername) as problem:
        form.add_error("username", str(problem))
    except ValidationError as problem:
        form.add_error("password", problem)
    except Expected as problem:
        form.add_error(None, str(problem))
    else:
        return _welcome(request, profile, has_account=own is not None)
    return None


def _welcome(request: HttpRequest, profile: Profile, *, has_account: bool) -> HttpResponse:
    if not has_account:
        return redirect("join_sent")
    request.session.pop(flow.CODE, None)
    return perform_login(request, profile.person, redirect_url=reverse("join_status"))


def _is_sent(request: HttpRequest, now: Any) -> bool:
    return draft_of(code=request.session.get(flow.CODE, ""), now=now).profile_id is not None


@public
@never_cache
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """It has arrived; nobody is signed in here."""
    return render(request, "join/sent.html")


@public
@never_cache
@form_page
def resume(request: HttpRequest) -> HttpResponse:
    """Go on, on this or another device, with the code of the answers."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            require(ratelimit.consume(request, action="join"), TooManyTries)
            draft_of(code=form.cleaned_data["code"], now=clock.now())
        except Expected as problem:
            form.add_error("code", str(problem))
        else:
            request.session[flow.CODE] = form.cleaned_data["code"]
            return redirect("join_continue")
    return render(request, "join/resume.html", {"form": form})


@public
@never_cache
@require_safe
@_needs_draft
def go_on(request: HttpRequest) -> HttpResponse:
    """To the first step without an answer."""
    now = clock.now()
    if _is_sent(request, now):
        return redirect("join_sent")
    return redirect("join_step", step=flow.sign_up_of(request, now=now).next_step())


@public
@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Delete the answers of this browser's draft."""
    code = request.session.pop(flow.CODE, "")
    try:
        delete_draft(draft_id=draft_of(code=code, now=clock.now()).pk)
    except Expected:
        pass  # gone already
    return redirect("join")


@signed_in
@require_safe
def status(request: Request) -> HttpResponse:
    """What is done, what is in progress, and who has to act."""
    enrolments = applications_of(request.actor)
    return render(request, "join/status.html", {"places": tasks.places(enrolments, now=clock.now())})
