"""Open offers as staff see them: who is asked, until when, an answer given by phone, taking one back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backend.core import audit, clock
from backend.core.errors import Expected
from backend.insight import desk
from backend.pairings.actions import accept_offer, decline_offer, withdraw_offer
from backend.pairings.enums import OPEN_OFFER, AnswerReason, OfferState
from backend.pairings.models import Offer
from backend.pairings.rules import may_record_answer, may_withdraw
from backend.programmes.enums import Side
from backend.web.desk.forms import NO, AnswerForm
from backend.web.shell import words
from backend.web.shell.access import staff, staff_names
from backend.web.shell.request import Request


@dataclass(frozen=True, slots=True)
class OpenOffer:
    """One open offer: who is asked about whom, for how long, until when."""

    public_id: UUID
    asked: str
    initials: str
    side: str
    other: str
    programme: str
    age: str
    ends: str
    is_late: bool


@require_safe
@staff_names
def offers(request: Request) -> HttpResponse:
    day = timezone.localdate(clock.now())
    rows = [_drawn(offer, day) for offer in desk.open_offers(request.actor)]
    return render(request, "desk/offers.html", {"offers": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def offer(request: Request, public_id: UUID) -> HttpResponse:
    """One offer, and the form for an answer that reached the office."""
    found = desk.access_offer_of_case(public_id, actor=request.actor)
    form = AnswerForm(request.POST or None, initial={"channel": "phone"})
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, _record(request, found, form))
            return redirect("desk:offers")
        except Expected as problem:
            form.add_error(None, str(problem))
            return _page(request, public_id, form, status=problem.status)
    return _page(request, public_id, form, status=422 if form.is_bound else 200)


@require_POST
@staff
def withdraw(request: Request, public_id: UUID) -> HttpResponse:
    found = desk.access_offer_of_case(public_id, actor=request.actor)
    withdraw_offer(offer_id=found.pk, actor=request.actor, now=clock.now())
    messages.success(request, _("Taken back. Both keep their place."))
    return redirect("desk:offers")


def _record(request: Request, found: Offer, form: AnswerForm) -> str:
    """Write the answer down; returns what to say about it. Raises what the actions raise."""
    now, told = clock.now(), form.told
    if form.cleaned_data["answer"] == NO:
        reason = AnswerReason(form.cleaned_data["reason"])
        decline_offer(offer_id=found.pk, reason=reason, actor=request.actor, now=now, told=told)
        return _("Saved. The offer is closed, and both keep their place.")
    after = accept_offer(offer_id=found.pk, actor=request.actor, now=now, told=told)
    if after.state == OfferState.ACCEPTED:
        return _("Saved. Both said yes, and their mentoring has started.")
    asked = after.mentor if after.side_asked == Side.MENTOR else after.newcomer
    return _("Saved. %(name)s is asked now.") % {"name": asked.profile.called}


def _page(request: Request, public_id: UUID, form: AnswerForm, *, status: int) -> HttpResponse:
    found, about = desk.access_offer_of_case(public_id, actor=request.actor), ("offer", public_id)
    office = found.programme.organisation_id
    audit.record("offer_opened", actor=request.actor, about=about, now=clock.now(), organisation_id=office)
    is_open = found.state in OPEN_OFFER
    context = {
        "offer": found,
        "drawn": _drawn(found, timezone.localdate(clock.now())) if is_open else None,
        "form": form,
        "may_record": is_open and may_record_answer(request.actor, found),
        "may_withdraw": is_open and may_withdraw(request.actor, found),
    }
    return render(request, "desk/offer.html", context, status=status)


def _drawn(offer: Offer, day: date) -> OpenOffer:
    is_mentor = offer.side_asked == Side.MENTOR
    mentor, newcomer = offer.mentor.profile, offer.newcomer.profile
    asked, other = (mentor, newcomer) if is_mentor else (newcomer, mentor)
    since = timezone.localdate(offer.first_accepted_at or offer.released_at)
    days = (timezone.localdate(offer.expires_at) - day).days
    return OpenOffer(
        public_id=offer.public_id,
        asked=asked.full_name,
        initials=asked.initials,
        side="b" if is_mentor else "a",
        other=other.full_name,
        programme=offer.programme.name,
        age=words.age((day - since).days),
        ends=words.ends_in(days),
        is_late=days <= 2,
    )
