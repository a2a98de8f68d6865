"""Before and just after two people first meet: confirmations, meetings at home, "shall we go on?"."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.core import audit
from backend.core.actor import Actor
from backend.core.errors import BadInput, Expected, require
from backend.core.text import clean_line
from backend.meetings.actions.answers import Engaged, agree_if_all_is_said, person_who_speaks
from backend.meetings.actions.locks import lock_meeting
from backend.meetings.actions.meetings import cancel
from backend.meetings.enums import OPEN_MEETING, Confirmed, GoOnAnswer, MeetingState
from backend.meetings.events import note
from backend.meetings.models import Confirmation, GoOn, HomeConsent, Meeting
from backend.meetings.notices import beginning as notices
from backend.meetings.queries.beginning import (
    Member,
    answers_to_go_on,
    first_meeting_of,
    first_noted_at,
    home_consent_of,
    in_charge_of,
    is_asked_to_go_on,
    members_now,
    was_noted,
    were_there,
)
from backend.meetings.rules import may_allow_home
from backend.meetings.texts import VERSION
from backend.organisations.models import Organisation
from backend.pairings.actions.locks import lock_pairing
from backend.pairings.enums import LASTING
from backend.pairings.models import Pairing
from backend.pairings.overtaken import Overtaken, name_in
from backend.people.told import Told
from backend.profiles.actions import promise_call
from backend.profiles.models import Profile
from backend.programmes.enums import Side
from backend.programmes.models import Enrolment
from backend.safeguarding.queries import missing_requirements


class AdultsMissing(BadInput):
    code = "adults_missing"
    sentence = _("Write down every adult who lives there, one in each line.")


class AdultsNotCleared(Expected):
    code = "adults_not_cleared"
    sentence = _("Every adult there must be cleared first. Until then they meet in a public place.")


class HomeNotForMinors(Expected):
    code = "home_not_for_minors"
    sentence = _("Somebody here is under 18, or their age is not known. They meet in a public place.")


class NotAskedYet(Expected):
    code = "not_asked_yet"
    sentence = _("This is asked after the first meeting.")


@transaction.atomic
def confirm(
    *,
    pairing_id: int,
    what: Confirmed,
    language: str,
    actor: Actor,
    now: datetime,
    told: Told | None = None,
    person_id: int | None = None,
) -> Confirmation:
    """Note that a member heard what mentoring is, or agreed to the agreement. Twice changes nothing.

    language: in which the text was shown or read out. A first meeting that waited for this alone is agreed.
    Raises NotAllowed, NotTakingPart.
    """
    # Race: the member taps while a colleague notes it down. The lock on the pairing lets one row in.
    pairing = lock_pairing(pairing_id)
    speaker = person_who_speaks(pairing, actor=actor, now=now, told=told, person_id=person_id)
    said, made = Confirmation.objects.get_or_create(
        pairing=pairing,
        person_id=speaker.person_id,
        what=what,
        defaults={
            "text_version": VERSION,
            "language_shown": language or settings.LANGUAGE_CODE,
            "at": now,
            "by_id": actor.acting_person_id,
            **({"channel": told.channel, "interpreter": told.interpreter} if told else {}),
        },
    )
    if made:
        _agree_to_what_waited(pairing, actor=actor, now=now)
    return said


def _agree_to_what_waited(pairing: Pairing, *, actor: Actor, now: datetime) -> None:
    first = first_meeting_of(pairing)
    if first is None or first.state != MeetingState.PROPOSED:
        return
    meeting = lock_meeting(first.pk)
    try:
        with transaction.atomic():
            agree_if_all_is_said(meeting, actor=actor, now=now)
    except Engaged:
        return  # the confirmation stands; the page goes on asking for a time


@transaction.atomic
def allow_home(
    *, pairing_id: int, adults: Sequence[str], each_is_cleared: bool, actor: Actor, now: datetime
) -> HomeConsent:
    """Let them meet at home: every adult there is named, and the coordinator states that each is cleared.

    The same again changes nothing.
    Raises NotAllowed, AdultsMissing, AdultsNotCleared, HomeNotForMinors, Overtaken.
    """
    # Race: two coordinators at once. The lock orders them; `home_is_allowed_once` stands behind it.
    pairing = lock_pairing(pairing_id)
    require(may_allow_home(actor, pairing))
    named = [line for line in (clean_line(adult) for adult in adults) if line]
    require(bool(named), AdultsMissing)
    require(each_is_cleared and _mentors_are_cleared(pairing, now=now), AdultsNotCleared)
    require(all(member.is_adult for member in members_now(pairing, now=now)), HomeNotForMinors)
    if stands := home_consent_of(pairing):
        if stands.given_by_id == actor.person_id and stands.adults == "\n".join(named):
            return stands
        raise _allowed_already(pairing, stands)
    given = HomeConsent.objects.create(
        pairing=pairing, given_by_id=actor.acting_person_id, given_at=now, adults="\n".join(named)
    )
    _record("home_allowed", pairing, actor=actor, now=now)
    return given


def _mentors_are_cleared(pairing: Pairing, *, now: datetime) -> bool:
    members = pairing.members.filter(side=Side.MENTOR, until_at=None).order_by("id")
    mentors = list(Enrolment.objects.filter(pk__in=members.values("enrolment")).order_by("pk"))
    office = Organisation.objects.get(pk=pairing.programme.organisation_id)
    return not any(missing_requirements(mentors, day=office.today(now)).values())


def _allowed_already(pairing: Pairing, consent: HomeConsent) -> Overtaken:
    name = name_in(pairing.programme.organisation_id, consent.given_by_id)
    return Overtaken(_("%(name)s allowed this, %(at)s."), name=name, at=consent.given_at)


@transaction.atomic
def revoke_home(*, pairing_id: int, actor: Actor, now: datetime) -> None:
    """Take the consent back; open meetings at home are cancelled in neutral words. Twice changes nothing.

    Raises NotAllowed.
    """
    pairing = lock_pairing(pairing_id)
    require(may_allow_home(actor, pairing))
    consent = home_consent_of(pairing)
    if consent is None:
        return
    consent.revoked_at, consent.revoked_by_id = now, actor.acting_person_id
    consent.save(update_fields=["revoked_at", "revoked_by"])
    at_home = Meeting.objects.filter(pairing=pairing, is_at_home=True, state__in=OPEN_MEETING)
    for meeting_id in at_home.order_by("pk").values_list("pk", flat=True):
        cancel(lock_meeting(meeting_id), actor=actor, now=now)
    _record("home_revoked", pairing, actor=actor, now=now)


def _record(act: str, pairing: Pairing, *, actor: Actor, now: datetime) -> None:
    about = ("pairing", pairing.public_id)
    office = pairing.programme.organisation_id
    audit.record(act, actor=actor, about=about, now=now, organisation_id=office)


@transaction.atomic
def answer_go_on(
    *,
    pairing_id: int,
    answer: GoOnAnswer,
    actor: Actor,
    now: datetime,
    told: Told | None = None,
    person_id: int | None = None,
) -> GoOn:
    """Say after the first meeting whether to go on; nobody but the coordinators learns it.

    Whoever is unsure or says no is to be called; the coordinator hears of it. The same answer twice changes
    nothing; another one takes the place of the first. Raises NotAllowed, NotTakingPart, NotAskedYet.
    """
    # Race: the last two answer yes at once; the lock lets the second see the first, so one notice goes out.
    pairing = lock_pairing(pairing_id)
    speaker = person_who_speaks(pairing, actor=actor, now=now, told=told, person_id=person_id)
    was_there = were_there([speaker], first_noted_at(pairing))
    require(is_asked_to_go_on(pairing) and bool(was_there), NotAskedYet)
    before = answers_to_go_on(pairing).get(speaker.person_id)
    if before is not None and before.answer == answer:
        return before
    said = {"answer": answer, "at": now, "by_id": actor.acting_person_id}
    if told:
        said |= {"channel": told.channel, "language": told.language, "interpreter": told.interpreter}
    row, _made = GoOn.objects.update_or_create(pairing=pairing, person_id=speaker.person_id, defaults=said)
    _see_to(GoOnAnswer(answer), pairing, speaker, actor=actor, now=now)
    return row


def _see_to(answer: GoOnAnswer, pairing: Pairing, speaker: Member, *, actor: Actor, now: datetime) -> None:
    staff = [pk for pk in in_charge_of(pairing, now=now) if pk != actor.person_id]
    if answer in (GoOnAnswer.NO, GoOnAnswer.UNSURE):
        # It stands on Today until somebody has called: a notice alone is read once and forgotten.
        profile = Profile.objects.select_related("organisation").get(pk=speaker.profile_id)
        promise_call(profile=profile, on=_next_working_day(profile, now), actor=actor, now=now)
    if answer == GoOnAnswer.NO:
        notices.to_office(notices.GO_ON_NO, pairing, to=staff)
    elif answer == GoOnAnswer.UNSURE:
        notices.to_members(notices.GO_ON_CALL, pairing, to=[speaker.person_id])
        notices.to_office(notices.GO_ON_UNSURE, pairing, to=staff, name=speaker.called)
    elif _all_said_yes(pairing, now=now):
        notices.to_office(notices.GO_ON_ALL_YES, pairing, to=staff)


def _next_working_day(profile: Profile, now: datetime) -> date:
    day = profile.organisation.today(now) + timedelta(days=1)
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def _all_said_yes(pairing: Pairing, *, now: datetime) -> bool:
    said = answers_to_go_on(pairing)
    asked = were_there(members_now(pairing, now=now), first_noted_at(pairing))
    answers = [said[one.person_id].answer for one in asked if one.person_id in said]
    return len(answers) == len(asked) and set(answers) == {GoOnAnswer.YES}


@transaction.atomic
def remind_to_go_on(*, meeting_id: int, now: datetime) -> None:
    """Ask those once more who have not said whether to go on. Doing it twice changes nothing."""
    meeting = lock_meeting(meeting_id)
    if meeting.state != MeetingState.HELD or meeting.pairing.state not in LASTING:
        return
    if was_noted(meeting, "remind"):
        return
    said = answers_to_go_on(meeting.pairing)
    members = were_there(members_now(meeting.pairing, now=now), first_noted_at(meeting.pairing))
    silent = [m.person_id for m in members if m.person_id not in said]
    note(meeting, "remind", actor=Actor.system("reminding"), now=now, before=meeting.state)
    notices.to_members(notices.GO_ON_REMINDER, meeting.pairing, to=silent)
