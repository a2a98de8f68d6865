"""The coordinator asks how it goes, and writes down what was said."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.core import audit
from backend.core.actor import Actor
from backend.core.errors import BadInput, require
from backend.core.text import clean_line
from backend.meetings.enums import Mood
from backend.meetings.models import CheckIn
from backend.meetings.rules import may_check_in
from backend.pairings.actions.locks import lock_pairing
from backend.pairings.models import Pairing, PairingMember
from backend.people.told import Told
from backend.profiles.actions import log_contact
from backend.profiles.models import Profile
from backend.programmes.enums import Side


class CheckInLiesAhead(BadInput):
    code = "check_in_lies_ahead"
    sentence = _("This day is still to come. Write it down after the talk.")


class NotAMember(BadInput):
    code = "not_a_member"
    sentence = _("Choose somebody who takes part in this mentoring.")


class SayWhatComesNext(BadInput):
    code = "say_what_comes_next"
    sentence = _("It is hard for them. Promise a call, or say that nothing more is needed now.")


@dataclass(frozen=True)
class Said:
    """What was said in one talk; `person_id` None: with both together."""

    on: date
    person_id: int | None
    told: Told
    mood: Mood
    note: str = ""


@transaction.atomic
def record_check_in(
    *,
    pairing_id: int,
    said: Said,
    client_id: UUID,
    actor: Actor,
    now: datetime,
    call_back_on: date | None = None,
    nothing_next: bool = False,
) -> CheckIn:
    """Keep one talk. Where it goes hard, say what comes next: a promised call stands in the contact log.

    The same form, or the same note on one day about the same person, is kept once.
    Raises NotAllowed, CheckInLiesAhead, NotAMember, SayWhatComesNext, CallBackLiesBehind.
    """
    # Race: a form sent twice, or two colleagues on one telephone. Looked for under the pairing's lock.
    pairing = lock_pairing(pairing_id)
    require(may_check_in(actor, pairing))
    require(said.on <= pairing.programme.organisation.today(now), CheckInLiesAhead)
    profile = _spoken_to(pairing, said.person_id)
    public_id = uuid5(pairing.public_id, f"check-in {client_id}")
    if kept := _kept(pairing, said, public_id):
        return kept
    require(said.mood != Mood.HARD or nothing_next or call_back_on is not None, SayWhatComesNext)
    check_in = CheckIn.objects.create(
        public_id=public_id,
        pairing=pairing,
        on=said.on,
        by_id=actor.acting_person_id,
        person_id=said.person_id,
        channel=said.told.channel,
        language=said.told.language,
        interpreter=clean_line(said.told.interpreter)[:100],
        mood=said.mood,
        note=said.note.strip(),
    )
    if call_back_on is not None:
        _promise_call(profile, said, call_back_on, actor=actor, now=now)
    audit.record(
        "check_in_recorded",
        actor=actor,
        about=("pairing", pairing.public_id),
        now=now,
        organisation_id=pairing.programme.organisation_id,
    )
    return check_in


def _spoken_to(pairing: Pairing, person_id: int | None) -> Profile:
    """The file of whom they spoke with; with both together, the newcomer's. Raises NotAMember."""
    members = PairingMember.objects.filter(pairing=pairing, until_at=None).order_by("id")
    wanted = {"side": Side.NEWCOMER} if person_id is None else {"enrolment__profile__person": person_id}
    found = members.filter(**wanted).select_related("enrolment__profile__organisation").first()
    if found is None:
        raise NotAMember
    return found.enrolment.profile


def _kept(pairing: Pairing, said: Said, public_id: UUID) -> CheckIn | None:
    """The same talk, if it was written down before. Notes are encrypted: they are read, then compared."""
    rows = CheckIn.objects.filter(pairing=pairing).order_by("id")
    if sent := rows.filter(public_id=public_id).first():
        return sent
    alike = rows.filter(on=said.on, person=said.person_id, mood=said.mood)
    return next((row for row in alike if row.note == said.note.strip()), None)


def _promise_call(profile: Profile, said: Said, on: date, *, actor: Actor, now: datetime) -> None:
    log_contact(
        profile=profile,
        channel=said.told.channel,
        language=said.told.language,
        interpreter=said.told.interpreter,
        call_back_on=on,
        actor=actor,
        now=now,
    )
