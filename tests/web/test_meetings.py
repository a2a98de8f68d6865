"""The pages around a first meeting, as coordinator, mentor and newcomer use them."""

import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from backend.config.logs import without_content
from backend.core import clock
from backend.meetings.enums import Confirmed, MeetingState
from backend.meetings.models import CalendarFeed, Confirmation, Evening, GoOn, Liking, Meeting, MeetingReply
from backend.pairings.models import Pairing
from backend.programmes.models import Enrolment
from tests.factories import NOW, make_enrolment
from tests.factories.people import FourPeople, signed_in
from tests.meetings.conftest import Beginning, make_beginning, paired
from tests.support.queries import MOST, queries_of

pytestmark = pytest.mark.usefixtures("at_nine")


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def beginning(four_people: FourPeople) -> Beginning:
    return make_beginning(four_people)


def text(client: Client, name: str, *args) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_from_the_proposal_to_the_agreed_meeting_without_scripts(beginning: Beginning) -> None:
    people, pairing = beginning.people, beginning.pairing.public_id
    chloe, amina, bruno = (signed_in(p.person) for p in (people.chloe, people.amina, people.bruno))
    assert "They have not met yet" in text(chloe, "mentorings:detail", pairing)
    assert "Your coordinator comes along" in text(amina, "together:page", pairing)

    page = text(chloe, "meetings:propose", pairing)
    assert "Tuesday, 24 November, 18:00" in page  # both are free on Tuesday evening
    assert "Town library" in page
    sent = {
        "at": datetime(2026, 11, 24, 17, tzinfo=UTC).isoformat(),
        "minutes": 60,
        "where": str(beginning.place.public_id),
        "host": people.chloe.person.pk,
        "interpreter": "booked",
        "interpreter_name": "Samira Aziz",
        "client_id": str(uuid4()),
    }
    for _again in range(2):  # a resent form
        assert chloe.post(reverse("meetings:propose", args=[pairing]), sent).status_code == 302
    meeting = Meeting.objects.get()
    assert (meeting.starts_at, meeting.hosted_by_id) == (
        datetime(2026, 11, 24, 17, tzinfo=UTC),
        people.chloe.person.pk,
    )

    home = text(amina, "home")
    assert "Your first meeting" in home
    assert "Read and confirm first" in home
    page = text(amina, "together:page", pairing)
    for words in ("Before you meet", "Chloé Martin", "Samira Aziz", "Town library", "That suits me"):
        assert words in page
    for client in (amina, bruno):
        client.post(reverse("meetings:answer", args=[meeting.public_id]), {"suits": "yes", "sequence": 0})
    assert "still has to read and confirm: Bruno" in text(amina, "together:page", pairing)
    for client in (amina, bruno):
        for what in Confirmed:
            assert "insured" in text(client, "meetings:confirm", pairing, "briefing")
            client.post(reverse("meetings:confirm", args=[pairing, what.value]))
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.AGREED
    assert "See when and where" in text(amina, "home")
    assert "agreed" in text(chloe, "mentorings:detail", pairing)


def test_looking_at_the_text_confirms_nothing(beginning: Beginning) -> None:
    amina = signed_in(beginning.people.amina.person)
    text(amina, "meetings:confirm", beginning.pairing.public_id, "agreement")
    assert not Confirmation.objects.exists()
    url = reverse("meetings:confirm", args=[beginning.pairing.public_id, "other"])
    assert amina.get(url).status_code == 404


def test_staff_note_one_talk_at_once(beginning: Beginning) -> None:
    people, meeting = beginning.people, beginning.propose()
    chloe = signed_in(people.chloe.person)
    url = reverse("meetings:told", args=[beginning.pairing.public_id, people.amina.person.public_id])
    assert "To read out" in chloe.get(url).content.decode()
    assert chloe.post(url, {"channel": "phone"}).status_code == 422
    said = ["briefing", "agreement", f"yes {meeting.public_id} 0"]
    form = {"said": said, "channel": "phone", "language": "ar", "interpreter": "Samira"}
    assert chloe.post(url, form).status_code == 302
    assert Confirmation.objects.filter(person=people.amina.person, language_shown="ar").count() == 2
    assert MeetingReply.objects.get().person_id == people.amina.person.pk


