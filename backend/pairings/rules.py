"""Who may do what to a run, a suggestion, an offer or a pairing. The organisation of the thing decides."""

from datetime import datetime, timedelta

from backend.core.actor import Actor
from backend.organisations.enums import CASE_ROLES, Role
from backend.pairings.enums import RUNNING, PauseReason
from backend.pairings.models import (
    MatchRun,
    Offer,
    Pairing,
    PairingEvent,
    Suggestion,
    Transfer,
    WhatIf,
)
from backend.profiles.models import Profile
from backend.programmes.enums import Side
from backend.programmes.models import Enrolment, Programme


def may_run_matching(actor: Actor, programme: Programme) -> bool:
    return actor.has_role(programme.organisation_id, (Role.COORDINATOR,))


def may_view_run(actor: Actor, run: MatchRun) -> bool:
    return actor.has_role(run.programme.organisation_id, CASE_ROLES)


def may_view_what_if(actor: Actor, what_if: WhatIf) -> bool:
    return actor.has_role(what_if.programme.organisation_id, CASE_ROLES)


def may_view_suggestion(actor: Actor, suggestion: Suggestion) -> bool:
    return actor.has_role(suggestion.programme.organisation_id, CASE_ROLES)


def may_decide(actor: Actor, suggestion: Suggestion) -> bool:
    """A coordinator, and never about themselves."""
    return actor.has_role(
        suggestion.programme.organisation_id, (Role.COORDINATOR,)
    ) and not is_about_themselves(actor, suggestion)


def may_comment(actor: Actor, suggestion: Suggestion) -> bool:
    """Colleagues talk to each other about a suggestion; not with one of the two, who may be a colleague."""
    return may_view_suggestion(actor, suggestion) and not is_about_themselves(actor, suggestion)


def is_about_themselves(actor: Actor, suggestion: Suggestion) -> bool:
    return actor.person_id in {
        suggestion.mentor.profile.person_id,
        suggestion.newcomer.profile.person_id,
    }


# For so long a decision can be taken back: nothing is sent before.
UNDO = timedelta(seconds=30)
UNDONE_BY_UNDO = frozenset(
    {"release", "decline", "stage", "unstage", "call_first", "put_off", "bring_back"},
)


def can_undo(event: PairingEvent, *, now: datetime) -> bool:
    """Whether this, the last that happened to a suggestion, was decided less than half a minute ago.

    That nothing was sent is asked of the offer.
    """
    return event.verb in UNDONE_BY_UNDO and now < event.at + UNDO


def own_side(actor: Actor, offer: Offer) -> Side | None:
    """The side on which the actor is asked themselves."""
    if actor.person_id is None:
        return None
    if actor.person_id == offer.mentor.profile.person_id:
        return Side.MENTOR
    return Side.NEWCOMER if actor.person_id == offer.newcomer.profile.person_id else None


def may_view_offer(actor: Actor, offer: Offer) -> bool:
    if actor.has_role(offer.programme.organisation_id, CASE_ROLES):
        return True
    side = own_side(actor, offer)
    if side is None or offer.sent_at is None:
        return False
    return side == offer.first_side or offer.first_accepted_at is not None


def may_answer(actor: Actor, offer: Offer) -> bool:
    """The person asked, for themselves."""
    side = own_side(actor, offer)
    return side is not None and side == offer.side_asked and offer.sent_at is not None


def may_record_answer(actor: Actor, offer: Offer) -> bool:
    """Staff, for somebody who answered by telephone or in person; never their own answer."""
    return actor.has_role(offer.programme.organisation_id, CASE_ROLES) and own_side(actor, offer) is None


def may_extend(actor: Actor, offer: Offer) -> bool:
    """A coordinator, and never for their own answer."""
    return may_withdraw(actor, offer) and own_side(actor, offer) is None


def may_withdraw(actor: Actor, offer: Offer) -> bool:
    return actor.has_role(offer.programme.organisation_id, (Role.COORDINATOR,))


def may_view_pairing(actor: Actor, pairing: Pairing) -> bool:
    return actor.has_role(pairing.programme.organisation_id, CASE_ROLES) or is_member(actor, pairing)


def is_member(actor: Actor, pairing: Pairing) -> bool:
    """Whether the actor is one of its members now. One query unless members are prefetched."""
    if actor.person_id is None:
        return False
    return any(
        m.enrolment.profile.person_id == actor.person_id for m in pairing.members.all() if m.until_at is None
    )


def rests(pairing: Pairing) -> bool:
    """Whether a proof ran out and a member is, or may be, under 18: they neither write nor meet."""
    return pairing.pause_reason == PauseReason.CLEARANCE


def may_end(actor: Actor, pairing: Pairing) -> bool:
    """Staff end it; a member asks them to."""
    return pairing.state in RUNNING and actor.has_role(pairing.programme.organisation_id, CASE_ROLES)


def may_change_members(actor: Actor, pairing: Pairing) -> bool:
    """Staff let somebody join or leave; nobody puts themselves into a mentoring."""
    return actor.has_role(pairing.programme.organisation_id, CASE_ROLES)


def may_ask_to_end(actor: Actor, pairing: Pairing) -> bool:
    return is_member(actor, pairing)


def may_pair_by_hand(actor: Actor, mentor: Enrolment, newcomer: Enrolment) -> bool:
    return mentor.programme_id == newcomer.programme_id and may_run_matching(actor, newcomer.programme)


def may_view_transfer(actor: Actor, transfer: Transfer) -> bool:
    """Staff where the person is now, the person, and after their yes the organisation they move to."""
    if actor.person_id is not None and actor.person_id == transfer.profile.person_id:
        return True
    if actor.has_role(transfer.profile.organisation_id, CASE_ROLES):
        return True
    return transfer.agreed_at is not None and actor.has_role(transfer.to_organisation_id, CASE_ROLES)


def may_ask_to_transfer(actor: Actor, profile: Profile) -> bool:
    """Staff where the person is now, and never about themselves."""
    return actor.has_role(profile.organisation_id, CASE_ROLES) and actor.person_id != profile.person_id


def may_answer_transfer(actor: Actor, transfer: Transfer, *, recorded: bool) -> bool:
    """Whoever moves, for themselves; staff where they are now record what they were told."""
    if recorded:
        return may_ask_to_transfer(actor, transfer.profile)
    return actor.person_id is not None and actor.person_id == transfer.profile.person_id


def may_withdraw_transfer(actor: Actor, transfer: Transfer) -> bool:
    return actor.person_id == transfer.profile.person_id or may_ask_to_transfer(actor, transfer.profile)


def may_take_transfer(actor: Actor, transfer: Transfer) -> bool:
    """Staff of the organisation they move to, after the yes; never about themselves."""
    is_asked = transfer.agreed_at is not None and actor.person_id != transfer.profile.person_id
    return is_asked and actor.has_role(transfer.to_organisation_id, CASE_ROLES)
