"""What a coordinator began this morning: calls to make first, one for later, some on the list to send."""

from datetime import timedelta

from backend.config.demo.scene import Scene
from backend.config.demo.world import World
from backend.core.text import clean_line
from backend.pairings.enums import Aside, OfferState, SuggestionState
from backend.pairings.models import (
    MatchRun,
    Offer,
    OfferQuestion,
    PairingEvent,
    Suggestion,
    SuggestionComment,
)
from backend.profiles.models import Contact

HANDLED = (("call_first", 2), ("put_off", 1), ("stage", 3))
COMMENT = "He speaks slowly and clearly. I think that suits her."
QUESTION = "Could we meet online at first?"


def begin_the_day(world: World, scene: Scene, run: MatchRun) -> None:
    """Handle the last few suggestions of the run; the others wait for whoever looks at the example."""
    rows = list(Suggestion.objects.filter(run=run).open().order_by("share", "id"))
    if len(rows) < 12:  # in a small town there is nothing to spare
        return
    for verb, count in HANDLED:
        for _ in range(count):
            _handle(world, scene, rows.pop(0), verb)
    SuggestionComment.objects.create(
        public_id=world.uuid(),
        created_at=world.now,
        suggestion=rows[-1],
        by=scene.coordinator,
        at=world.now,
        text=clean_line(COMMENT),
    )
    _ask(world, scene)


def _handle(world: World, scene: Scene, suggestion: Suggestion, verb: str) -> None:
    match verb:
        case "stage":
            suggestion.state = SuggestionState.STAGED
        case "put_off":
            suggestion.aside, suggestion.aside_until = Aside.LATER, world.as_of + timedelta(days=6)
        case _:
            suggestion.aside = Aside.CALL
            Contact.objects.create(
                public_id=world.uuid(),
                created_at=world.now,
                profile=suggestion.newcomer.profile,
                by=scene.coordinator,
                at=world.now,
                call_back_on=world.as_of,
            )
    suggestion.save(update_fields=["state", "aside", "aside_until"])
    PairingEvent.objects.create(
        suggestion=suggestion,
        at=world.now,
        by=scene.coordinator,
        verb=verb,
        from_state=SuggestionState.PROPOSED,
        to_state=suggestion.state,
        why=suggestion.aside_until.isoformat() if suggestion.aside_until else "",
    )


def _ask(world: World, scene: Scene) -> None:
    """Somebody who is asked wants to know something first; Bruno's own question is left to the visitor."""
    asked = (OfferState.ASKING_FIRST, OfferState.ASKING_SECOND)
    waiting = Offer.objects.filter(programme=scene.programme, state__in=asked)
    offer = waiting.filter(mentor__profile__person__username=None).order_by("id").first()
    if offer is not None and (side := offer.side_asked):
        OfferQuestion.objects.create(
            public_id=world.uuid(),
            created_at=world.now,
            offer=offer,
            side=side,
            text=QUESTION,
            asked_at=world.now - timedelta(hours=12),
        )