def test_an_old_page_answers_nothing_and_says_why(beginning: Beginning) -> None:
    meeting = beginning.propose()
    amina = signed_in(beginning.people.amina.person)
    url = reverse("meetings:answer", args=[meeting.public_id])
    for sequence in ("7", "", "x"):
        answer = amina.post(url, {"suits": "yes", "sequence": sequence})
        assert answer.status_code == 409
        assert "Reload the page" in answer.content.decode()
    assert not MeetingReply.objects.exists()


def test_moving_cancelling_and_how_it_went(beginning: Beginning, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting = beginning.agreed()
    people = beginning.people
    chloe, bruno = signed_in(people.chloe.person), signed_in(people.bruno.person)
    url = reverse("meetings:move", args=[meeting.public_id])
    page = bruno.get(url).content.decode()
    assert 'name="sequence" value="0"' in page
    form = {
        "at": "other",
        "other": "2026-11-27T19:30",
        "minutes": 90,
        "where": "online",
        "client_id": str(uuid4()),
        "sequence": 0,
    }
    assert bruno.post(url, form | {"other": ""}).status_code == 422
    assert bruno.post(url, form).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.starts_at, meeting.is_online, meeting.sequence) == (
        datetime(2026, 11, 27, 18, 30, tzinfo=UTC),
        True,
        1,
    )
    chloe.post(reverse("meetings:held", args=[meeting.public_id]))
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.PROPOSED  # it has not begun
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=8))
    chloe = signed_in(people.chloe.person)
    assert "They met" in text(chloe, "mentorings:detail", beginning.pairing.public_id)
    assert chloe.post(reverse("meetings:held", args=[meeting.public_id])).status_code == 302
    assert "Shall we go on?" in text(bruno, "home")


def test_shall_we_go_on_by_one_tap_and_a_no_ends_in_one_click(
    beginning: Beginning, monkeypatch: pytest.MonkeyPatch
) -> None:
    people, pairing = beginning.people, beginning.pairing.public_id
    beginning.held()
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=4))
    amina, bruno, chloe = (signed_in(p.person) for p in (people.amina, people.bruno, people.chloe))
    url = reverse("meetings:go_on", args=[pairing])
    assert amina.get(url).status_code == 405
    amina.post(url, {"answer": "no"})
    assert GoOn.objects.get().answer == "no"
    assert "Shall we go on?" not in text(amina, "home")
    assert "somebody else" not in text(bruno, "together:page", pairing).split("Shall we go on?")[0]
    page = text(chloe, "mentorings:detail", pairing)
    assert "End it, nobody is to blame" in page
    chloe.post(reverse("mentorings:end", args=[pairing]), {"reason": "wish"})
    assert Pairing.objects.get().end_reason == "wish"


def test_the_other_never_reads_what_one_said(beginning: Beginning, monkeypatch: pytest.MonkeyPatch) -> None:
    people, pairing = beginning.people, beginning.pairing.public_id
    beginning.held()
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=4))
    bruno = signed_in(people.bruno.person)
    before = text(bruno, "together:page", pairing)
    signed_in(people.amina.person).post(reverse("meetings:go_on", args=[pairing]), {"answer": "no"})
    strip = lambda page: page.split("<main")[1].split("csrfmiddlewaretoken")[0]  # noqa: E731
    assert strip(text(bruno, "together:page", pairing)) == strip(before)


def test_meetings_at_home_are_allowed_and_taken_back(beginning: Beginning) -> None:
    pairing, chloe = beginning.pairing.public_id, signed_in(beginning.people.chloe.person)
    url = reverse("meetings:home", args=[pairing])
    assert chloe.post(url, {"adults": "Bruno Keller"}).status_code == 422
    form = {"adults": "Bruno Keller\nUte Keller", "each_is_cleared": "on"}
    assert chloe.post(url, form).status_code == 302
    page = text(chloe, "mentorings:detail", pairing)
    assert "Ute Keller" in page
    assert "Ute Keller" not in text(signed_in(beginning.people.bruno.person), "together:page", pairing)
    chloe.post(reverse("meetings:home_revoke", args=[pairing]))
    assert "Ute Keller" not in text(chloe, "mentorings:detail", pairing)


