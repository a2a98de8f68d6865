"""A few notices in the bells of those who sign in. They have arrived: nothing is sent for what lies behind."""

from datetime import datetime, timedelta
from uuid import UUID

from backend.config.demo.scene import Scene
from backend.config.demo.talk import Talk
from backend.config.demo.world import World
from backend.messaging.notices import MESSAGE_WAITING
from backend.pairings import notices
from backend.pairings.models import MatchRun, Offer, Pairing
from backend.people.models import Person
from notifications.api import Kind, Notice

SEEN_AFTER = timedelta(minutes=40)


def ring(world: World, scene: Scene, run: MatchRun, talk: Talk) -> None:
    """Tell the coordinator of today's run and the last beginnings, Bruno of his offer and of a message."""
    person = scene.coordinator
    done = {"programme": scene.programme.name, "matched": run.matched}
    _ring(world, person, notices.RUN_FINISHED, ("run", run.public_id), run.asked_at, done)
    for pairing in Pairing.objects.filter(programme=scene.programme).order_by("-started_at")[:3]:
        offer = pairing.offer
        data = {"mentor": offer.mentor.profile.called, "newcomer": offer.newcomer.profile.called}
        about = ("pairing", pairing.public_id)
        _ring(world, person, notices.BOTH_SAID_YES, about, pairing.started_at, data, seen=True)
    bruno = Person.objects.filter(username="bruno", profiles__organisation=scene.organisation).first()
    if bruno is None:
        return
    offer = Offer.objects.awaiting(bruno.pk).get()
    _ring(world, bruno, notices.OFFER_TO_ANSWER, ("offer", offer.public_id), offer.released_at, {})
    conversation = next(m.conversation for m in talk.messages if m.sender_id == bruno.pk)
    _ring(world, bruno, MESSAGE_WAITING, ("conversation", conversation.public_id), conversation.last_at, {})
    amina = Person.objects.get(username="amina")
    pairing, data = conversation.pairing, {"name": "Bruno"}
    about = ("pairing", pairing.public_id)
    _ring(world, amina, notices.MENTORING_STARTED, about, pairing.started_at, data, seen=True)


def _ring(
    world: World,
    person: Person,
    kind: Kind,
    about: tuple[str, UUID],
    at: datetime,
    data: dict[str, str | int],
    *,
    seen: bool = False,
) -> None:
    notice = Notice.objects.create(
        public_id=world.uuid(),
        person=person,
        kind=kind.code,
        about_type=about[0],
        about_id=str(about[1]),
        data=data,
        created_at=at,
        seen_at=at + SEEN_AFTER if seen else None,
    )
    notice.deliveries.create(public_id=world.uuid(), path="bell", state="sent", sent_at=at)
