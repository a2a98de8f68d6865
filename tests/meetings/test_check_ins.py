"""The coordinator asks how it goes."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from backend.core.actor import Actor
from backend.core.audit import AuditEntry
from backend.core.errors import NotAllowed
from backend.meetings.actions.check_ins import (
    CheckInLiesAhead,
    NotAMember,
    Said,
    SayWhatComesNext,
    record_check_in,
)
from backend.meetings.enums import Mood
from backend.meetings.models import CheckIn
from backend.meetings.queries.lasting import check_ins_visible_to, next_check_ins
from backend.people.enums import Channel
from backend.people.told import Told
from backend.profiles.models import Contact
from tests.factories import NOW, TODAY
from tests.meetings.lasting import Lasting, make_lasting
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db


def asked(lasting: Lasting, actor: Actor | None = None, **more: object) -> CheckIn:
    said = {
        "on": TODAY,
        "person_id": lasting.people.amina.person.pk,
        "told": Told(Channel.PHONE, "ar", "Nora"),
        "mood": Mood.GOOD,
        "note": "They go to the library on Tuesdays.",
    }
    after = {name: more.pop(name) for name in ("call_back_on", "nothing_next") if name in more}
    return record_check_in(
        pairing_id=lasting.pairing.pk,
        client_id=more.pop("client_id", None) or uuid4(),  # type: ignore[arg-type]
        said=Said(**said | more),  # type: ignore[arg-type]
        actor=actor or lasting.people.chloe.actor,
        now=NOW,
        **after,  # type: ignore[arg-type]
    )


def due(lasting: Lasting) -> date:
    return next_check_ins([lasting.pairing])[lasting.pairing.pk]


def test_a_check_in_is_kept_with_how_it_was_said(lasting: Lasting) -> None:
    kept = asked(lasting)
    assert (kept.channel, kept.language, kept.interpreter, kept.mood) == ("phone", "ar", "Nora", "good")
    assert kept.by_id == lasting.people.chloe.person.pk
    assert AuditEntry.objects.get().act == "check_in_recorded"


def test_two_in_the_first_month_then_one_every_thirty_days(lasting: Lasting) -> None:
    began = lasting.pairing.started_at.date()
    assert due(lasting) == began + timedelta(days=14)
    asked(lasting, on=began + timedelta(days=13))
    assert due(lasting) == began + timedelta(days=28)
    asked(lasting, on=TODAY)
    assert due(lasting) == TODAY + timedelta(days=30)


@pytest.mark.parametrize("who", ["amina", "bruno", "dario"])
def test_only_the_office_writes_and_reads_them(lasting: Lasting, who: str) -> None:
    actor = getattr(lasting.people, who).actor
    with pytest.raises(NotAllowed):
        asked(lasting, actor)
    asked(lasting)
    assert not check_ins_visible_to(actor).exists()
    assert check_ins_visible_to(lasting.people.chloe.actor).exists()


def test_said_twice_it_is_kept_once(lasting: Lasting) -> None:
    client_id = uuid4()
    first = asked(lasting, client_id=client_id)
    assert asked(lasting, client_id=client_id, note="Corrected") == first
    assert asked(lasting) == first
    assert asked(lasting, person_id=None) != first
    assert asked(lasting, note="They also cook together.") != first


def test_a_hard_time_asks_what_comes_next(lasting: Lasting) -> None:
    with pytest.raises(SayWhatComesNext):
        asked(lasting, mood=Mood.HARD)
    asked(lasting, mood=Mood.HARD, call_back_on=TODAY + timedelta(days=2))
    promised = Contact.objects.get()
    assert (promised.profile, promised.call_back_on) == (
        lasting.people.amina.profile,
        TODAY + timedelta(days=2),
    )
    asked(lasting, mood=Mood.HARD, person_id=lasting.people.bruno.person.pk, nothing_next=True)
    assert Contact.objects.count() == 1


def test_a_call_promised_to_both_stands_in_the_newcomers_file(lasting: Lasting) -> None:
    asked(lasting, person_id=None, call_back_on=TODAY)
    assert Contact.objects.get().profile == lasting.people.amina.profile


def test_neither_a_day_to_come_nor_a_stranger(lasting: Lasting) -> None:
    with pytest.raises(CheckInLiesAhead):
        asked(lasting, on=TODAY + timedelta(days=1))
    with pytest.raises(NotAMember):
        asked(lasting, person_id=lasting.people.dario.person.pk)


@pytest.mark.django_db(transaction=True)
def test_the_same_form_ten_times_at_once_is_one() -> None:
    lasting, client_id = make_lasting(), uuid4()
    results = at_once([lambda: asked(lasting, client_id=client_id) for _ in range(10)])
    assert len({one.pk for one in results}) == 1