def test_places_are_added_changed_and_closed(beginning: Beginning) -> None:
    people = beginning.people
    chloe, office = signed_in(people.chloe.person), people.organisation.public_id
    url = reverse("places:list", args=[office])
    assert chloe.post(url, {"name": "Café", "address": ""}).status_code == 422
    assert chloe.post(url, {"name": "Café Blau", "address": "Bridge 1"}).status_code == 302
    assert chloe.post(url, {"name": "Café Blau", "address": "Elsewhere"}).status_code == 422
    change = reverse("places:change", args=[office, beginning.place.public_id])
    assert chloe.post(change, {"name": "Old library", "address": "Market 2"}).status_code == 302
    chloe.post(reverse("places:close", args=[office, beginning.place.public_id]))
    page = text(chloe, "places:list", office)
    assert page.index("Café Blau") < page.index("No longer on the list") < page.index("Old library")


def test_an_evening_from_the_plan_to_the_pair(
    four_people: FourPeople, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = four_people
    make_beginning(people)  # for the library
    chloe, amina, bruno = (signed_in(p.person) for p in (people.chloe, people.amina, people.bruno))
    form = {
        "starts_at": "2026-11-28T18:00",
        "minutes": 120,
        "place": str(Meeting._meta.get_field("place").related_model.objects.get().public_id),
        "note": "There is soup.",
        "client_id": str(uuid4()),
    }
    for _again in range(2):
        made = chloe.post(reverse("evenings:new", args=[people.programme.public_id]), form)
    evening = Evening.objects.get()
    assert made["Location"] == reverse("evenings:invite", args=[evening.public_id])
    assert chloe.post(made["Location"], {}).status_code == 200
    both = {"newcomers": people.amina.enrolment.public_id, "mentors": people.bruno.enrolment.public_id}
    assert chloe.post(made["Location"], both).status_code == 302
    assert "An evening for everybody" in text(amina, "home")
    page = text(amina, "evenings:detail", evening.public_id)
    assert "There is soup." in page
    assert "Bruno" not in page.split("<main")[1]

    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=8))
    chloe = signed_in(people.chloe.person)
    came = [people.amina.enrolment.public_id, people.bruno.enrolment.public_id]
    chloe.post(reverse("evenings:came", args=[evening.public_id]), {"came": came})
    assert "Whom did you get on with?" in text(amina, "home")
    likings = reverse("evenings:likings", args=[evening.public_id])
    amina.post(likings, {"whom": people.bruno.enrolment.public_id})
    bruno.post(likings, {"whom": people.amina.enrolment.public_id})
    assert Liking.objects.count() == 2
    page = text(chloe, "evenings:detail", evening.public_id)
    assert "Amina Haddad and Bruno Keller" in page
    assert "both said so" in page
    assert f"?newcomer={people.amina.enrolment.public_id}&amp;mentor=" in page


def test_lists_and_homes_ask_the_same_for_one_and_many(beginning: Beginning) -> None:
    people = beginning.people
    beginning.propose()
    amina, bruno = signed_in(people.amina.person), signed_in(people.bruno.person)
    assert queries_of(amina, reverse("home")) <= MOST
    one = queries_of(bruno, reverse("home"))
    Enrolment.objects.update(capacity=5)
    for number in range(2):
        other = make_enrolment(programme=people.programme, called=f"Other {number}")
        more = Beginning(people, paired(people, newcomer=other), beginning.place)
        more.propose(starts_at=NOW + timedelta(days=5 + number))
    assert queries_of(bruno, reverse("home")) == one <= MOST


# --- calendars


