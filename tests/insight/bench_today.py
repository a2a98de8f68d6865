"""How fast Today is with 50,000 people in the database: `python -m tests.insight.bench_today`.

Everything it makes is taken back at the end. The page is asked for through Django's test client, so the time
is that of the whole page without the network.
"""

import logging
import random
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from statistics import quantiles
from typing import Any
from uuid import uuid4

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from backend.core import clock  # noqa: E402
from backend.meetings.models import CheckIn, Meeting  # noqa: E402
from backend.messaging.models import Conversation  # noqa: E402
from backend.organisations.models import Membership, Organisation  # noqa: E402
from backend.pairings.models import (  # noqa: E402
    MatchRun,
    Offer,
    Pairing,
    PairingMember,
    Suggestion,
    Unmatched,
)
from backend.people.models import Person  # noqa: E402
from backend.profiles.models import Contact, Profile  # noqa: E402
from backend.programmes.criteria import default_criteria  # noqa: E402
from backend.programmes.models import Enrolment, Programme  # noqa: E402
from backend.safeguarding.models import Clearance, Requirement  # noqa: E402

OFFICES = 20
LARGE, EACH_SMALL = 10_000, 2_106  # people in the large organisation and in each of the others: 50,014
OPEN, OPEN_ELSEWHERE = 300, 60  # of them, in each organisation, not ended
ASKED = 200
BATCH = 2_000
NOW = clock.now()
rng = random.Random(4)


# Nobody has collected and hashed the files where this runs beside the tests.
PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


def main() -> None:
    logging.disable(logging.INFO)
    with override_settings(STORAGES=settings.STORAGES | {"staticfiles": PLAIN}), transaction.atomic():
        started = time.perf_counter()
        coordinator = fill()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        print(f"{Profile.objects.count()} people made in {time.perf_counter() - started:.0f} s")
        measure(coordinator)
        transaction.set_rollback(True)


def measure(coordinator: Person) -> None:
    page, host = reverse("today"), settings.ALLOWED_HOSTS[0]
    client = Client(SERVER_NAME=host if host != "*" else "localhost")
    client.force_login(coordinator)
    look = lambda: client.get(page, secure=True)  # noqa: E731
    for _warm in range(5):
        assert look().status_code == 200
    with CaptureQueriesContext(connection) as queries:
        look()
    asked = list(queries.captured_queries)
    here = Enrolment.objects.filter(programme__organisation=coordinator.memberships.get().organisation_id)
    base50, base95 = _times(here.count)
    processor = time.process_time()
    p50, p95 = _times(look)
    processor = 1000 * (time.process_time() - processor) / ASKED
    print(f"{'':34}{'p50 ms':>9}{'p95 ms':>9}")
    print(f"{'Today, 300 open of 10,000 here':34}{p50:9.1f}{p95:9.1f}")
    print(f"{'count(*) of the enrolments here':34}{base50:9.1f}{base95:9.1f}")
    in_database = 1000 * sum(float(query["time"]) for query in asked)
    print(f"of it {processor:.0f} ms of this processor, {in_database:.0f} ms of the database")
    print(f"ratio at p50: {p50 / base50:.0f}; {len(asked)} queries; aim: 200 ms at p95")
    for query in sorted(asked, key=lambda query: -float(query["time"]))[:3]:
        print(f"{1000 * float(query['time']):6.0f} ms  {query['sql'][:90]}")


def _times(work: Callable[[], Any]) -> tuple[float, float]:
    """(median, 95th percentile) in ms."""
    taken = []
    for _each in range(ASKED):
        start = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - start))
    cuts = quantiles(taken, n=20)
    return cuts[9], cuts[18]


def fill() -> Person:
    """Twenty organisations, one of them large; gives a coordinator of the large one."""
    first: Person | None = None
    for number in range(OFFICES):
        people = LARGE if number == 0 else EACH_SMALL
        chloe = _office_of(number, people, OPEN if number == 0 else OPEN_ELSEWHERE)
        first = first or chloe
    assert first is not None
    return first


def _office_of(number: int, people: int, open_now: int) -> Person:
    office = Organisation.objects.create(name=f"Bench {number}", kind="ngo", country="DE")
    chloe = Person.objects.create_person(username=f"bench-{uuid4().hex[:12]}")
    Membership.objects.create(
        organisation=office, person=chloe, role="coordinator", name="Chloé", starts_on=date(2020, 1, 1)
    )
    programme = Programme.objects.create(
        organisation=office,
        kind="mentoring",
        name="Mentoring",
        criteria=default_criteria("mentoring"),
        opened_at=_ago(2000),
    )
    for kind in ("police_check", "code_of_conduct"):
        Requirement.objects.create(programme=programme, side="mentor", kind=kind)
    mentors, newcomers = _enrolled(programme, chloe, people, open_now)
    over = [(m, n) for m, n in zip(mentors, newcomers, strict=True) if n.state == "ended"]
    together = [(m, n) for m, n in zip(mentors, newcomers, strict=True) if n.state == "ready"]
    if number:
        return chloe  # in the others it is enough that there are people
    _papers([e for e in mentors if e.state != "ended"] + mentors[open_now::2], chloe)
    _calls(newcomers, chloe)
    _mentorings(programme, over, chloe, ended=True)
    a_third = len(together) // 3
    _mentorings(programme, together[:a_third], chloe, ended=False)
    _plans(programme, together[a_third:], over, chloe)
    return chloe


