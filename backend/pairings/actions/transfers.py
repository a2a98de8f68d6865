"""Somebody moves to a town where another organisation works, and agrees that it takes over."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.core import audit
from backend.core.actor import Actor
from backend.core.errors import BadInput, Expected, require
from backend.core.live import publish_on_commit
from backend.core.states import WrongState
from backend.organisations.models import Organisation
from backend.pairings import moving
from backend.pairings.actions.locks import lock_enrolments, lock_offer, lock_pairing, lock_transfer
from backend.pairings.actions.offers import take_back
from backend.pairings.actions.pairings import finish
from backend.pairings.actions.seats import is_last_of_side, leave, persons_in, tell_pages
from backend.pairings.enums import OPEN_TRANSFER, TRANSFER_MOVES, EndReason, PassedOn, TransferState
from backend.pairings.events import Told, move, note
from backend.pairings.models import Offer, Pairing, PairingMember, Transfer
from backend.pairings.overtaken import overtaken
from backend.pairings.passing_on import Passed, packed, passed_on, with_more
from backend.pairings.proofs import members_now
from backend.pairings.rules import (
    may_answer_transfer,
    may_ask_to_transfer,
    may_take_transfer,
    may_withdraw_transfer,
)
from backend.people.actions import record_consent
from backend.people.enums import Channel, Purpose
from backend.people.queries import took_back
from backend.profiles.actions import register_profile
from backend.profiles.models import Profile
from backend.programmes.enrolments import end_enrolment
from backend.programmes.enums import EnrolmentState
from backend.programmes.models import Enrolment

SYSTEM = Actor.system("moving")
# What is wiped when a move comes to nothing.
NOTHING_PASSED: dict[str, Any] = {"summary": "", "answers": ""}


class MovesAlready(Expected):
    code = "moves_already"
    sentence = _("There is an open move of this person already. Take that back first.")


class NotAPlaceToMove(BadInput):
    code = "not_a_place_to_move"
    sentence = _("Choose an organisation from the list.")


class YesTakenBack(Expected):
    code = "yes_taken_back"
    sentence = _("The person took their yes back. Nothing is passed on.")


@transaction.atomic
def ask_to_transfer(
    *, profile_id: int, to_organisation_id: int, summary: str, actor: Actor, now: datetime
) -> Transfer:
    """Ask a person whether another organisation may take over, and what it would get.

    Nobody there learns of it before their yes. Asking the same twice is one question.
    Raises NotAllowed, NotAPlaceToMove, MovesAlready.
    """
    # Race: a resent form, or two colleagues. All wait for the file; then the constraint allows one.
    rows = Profile.objects.select_for_update(of=("self",), no_key=True).select_related("person")
    profile = rows.get(pk=profile_id)
    require(may_ask_to_transfer(actor, profile))
    there = Organisation.objects.filter(pk=to_organisation_id, verified_at__isnull=False)
    require(there.exclude(pk=profile.organisation_id).exists(), NotAPlaceToMove)
    said = summary.strip()
    if known := Transfer.objects.filter(profile=profile, state__in=OPEN_TRANSFER).first():
        require((known.to_organisation_id, known.summary) == (to_organisation_id, said), MovesAlready)
        return known
    transfer = Transfer.objects.create(
        profile=profile,
        to_organisation_id=to_organisation_id,
        asked_by_id=actor.acting_person_id,
        asked_at=now,
        summary=said,
        answers=packed(profile),
        created_at=now,
    )
    note(transfer, "ask", actor=actor, now=now)
    moving.to_person(moving.MAY_WE_PASS_ON, transfer)
    audit.record_about("transfer_asked", profile, actor=actor, now=now)
    return transfer


@transaction.atomic
def agree_to_transfer(
    *,
    transfer_id: int,
    language_shown: str,
    also: Iterable[PassedOn] = (),
    actor: Actor,
    now: datetime,
    told: Told | None = None,
) -> Transfer:
    """Yes, pass on what I read, and `also` what I ticked. Only now does the other organisation see it.

    `told` is how staff heard a yes they record. Agreeing twice changes nothing. Raises NotAllowed, Overtaken.
    """
    transfer = lock_transfer(transfer_id)
    require(may_answer_transfer(actor, transfer, recorded=told is not None))
    if told is None and transfer.state == TransferState.AGREED:
        return transfer
    answers = with_more(transfer.answers, transfer.profile, also) if transfer.answers else ""
    _walk(transfer, "agree", actor=actor, now=now, told=told, agreed_at=now, answers=answers)
    _keep_consent(transfer, given=True, language_shown=language_shown, actor=actor, now=now, told=told)
    moving.to_other_office(moving.SOMEBODY_MOVES_TO_YOU, transfer, now=now)
    moving.to_office(moving.MOVE_AGREED, transfer, now=now)
    return transfer


@transaction.atomic
def refuse_transfer(*, transfer_id: int, actor: Actor, now: datetime, told: Told | None = None) -> Transfer:
    """No: the person does not want it, or the other organisation cannot take them. All stays as it is.

    What would have been passed on is wiped. Saying no twice changes nothing. Raises NotAllowed, Overtaken.
    """
    transfer = lock_transfer(transfer_id)
    is_asked = may_answer_transfer(actor, transfer, recorded=told is not None)
    require(is_asked or may_take_transfer(actor, transfer))
    if transfer.state == TransferState.REFUSED:
        return transfer
    before = transfer.state
    if is_asked and before != TransferState.ASKING:
        raise overtaken(transfer, actor=actor)
    _walk(transfer, "refuse", actor=actor, now=now, told=told, closed_at=now, **NOTHING_PASSED)
    if before == TransferState.ASKING:
        moving.to_office(moving.MOVE_NOT_WANTED, transfer, now=now)
    else:
        moving.to_office(moving.MOVE_REFUSED, transfer, now=now)
        moving.to_person(moving.NO_PLACE_THERE, transfer)
    return transfer


@transaction.atomic
def withdraw_transfer(*, transfer_id: int, language_shown: str, actor: Actor, now: datetime) -> Transfer:
    """Take it back before they are taken over: the person, or those who asked. It is wiped.

    Raises NotAllowed, Overtaken.
    """
    transfer = lock_transfer(transfer_id)
    require(may_withdraw_transfer(actor, transfer))
    if transfer.state == TransferState.WITHDRAWN:
        return transfer
    had_agreed = transfer.agreed_at is not None
    _walk(transfer, "withdraw", actor=actor, now=now, closed_at=now, **NOTHING_PASSED)
    if had_agreed:
        moving.to_other_office(moving.MOVE_WITHDRAWN, transfer, now=now)
    if had_agreed and actor.person_id == transfer.profile.person_id:
        _keep_consent(transfer, given=False, language_shown=language_shown, actor=actor, now=now, told=None)
    if actor.person_id == transfer.profile.person_id:
        moving.to_office(moving.MOVE_NOT_WANTED, transfer, now=now)
    return transfer


@transaction.atomic
def take_transfer(*, transfer_id: int, actor: Actor, now: datetime) -> Transfer:
    """Take somebody over: a file with what they agreed to, and an end to what they had where they lived.

    Where there is a file of theirs already, that one is linked and stays as it is; nobody elsewhere learns
    which of the two it was. To enrol them is another step. Raises NotAllowed, YesTakenBack, Overtaken.
    """
    # Race: two colleagues take the same person, or the person takes their yes back. The lock decides.
    lock_enrolments(*_everyone_concerned(transfer_id))
    transfer = lock_transfer(transfer_id)
    require(may_take_transfer(actor, transfer))
    if transfer.state != TransferState.AGREED:
        raise overtaken(transfer, actor=actor)
    passed, old = passed_on(transfer), transfer.profile
    no_longer = took_back(Purpose.TRANSFER, person_ids=[old.person_id])
    require(passed is not None and (old.person_id, old.organisation_id) not in no_longer, YesTakenBack)
    assert passed is not None
    _end_here(old, now=now)
    _walk(
        transfer,
        "take",
        actor=actor,
        now=now,
        closed_at=now,
        taken_by_id=actor.person_id,
        new_profile=_file_there(transfer, passed, actor=actor, now=now),
    )
    moving.to_person(moving.YOU_ARE_WELCOME_THERE, transfer)
    moving.to_office(moving.MOVE_TAKEN, transfer, now=now)
    return transfer


def _everyone_concerned(transfer_id: int) -> set[int]:
    """Enrolments of whoever moves and of those they have an offer or a mentoring with, to be locked in order.

    Locked one after the other, whoever ends the mentoring at this moment could wait for us, and we for them.
    """
    own = Enrolment.objects.filter(profile__transfers=transfer_id).order_by()
    offers = Offer.objects.open().filter(Q(mentor__in=own) | Q(newcomer__in=own)).order_by()
    beside = Pairing.objects.lasting().filter(members__enrolment__in=own, members__until_at=None)
    seats = PairingMember.objects.filter(pairing__in=beside.order_by().values("pk"), until_at=None)
    return {
        *own.values_list("pk", flat=True),
        *(pk for both in offers.values_list("mentor_id", "newcomer_id") for pk in both),
        *seats.order_by().values_list("enrolment_id", flat=True),
    }


def _walk(
    transfer: Transfer, verb: str, *, actor: Actor, now: datetime, told: Told | None = None, **fields: Any
) -> None:
    move(transfer, verb, moves=TRANSFER_MOVES, actor=actor, now=now, told=told, **fields)
    _tell_pages(transfer)


def _tell_pages(transfer: Transfer) -> None:
    for person_id in {transfer.profile.person_id, transfer.asked_by_id}:
        publish_on_commit(person_id=person_id, event={"type": "transfer", "id": str(transfer.public_id)})


def _keep_consent(
    transfer: Transfer,
    *,
    given: bool,
    language_shown: str,
    actor: Actor,
    now: datetime,
    told: Told | None,
) -> None:
    record_consent(
        person=transfer.profile.person,
        organisation_id=transfer.profile.organisation_id,
        purpose=Purpose.TRANSFER,
        given=given,
        channel=told.channel if told else Channel.SELF,
        language_shown=(told.language if told else "") or language_shown,
        interpreter=told.interpreter if told else "",
        actor=actor,
        now=now,
    )


def _file_there(transfer: Transfer, passed: Passed, *, actor: Actor, now: datetime) -> Profile:
    """Their file where they move to: the one that is there, or a new one."""
    there, person = transfer.to_organisation_id, transfer.profile.person
    if known := Profile.objects.filter(organisation=there, person=person).first():
        return known
    try:
        with transaction.atomic():
            return register_profile(
                organisation_id=there, answers=passed.answers(), person=person, actor=actor, now=now
            )
    except IntegrityError:
        # Race: they signed up there by themselves at this moment; a person has one file in a place.
        return Profile.objects.get(organisation=there, person=person)


def _end_here(profile: Profile, *, now: datetime) -> None:
    """Open offers are taken back, mentorings end or go on without them, enrolments end."""
    enrolments = Enrolment.objects.filter(profile=profile).exclude(state=EnrolmentState.ENDED)
    ids = list(enrolments.order_by("pk").values_list("pk", flat=True))
    offers = Offer.objects.open().filter(Q(mentor__in=ids) | Q(newcomer__in=ids))
    for offer_id in offers.order_by("pk").values_list("pk", flat=True):
        # Race: its approval is undone, or it is answered, at this moment; then there is nothing to take back.
        with suppress(WrongState):
            take_back(lock_offer(offer_id), actor=SYSTEM, now=now)
    running = Pairing.objects.lasting().filter(members__enrolment__in=ids, members__until_at=None)
    for pairing_id in running.distinct().order_by("pk").values_list("pk", flat=True):
        _part(lock_pairing(pairing_id), ids, now=now)
    for enrolment_id in ids:
        end_enrolment(enrolment_id=enrolment_id, actor=SYSTEM, now=now, why="moved")


def _part(pairing: Pairing, enrolment_ids: list[int], *, now: datetime) -> None:
    here = members_now(pairing)
    for member in here:
        if member.enrolment_id not in enrolment_ids:
            continue
        if is_last_of_side(member, here):
            finish(pairing, reason=EndReason.MOVED, actor=SYSTEM, now=now)
            return
        leave(pairing, member, reason=EndReason.MOVED, actor=SYSTEM, now=now)
        tell_pages(pairing, persons_in(here))
