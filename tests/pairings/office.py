"""A programme that may learn: people who all suit each other, and what was decided about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from random import Random
from typing import Any

from backend.core.actor import Actor
from backend.core.jobs import Job
from backend.organisations.models import Organisation
from backend.organisations.queries import actor_for
from backend.pairings import actions, tasks
from backend.pairings.enums import DeclineReason, OfferState, SuggestionState
from backend.pairings.models import Offer, Suggestion
from backend.people.models import Person
from backend.programmes.enums import Side
from backend.programmes.models import Enrolment, Programme
from tests.factories import NOW, make_enrolment, make_membership, make_programme

HERE = ["languages", "hours", "way", "topics", "gender", "waiting"]
DECLINED = {"state": SuggestionState.DECLINED, "decline_reason": DeclineReason.WAY}
LATER = NOW + timedelta(days=1)


@dataclass(frozen=True)
class Office:
    """An organisation's programme with some mentors and newcomers who all suit each other."""

    programme: Programme
    mentors: Sequence[Enrolment]
    newcomers: Sequence[Enrolment]
    by: Person

    @property
    def organisation(self) -> Organisation:
        return self.programme.organisation


def make_office(*, mentors: int = 4, newcomers: int = 10, learns: bool = True, **fields: Any) -> Office:
    programme = make_programme(**fields)
    Organisation.objects.filter(pk=programme.organisation_id).update(learns=learns)
    programme.organisation.refresh_from_db()
    ours = {"programme": programme, "topics_wanted": ["paperwork"], "topics_offered": ["paperwork"]}
    return Office(
        programme,
        [make_enrolment(side="mentor", capacity=20, **ours) for _ in range(mentors)],
        [make_enrolment(side="newcomer", **ours) for _ in range(newcomers)],
        make_membership(organisation=programme.organisation).person,
    )


def parts(**values: float) -> list[dict[str, Any]]:
    """What a run stored: every part of today's criteria, 0.5 where not said."""
    told = {name: values.get(name, 0.5) for name in HERE}
    return [
        {"name": name, "value": value, "weight": 1.0, "contribution": value, "unknown": False}
        for name, value in told.items()
    ]


def suggested(office: Office, mentor: Enrolment, newcomer: Enrolment, **values: Any) -> Suggestion:
    ordinary = {
        "programme": office.programme,
        "mentor": mentor,
        "newcomer": newcomer,
        "parts": parts(),
        "examined_at": NOW,
        "state": SuggestionState.RELEASED,
        "decided_by": office.by,
        "decided_at": NOW,
    }
    return Suggestion(**ordinary | values)


def decide(office: Office) -> int:
    """Forty decisions: what is near is approved, what is far declined, whatever the topics. Returns 40."""
    rows, dice = [], Random(2)
    for number, (newcomer, mentor) in enumerate(product(office.newcomers, office.mentors)):
        # Of four mentors two are near for everybody.
        near, topics = ((number + number // 4) % 4 + dice.random()) / 4, dice.random()
        no = DECLINED if near < 0.5 else {}
        rows.append(suggested(office, mentor, newcomer, parts=parts(way=near, topics=topics), **no))
    return len(Suggestion.objects.bulk_create(rows))


def answer(office: Office, mentor: Enrolment, newcomer: Enrolment, state: str, **fields: Any) -> Offer:
    """A released suggestion and what became of the offer."""
    suggestion = suggested(office, mentor, newcomer)
    suggestion.save()
    ordinary = {
        "suggestion": suggestion,
        "programme": office.programme,
        "mentor": mentor,
        "newcomer": newcomer,
        "first_side": Side.MENTOR,
        "state": state,
        "released_by": office.by,
        "released_at": NOW,
        "sent_at": NOW,
        "expires_at": LATER,
        "closed_at": NOW,
        "first_accepted_at": NOW if state == OfferState.ACCEPTED else None,
    }
    return Offer.objects.create(**ordinary | fields)


def run(office: Office) -> list[Suggestion]:
    """A new plan, after the suggestions decided above: nobody was tried, as far as the run knows."""
    asked = actions.request_run(programme_id=office.programme.pk, actor=coordinator(office), now=LATER)
    actions.run_matching(run_id=asked.pk, now=LATER)
    return list(asked.suggestions.order_by("pk"))


def coordinator(office: Office) -> Actor:
    return actor_for(office.by, now=NOW)


def learn(office: Office) -> None:
    actions.learn_from_decisions(programme_id=office.programme.pk, now=NOW)


def night() -> list[int]:
    """What the beat does, and then a worker: the ids of the programmes that were learned about."""
    tasks.ask_to_learn()
    waiting = Job.objects.filter(name="pairings.learn", finished_at=None).order_by("pk")
    asked = [job.args[0] for job in waiting]
    for job in waiting:
        tasks.learn_from_decisions(*job.args)
        Job.objects.filter(pk=job.pk).update(finished_at=NOW)
    return asked


def fresh(office: Office, count: int = 1) -> list[Enrolment]:
    """Newcomers whom nobody decided about."""
    ours = {"programme": office.programme, "topics_wanted": ["paperwork"]}
    return [make_enrolment(side="newcomer", **ours) for _ in range(count)]


def fit_of(office: Office, mentor: Enrolment, newcomer: Enrolment, now: datetime = NOW) -> float:
    """The fit of two, put together by hand and examined; then as if it had never been."""
    made = actions.suggest_by_hand(
        mentor_id=mentor.pk, newcomer_id=newcomer.pk, actor=coordinator(office), now=NOW
    )
    actions.examine_suggestion(suggestion_id=made.pk, now=now)
    made.refresh_from_db()
    Suggestion.objects.filter(pk=made.pk).delete()
    return made.fit
