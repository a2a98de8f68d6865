"""Open offers as staff see them: who is asked, until when, what they ask, an answer by phone, more days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backend.core import audit, clock
from backend.core.errors import Expected
from backend.insight import desk
from backend.insight import offers as insight
from backend.organisations.queries import names_in
from backend.pairings.actions import (
    accept_offer,
    answer_question,
    ask_question,
    decline_offer,
    extend_offer,
    withdraw_offer,
)
from backend.pairings.enums import OPEN_OFFER, AnswerReason, OfferState
from backend.pairings.models import Offer, OfferQuestion
from backend.pairings.rules import may_extend, may_record_answer, may_withdraw
from backend.programmes.enums import Side
from backend.web.desk.forms import ASKS, NO, AnswerForm, ExtendForm, SayForm
from backend.web.shell import words
from backend.web.shell.access import staff, staff_names
from backend.web.shell.request import Request

# After so many days without a word, a newcomer is asked again whether they still want a mentor.
STILL_INTERESTED = 60


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
    has_question: bool


@dataclass(frozen=True)
class Question:
    """What one side asked; `form` is there while it waits for an answer that this reader may give."""

    public_id: UUID
    name: str
    text: str
    at: str
    answer: str
    answered: str
    by: str
    form: SayForm | None


@require_safe
@staff_names
def offers(request: Request) -> HttpResponse:
    day = timezone.localdate(clock.now())
    rows = [_drawn(offer, day) for offer in insight.open_offers(request.actor)]
    return render(request, "desk/offers.html", {"offers": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def offer(request: Request, public_id: UUID) -> HttpResponse:
    """One offer, and the form for an answer that reached the office."""
    found = desk.access_offer_of_case(public_id, actor=request.actor)
    initial = {"channel": "phone", "side": found.side_asked}
    form = AnswerForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, _record(request, found, form))
            return redirect("desk:offers")
        except Expected as problem:
            form.add_error(None, str(problem))
            return _page(request, public_id, form=form, status=problem.status)
    return _page(request, public_id, form=form, status=422 if form.is_bound else 200)


@require_POST
@staff
def answer(request: Request, public_id: UUID, question_id: UUID) -> HttpResponse:
    """What the office answers to a question."""
    found = desk.access_offer_of_case(public_id, actor=request.actor)
    question = insight.access_question(question_id, offer=found)
    form = SayForm(request.POST)
    if not form.is_valid():
        return _page(request, public_id, say=(question_id, form), status=422)
    text, told = form.cleaned_data["answer"], form.told
    answer_question(question_id=question.pk, answer=text, actor=request.actor, now=clock.now(), told=told)
    messages.success(request, _("Saved. They hear that there is an answer."))
    return redirect("desk:offer", public_id)


@require_POST
@staff
def extend(request: Request, public_id: UUID) -> HttpResponse:
    """More days to answer."""
    found, form = desk.access_offer_of_case(public_id, actor=request.actor), ExtendForm(request.POST)
    if not form.is_valid():
        return _page(request, public_id, more=form, status=422)
    try:
        extend_offer(offer_id=found.pk, days=form.cleaned_data["days"], actor=request.actor, now=clock.now())
    except Expected as problem:
        if problem.status != 409:
            raise
        form.add_error(None, str(problem))
        return _page(request, public_id, more=form, status=problem.status)
    messages.success(request, _("Saved. They hear that they have more time."))
    return redirect("desk:offer", public_id)


@require_POST
@staff
def withdraw(request: Request, public_id: UUID) -> HttpResponse:
    found = desk.access_offer_of_case(public_id, actor=request.actor)
    withdraw_offer(offer_id=found.pk, actor=request.actor, now=clock.now())
    messages.success(request, _("Taken back. Both keep their place."))
    return redirect("desk:offers")


def _record(request: Request, found: Offer, form: AnswerForm) -> str:
    """Write the answer down; returns what to say about it. Raises what the actions raise."""
    now, given, actor = clock.now(), form.cleaned_data, request.actor
    told, side = form.told, form.whose
    if given["answer"] == ASKS:
        text = given["question"]
        ask_question(offer_id=found.pk, text=text, actor=actor, now=now, told=told, side=side)
        return _("Saved. The question waits for an answer.")
    if given["answer"] == NO:
        decline_offer(
            offer_id=found.pk,
            reason=AnswerReason(given["reason"]),
            pauses=given["pauses"],
            until=given["until"],
            actor=actor,
            now=now,
            told=told,
            side=side,
        )
        if given["pauses"]:
            return _("Saved. The offer is closed, and the pause has begun.")
        return _("Saved. The offer is closed, and both keep their place.")
    after = accept_offer(offer_id=found.pk, actor=actor, now=now, told=told, side=side)
    if after.state == OfferState.ACCEPTED:
        return _("Saved. Both said yes, and their mentoring has started.")
    asked = after.mentor if after.side_asked == Side.MENTOR else after.newcomer
    return _("Saved. %(name)s is asked now.") % {"name": asked.profile.called}


def _page(
    request: Request,
    public_id: UUID,
    *,
    form: AnswerForm | None = None,
    say: tuple[UUID, SayForm] | None = None,
    more: ExtendForm | None = None,
    status: int,
) -> HttpResponse:
    """The page of one offer; `form`, `say` or `more` is the one that was sent."""
    found, about = desk.access_offer_of_case(public_id, actor=request.actor), ("offer", public_id)
    office = found.programme.organisation_id
    audit.record("offer_opened", actor=request.actor, about=about, now=clock.now(), organisation_id=office)
    is_open, day = found.state in OPEN_OFFER, timezone.localdate(clock.now())
    may_record = is_open and may_record_answer(request.actor, found)
    context = {
        "offer": found,
        "drawn": _drawn(found, day) if is_open else None,
        "until": words.day_month(timezone.localdate(found.expires_at)),
        "spoken": _spoken(found, day) if may_record else [],
        "questions": _questions(request, found, say, may_answer=may_record),
        "form": form or (say and say[1]) or more,  # with its errors, if one was sent
        "answer_form": form or AnswerForm(initial={"channel": "phone", "side": found.side_asked}),
        "more": more or ExtendForm(),
        "may_record": may_record,
        "may_extend": is_open and may_extend(request.actor, found),
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
        has_question=getattr(offer, "asks", False),
    )


def _questions(
    request: Request, offer: Offer, say: tuple[UUID, SayForm] | None, *, may_answer: bool
) -> list[Question]:
    rows = insight.questions_seen_by(offer, actor=request.actor)
    staff_here = names_in(offer.programme.organisation_id) if rows else {}
    drawn = []
    for row in rows:
        sent = say[1] if say and say[0] == row.public_id else None
        waits = may_answer and row.answered_at is None
        blank = SayForm(auto_id=f"id_{row.pk}_%s") if waits else None
        drawn.append(_question(row, offer, staff_here, form=(sent or blank) if waits else None))
    return drawn


def _question(
    row: OfferQuestion, offer: Offer, staff_here: dict[int, str], *, form: SayForm | None
) -> Question:
    asker = offer.mentor if row.side == Side.MENTOR else offer.newcomer
    return Question(
        public_id=row.public_id,
        name=asker.profile.called,
        text=row.text,
        at=words.moment(row.asked_at),
        answer=row.answer,
        answered=words.moment(row.answered_at) if row.answered_at else "",
        by=staff_here.get(row.answered_by_id or 0, ""),
        form=form,
    )


def _spoken(offer: Offer, day: date) -> list[tuple[str, str]]:
    """When somebody last spoke with each of the two; after two months it is time to ask again."""
    people = [offer.newcomer.profile, offer.mentor.profile]
    days = insight.last_spoken_on(profile.pk for profile in people)
    return [
        (profile.full_name, _since((day - days[profile.pk]).days if profile.pk in days else None))
        for profile in people
    ]


def _since(days: int | None) -> str:
    if days is None:
        return _("nobody has noted a talk yet")
    if days <= 0:
        return _("spoken to today")
    if days < STILL_INTERESTED:
        return ngettext("spoken to %(days)d day ago", "spoken to %(days)d days ago", days) % {"days": days}
    return ngettext(
        "spoken to %(days)d day ago: ask if they are still interested",
        "spoken to %(days)d days ago: ask if they are still interested",
        days,
    ) % {"days": days}
