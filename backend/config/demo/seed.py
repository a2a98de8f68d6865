"""Fill an empty database with the example, or find that it is there already."""

from datetime import date
from enum import Enum
from typing import NamedTuple

from django.db import transaction

from backend.config.demo import cast
from backend.config.demo.bells import ring
from backend.config.demo.doings import Doings
from backend.config.demo.history import History
from backend.config.demo.on_the_desk import begin_the_day
from backend.config.demo.papers import Papers
from backend.config.demo.people import Register, newcomers, volunteers
from backend.config.demo.places import PLACES, Place
from backend.config.demo.scene import Scene, make_person, set_scene
from backend.config.demo.talk import Talk
from backend.config.demo.world import World
from backend.organisations.models import Organisation
from backend.pairings import actions
from backend.pairings.models import MatchRun, Suggestion
from backend.people.demo import demo_signins
from backend.people.models import Person
from backend.profiles.models import Profile
from backend.safeguarding.models import Restriction


class Found(Enum):
    """What is in the database before the example is made."""

    NOTHING = "nothing"
    EXAMPLE = "example"
    OTHERS = "others"


class Told(NamedTuple):
    """How many there are now."""

    volunteers: int
    newcomers: int
    running: int
    suggestions: int
    messages: int


def what_is_there() -> Found:
    names = {place.organisation for place in PLACES}
    here = set(Organisation.objects.order_by().values_list("name", flat=True))
    usernames = {signin.username for signin in demo_signins()}
    known = set(Person.objects.filter(username__in=usernames).order_by().values_list("username", flat=True))
    if here >= names and known == usernames:
        return Found.EXAMPLE
    return Found.OTHERS if here or Person.objects.exists() else Found.NOTHING


@transaction.atomic
def seed(as_of: date, *, small: bool = False) -> Told:
    """Write the example as it stands on the morning of `as_of`. Raises TownsMissing."""
    world = World(as_of, small=small)
    zone = PLACES[0].time_zone
    make_person(world, username="admin", zone=zone, is_operator=True, created_at=world.now).save()
    parts = [_tell(world, place, number) for number, place in enumerate(PLACES)]
    return Told(*map(sum, zip(*parts, strict=True)))


def _tell(world: World, place: Place, number: int) -> Told:
    scene = set_scene(world, place)
    register, papers = Register(world, scene), Papers(world, scene)
    leading = cast.invite(register, papers) if number == 0 else None
    scene.mentors = volunteers(register, papers, world.share_of(place.volunteers))
    scene.newcomers = newcomers(register, papers, world.share_of(place.newcomers))
    register.save()
    papers.save()
    _keep_apart(world, scene)

    history = History(world, scene, papers)
    history.tell()
    together = cast.bring_together(history, leading) if leading else None
    history.save()
    papers.save_moves()

    talk = Talk(world, scene)
    for told in history.pairings:
        if told is together:
            talk.tell_exactly(told, "bruno-amina")
        elif told.pairing.started_at.date() < world.day(1):
            talk.tell(told)
    talk.save()
    doings = Doings(world, scene)
    doings.tell([told for told in history.pairings if told.pairing.started_at.date() < world.day(1)])
    doings.save()
    _look_after(scene)
    run = _match_today(world, scene)
    begin_the_day(world, scene, run)
    ring(world, scene, run, talk)
    return Told(
        volunteers=sum(e.side == "mentor" for e in register.enrolments),
        newcomers=sum(e.side == "newcomer" for e in register.enrolments),
        running=sum(told.pairing.state != "ended" for told in history.pairings),
        suggestions=run.matched,
        messages=len(talk.messages),
    )


def _look_after(scene: Scene) -> None:
    """Whoever was registered has somebody who looks after them, but the newest, whom somebody takes over."""
    ours = Profile.objects.filter(organisation=scene.organisation)
    newest = list(ours.order_by("-created_at", "-id").values_list("pk", flat=True)[:3])
    ours.exclude(pk__in=newest).update(coordinator=scene.coordinator)


def _match_today(world: World, scene: Scene) -> MatchRun:
    """The run of this morning is a real one, so that it sees the database as every later run will."""
    run = MatchRun.objects.create(
        public_id=world.uuid(), created_at=world.now, programme=scene.programme, asked_at=world.now
    )
    actions.run_matching(run_id=run.pk, now=world.now)
    suggestions = list(Suggestion.objects.filter(run=run).order_by("id"))
    for suggestion in suggestions:
        suggestion.public_id, suggestion.created_at = world.uuid(), world.now
    Suggestion.objects.bulk_update(suggestions, ["public_id", "created_at"])
    run.refresh_from_db()
    run.asked_by = scene.coordinator
    run.save(update_fields=["asked_by"])
    return run


def _keep_apart(world: World, scene: Scene) -> None:
    """Two pairs of people who must never meet."""
    for mentor, newcomer in zip(scene.mentors[2:6:2], scene.newcomers[1:4:2], strict=False):
        first, second = sorted((mentor.enrolment.profile, newcomer.enrolment.profile), key=lambda p: p.pk)
        Restriction.objects.create(
            public_id=world.uuid(),
            created_at=scene.organisation.created_at,
            organisation=scene.organisation,
            first=first,
            second=second,
            why="They know each other from work and parted in anger.",
            by=scene.coordinator,
            since=scene.organisation.created_at,
        )
