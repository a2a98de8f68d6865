"""A mentoring and its history in words; every sentence is whole."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import formats, timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backend.core.languages import language_name
from backend.insight.mentorings import Happening
from backend.insight.today import QUIET
from backend.meetings.enums import PauseWish
from backend.pairings.enums import AnswerReason, DeclineReason, EndReason, PairingState, PauseReason
from backend.pairings.models import Pairing
from backend.people.enums import Channel
from backend.programmes.enums import Side
from backend.web.shell import words
from backend.web.shell.cards import Event
from backend.web.shell.nav import url_if_any


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list."""

    public_id: UUID
    names: str
    text: str
    note: str
    badge: words.Text
    tone: str


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    initials: str
    side: str
    text: words.Text
    href: str
    badge: words.Text


def names_of(pairing: Pairing, *, called: bool = False) -> str:
    """The members, newcomers first; those who left before the end are left out while it runs."""
    members = [m for m in pairing.members.all() if m.until_at is None or pairing.state == PairingState.ENDED]
    return words.listed(
        m.enrolment.profile.called if called else m.enrolment.profile.full_name for m in members
    )


def entry(pairing: Pairing, *, now: datetime) -> Entry:
    badge, tone = _badge(pairing, now)
    return Entry(
        public_id=pairing.public_id,
        names=names_of(pairing),
        text=pairing.programme.name,
        note=_since(pairing),
        badge=badge,
        tone=tone,
    )


def _since(pairing: Pairing) -> str:
    days = {"from": _day(pairing.started_at)}
    if pairing.ended_at is None:
        return gettext("since %(from)s") % days
    return gettext("%(from)s to %(until)s") % (days | {"until": _day(pairing.ended_at)})


def _badge(pairing: Pairing, now: datetime) -> tuple[words.Text, str]:
    if pairing.state == PairingState.ENDED:
        return EndReason(pairing.end_reason).label, "plain"
    if pairing.state != PairingState.ACTIVE:
        return PairingState(pairing.state).label, "action"
    quiet = now - (_heard(pairing) or pairing.started_at)
    if quiet < QUIET:
        return gettext("goes well"), "good"
    return words.quiet_for(quiet.days), "look"


def _heard(pairing: Pairing) -> datetime | None:
    conversation = getattr(pairing, "conversation", None)
    return conversation.last_at if conversation else None


def people(pairing: Pairing) -> list[Person]:
    return [
        Person(
            name=member.enrolment.profile.full_name,
            initials=member.enrolment.profile.initials,
            side="b" if member.side == Side.MENTOR else "a",
            text=Side(member.side).label,
            href=url_if_any("person", member.enrolment.profile.public_id),
            badge=_("left") if member.until_at and pairing.state != PairingState.ENDED else "",
        )
        for member in pairing.members.all()
    ]


def facts(pairing: Pairing) -> list[tuple[words.Text, words.Text]]:
    heard = _heard(pairing)
    rows: list[tuple[words.Text, words.Text]] = [
        (_("Programme"), pairing.programme.name),
        (_("State"), PairingState(pairing.state).label),
        (_("Since"), _day(pairing.started_at)),
        (_("Last message"), _day(heard) if heard else _("none yet")),
    ]
    if pairing.ended_at:
        rows += [(_("Ended"), _day(pairing.ended_at)), (_("Why"), EndReason(pairing.end_reason).label)]
    return rows


_TITLES: dict[tuple[str, str], tuple[words.Text, str]] = {
    ("suggestion", "propose"): (_("Suggested to the office"), "overlap"),
    ("suggestion", "release"): (_("Suggestion approved"), "check"),
    ("offer", "release"): (_("Offer sent"), "send"),
    ("offer", "accept_first"): (_("First yes"), "check"),
    ("offer", "accept_second"): (_("Second yes"), "checks"),
    ("pairing", "start"): (_("Mentoring started"), "heart"),
    ("pairing", "pause"): (_("Paused"), "pause"),
    ("pairing", "resume"): (_("Goes on"), "play"),
    ("pairing", "ask_pause"): (_("A pause is asked for"), "pause"),
    ("pairing", "elsewhere"): (_("They write elsewhere"), "message"),
    ("pairing", "here"): (_("They write here again"), "message"),
    ("pairing", "wind_down"): (_("Coming to an end"), "clock"),
    ("pairing", "end"): (_("Mentoring ended"), "flag"),
    ("pairing", "join"): (_("Somebody joined"), "plus"),
    ("pairing", "others_agree"): (_("The others agreed"), "check"),
    ("pairing", "leave"): (_("Somebody left"), "exit"),
    ("pairing", "stand_in"): (_("A stand-in came"), "people"),
    ("pairing", "ask_to_end"): (_("A member would like to stop"), "phone"),
    ("pairing", "give_time"): (_("A proof ran out: 30 days from here"), "clock"),
    ("pairing", "remind"): (_("Reminded of the missing proof"), "bell"),
    ("pairing", "lift"): (_("The proof is there again"), "shield"),
}


def event(row: Happening) -> Event:
    title, icon = _TITLES.get((row.about, row.verb), (row.verb.replace("_", " ").capitalize(), ""))
    return Event(at=words.moment(row.at), title=title, note=_note(row), icon=icon)


def _note(row: Happening) -> str:
    if row.verb == "ask_pause":
        return gettext("%(name)s: %(why)s") % {"name": row.by, "why": _reason(row.why)}
    if row.why:
        return str(_reason(row.why))
    by = {"name": row.by}
    if row.channel and row.by:
        how = by | {"how": Channel(row.channel).label, "language": language_name(row.language)}
        if row.language:
            return gettext("recorded by %(name)s. %(how)s, in %(language)s.") % how
        return gettext("recorded by %(name)s. %(how)s.") % how
    if row.by:
        return gettext("by %(name)s") % by
    return gettext("by the matching") if row.about == "suggestion" else gettext("by the service")


def _reason(why: str) -> words.Text:
    for reasons in (EndReason, PauseReason, DeclineReason, AnswerReason, PauseWish):
        if why in reasons.values:
            return reasons(why).label
    return why


def _day(at: datetime) -> str:
    return formats.date_format(timezone.localtime(at), "DATE_FORMAT")
