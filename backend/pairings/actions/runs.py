from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.core import jobs
from backend.core.actor import Actor
from backend.core.clock import today
from backend.core.database import refusing
from backend.core.errors import Expected, require
from backend.pairings import notices
from backend.pairings.actions.learning import lessons_in_use
from backend.pairings.enums import SUGGESTION_MOVES, RunState
from backend.pairings.events import move, note
from backend.pairings.models import MatchRun, Suggestion, Unmatched
from backend.pairings.queries import everybody_in_play
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
    programme = Programme.objects.select_for_update().get(pk=programme_id)
    require(may_run_matching(actor, programme))
    require(programme.is_open, ProgrammeNotOpen)
    waiting = programme.runs.filter(state__in=[RunState.QUEUED, RunState.RUNNING]).exists()
    require(not waiting, RunUnderWay)
    run = MatchRun.objects.create(programme=programme, asked_by_id=actor.person_id, asked_at=now)
    jobs.later("pairings.run_matching", run.pk)
    return run


@transaction.atomic
def run_matching(*, run_id: int, now: datetime) -> None:
    """Do a queued run: older open suggestions give way to the new plan. Doing it twice changes nothing."""
    # Race: a worker taken for dead wakes up while another does the run. One waits and then finds it done.
    run = (
        MatchRun.objects.select_for_update(of=("self",))
        .select_related("programme__organisation")
        .get(pk=run_id)
    )
    if run.finished_at is not None:
        return
    from backend.pairings import engine  # loads scikit-learn: only a worker comes here

    programme = run.programme
    day = today(now=now, time_zone=programme.organisation.time_zone)
    seen = everybody_in_play(programme, day=day)
    lessons = lessons_in_use(programme=programme, day=day, now=now)
    plan = engine.plan(programme, seen.mentors, seen.newcomers, seen.refusals, day=day, lessons=lessons)
    actor = Actor.system("matching")
    _give_way(programme.pk, actor=actor, now=now)
    _store(run, plan, actor=actor, now=now)
    run.state, run.finished_at = RunState.DONE, now
    run.newcomers, run.mentors = len(seen.newcomers), len(seen.mentors)
    run.matched, run.total_fit = len(plan.proposals), plan.total
    run.upper_bound, run.gap, run.feasible_pairs = plan.upper_bound, plan.gap, plan.feasible_pairs
    run.save()
    notices.run_finished(run)


def _give_way(programme_id: int, *, actor: Actor, now: datetime) -> None:
    # Those put together by hand stay: a person thought about them. Race: whoever decides right now holds the
    # row's lock; we wait, and then find it decided.
    older = (
        Suggestion.objects.select_for_update(no_key=True).filter(programme=programme_id, by_hand=False).open()
    )
    for suggestion in older.order_by("pk"):
        move(suggestion, "supersede", moves=SUGGESTION_MOVES, actor=actor, now=now)


def _store(run: MatchRun, plan: "Plan", *, actor: Actor, now: datetime) -> None:
    kept_by_hand = set(
        Suggestion.objects.filter(programme=run.programme_id).open().values_list("mentor_id", "newcomer_id")
    )
    for proposal in plan.proposals:
        if (proposal.mentor, proposal.newcomer) in kept_by_hand:
            continue
        # Race: somebody may put the same two together by hand at this moment; then theirs stands.
        with suppress(SuggestedAlready), refusing(SuggestedAlready, constraint="suggestion_is_open_once"):
            suggestion = Suggestion.objects.create(
                run=run,
                programme=run.programme,
                mentor_id=proposal.mentor,
                newcomer_id=proposal.newcomer,
                fit=proposal.fit,
                share=proposal.share,
                parts=list(proposal.parts),
                alternatives=list(proposal.alternatives),
                examined_at=now,
            )
            note(suggestion, "propose", actor=actor, now=now)
    Unmatched.objects.bulk_create(
        Unmatched(run=run, newcomer_id=left.newcomer, feasible=left.feasible, reasons=list(left.reasons))
        for left in plan.left
    )


@transaction.atomic
def give_up_run(*, run_id: int, error: str, now: datetime) -> None:
    """Mark a run that failed, so that the next one can be asked for."""
    MatchRun.objects.filter(pk=run_id, finished_at=None).update(
        state=RunState.FAILED, finished_at=now, error=error[:200]
    )
