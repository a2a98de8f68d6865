from backend.core.actor import Actor
from backend.messaging.models import Conversation
from backend.pairings.enums import RUNNING
from backend.pairings.models import Pairing


def is_open(conversation: Conversation) -> bool:
    """Whether anybody may still write: neither it nor its pairing has ended. Reads `conversation.pairing`."""
    return conversation.closed_at is None and conversation.pairing.state in RUNNING


def may_open(actor: Actor, pairing: Pairing, members: frozenset[int]) -> bool:
    """Its members, and jobs. Staff do not: they read only what is reported to them."""
    return actor.is_system or actor.person_id in members
