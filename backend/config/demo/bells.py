"""A few notices in the bells of those who sign in. They have arrived: nothing is sent for the past."""

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

Data = dict[str, str | int]
SEEN_AFTER = timedelta(minutes=40)


def ring(world: World, scene: Scene, run: MatchRun, talk: Talk) -> None:
    """Tell the coordinator of today's run and the last beginnings, Bruno of his offer and of a message."""
    person = scene.coordinator
    done: Data = {"programme": scene.programme.name, "matched": run.matched}
    _ring(world, person, notices.RUN_FINISHED, ("run", run.public_id), run.asked_at, done)
    for pairing in Pairing.objects.filter(programme=scene.programme).order_by("-started_at")[:3]:
        both = {m.side: m.enrolment.profile.called for m in pairing.members.all()}
        data: Data = {"mentor": both["mentor"], "newcomer": both["newcomer"]}
        about = ("pairing", pairing.public_id)
        _ring(world, person, notices.BOTH_SAID_YES, about, pairing.started_at, data, seen=True)
    bruno = Person.objects.filter(username="bruno", profiles__organisation=scene.organisation).first()
    if bruno is None:
        return
    offer = Offer.objects.awaiting(bruno.pk).get()
    _ring(world, bruno, notices.OFFER_TO_ANSWER, ("offer", offer.public_id), offer.released_at, {})
    amina = Person.objects.get(username="amina")
    last = [message for message in talk.messages if message.sender_id == amina.pk][-1]
    conversation = last.conversation
    _ring(world, bruno, MESSAGE_WAITING, ("conversation", conversation.public_id), last.sent_at, {})
    begun = conversation.pairing
    about = ("pairing", begun.public_id)
    name: Data = {"name": "Bruno"}
    _ring(world, amina, notices.MENTORING_STARTED, about, begun.started_at, name, seen=True)


def _ring(
    world: World,
    person: Person,
    kind: Kind,
    about: tuple[str, UUID],
    at: datetime,
    data: Data,
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
