from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from notifications import kinds
from notifications.api import Kind, bell, mark_seen, unseen_count
from tests.notifications.conftest import NOW, tell

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def test_the_newest_stands_first_with_its_text_and_its_page(amina: int) -> None:
    first, second = tell(amina), tell(amina, name="Chloé", now=LATER)
    assert [(row.public_id, row.line, row.url, row.is_new) for row in bell(amina)] == [
        (second[0].public_id, "Chloé could be your mentor.", "https://town.example.org/offer/7f", True),
        (first[0].public_id, "Bruno could be your mentor.", "https://town.example.org/offer/7f", True),
    ]
    assert [row.public_id for row in bell(amina, limit=1)] == [second[0].public_id]


def test_nobody_sees_the_notices_of_another(amina: int, person: Callable[..., int]) -> None:
    dario = person("dario")
    (notice,) = tell(amina)
    assert (bell(dario), unseen_count(dario)) == ([], 0)
    assert mark_seen(dario, LATER) == 0
    assert mark_seen(dario, LATER, up_to=notice.public_id) == 0
    assert unseen_count(amina) == 1


def test_seen_notices_stay_but_no_longer_count(amina: int) -> None:
    tell(amina)
    assert mark_seen(amina, LATER) == 1
    assert mark_seen(amina, LATER) == 0
    assert unseen_count(amina) == 0
    assert [(row.is_new, row.seen_at) for row in bell(amina)] == [(False, LATER)]


def test_what_arrived_after_the_page_was_drawn_stays_new(amina: int) -> None:
    (shown,) = tell(amina)
    (arrived,) = tell(amina)
    assert mark_seen(amina, LATER, up_to=shown.public_id) == 1
    assert [row.public_id for row in bell(amina) if row.is_new] == [arrived.public_id]


def test_the_language_is_chosen_when_the_bell_is_drawn(amina: int) -> None:
    tell(amina, name="بشرى")
    with translation.override("ar"):
        assert bell(amina)[0].line == "يمكن أن يكون بشرى مرافقك."
    with translation.override("en"):
        assert bell(amina)[0].line == "\u2068بشرى\u2069 could be your mentor."


def test_a_name_cannot_turn_the_sentence_around(amina: int) -> None:
    tell(amina, name="Bru\u202eno\u2066")
    assert bell(amina)[0].line == "Bruno could be your mentor."


@pytest.mark.parametrize(("count", "line"), [(1, "1 message"), (3, "3 messages")])
def test_numbers_choose_the_plural(amina: int, count: int, line: str) -> None:
    tell(amina, kind="messages_waiting", count=count)
    assert bell(amina)[0].line == line


def test_a_retired_kind_does_not_break_the_bell(amina: int, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(amina)
    monkeypatch.setattr(kinds, "_kinds", {})
    assert [row.line for row in bell(amina)] == ["There is news for you."]


def test_a_kind_without_the_bell_is_not_listed(amina: int, offer: Kind) -> None:
    kinds.register(Kind(code="mail_only", subject="a", line="b", body="c", paths=("email",)))
    tell(amina, kind="mail_only")
    assert (bell(amina), unseen_count(amina)) == ([], 0)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_bell_costs_one_query(amina: int, rows: int, django_assert_num_queries: Any) -> None:
    for _ in range(rows):
        tell(amina)
    with django_assert_num_queries(1):
        bell(amina, limit=50)
