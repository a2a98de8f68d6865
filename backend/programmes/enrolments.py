"""What happens to a person in a programme: each change locks the row, walks the table and keeps one event."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.core.actor import Actor
from backend.core.database import refusing
from backend.core.errors import BadInput, Expected, NotAllowed, require
from backend.core.states import next_state
from backend.core.text import clean_line
from backend.people.actions import record_consent
from backend.people.enums import Channel, Purpose
from backend.profiles.models import Profile
from backend.programmes.enums import ENROLMENT_MOVES, EnrolmentState, Side
from backend.programmes.models import Enrolment, EnrolmentEvent, IntakeTalk, Programme
from backend.programmes.rules import may_enrol, may_hold_talk, may_refer, may_step_back

MOST_PLACES = 20
FIRST_STATE = {Side.NEWCOMER: EnrolmentState.REGISTERED, Side.MENTOR: EnrolmentState.APPLIED}
RETURN = {Side.NEWCOMER: "register_again", Side.MENTOR: "apply_again"}


class ProgrammeClosed(Expected):
    code = "programme_closed"
    sentence = _("This programme is closed. Open it again to take people in.")


class AlreadyEnrolled(Expected):
    code = "already_enrolled"
    sentence = _("This person is in the programme already.")


class OtherOrganisation(BadInput):
    code = "other_organisation"
    sentence = _("This person has no file where the programme is run.")


class PlacesAreTaken(Expected):
    code = "places_are_taken"
    sentence = _("More places are taken than that. End or withdraw something first.")


class BadCapacity(BadInput):
    code = "bad_capacity"
    sentence = _("Choose a number of people from 1 to 20.")


class StillMentoring(Expected):
    code = "still_mentoring"
    sentence = _("There is an open offer or a running mentoring. End or withdraw that first.")


class PausedByStaff(NotAllowed):
    code = "paused_by_staff"
    sentence = _("Your coordinator paused this. Please talk to them.")


class NotWithVolunteers(BadInput):
    code = "not_with_volunteers"
    sentence = _("This talk is for newcomers. Volunteers become cleared by their proofs.")


class TalkLiesAhead(BadInput):
    code = "talk_lies_ahead"
    sentence = _("Record the talk after it was held. Choose today or a day before.")


@dataclass(frozen=True)
class Talk:
    """An intake talk as it was held. Only three times yes makes somebody ready."""

    held_on: date
    channel: Channel
    mentoring_understood: bool
    avoid_asked: bool
    consent_given: bool
    language: str = ""
    interpreter: str = ""

    @property
    def makes_ready(self) -> bool:
        return self.mentoring_understood and self.avoid_asked and self.consent_given


@transaction.atomic
def enrol(
    *,
    profile: Profile,
    programme: Programme,
    side: Side,
    actor: Actor,
    now: datetime,
    capacity: int = 1,
    registered_on: date | None = None,
) -> Enrolment:
    """Take somebody into a programme, or back into it.

    Raises NotAllowed, OtherOrganisation, ProgrammeClosed, BadCapacity, AlreadyEnrolled.
    """
    require(may_enrol(actor, profile, programme))
    require(profile.organisation_id == programme.organisation_id, OtherOrganisation)
    require(programme.closed_at is None, ProgrammeClosed)
    require(1 <= capacity <= MOST_PLACES, BadCapacity)
    side = Side(side)
    day = registered_on or programme.organisation.today(now)
    if back := _ended(profile, programme, side):
        back.registered_on, back.capacity = day, capacity
        back.save(update_fields=["registered_on", "capacity"])
        return _move(back, RETURN[side], actor=actor, now=now)
    enrolment = Enrolment(
        profile=profile,
        programme=programme,
        side=side,
        state=FIRST_STATE[side],
        state_at=now,
        capacity=capacity,
        registered_on=day,
        created_at=now,
    )
    with refusing(AlreadyEnrolled, constraint="enrolment_is_made_once"):
        enrolment.save(force_insert=True)
    _note(enrolment, "enrol", "", actor=actor, now=now)
    return enrolment


@transaction.atomic
def set_capacity(*, enrolment_id: int, capacity: int, actor: Actor, now: datetime) -> Enrolment:
    """Say for how many people at a time there is room. Raises NotAllowed, BadCapacity, PlacesAreTaken."""
    require(1 <= capacity <= MOST_PLACES, BadCapacity)
    # Race: an offer takes a place at the same moment. Its trigger updates this row and waits for the lock,
    # or we wait for it; the constraint stands behind both.
    enrolment = _locked(enrolment_id, actor, may_step_back)
    require(capacity >= enrolment.places_taken, PlacesAreTaken)
    enrolment.capacity = capacity
    enrolment.save(update_fields=["capacity"])
    return enrolment


@transaction.atomic
def record_intake_talk(*, enrolment_id: int, talk: Talk, actor: Actor, now: datetime) -> IntakeTalk:
    """Keep the talk and the consent given in it; three times yes makes ready, a missing yes takes it back.

    Raises NotAllowed, NotWithVolunteers, TalkLiesAhead, WrongState.
    """
    enrolment = _locked(enrolment_id, actor, may_hold_talk)
    require(enrolment.side == Side.NEWCOMER, NotWithVolunteers)
    require(talk.held_on <= enrolment.programme.organisation.today(now), TalkLiesAhead)
    kept = IntakeTalk.objects.create(
        enrolment=enrolment,
        held_on=talk.held_on,
        held_by_id=actor.acting_person_id,
        channel=talk.channel,
        language=talk.language,
        interpreter=clean_line(talk.interpreter)[:100],
        mentoring_understood=talk.mentoring_understood,
        avoid_asked=talk.avoid_asked,
        consent_given=talk.consent_given,
        created_at=now,
    )
    for purpose in (Purpose.PROFILE, Purpose.SHARE):
        record_consent(
            person=enrolment.profile.person,
            organisation_id=enrolment.programme.organisation_id,
            purpose=purpose,
            given=talk.consent_given,
            channel=talk.channel,
            language_shown=talk.language or enrolment.profile.person.language,
            interpreter=kept.interpreter,
            actor=actor,
            now=now,
        )
    if talk.makes_ready and enrolment.state != EnrolmentState.READY:
        _move(enrolment, "make_ready", actor=actor, now=now)
    elif not talk.makes_ready and enrolment.state == EnrolmentState.READY:
        _move(enrolment, "postpone", actor=actor, now=now)
    return kept


@transaction.atomic
def refer(*, enrolment_id: int, actor: Actor, now: datetime, why: str = "") -> Enrolment:
    """Something else comes first for this newcomer. Raises NotAllowed, WrongState."""
    return _move(_locked(enrolment_id, actor, may_refer), "refer", actor=actor, now=now, why=why)


@transaction.atomic
def postpone(*, enrolment_id: int, actor: Actor, now: datetime, why: str = "") -> Enrolment:
    """The newcomer wants no mentor now. Raises NotAllowed, WrongState."""
    return _move(_locked(enrolment_id, actor, may_step_back), "postpone", actor=actor, now=now, why=why)


@transaction.atomic
def pause(*, enrolment_id: int, actor: Actor, now: datetime, why: str = "") -> Enrolment:
    """The volunteer gets no suggestions for a while; what runs goes on. Raises NotAllowed, WrongState."""
    return _move(_locked(enrolment_id, actor, may_step_back), "pause", actor=actor, now=now, why=why)


@transaction.atomic
def resume(*, enrolment_id: int, actor: Actor, now: datetime, why: str = "") -> Enrolment:
    """The volunteer is back; a pause that staff set is not lifted by the one who pauses.

    Raises NotAllowed, PausedByStaff, WrongState.
    """
    enrolment = _locked(enrolment_id, actor, may_step_back)
    if actor.person_id == enrolment.profile.person_id:
        paused = enrolment.events.filter(verb="pause").order_by("-id").first()
        require(paused is None or paused.by_id == actor.person_id, PausedByStaff)
    return _move(enrolment, "resume", actor=actor, now=now, why=why)


@transaction.atomic
def end_enrolment(*, enrolment_id: int, actor: Actor, now: datetime, why: str = "") -> Enrolment:
    """The person leaves the programme. Raises NotAllowed, WrongState, StillMentoring."""
    enrolment = _locked(enrolment_id, actor, may_step_back)
    require(enrolment.places_taken == 0, StillMentoring)
    return _move(enrolment, "end", actor=actor, now=now, why=why)


Rule = Callable[[Actor, Enrolment], bool]


def _locked(enrolment_id: int, actor: Actor, may: Rule) -> Enrolment:
    # Race: two people press at once, or an offer is accepted meanwhile. All wait for this row. A NO KEY lock,
    # as everywhere: a no to an offer holds one already and may pause; a stronger one could then deadlock.
    rows = Enrolment.objects.select_for_update(of=("self",), no_key=True)
    enrolment = rows.select_related("profile__person", "programme__organisation").get(pk=enrolment_id)
    require(may(actor, enrolment))
    return enrolment


def _ended(profile: Profile, programme: Programme, side: Side) -> Enrolment | None:
    rows = Enrolment.objects.select_for_update().filter(profile=profile, programme=programme, side=side)
    return rows.filter(state=EnrolmentState.ENDED).first()


def _move(enrolment: Enrolment, verb: str, *, actor: Actor, now: datetime, why: str = "") -> Enrolment:
    before = enrolment.state
    enrolment.state = next_state(ENROLMENT_MOVES, verb=verb, state=before)
    enrolment.state_at = now
    enrolment.save(update_fields=["state", "state_at"])
    _note(enrolment, verb, before, actor=actor, now=now, why=why)
    return enrolment


def _note(
    enrolment: Enrolment, verb: str, before: str, *, actor: Actor, now: datetime, why: str = ""
) -> None:
    EnrolmentEvent.objects.create(
        enrolment=enrolment,
        at=now,
        by_id=actor.person_id,
        system=actor.name,
        verb=verb,
        from_state=before,
        to_state=enrolment.state,
        why=clean_line(why)[:200],
    )
