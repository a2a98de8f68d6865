"""We met: noted by either side, once a day, taken back within a day; and those who write elsewhere."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest

from backend.core.actor import Actor
from backend.core.errors import NotAllowed
from backend.meetings import tasks
from backend.meetings.actions.elsewhere import (
    ask_for_pause,
    ask_who_writes_elsewhere,
    write_elsewhere,
    write_here,
)
from backend.meetings.actions.logging import (
    MeetingLiesAhead,
    NoSuchLength,
    Noted,
    NotYetTogether,
    OtherMonth,
    log_meeting,
    log_month,
    take_back_meeting,
)
from backend.meetings.enums import MeetingKind, MeetingState, PauseWish
from backend.meetings.models import Meeting, MeetingEvent
from backend.meetings.queries.lasting import last_met
from backend.pairings import actions
from backend.pairings.models import PairingEvent
from backend.profiles.models import Contact
from notifications.models import Notice
from tests.factories import NOW, TODAY
from tests.factories.talks import end
from tests.meetings.lasting import Lasting, make_lasting
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db
NOVEMBER, OCTOBER = date(2026, 11, 1), date(2026, 10, 1)


def met(lasting: Lasting, actor: Actor, on: date = TODAY, **more: object) -> Noted:
    ordinary = {"minutes": 60, "client_id": uuid4(), "now": NOW}
    return log_meeting(pairing_id=lasting.pairing.pk, on=on, actor=actor, **ordinary | more)  # type: ignore[arg-type]


def met_in(lasting: Lasting, actor: Actor, month: date, *, now: datetime = NOW) -> Noted:
    return log_month(pairing_id=lasting.pairing.pk, month=month, client_id=uuid4(), actor=actor, now=now)


def agreed(lasting: Lasting, kind: MeetingKind = MeetingKind.USUAL, **more: object) -> Meeting:
    ordinary = {"state": MeetingState.AGREED, "starts_at": NOW - timedelta(hours=2), "client_id": uuid4()}
    return Meeting.objects.create(pairing=lasting.pairing, kind=kind, **ordinary | more)


def kinds_to(person_id: int) -> list[str]:
    return list(Notice.objects.filter(person=person_id).order_by("id").values_list("kind", flat=True))


@pytest.mark.parametrize("who", ["amina", "bruno", "chloe"])
def test_either_side_and_the_office_note_a_meeting(lasting: Lasting, who: str) -> None:
    actor = getattr(lasting.people, who).actor
    meeting = met(lasting, actor).meeting
    assert (meeting.state, meeting.kind, meeting.minutes) == ("held", "usual", 60)
    event = MeetingEvent.objects.get()
    assert (event.verb, event.from_state, event.to_state, event.by_id) == (
        *("log", "", "held"),
        actor.person_id,
    )
    others = {lasting.people.amina.person.pk, lasting.people.bruno.person.pk} - {actor.person_id}
    assert set(Notice.objects.values_list("person", "kind")) == {(one, "meeting_noted") for one in others}
    assert last_met([lasting.pairing.pk]) == {lasting.pairing.pk: meeting.starts_at}


def test_for_others_it_is_not_allowed(lasting: Lasting) -> None:
    with pytest.raises(NotAllowed):
        met(lasting, lasting.people.dario.actor)
    end(lasting.pairing)
    for who in (lasting.people.bruno, lasting.people.chloe):
        with pytest.raises(NotAllowed):
            met(lasting, who.actor)


def test_both_sides_note_the_same_day_and_it_counts_once(lasting: Lasting) -> None:
    first = met(lasting, lasting.people.amina.actor)
    second = met(lasting, lasting.people.bruno.actor, minutes=30)
    assert second == Noted(first.meeting, was_there=True)
    assert kinds_to(lasting.people.amina.person.pk) == []


def test_a_second_meeting_that_day_is_one_if_somebody_says_so(lasting: Lasting) -> None:
    met(lasting, lasting.people.amina.actor)
    client_id = uuid4()
    for _sent in range(2):
        met(lasting, lasting.people.amina.actor, another=True, client_id=client_id)
    assert Meeting.objects.count() == 2


def test_a_meeting_that_was_agreed_for_that_day_took_place(lasting: Lasting) -> None:
    planned = agreed(lasting)
    noted = met(lasting, lasting.people.bruno.actor)
    assert (noted.meeting.pk, noted.meeting.state, noted.was_there) == (planned.pk, "held", False)
    assert MeetingEvent.objects.get().verb == "hold"


def test_the_day_is_the_day_where_the_organisation_works(lasting: Lasting) -> None:
    """Half past eleven at night by UTC is the next day in Berlin."""
    late = NOW.replace(hour=23, minute=30)
    noted = met(lasting, lasting.people.amina.actor, on=TODAY + timedelta(days=1), now=late)
    assert noted.meeting.starts_at <= late


@pytest.mark.parametrize(
    ("on", "minutes", "error"),
    [
        (TODAY + timedelta(days=1), 60, MeetingLiesAhead),
        (TODAY - timedelta(days=41), 60, NotYetTogether),
        (date(1, 1, 1), 60, NotYetTogether),
        (date(9999, 12, 31), 60, MeetingLiesAhead),
        (TODAY, 0, NoSuchLength),
        (TODAY, 10_000, NoSuchLength),
    ],
)
def test_what_cannot_have_been_is_refused_in_a_sentence(
    lasting: Lasting, on: date, minutes: int, error: type[Exception]
) -> None:
    with pytest.raises(error):
        met(lasting, lasting.people.amina.actor, on=on, minutes=minutes)
    assert not Meeting.objects.exists()


def test_whoever_noted_it_takes_it_back_within_a_day(lasting: Lasting) -> None:
    amina, bruno = lasting.people.amina.actor, lasting.people.bruno.actor
    meeting = met(lasting, amina).meeting
    for actor, now in ((bruno, NOW), (amina, NOW + timedelta(days=1))):
        with pytest.raises(NotAllowed):
            take_back_meeting(meeting_id=meeting.pk, actor=actor, now=now)
    for _twice in range(2):
        assert take_back_meeting(meeting_id=meeting.pk, actor=amina, now=NOW).state == "cancelled"
    assert list(MeetingEvent.objects.values_list("verb", flat=True)) == ["log", "unlog"]
    assert met(lasting, bruno).was_there is False


def test_one_that_was_agreed_is_agreed_again(lasting: Lasting) -> None:
    planned = agreed(lasting)
    met(lasting, lasting.people.bruno.actor)
    assert (
        take_back_meeting(meeting_id=planned.pk, actor=lasting.people.bruno.actor, now=NOW).state == "agreed"
    )


def test_a_first_meeting_is_corrected_by_the_office(lasting: Lasting) -> None:
    agreed(lasting, MeetingKind.FIRST)
    noted = met(lasting, lasting.people.bruno.actor)
    with pytest.raises(NotAllowed):
        take_back_meeting(meeting_id=noted.meeting.pk, actor=lasting.people.bruno.actor, now=NOW)


def test_writing_elsewhere_is_a_choice_that_can_be_taken_back(lasting: Lasting) -> None:
    bruno, pairing = lasting.people.bruno.actor, lasting.pairing
    for _twice in range(2):
        write_elsewhere(pairing_id=pairing.pk, actor=bruno, now=NOW)
    pairing.refresh_from_db()
    assert pairing.writes_elsewhere_at == NOW
    for _twice in range(2):
        write_here(pairing_id=pairing.pk, actor=lasting.people.amina.actor, now=NOW)
    pairing.refresh_from_db()
    assert pairing.writes_elsewhere_at is None
    assert list(PairingEvent.objects.values_list("verb", flat=True)) == ["elsewhere", "here"]
    assert kinds_to(lasting.people.amina.person.pk) == ["write_elsewhere"]
    with pytest.raises(NotAllowed):
        write_elsewhere(pairing_id=pairing.pk, actor=lasting.people.dario.actor, now=NOW)


def test_one_tap_a_month_is_one_meeting_a_month(lasting: Lasting) -> None:
    first = met_in(lasting, lasting.people.amina.actor, NOVEMBER)
    assert first.meeting.kind == MeetingKind.MONTH
    assert met_in(lasting, lasting.people.bruno.actor, NOVEMBER) == Noted(first.meeting, was_there=True)
    assert met_in(lasting, lasting.people.bruno.actor, OCTOBER).was_there is False
    assert Meeting.objects.count() == 2
    with pytest.raises(OtherMonth):
        met_in(lasting, lasting.people.amina.actor, date(2026, 9, 1))


def test_who_writes_elsewhere_is_asked_once_a_month_at_its_end(lasting: Lasting) -> None:
    late = NOW.replace(day=26)
    write_elsewhere(pairing_id=lasting.pairing.pk, actor=lasting.people.bruno.actor, now=NOW)
    Notice.objects.all().delete()
    assert ask_who_writes_elsewhere(now=NOW) == 0
    assert ask_who_writes_elsewhere(now=late) == 1
    assert ask_who_writes_elsewhere(now=late + timedelta(days=2)) == 0
    assert set(Notice.objects.values_list("kind", "about_type")) == {("did_you_meet", "month")}
    assert Notice.objects.count() == 2
    assert ask_who_writes_elsewhere(now=late + timedelta(days=30)) == 1


def test_nobody_is_asked_what_they_said_already(lasting: Lasting, monkeypatch: pytest.MonkeyPatch) -> None:
    late = NOW.replace(day=26)
    write_elsewhere(pairing_id=lasting.pairing.pk, actor=lasting.people.bruno.actor, now=NOW)
    met_in(lasting, lasting.people.amina.actor, NOVEMBER)
    monkeypatch.setattr(tasks.clock, "now", lambda: late)
    assert tasks.ask_who_writes_elsewhere() == 0


def test_a_wish_for_a_pause_reaches_the_office_once(lasting: Lasting) -> None:
    wish = {"pairing_id": lasting.pairing.pk, "reason": PauseWish.AWAY}
    for _twice in range(2):
        ask_for_pause(**wish, actor=lasting.people.bruno.actor, now=NOW)  # type: ignore[arg-type]
    notice = Notice.objects.get()
    assert (notice.kind, notice.person_id, notice.data) == (
        *("pause_wished", lasting.people.chloe.person.pk),
        {"name": "Bruno"},
    )
    assert PairingEvent.objects.get().why == "away"
    assert Contact.objects.promised().get().profile_id == lasting.people.bruno.profile.pk
    with pytest.raises(NotAllowed):
        ask_for_pause(**wish, actor=lasting.people.chloe.actor, now=NOW)  # type: ignore[arg-type]
    actions.pause_pairing(pairing_id=lasting.pairing.pk, actor=lasting.people.chloe.actor, now=NOW)
    ask_for_pause(**wish, actor=lasting.people.amina.actor, now=NOW)  # type: ignore[arg-type]
    assert Notice.objects.filter(kind="pause_wished").count() == 1


@pytest.mark.django_db(transaction=True)
def test_fifty_taps_of_both_sides_are_one_meeting() -> None:
    lasting = make_lasting()
    actors = (lasting.people.amina.actor, lasting.people.bruno.actor)
    results = at_once([lambda a=actors[n % 2]: met(lasting, a) for n in range(50)])
    assert sum(not result.was_there for result in results) == 1
    assert Meeting.objects.count() == MeetingEvent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_both_answer_the_monthly_question_at_once() -> None:
    lasting = make_lasting()
    actors = (lasting.people.amina.actor, lasting.people.bruno.actor)
    results = at_once([lambda a=actors[n % 2]: met_in(lasting, a, NOVEMBER) for n in range(10)])
    assert sum(not result.was_there for result in results) == 1
    assert Meeting.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_ask_once() -> None:
    lasting = make_lasting()
    write_elsewhere(pairing_id=lasting.pairing.pk, actor=lasting.people.bruno.actor, now=NOW)
    late = NOW.replace(day=26)
    assert sum(at_once([lambda: ask_who_writes_elsewhere(now=late) for _ in range(6)])) == 1
    assert Notice.objects.filter(kind="did_you_meet").count() == 2