def _enrolled(
    programme: Programme, chloe: Person, people: int, open_now: int
) -> tuple[list[Enrolment], list[Enrolment]]:
    """As many mentors as newcomers; those who have not ended come first."""
    persons = _made(Person, (Person(password="!") for _each in range(people)))
    profiles = _made(
        Profile,
        (
            Profile(
                organisation_id=programme.organisation_id,
                person=person,
                full_name=f"Person {n} Example",
                called=f"Person {n}",
                sort_key=f"{n:08d}",
                coordinator=chloe if n % 3 else None,
            )
            for n, person in enumerate(persons)
        ),
    )
    rows = _made(
        Enrolment, (_enrolment(programme, profile, n, open_now) for n, profile in enumerate(profiles))
    )
    return rows[::2], rows[1::2]


def _enrolment(programme: Programme, profile: Profile, n: int, open_now: int) -> Enrolment:
    is_mentor, is_open = n % 2 == 0, n < open_now
    state = "ended" if not is_open else "applied" if is_mentor else "registered" if n % 10 == 1 else "ready"
    days = rng.randrange(1, 200) if is_open else rng.randrange(200, 1500)
    return Enrolment(
        profile=profile,
        programme=programme,
        side="mentor" if is_mentor else "newcomer",
        state=state,
        state_at=_ago(days // 2 if is_open else days - 100),
        capacity=2,
        registered_on=_ago(days).date(),
    )


def _papers(mentors: list[Enrolment], chloe: Person) -> None:
    def proofs() -> Iterator[Clearance]:
        for n, mentor in enumerate(mentors):
            ends = (NOW + timedelta(days=rng.randrange(-20, 900))).date()
            for kind in ("police_check", "code_of_conduct"):
                if n % 12:
                    yield Clearance(
                        profile_id=mentor.profile_id,
                        kind=kind,
                        seen_on=_ago(400).date(),
                        seen_by=chloe,
                        valid_until=ends if kind == "police_check" else None,
                    )

    _made(Clearance, proofs())


def _calls(newcomers: list[Enrolment], chloe: Person) -> None:
    _made(
        Contact,
        (
            Contact(
                profile_id=e.profile_id,
                by=chloe,
                at=_ago(30),
                channel="phone",
                call_back_on=_ago(3).date(),
                called_back_at=None if e.state != "ended" and n % 8 == 0 else _ago(2),
            )
            for n, e in enumerate(newcomers)
        ),
    )


def _mentorings(
    programme: Programme, pairs: list[tuple[Enrolment, Enrolment]], chloe: Person, *, ended: bool
) -> None:
    def pairing() -> Pairing:
        if ended:
            over = {"state": "ended", "ended_at": _ago(150), "end_reason": "plan"}
            return Pairing(programme=programme, started_at=_ago(400), **over)
        return Pairing(programme=programme, started_at=_ago(rng.randrange(1, 160)))

    rows = _made(Pairing, (pairing() for _each in pairs))
    sides = [(row, e) for row, pair in zip(rows, pairs, strict=True) for e in pair]
    _made(
        PairingMember,
        (
            PairingMember(
                pairing=row, enrolment=e, side=e.side, from_at=row.started_at, until_at=row.ended_at
            )
            for row, e in sides
        ),
    )
    _made(Conversation, (Conversation(pairing=row, last_at=_ago(rng.randrange(1, 40))) for row in rows))
    months = [(row, month) for row in rows for month in range(1, 4)]
    _made(
        Meeting,
        (
            Meeting(
                pairing=row,
                kind="first" if month == 3 else "usual",
                state="held",
                starts_at=_ago(30 * month),
                client_id=uuid4(),
            )
            for row, month in months
        ),
    )
    _made(
        CheckIn,
        (
            CheckIn(pairing=row, on=_ago(20 * month).date(), by=chloe, channel="phone", mood="good")
            for row, month in months
        ),
    )


def _plans(
    programme: Programme,
    waiting: list[tuple[Enrolment, Enrolment]],
    over: list[tuple[Enrolment, Enrolment]],
    chloe: Person,
) -> None:
    """Suggestions decided long ago and open ones, some open offers, and whom the runs found nobody for."""
    asked = waiting[: len(waiting) // 4]

    def suggestion(pair: tuple[Enrolment, Enrolment], state: str) -> Suggestion:
        decided = {} if state == "proposed" else {"decided_at": _ago(100), "decided_by": chloe}
        why = {"decline_reason": "hours"} if state == "declined" else {}
        mentor, newcomer = pair
        return Suggestion(
            programme=programme, mentor=mentor, newcomer=newcomer, share=0.7, state=state, **decided, **why
        )

    _made(Suggestion, (suggestion(pair, "declined") for pair in over))
    released = _made(Suggestion, (suggestion(pair, "released") for pair in asked))
    _made(Suggestion, (suggestion(pair, "proposed") for pair in waiting[len(asked) :]))
    _made(
        Offer,
        (
            Offer(
                suggestion=row,
                programme=programme,
                mentor_id=row.mentor_id,
                newcomer_id=row.newcomer_id,
                first_side="mentor",
                released_by=chloe,
                released_at=_ago(5),
                sent_at=_ago(5),
                expires_at=NOW + timedelta(days=rng.randrange(1, 9)),
            )
            for row in released
        ),
    )
    for back in range(20):
        run = MatchRun.objects.create(
            programme=programme, state="done", asked_by=chloe, asked_at=_ago(14 * back), finished_at=NOW
        )
        _made(Unmatched, (Unmatched(run=run, newcomer=n, feasible=0) for _m, n in waiting))


def _made(model: Any, rows: Iterator[Any]) -> list[Any]:
    return list(model.objects.bulk_create(rows, batch_size=BATCH))


def _ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


if __name__ == "__main__":
    main()
