"""From the facts of a suggestion to the values its page draws."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import formats
from django.utils.translation import gettext, ngettext

from backend.insight.desk import Left
from backend.insight.desk_detail import Detail, Said
from backend.pairings.enums import OVERRIDABLE
from backend.pairings.models import Suggestion
from backend.pairings.queries import waiting_days
from backend.profiles.enums import GenderWish
from backend.profiles.models import Profile
from backend.programmes.enums import Side as ProgrammeSide
from backend.programmes.models import Enrolment
from backend.web.desk import comparing, reasons, status, story
from backend.web.shell import words
from backend.web.shell.cards import Event, OverlapCard, Side
from backend.web.shell.nav import url_if_any
from backend.web.shell.overlap import overlap_card


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list of suggestions."""

    public_id: UUID
    name: str
    initials: str
    languages: str
    wait: str
    share: float | None
    note: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Part:
    name: words.Text
    text: str
    value: float | None


@dataclass(frozen=True)
class Drawn:
    """Everything the page of one suggestion says, in words."""

    card: OverlapCard
    title: str
    wait: str
    parts: Sequence[Part]
    sides: Sequence[comparing.Row]
    others: Sequence[comparing.Other]
    other_newcomers: Sequence[comparing.Other]
    events: Sequence[Event]
    comments: Sequence[tuple[Said, str]]
    refusals: Sequence[words.Text]
    is_refused_for_good: bool


@dataclass(frozen=True, slots=True)
class LeftOver:
    enrolment_id: UUID
    name: str
    initials: str
    wait: str
    sentences: Sequence[str]


def entry(suggestion: Suggestion, *, current: Suggestion | None, day: date) -> Entry:
    profile = suggestion.newcomer.profile
    days = waiting_days(suggestion.newcomer, day=day)
    waited = ngettext("%(days)d day", "%(days)d days", days) % {"days": days}
    return Entry(
        public_id=suggestion.public_id,
        name=profile.full_name,
        initials=profile.initials,
        languages=words.joined(*words.spoken(profile)[:2]),
        wait=words.joined(waited, gettext("by hand") if suggestion.by_hand else ""),
        share=suggestion.share if suggestion.examined_at else None,
        note=_back(suggestion, day),
        is_current=current is not None and suggestion.pk == current.pk,
    )


def _back(suggestion: Suggestion, day: date) -> str:
    """When it comes back, while it is put off."""
    until = suggestion.aside_until
    return gettext("back on %(day)s") % {"day": words.day_month(until)} if until and until > day else ""


def draw(detail: Detail, *, day: date) -> Drawn:
    suggestion = detail.suggestion
    mentor, newcomer = suggestion.mentor.profile, suggestion.newcomer.profile
    return Drawn(
        card=overlap_card(
            detail.overlap,
            a=_newcomer(suggestion.newcomer, day),
            b=_mentor(suggestion.mentor, day, detail.police_check_until),
            way=reasons.way(detail.overlap),
            given_up=reasons.given_up(detail.overlap, suggestion.parts, called=mentor.called),
            share=None if suggestion.refusals else suggestion.share,
        ),
        title=status.pair(suggestion),
        wait=words.waiting(waiting_days(suggestion.newcomer, day=day)),
        parts=[_part(part) for part in suggestion.parts],
        sides=comparing.side_by_side(newcomer, mentor, day=day),
        others=comparing.other_mentors(detail.alternatives, suggestion),
        other_newcomers=comparing.other_newcomers(detail.choices, suggestion, day=day),
        events=[story.event(step) for step in reversed(detail.steps)],
        comments=[(said, words.moment(said.at)) for said in detail.comments],
        refusals=[reasons.refusal(name) for name in suggestion.refusals],
        is_refused_for_good=not set(suggestion.refusals) <= set(OVERRIDABLE),
    )


def left_over(row: Left, *, day: date) -> LeftOver:
    profile = row.enrolment.profile
    return LeftOver(
        enrolment_id=row.enrolment.public_id,
        name=profile.full_name,
        initials=profile.initials,
        wait=words.waiting(waiting_days(row.enrolment, day=day)),
        sentences=[
            gettext("Not in the last matching.") if row.feasible is None else reasons.feasible(row.feasible),
            *(sentence for reason in row.reasons[:3] for sentence in reasons.excluded(reason)),
        ],
    )


def next_in(rows: Sequence[Suggestion], suggestion: Suggestion) -> Suggestion | None:
    """The one to look at after `suggestion` is decided: the next, or at the end the one before."""
    at = _index(rows, suggestion)
    if at is None:
        return rows[0] if rows else None
    return next(iter(rows[at + 1 :]), rows[at - 1] if at else None)


def neighbours(
    rows: Sequence[Suggestion], suggestion: Suggestion
) -> tuple[int | None, Suggestion | None, Suggestion | None]:
    """(its place from 1, the one before, the one after)."""
    at = _index(rows, suggestion)
    if at is None:
        return None, None, None
    return at + 1, rows[at - 1] if at else None, rows[at + 1] if at + 1 < len(rows) else None


def _index(rows: Sequence[Suggestion], suggestion: Suggestion) -> int | None:
    return next((at for at, row in enumerate(rows) if row.pk == suggestion.pk), None)


def _part(part: dict[str, Any]) -> Part:
    return Part(reasons.part_name(part["name"]), reasons.part_words(part), _value(part))


def _value(part: dict[str, Any]) -> float | None:
    return None if part["unknown"] or part["name"] in ("waiting", "learned") else float(part["value"])


def _newcomer(enrolment: Enrolment, day: date) -> Side:
    profile = enrolment.profile
    return _side(
        profile,
        facts=words.joined(words.years(profile, today=day), words.town(profile)),
        text=words.topics_of(ProgrammeSide.NEWCOMER, profile.topics_wanted),
        asked=words.joined(_wish(profile), gettext("Can meet online") if profile.meets_online else ""),
    )


def _mentor(enrolment: Enrolment, day: date, police_check_until: date | None) -> Side:
    profile = enrolment.profile
    until = formats.date_format(police_check_until, "YEAR_MONTH_FORMAT") if police_check_until else ""
    return _side(
        profile,
        facts=words.joined(words.years(profile, today=day), words.town(profile)),
        text=words.topics_of(ProgrammeSide.MENTOR, profile.topics_offered),
        asked=words.joined(
            gettext("Police check until %(month)s") % {"month": until} if until else "",
            comparing.places_free(enrolment),
        ),
    )


def _side(profile: Profile, *, facts: str, text: str, asked: str) -> Side:
    return Side(
        initials=profile.initials,
        name=profile.full_name,
        facts=facts,
        text=text,
        asked=asked,
        href=url_if_any("person", profile.public_id),
    )


def _wish(profile: Profile) -> str:
    if not profile.wishes_gender:
        return ""
    wish = {"wish": GenderWish(profile.wishes_gender).label}
    return (
        gettext("Only: %(wish)s") % wish
        if profile.wish_is_required
        else gettext("Asked for: %(wish)s") % wish
    )


def names(rows: Iterable[Enrolment]) -> list[tuple[str, str]]:
    """Choices of a form: the enrolment's public id and the full name."""
    return [(str(row.public_id), row.profile.full_name) for row in rows]
