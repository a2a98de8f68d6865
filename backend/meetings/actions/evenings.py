"""Group evenings: planned, guests invited, who came, and whom each got on with."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.core.actor import Actor
from backend.core.errors import BadInput, Expected, NotAllowed, require
from backend.meetings.actions.locks import lock_evening
from backend.meetings.actions.meetings import AHEAD, SHORTEST, TimeDoesNotWork, WhereIsMissing
from backend.meetings.actions.went import NotYet
from backend.meetings.enums import EveningState
from backend.meetings.events import move_evening, note
from backend.meetings.models import Evening, Guest, Liking, MeetingPlace
from backend.meetings.notices import beginning as notices
from backend.meetings.overtaken import overtaken
from backend.meetings.queries.evenings import may_be_invited, those_who_must_not_meet
from backend.meetings.rules import may_plan_evenings, works_on_evening
from backend.meetings.times import LONGEST
from backend.organisations.models import Organisation
from backend.programmes.models import Programme

# For so long afterwards each may say whom they got on with.
TO_ANSWER = timedelta(days=30)


class MustNotMeet(Expected):
    """Two guests who are kept apart, for staff, who know why."""

    code = "must_not_meet"
    sentence = _("These people must not meet: %(names)s. Invite only one of them.")


class CannotBeInvited(BadInput):
    code = "cannot_be_invited"
    sentence = _("Only adults who are ready, and mentors who are cleared, can be invited. Choose again.")


class NobodyCame(BadInput):
    code = "nobody_came"
    sentence = _("Choose who came. If it did not take place, cancel it instead.")


class NotAGuest(NotAllowed):
    code = "not_a_guest"
    sentence = _("Only those who came can say whom they got on with.")


class OnlyThoseWhoCame(BadInput):
    code = "only_those_who_came"
    sentence = _("Choose somebody who was there.")


class TooLateToSay(Expected):
    code = "too_late_to_say"
    sentence = _("This evening was some time ago. Please call your coordinator instead.")


@transaction.atomic
def plan_evening(
    *,
    programme_id: int,
    starts_at: datetime,
    minutes: int,
    place_id: int,
    client_id: UUID,
    actor: Actor,
    now: datetime,
    note_for_guests: str = "",
) -> Evening:
    """Plan an evening; the same `client_id` twice is one.

    Raises NotAllowed, TimeDoesNotWork, WhereIsMissing.
    """
    # Race: a resent form. The lock on the programme lets the first make it and the second find it.
    programme = Programme.objects.select_for_update(of=("self",), no_key=True).get(pk=programme_id)
    require(may_plan_evenings(actor, programme))
    if made := Evening.objects.filter(programme=programme, client_id=client_id).first():
        return made
    _check(programme, starts_at=starts_at, minutes=minutes, place_id=place_id, now=now)
    evening = Evening.objects.create(
        programme=programme,
        starts_at=starts_at,
        minutes=minutes,
        place_id=place_id,
        note=note_for_guests.strip()[:300],
        made_by_id=actor.acting_person_id,
        client_id=client_id,
    )
    note(evening, "plan", actor=actor, now=now)
    return evening


def _check(programme: Programme, *, starts_at: datetime, minutes: int, place_id: int, now: datetime) -> None:
    fits = SHORTEST <= minutes <= LONGEST.total_seconds() / 60
    require(fits and now < starts_at <= now + AHEAD, TimeDoesNotWork)
    here = MeetingPlace.objects.open().filter(organisation=programme.organisation_id)
    require(here.filter(pk=place_id).exists(), WhereIsMissing)


@transaction.atomic
def invite(*, evening_id: int, enrolment_ids: Collection[int], actor: Actor, now: datetime) -> Evening:
    """Invite people of the programme; those not invited yet are told. Two who must never meet are refused.

    Raises NotAllowed, CannotBeInvited, MustNotMeet, Overtaken.
    """
    # Race: two colleagues invite at once; the lock lets the second see the guests of the first, so that
    # nobody is told twice and two who must not meet are not invited by one each.
    evening = lock_evening(evening_id)
    require(may_plan_evenings(actor, evening.programme))
    if evening.state != EveningState.PLANNED or evening.starts_at <= now:
        raise overtaken(evening, actor=actor)
    there = set(evening.guests.order_by().values_list("enrolment_id", flat=True))
    wanted = set(enrolment_ids) - there
    day = Organisation.objects.get(pk=evening.programme.organisation_id).today(now)
    fit = {e.pk: e for e in may_be_invited(evening.programme, day=day) if e.pk in wanted}
    require(fit.keys() == wanted, CannotBeInvited)
    if apart := those_who_must_not_meet([*there, *wanted]):
        raise MustNotMeet(names=", ".join(sorted(apart)))
    Guest.objects.bulk_create(Guest(evening=evening, enrolment_id=pk) for pk in sorted(wanted))
    told = sorted({fit[pk].profile.person_id for pk in wanted})
    notices.about_evening(notices.EVENING_INVITED, evening, to=told)
    return evening


@transaction.atomic
def cancel_evening(*, evening_id: int, actor: Actor, now: datetime) -> Evening:
    """Cancel an evening and tell its guests. Raises NotAllowed, Overtaken."""
    evening = lock_evening(evening_id)
    require(may_plan_evenings(actor, evening.programme))
    move_evening(evening, "cancel", actor=actor, now=now, sequence=evening.sequence + 1)
    notices.about_evening(notices.EVENING_CANCELLED, evening, to=_people(evening))
    return evening


@transaction.atomic
def hold_evening(*, evening_id: int, came: Collection[int], actor: Actor, now: datetime) -> Evening:
    """Note who came (ids of guests); each of them is asked whom they got on with. May be corrected later.

    Raises NotAllowed, NotYet, NobodyCame, Overtaken.
    """
    evening = lock_evening(evening_id)
    require(works_on_evening(actor, evening))
    require(evening.starts_at <= now, NotYet)
    guests = list(evening.guests.select_related("enrolment__profile").order_by("id"))
    there = [guest for guest in guests if guest.pk in set(came)]
    require(bool(there), NobodyCame)
    new = [guest for guest in there if guest.came is not True]
    if evening.state != EveningState.HELD:
        move_evening(evening, "hold", actor=actor, now=now)
    evening.guests.update(came=False)
    evening.guests.filter(pk__in=[guest.pk for guest in there]).update(came=True)
    # What somebody said who was not there after all, or about somebody who was not.
    Liking.objects.filter(evening=evening).exclude(who__came=True, whom__came=True).delete()
    asked = sorted({guest.enrolment.profile.person_id for guest in new})
    notices.about_evening(notices.EVENING_WHOM, evening, to=asked)
    return evening


@transaction.atomic
def note_likings(*, evening_id: int, whom: Iterable[int], actor: Actor, now: datetime) -> list[Liking]:
    """Say whom one got on with (ids of guests of the other side who came); it replaces what was said before.

    Private to them and the coordinators. Raises NotAGuest, OnlyThoseWhoCame, TooLateToSay.
    """
    # Race: two taps, or a colleague who corrects who came. The lock on the evening orders them.
    evening = lock_evening(evening_id)
    came = list(evening.guests.filter(came=True).select_related("enrolment__profile").order_by("id"))
    own = next((g for g in came if g.enrolment.profile.person_id == actor.person_id), None)
    if own is None or evening.state != EveningState.HELD:
        raise NotAGuest
    require(now <= evening.starts_at + TO_ANSWER, TooLateToSay)
    others = {guest.pk for guest in came if guest.enrolment.side != own.enrolment.side}
    wanted = set(whom)
    require(wanted <= others, OnlyThoseWhoCame)
    Liking.objects.filter(who=own).exclude(whom__in=wanted).delete()
    Liking.objects.bulk_create(
        [Liking(evening=evening, who=own, whom_id=pk, at=now) for pk in sorted(wanted)],
        ignore_conflicts=True,
    )
    return list(Liking.objects.filter(who=own).order_by("id"))


def _people(evening: Evening) -> list[int]:
    rows = evening.guests.order_by("id").values_list("enrolment__profile__person_id", flat=True)
    return sorted(set(rows))
