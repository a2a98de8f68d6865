"""Who waits is written to every month, in their language, and never twice."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.pairings import actions
from backend.pairings.notices import NO_MENTOR_YET
from backend.people.models import Consent
from backend.programmes.models import Enrolment, Programme
from backend.safeguarding.models import Clearance
from notifications.api import Notice, bell
from notifications.kinds import words
from tests.factories import NOW, TODAY, make_enrolment, make_programme
from tests.factories.people import FourPeople, make_four_people
from tests.pairings.asked import asked_offer
from tests.support.threads import at_once


def write(days: int = 0) -> int:
    return actions.write_to_those_who_wait(now=NOW + timedelta(days=days))


def told(enrolment: Enrolment) -> list[str]:
    return list(Notice.objects.filter(person=enrolment.profile.person).values_list("kind", flat=True))


def test_both_who_wait_for_a_month_are_written_to_once_a_month(four_people: FourPeople) -> None:
    amina, bruno = four_people.amina.enrolment, four_people.bruno.enrolment
    assert [write(), write(), write(29), write(30), write(30)] == [2, 0, 0, 2, 0]
    assert told(amina) == ["no_mentor_yet"] * 2
    assert told(bruno) == ["no_newcomer_yet"] * 2
    amina.refresh_from_db()
    assert amina.waiting_written_on == TODAY + timedelta(days=30)
    notice = Notice.objects.filter(kind="no_mentor_yet").first()
    assert notice is not None
    assert (notice.about_type, notice.data) == ("waiting", {"office": "Welcome Roding"})


def test_who_came_less_than_a_month_ago_is_not_written_to(four_people: FourPeople) -> None:
    fresh = make_enrolment(programme=four_people.programme, registered_on=TODAY - timedelta(days=29))
    write()
    assert told(fresh) == []
    write(1)
    assert told(fresh) == ["no_mentor_yet"]


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "paused", "side": "mentor"},
        {"state": "ended", "side": "mentor"},
        {"cleared": False, "side": "mentor"},
        {"state": "not_now"},
        {"state": "registered"},
        {"state": "other_help_first"},
    ],
)
def test_nobody_is_written_to_for_whom_nobody_looks(four_people: FourPeople, fields: dict[str, Any]) -> None:
    away = make_enrolment(programme=four_people.programme, **fields)
    write()
    assert told(away) == []
    away.refresh_from_db()
    assert away.waiting_written_on is None


@pytest.mark.parametrize("why", ["closed", "asked", "consent", "proof"])
def test_nor_when_the_search_stands_still(four_people: FourPeople, why: str) -> None:
    if why == "closed":
        Programme.objects.update(closed_at=NOW)
    elif why == "asked":
        asked_offer(four_people)
    elif why == "proof":
        Clearance.objects.all().delete()
    else:
        for who in (four_people.amina, four_people.bruno):
            Consent.objects.create(
                person=who.person,
                organisation_id=four_people.organisation.pk,
                purpose="share",
                given=False,
                text_version="1",
                language_shown="en",
                channel="self",
                recorded_by=who.person,
                recorded_at=NOW,
            )
    assert write() == (1 if why == "proof" else 0)
    assert not Notice.objects.filter(kind="no_newcomer_yet").exists()


def test_the_letter_is_honest_and_offers_something(four_people: FourPeople) -> None:
    write()
    said = str(bell(four_people.amina.person.pk)[0])
    assert "No mentor yet. We cannot promise a date." in said
    assert "Welcome Roding" in words(NO_MENTOR_YET, {"office": "Welcome Roding"}).body


@pytest.mark.django_db
def test_the_queries_do_not_grow_with_the_people() -> None:
    def queries(people: int) -> int:
        programme = make_programme()
        for side in ("mentor", "newcomer"):
            for _ in range(people):
                make_enrolment(programme=programme, side=side)
        with CaptureQueriesContext(connection) as seen:
            assert write() == 2 * people
        return len(seen)

    assert queries(1) == queries(20) <= 16


def test_a_long_list_is_written_to_in_batches(
    four_people: FourPeople, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.pairings.actions.waiting.AT_ONCE", 2)
    uncleared = make_enrolment(programme=four_people.programme, side="mentor", cleared=False)
    for _ in range(4):
        make_enrolment(programme=four_people.programme)
    assert write() == 6
    assert told(uncleared) == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_write_one_letter_each() -> None:
    people = make_four_people()
    waiting = [make_enrolment(programme=people.programme) for _ in range(30)]
    counted = at_once([write] * 6)
    assert sum(counted) == 32
    assert Notice.objects.filter(kind="no_mentor_yet").count() == 31
    assert all(told(e) == ["no_mentor_yet"] for e in waiting)
