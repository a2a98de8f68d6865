"""Learning from decisions: off until an organisation switches it on; at night, in a worker."""

from dataclasses import asdict
from datetime import date, datetime

from django.db import transaction

from backend.core import jobs
from backend.core.actor import Actor
from backend.core.clock import today
from backend.organisations.actions import set_learns
from backend.organisations.models import Organisation
from backend.pairings.decisions import (
    Decided,
    Lessons,
    basis_of,
    decided,
    newest_model_in_use,
    newest_models,
)
from backend.pairings.enums import Target
from backend.pairings.models import LearnedModel
from backend.pairings.queries import PERSON
from backend.programmes.models import Enrolment, Programme

KEPT = 5  # models of one target: the one in use, and those before it to compare


@transaction.atomic
def switch_learning(*, organisation_id: int, learns: bool, actor: Actor, now: datetime) -> Organisation:
    """Switch learning on or off for an organisation; off forgets what was learned. Raises NotAllowed."""
    organisation = set_learns(organisation_id=organisation_id, learns=learns, actor=actor, now=now)
    if not learns:
        LearnedModel.objects.filter(programme__organisation=organisation).delete()
    return organisation


def ask_to_learn() -> int:
    """Queue learning for each open programme where something was decided or erased; returns how many."""
    programmes = Programme.objects.filter(
        organisation__learns=True, opened_at__isnull=False, closed_at=None
    ).order_by("pk")
    due = [programme.pk for programme in programmes if _has_news(programme)]
    with transaction.atomic():
        for programme_id in due:
            jobs.later("pairings.learn", programme_id)
    return len(due)


def learn_from_decisions(*, programme_id: int, now: datetime) -> None:
    """Learn each target anew where its lessons changed. Doing it twice changes nothing."""
    found = Programme.objects.select_related("organisation").filter(organisation__learns=True)
    programme = found.filter(pk=programme_id).first()
    if programme is None:
        return
    day, known = today(now=now, time_zone=programme.organisation.time_zone), newest_models(programme)
    for target in Target:
        pairs, newest = decided(programme, target), known.get(target)
        if not pairs:
            # All that is left went one way, since the others were erased: so must what they taught.
            LearnedModel.objects.filter(programme=programme, target=target).delete()
        elif newest is None or newest.basis != basis_of(programme, pairs):
            _learn(programme, target, pairs, day=day, now=now)


def lessons_in_use(*, programme: Programme, day: date, now: datetime) -> Lessons | None:
    """What a run goes by besides the programme's weights, if anything; for workers alone.

    A model that belongs to other criteria is marked and left out, until the next night brings another.
    """
    from backend.pairings import engine  # loads scikit-learn: only a worker comes here

    model = newest_model_in_use(programme)
    if model is None:
        return None
    if not engine.suits(model.body, programme.criteria, day=day):
        LearnedModel.objects.filter(pk=model.pk).update(stale_at=now)
        return None
    history = decided(programme, Target(model.target))
    return Lessons(model.body, tuple((str(p.newcomer), str(p.mentor), p.outcome) for p in history))


def _has_news(programme: Programme) -> bool:
    known = {target: model.basis for target, model in newest_models(programme).items()}
    lessons = {target: decided(programme, target) for target in Target}
    return known != {target: basis_of(programme, pairs) for target, pairs in lessons.items() if pairs}


def _learn(
    programme: Programme, target: Target, pairs: tuple[Decided, ...], *, day: date, now: datetime
) -> None:
    """Seconds of work, so in no transaction; if somebody is erased meanwhile, the job begins again."""
    from backend.pairings import engine

    ids = {pk for pair in pairs for pk in (pair.mentor, pair.newcomer)}
    rows = Enrolment.objects.select_related(*PERSON).prefetch_related("profile__languages")
    learned = engine.learn(programme, target, pairs, rows.in_bulk(ids), day=day)
    _keep(programme, target, basis=basis_of(programme, pairs), learned=asdict(learned), now=now)


@transaction.atomic
def _keep(
    programme: Programme, target: Target, *, basis: str, learned: dict[str, object], now: datetime
) -> None:
    # Race: meanwhile learning was switched off, or another worker learned the same. The lock that switching
    # takes makes either wait; then nothing is kept. A run under way goes on with what it has read.
    office = Organisation.objects.select_for_update(no_key=True).get(pk=programme.organisation_id)
    newest = newest_models(programme).get(target)
    if not office.learns or (newest and newest.basis == basis):
        return
    LearnedModel.objects.create(programme=programme, target=target, basis=basis, learned_at=now, **learned)
    models = LearnedModel.objects.filter(programme=programme, target=target)
    kept = models.order_by("-id").values_list("pk", flat=True)[:KEPT]
    models.exclude(pk__in=list(kept)).delete()