def test_a_meeting_as_a_file_is_neutral_and_its_time_is_right(beginning: Beginning) -> None:
    meeting = beginning.agreed()
    answer = signed_in(beginning.people.amina.person).get(
        reverse("calendar:meeting", args=[meeting.public_id])
    )
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in answer.headers["Cache-Control"]
    calendar = Calendar.from_ical(answer.content)
    assert str(calendar["METHOD"]) == "PUBLISH"
    [event] = calendar.walk("VEVENT")
    assert str(event["SUMMARY"]) == "Meeting"
    assert str(event["UID"]) == f"meeting-{meeting.public_id}@softlanding"
    assert (str(event["STATUS"]), event["SEQUENCE"]) == ("CONFIRMED", 0)
    assert str(event["LOCATION"]) == "Town library, Market square 1, Roding"
    assert event["DTSTART"].params["TZID"] == "Europe/Berlin"
    assert event["DTSTART"].dt.astimezone(UTC) == meeting.starts_at
    assert (event["DTEND"].dt - event["DTSTART"].dt) == timedelta(hours=1)
    assert event["DTSTAMP"].dt == NOW
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Berlin"]
    for name in (b"Amina", b"Bruno", b"Keller", b"Chlo"):
        assert name not in answer.content


def test_a_private_feed_opens_by_its_key_alone_until_it_is_revoked(beginning: Beginning) -> None:
    beginning.agreed()
    amina = signed_in(beginning.people.amina.person)
    assert amina.get(reverse("calendar:mine")).status_code == 200
    assert not CalendarFeed.objects.exists()
    page = amina.post(reverse("calendar:mine"))
    key = page.context["address"].rstrip("/").rpartition("/")[2]
    assert len(key) >= 43
    assert key not in CalendarFeed.objects.get().key_hash
    assert key not in amina.get(reverse("calendar:mine")).content.decode()
    feed = Client().get(reverse("calendar:feed", args=[key]))
    assert feed.status_code == 200
    assert "no-store" in feed.headers["Cache-Control"]
    assert not feed.cookies
    assert len(Calendar.from_ical(feed.content).walk("VEVENT")) == 1

    again = amina.post(reverse("calendar:mine")).context["address"].rstrip("/").rpartition("/")[2]
    assert Client().get(reverse("calendar:feed", args=[key])).status_code == 404
    assert Client().get(reverse("calendar:feed", args=[again])).status_code == 200
    amina.post(reverse("calendar:revoke"))
    assert Client().get(reverse("calendar:feed", args=[again])).status_code == 404
    assert Client().get(reverse("calendar:feed", args=["made-up"])).status_code == 404


def test_wrong_keys_are_counted_and_right_ones_are_not(
    beginning: Beginning, monkeypatch: pytest.MonkeyPatch
) -> None:
    minute = time.time() // 60 * 60  # all in one, however slow the machine is
    monkeypatch.setattr("backend.web.calendar.views.time.time", lambda: minute)
    page = signed_in(beginning.people.amina.person).post(reverse("calendar:mine"))
    key = page.context["address"].rstrip("/").rpartition("/")[2]
    tried = [Client().get(reverse("calendar:feed", args=["no"])).status_code for _try in range(62)]
    assert tried[0] == 404
    assert tried[-1] == 429
    assert Client().get(reverse("calendar:feed", args=[key])).status_code == 200


def test_a_feed_holds_what_is_ones_own_and_drops_what_is_cancelled(beginning: Beginning) -> None:
    meeting = beginning.propose()
    people = beginning.people
    feeds = {}
    for who in (people.amina, people.chloe, people.dario):
        page = signed_in(who.person).post(reverse("calendar:mine"))
        feeds[who] = page.context["address"]
    found = {
        who: len(Calendar.from_ical(Client().get(url).content).walk("VEVENT")) for who, url in feeds.items()
    }
    assert list(found.values()) == [1, 1, 0]  # Chloé hosts it
    [event] = Calendar.from_ical(Client().get(feeds[people.amina]).content).walk("VEVENT")
    assert str(event["STATUS"]) == "TENTATIVE"
    signed_in(people.bruno.person).post(reverse("meetings:cancel", args=[meeting.public_id]))
    assert not Calendar.from_ical(Client().get(feeds[people.amina]).content).walk("VEVENT")
    one = signed_in(people.amina.person).get(reverse("calendar:meeting", args=[meeting.public_id]))
    [event] = Calendar.from_ical(one.content).walk("VEVENT")
    assert (str(event["STATUS"]), event["SEQUENCE"]) == ("CANCELLED", 1)


def test_no_log_holds_a_key() -> None:
    line = without_content(None, "", {"request": "GET /calendar/feed/secret-key/", "event": "x"})
    assert line["request"] == "GET /calendar/feed/.../"
