from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.core import jobs
from backend.core.actor import Actor
from backend.core.clock import today
from backend.core.database import refusing
from backend.core.errors import Expected, require
from backend.pairings import notices
from backend.pairings.actions.aside import drop_call
from backend.pairings.actions.learning import lessons_in_use
from backend.pairings.enums import SUGGESTION_MOVES, Aside, RunState
from backend.pairings.events import move, note
from backend.pairings.models import MatchRun, MentorChoice, Suggestion, Unmatched
from backend.pairings.queries import InPlay, everybody_in_play
from backend.pairings.rules import may_run_matching
from backend.programmes.models import Programme

if TYPE_CHECKING:
    from backend.pairings.engine import Plan


class ProgrammeNotOpen(Expected):
    code = "programme_not_open"
    sentence = _("This programme is not open. Open it first, then run the matching.")


class SuggestedAlready(Expected):
    """Never seen by anybody: a run leaves alone what is open."""

    code = "suggested_already"


class RunUnderWay(Expected):
    code = "run_under_way"
    sentence = _("A matching is already under way for this programme. It will be done in a moment.")


@transaction.atomic
def request_run(*, programme_id: int, actor: Actor, now: datetime) -> MatchRun:
    """Queue a match run; a worker does it after the commit.

    Raises NotAllowed, ProgrammeNotOpen, RunUnderWay.
    """
    # Race: two coordinators press at once. The row lock makes the second see the first's run.
    programme = Programme.objects.select_for_update(no_key=True).get(pk=programme_id)
    require(may_run_matching(actor, programme))
    require(programme.is_open, ProgrammeNotOpen)
    waiting = programme.runs.filter(state__in=[RunState.QUEUED, RunState.RUNNING]).exists()
    require(not waiting, RunUnderWay)
    run = MatchRun.objects.create(programme=programme, asked_by_id=actor.person_id, asked_at=now)
    jobs.later("pairings.run_matching", run.pk)
    return run


@transaction.atomic
def run_matching(*, run_id: int, now: datetime) -> None:
    """Do a queued run: older open suggestions give way to the new plan. Doing it twice changes nothing.

    What a person has handled stays and holds its places, unless something final stands against it by now.
    """
    # Race: a worker taken for dead wakes up while another does the run. One waits and then finds it done.
    run = (
        MatchRun.objects.select_for_update(of=("self",))
        .select_related("programme__organisation")
        .get(pk=run_id)
    )
    if run.finished_at is not None:
        return
    actor = Actor.system("matching")
    open_suggestions = Suggestion.objects.filter(programme=run.programme_id).open().order_by("pk")
    before = _as_they_stand(open_suggestions)
    seen, plan = _planned(run, now=now)
    # Race: somebody stages, puts aside or decides while the plan is made. Their hands are not held for so
    # long; instead the plan is made again, and from here on they wait for us.
    older = list(open_suggestions.select_for_update(no_key=True))
    if _as_they_stand(older) != before:
        seen, plan = _planned(run, now=now)
    _give_way(older, seen, actor=actor, now=now)
    _store(run, plan, actor=actor, now=now)
    run.state, run.finished_at = RunState.DONE, now
    run.newcomers, run.mentors = len(seen.newcomers), len(seen.mentors)
    run.matched, run.total_fit = len(plan.proposals) + len(plan.beside), plan.total
    run.upper_bound, run.gap, run.feasible_pairs = plan.upper_bound, plan.gap, plan.feasible_pairs
    run.advice = list(plan.advice)
    run.save()
    notices.run_finished(run)


def _planned(run: MatchRun, *, now: datetime) -> tuple[InPlay, "Plan"]:
    """Everybody as they are at this moment, and the best plan for them."""
    from backend.pairings import engine  # loads scikit-learn: only a worker comes here

    programme = run.programme
    day = today(now=now, time_zone=programme.organisation.time_zone)
    seen = everybody_in_play(programme, day=day)
    lessons = lessons_in_use(programme=programme, day=day, now=now)
    plan = engine.plan(
        programme, seen.mentors, seen.newcomers, seen.refusals, day=day, lessons=lessons, kept=seen.kept
    )
    return seen, plan


def _as_they_stand(suggestions: Iterable[Suggestion]) -> list[tuple[int, bool]]:
    """What a plan goes by: which suggestions are open, and which of them a person has handled."""
    return [(suggestion.pk, suggestion.is_handled) for suggestion in suggestions]


def _give_way(older: list[Suggestion], seen: InPlay, *, actor: Actor, now: datetime) -> None:
    """What nobody has handled is replaced; what has become impossible says why."""
    kept = set(seen.kept)
    for suggestion in older:
        pair = (suggestion.mentor_id, suggestion.newcomer_id)
        if pair in kept:
            continue
        why, was = next(iter(seen.impossible.get(pair, ())), ""), suggestion.aside
        move(
            suggestion,
            "supersede",
            moves=SUGGESTION_MOVES,
            actor=actor,
            now=now,
            why=why,
            aside="",
            aside_until=None,
        )
        if was == Aside.CALL:  # there is nothing to call about any more
            drop_call(suggestion, actor=actor)


def _store(run: MatchRun, plan: "Plan", *, actor: Actor, now: datetime) -> None:
    open_now = Suggestion.objects.filter(programme=run.programme_id).open()
    stays = {(suggestion.mentor_id, suggestion.newcomer_id): suggestion for suggestion in open_now}
    for proposal in plan.proposals:
        told: dict[str, Any] = {
            "fit": proposal.fit,
            "share": proposal.share,
            "parts": list(proposal.parts),
            "alternatives": list(proposal.alternatives),
            "examined_at": now,
        }
        if kept := stays.get((proposal.mentor, proposal.newcomer)):
            # Its people may have changed since: what is shown of it belongs to the same day as all others.
            Suggestion.objects.filter(pk=kept.pk).update(refusals=[], **told)
            continue
        # Race: somebody may put the same two together by hand at this moment; then theirs stands.
        with suppress(SuggestedAlready), refusing(SuggestedAlready, constraint="suggestion_is_open_once"):
            suggestion = Suggestion.objects.create(
                run=run,
                programme=run.programme,
                mentor_id=proposal.mentor,
                newcomer_id=proposal.newcomer,
                **told,
            )
            note(suggestion, "propose", actor=actor, now=now)
    Unmatched.objects.bulk_create(
        Unmatched(run=run, newcomer_id=left.newcomer, feasible=left.feasible, reasons=list(left.reasons))
        for left in plan.left
    )
    MentorChoice.objects.bulk_create(
        MentorChoice(run=run, mentor_id=choice.mentor, newcomers=list(choice.newcomers))
        for choice in plan.choices
    )


@transaction.atomic
def give_up_run(*, run_id: int, error: str, now: datetime) -> None:
    """Mark a run that failed, so that the next one can be asked for."""
    MatchRun.objects.filter(pk=run_id, finished_at=None).update(
        state=RunState.FAILED, finished_at=now, error=error[:200]
    )
