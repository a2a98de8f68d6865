from backend.core.actor import Actor
from backend.messaging.models import Announcement, Conversation
from backend.organisations.enums import CASE_ROLES
from backend.pairings.enums import RUNNING
from backend.pairings.models import Pairing
from backend.pairings.rules import rests as pairing_rests


def is_open(conversation: Conversation) -> bool:
    """Whether anybody may write now: neither it nor its pairing has ended. Reads `conversation.pairing`.

    While a mentoring rests because a proof ran out, a member is or may be under 18: nobody writes.
    """
    pairing = conversation.pairing
    return conversation.closed_at is None and pairing.state in RUNNING and not rests(conversation)


def rests(conversation: Conversation) -> bool:
    return pairing_rests(conversation.pairing)


def may_open(actor: Actor, pairing: Pairing, members: frozenset[int]) -> bool:
    """Its members, and jobs. Staff do not: they read only what is reported to them."""
    return actor.is_system or actor.person_id in members


def may_announce(actor: Actor, organisation_id: int) -> bool:
    """Whoever works on cases there."""
    return actor.has_role(organisation_id, CASE_ROLES)


def may_view_announcement(actor: Actor, announcement: Announcement) -> bool:
    """The same people as `Announcement.objects.visible_to` finds."""
    if actor.person_id is None:
        return False
    is_told = announcement.recipients.filter(person=actor.person_id).exists()
    return is_told or may_announce(actor, announcement.organisation_id)
