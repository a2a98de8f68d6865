"""What was decided about suggestions and offers of one programme, as lessons for one target.

A decision counts with the parts that the suggestion had on that day. Left out: what was never examined, what
lacks a criterion of today, and whatever was no answer.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from hashlib import sha256
from typing import Any

from backend.pairings.enums import DeclineReason, OfferState, SuggestionState, Target
from backend.pairings.models import LearnedModel, Offer, Suggestion
from backend.programmes.enums import Side
from backend.programmes.models import Programme

# That two would not get on, or another reason, is beyond the criteria: it would teach them what is not so.
ABOUT_CRITERIA = (DeclineReason.LANGUAGE, DeclineReason.HOURS, DeclineReason.WAY, DeclineReason.TOPICS)

# From so many answered offers on, what people themselves answered goes before what coordinators expected.
# With fewer the ridge holds both models near the programme's own weights, and decisions are more.
ENOUGH_ANSWERS = 30


@dataclass(frozen=True)
class Decided:
    """One decided pair, by enrolment ids; `parts` are the criteria's values in their order."""

    suggestion: int
    mentor: int
    newcomer: int
    outcome: bool
    mentor_answer: bool | None
    newcomer_answer: bool | None
    parts: tuple[float, ...]


@dataclass(frozen=True)
class Lessons:
    """What a match goes by besides the programme's weights: a model as text, and each mentor's history.

    `history` is (newcomer, mentor, yes) by enrolment ids; the engine reads it as the mentor's alone.
    """

    body: str
    history: tuple[tuple[str, str, bool], ...]


def decided(programme: Programme, target: Target) -> tuple[Decided, ...]:
    """What can be learned for `target`, oldest first; nothing while all went one way. One query."""
    read = _approved if target == Target.APPROVED else _accepted
    found = tuple(read(programme))
    return found if len({pair.outcome for pair in found}) == 2 else ()


def basis_of(programme: Programme, pairs: Sequence[Decided]) -> str:
    """The same for the same criteria and decisions; another once one of them changed or was erased."""
    return sha256(repr((programme.criteria, [astuple(pair) for pair in pairs])).encode()).hexdigest()


def newest_models(programme: Programme) -> Mapping[str, LearnedModel]:
    """By target, the model learned last."""
    rows = LearnedModel.objects.filter(programme=programme).order_by("target", "-id").distinct("target")
    return {row.target: row for row in rows}


def newest_model_in_use(programme: Programme) -> LearnedModel | None:
    """What a run over `programme` goes by, if its organisation learns and anything was learned."""
    return _preferred(newest_models(programme)) if programme.organisation.learns else None


def models_in_use(organisation_id: int) -> dict[int, LearnedModel]:
    """By programme id, for an organisation that learns; without the models themselves. One query."""
    rows = LearnedModel.objects.filter(programme__organisation=organisation_id).defer("body")
    newest: dict[int, dict[str, LearnedModel]] = {}
    for row in rows.order_by("programme_id", "target", "-id").distinct("programme_id", "target"):
        newest.setdefault(row.programme_id, {})[row.target] = row
    chosen = {programme_id: _preferred(models) for programme_id, models in newest.items()}
    return {programme_id: model for programme_id, model in chosen.items() if model}


def _preferred(newest: Mapping[str, LearnedModel]) -> LearnedModel | None:
    """Answers go before approvals once there are enough of them, or where nothing was ever declined."""
    found = {target: row for target, row in newest.items() if row.stale_at is None}
    accepted, approved = found.get(Target.ACCEPTED), found.get(Target.APPROVED)
    if accepted and (approved is None or accepted.decided >= ENOUGH_ANSWERS):
        return accepted
    return approved


def _approved(programme: Programme) -> Iterator[Decided]:
    rows = Suggestion.objects.filter(
        programme=programme,
        state__in=[SuggestionState.RELEASED, SuggestionState.DECLINED],
        decline_reason__in=["", *ABOUT_CRITERIA],
        examined_at__isnull=False,
    ).order_by("pk")
    for pk, mentor, newcomer, told, state in rows.values_list(
        "pk", "mentor_id", "newcomer_id", "parts", "state"
    ):
        if parts := _parts(programme, told):
            yield Decided(pk, mentor, newcomer, state == SuggestionState.RELEASED, None, None, parts)


def _accepted(programme: Programme) -> Iterator[Decided]:
    """Who ran out of time has not answered; why somebody said no is private and not read."""
    rows = (
        Offer.objects.filter(programme=programme, state__in=[OfferState.ACCEPTED, OfferState.DECLINED])
        .select_related("suggestion")
        .defer("decline_note")
        .order_by("suggestion")
    )
    for offer in rows:
        if parts := _parts(programme, offer.suggestion.parts):
            answers = _answers(offer)
            yield Decided(
                offer.suggestion_id,
                offer.mentor_id,
                offer.newcomer_id,
                offer.state == OfferState.ACCEPTED,
                answers[Side.MENTOR],
                answers[Side.NEWCOMER],
                parts,
            )


def _answers(offer: Offer) -> Mapping[Side, bool | None]:
    """Who is asked second has not answered where the first said no."""
    first, said_yes = Side(offer.first_side), offer.state == OfferState.ACCEPTED
    if offer.first_accepted_at is None:
        return {first: False, first.other: None}
    return {first: True, first.other: said_yes}


def _parts(programme: Programme, told: Sequence[Mapping[str, Any]]) -> tuple[float, ...]:
    """The values of today's criteria in their order; () where one of them was not told then."""
    values = {part["name"]: float(part["value"]) for part in told}
    names = [criterion["name"] for criterion in programme.criteria["criterion"]]
    return tuple(values[name] for name in names) if values.keys() >= set(names) else ()
