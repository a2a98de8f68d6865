"""Words for a person's file: what is missing and who must act, states and what can be done about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from backend.core.languages import language_name
from backend.core.states import verbs_from
from backend.pairings.queries import waiting_days
from backend.people.enums import Channel
from backend.profiles.enums import GenderWish
from backend.profiles.models import Contact, Handover, Profile
from backend.programmes.enums import ENROLMENT_MOVES, EnrolmentState, Side
from backend.programmes.models import Enrolment
from backend.safeguarding.models import Clearance
from backend.safeguarding.needs import CaseLine, Need
from backend.web.shell.cards import Event
from backend.web.shell.words import Text, joined, moment, spoken, town, waiting


class Step(NamedTuple):
    """What is missing, in a sentence that says who must act, and the page where it is done."""

    need: Need
    title: Text
    who: Text
    url_name: str
    label: Text


_YOU_ASK = _("You ask and write it down.")
_THEY_BRING = _("They bring it. You note that you saw it.")

STEPS: Mapping[Need, tuple[Text, Text, str, Text]] = {
    Need.CALL: (_("A call is promised"), _("You call, then note it."), "person_contact", _("Note the call")),
    Need.TALK: (
        _("The first talk is still open"),
        _("You hold it. Only with three times yes do we suggest somebody."),
        "person_talk",
        _("Record the talk"),
    ),
    Need.IDENTITY: (
        _("Nobody has seen who they are"),
        _THEY_BRING,
        "person_clearance",
        _("Note what you saw"),
    ),
    Need.INTERVIEW: (
        _("The first talk was not held"),
        _("You hold it."),
        "person_clearance",
        _("Note the talk"),
    ),
    Need.REFERENCES: (
        _("References are missing"),
        _("They name somebody. You ask."),
        "person_clearance",
        _("Note the references"),
    ),
    Need.POLICE_CHECK: (
        _("No valid police check"),
        _THEY_BRING,
        "person_clearance",
        _("Note the police check"),
    ),
    Need.CODE_OF_CONDUCT: (
        _("The code of conduct is not signed"),
        _("They read and sign it. You note it."),
        "person_clearance",
        _("Note the signature"),
    ),
    Need.TRAINING: (
        _("The training is missing"),
        _("They take part. You note it."),
        "person_clearance",
        _("Note the training"),
    ),
    Need.AGE: (_("The year of birth is not known"), _YOU_ASK, "person_edit", _("Write it down")),
    Need.LANGUAGES: (_("No language is known"), _YOU_ASK, "person_edit", _("Write them down")),
    Need.HOURS: (_("No hours are known"), _YOU_ASK, "person_edit", _("Write them down")),
    Need.TOWN: (_("The town is not known"), _YOU_ASK, "person_edit", _("Write it down")),
}

VERBS: Mapping[str, Text] = {
    "refer": _("Other help first"),
    "postpone": _("Not now"),
    "pause": _("Pause"),
    "resume": _("End the pause"),
    "end": _("Leaves the programme"),
}

TONES = {
    EnrolmentState.READY: "good",
    EnrolmentState.REGISTERED: "look",
    EnrolmentState.OTHER_HELP_FIRST: "plain",
    EnrolmentState.NOT_NOW: "plain",
    EnrolmentState.PAUSED: "plain",
    EnrolmentState.ENDED: "plain",
}


def steps(needs: Iterable[Need]) -> list[Step]:
    return [Step(need, *STEPS[need]) for need in needs]


def verbs(enrolment: Enrolment) -> list[tuple[str, Text]]:
    """The verbs open to staff now; being ready and coming back have pages of their own."""
    return [(verb, VERBS[verb]) for verb in verbs_from(ENROLMENT_MOVES, enrolment.state) if verb in VERBS]


def state(enrolment: Enrolment, *, is_cleared: bool) -> tuple[Text, str]:
    """(the state in words, the tone of its badge); a volunteer who applied is cleared or not, today."""
    if enrolment.state == EnrolmentState.APPLIED:
        return (_("cleared"), "good") if is_cleared else (_("not cleared yet"), "look")
    return EnrolmentState(enrolment.state).label, TONES[EnrolmentState(enrolment.state)]


def needed(needs: Iterable[Need]) -> str:
    """What a line of the list says is missing: the first thing, and how many more."""
    if not (missing := list(needs)):
        return ""
    first, *others = missing
    if not others:
        return gettext("needs %(thing)s") % {"thing": first.label}
    sentence = ngettext(
        "needs %(thing)s and %(count)d more", "needs %(thing)s and %(count)d more", len(others)
    )
    return sentence % {"thing": first.label, "count": len(others)}


def is_minor(profile: Profile, *, today: date) -> bool:
    """Known to be under 18; an unknown age is a need of its own."""
    return profile.age_on(today) is not None and not profile.is_adult_on(today)


def wish(profile: Profile) -> str:
    if not profile.wishes_gender:
        return ""
    said = {"wish": GenderWish(profile.wishes_gender).label}
    return gettext("Only: %(wish)s") % said if profile.wish_is_required else str(said["wish"])


def born(profile: Profile) -> str:
    day = profile.born_on
    if day is None:
        return ""
    return date_format(day, "DATE_FORMAT") if len(profile.born) == 10 else profile.born


def counts(proof: Clearance, *, today: date) -> bool:
    """Whether a proof counts on `today`; the same as `ClearanceQuerySet.valid_on`."""
    return proof.seen_on <= today and (proof.valid_until is None or proof.valid_until >= today)


def contact_event(contact: Contact, *, by: Mapping[int, str]) -> Event:
    """A line of the contact log as the timeline draws it."""
    language = language_name(contact.language) if contact.language else ""
    interpreter = gettext("with %(name)s") % {"name": contact.interpreter} if contact.interpreter else ""
    return Event(
        at=joined(moment(contact.at), by.get(contact.by_id, "")),
        title=joined(_spoken(contact), language, interpreter),
        note=contact.note,
    )


def _spoken(contact: Contact) -> Text:
    """How they were spoken to; a call that is only promised says so."""
    return Channel(contact.channel).label if contact.channel else gettext("A call is planned")


def handover_event(handover: Handover, *, names: Mapping[int, str]) -> Event:
    said = {"name": names.get(handover.by_id, ""), "other": names.get(handover.to_person_id, "")}
    took = handover.by_id == handover.to_person_id
    title = gettext("%(name)s took over") if took else gettext("%(name)s handed over to %(other)s")
    return Event(at=moment(handover.at), title=title % said, note=handover.summary)


class Line(NamedTuple):
    """One person of the list, in words."""

    profile: Profile
    side: str
    text: str
    note: str
    badge: Text
    tone: str


def line(case: CaseLine, *, today: date) -> Line:
    profile = case.profile
    shown = next((e for e in case.enrolments if e.state != EnrolmentState.ENDED), None) or next(
        iter(case.enrolments), None
    )
    badge, tone = _badge(case, shown)
    return Line(
        profile,
        "b" if shown and shown.side == Side.MENTOR else "a",
        joined(
            Side(shown.side).label if shown else _("In no programme"),
            town(profile),
            *spoken(profile)[:2],
        ),
        joined(_waits(shown, today) if shown else "", *_programmes(case), _who(profile)),
        badge,
        tone,
    )


def _who(profile: Any) -> str:
    """Who looks after them; nothing where nobody does, since in a small office that goes without saying."""
    name = getattr(profile, "coordinator_name", "")
    return gettext("looked after by %(name)s") % {"name": name} if name else ""


def _waits(enrolment: Enrolment, today: date) -> str:
    """How long a newcomer waits, or how many places of a mentor are taken."""
    if enrolment.side == Side.MENTOR:
        said = {"taken": enrolment.places_taken, "capacity": enrolment.capacity}
        return gettext("%(taken)d of %(capacity)d places taken") % said
    if enrolment.places_taken:
        return gettext("has a mentor, or an offer")
    if enrolment.state not in (EnrolmentState.READY, EnrolmentState.REGISTERED):
        return ""
    return waiting(waiting_days(enrolment, day=today))


def _programmes(case: CaseLine) -> list[str]:
    """Named where there is more than one to tell apart."""
    return [e.programme.name for e in case.enrolments] if len(case.enrolments) > 1 else []


def _badge(case: CaseLine, shown: Enrolment | None) -> tuple[Text, str]:
    if case.needs:
        return needed(case.needs), "look"
    return state(shown, is_cleared=True) if shown else ("", "plain")
