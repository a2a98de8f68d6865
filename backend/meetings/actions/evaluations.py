from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.core.actor import Actor
from backend.core.errors import BadInput, Expected, NotAllowed, require
from backend.meetings.evaluations import HIGHEST, LONGEST, LOWEST, Said, may_evaluate
from backend.meetings.models import Evaluation
from backend.pairings.models import Pairing
from backend.pairings.parts import part_of
from backend.people.enums import Channel
from backend.people.told import Told


class NotOverYet(Expected):
    code = "not_over_yet"
    sentence = _("This mentoring goes on. We ask you when it ends.")


class SaidAlready(Expected):
    code = "said_already"
    sentence = _("This person has told us already. What they said stays.")


class BadEvaluation(BadInput):
    code = "bad_evaluation"
    sentence = _("Choose a number from 1 to 5, and write at most 2000 letters.")


@transaction.atomic
def evaluate(
    *, pairing_id: int, person_id: int, said: Said, actor: Actor, now: datetime, told: Told | None = None
) -> Evaluation:
    """Keep what a member says at the end, once: of the two of them, and of the programme.

    `told` is how staff heard it. The same person again changes nothing.
    Raises NotAllowed, NotOverYet, BadEvaluation, SaidAlready (staff).
    """
    pairing = Pairing.objects.select_related("programme").get(pk=pairing_id)
    part = part_of(pairing, person_id=person_id)
    if part is None or not may_evaluate(actor, part, recorded=told is not None):
        raise NotAllowed
    require(part.is_over, NotOverYet)
    require(_fits(said), BadEvaluation)
    # Race: two taps, or a colleague who records it at this moment. The unique key keeps the first.
    evaluation, made = Evaluation.objects.get_or_create(
        pairing=pairing,
        person_id=person_id,
        defaults={
            "at": now,
            "created_at": now,
            "by_id": actor.acting_person_id,
            "channel": told.channel if told else Channel.SELF,
            "match": said.match,
            "programme": said.programme,
            "again": said.again,
            "text": said.text.strip(),
        },
    )
    require(made or told is None, SaidAlready)
    return evaluation


def _fits(said: Said) -> bool:
    numbers = (said.match, said.programme)
    return all(LOWEST <= number <= HIGHEST for number in numbers) and len(said.text) <= LONGEST
