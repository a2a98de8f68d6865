"""While a mentoring lasts: what members and the office write down on its pages."""

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from backend.core.audit import AuditEntry
from backend.meetings.actions.expenses import approve_expense, send_expense
from backend.meetings.models import CheckIn, Expense, Goal, GoalStep, Meeting
from backend.meetings.receipts import Receipt
from backend.organisations.enums import Role
from backend.pairings.models import Pairing, PairingEvent
from backend.people.models import Person
from backend.profiles.models import Contact
from tests.factories import NOW, PASSWORD, TODAY, make_membership
from tests.factories.people import signed_in
from tests.factories.talks import end
from tests.meetings.lasting import Lasting, make_lasting
from tests.meetings.pictures import BROKEN, photo
from tests.support.queries import MOST, queries_of

pytestmark = pytest.mark.usefixtures("at_nine")


@pytest.fixture
def lasting(db: None) -> Lasting:
    return make_lasting()


def ours(name: str, lasting: Lasting, *more: object) -> str:
    return reverse(f"together:{name}", args=[lasting.pairing.public_id, *more])


def theirs(name: str, lasting: Lasting, *more: object) -> str:
    return reverse(f"mentorings:{name}", args=[lasting.pairing.public_id, *more])


def browser(lasting: Lasting, who: str) -> Client:
    return signed_in(getattr(lasting.people, who).person)


def one_hour(**more: object) -> dict[str, object]:
    return {"day": "today", "minutes": "60", "client_id": str(uuid4())} | more


def paid(**more: object) -> dict[str, object]:
    picture = SimpleUploadedFile("receipt.jpg", photo(note="Roding"), "image/jpeg")
    ordinary = {"cents": "12,50", "on": TODAY.isoformat(), "what": "Bus tickets", "receipt": picture}
    return ordinary | {"client_id": str(uuid4())} | more


def sent(lasting: Lasting, what: str = "Bus tickets", *, approved: bool = False) -> Expense:
    expense = send_expense(
        pairing_id=lasting.pairing.pk,
        on=TODAY,
        cents=1250,
        what=what,
        receipt=Receipt(b"\xff\xd8\xff receipt"),
        client_id=uuid4(),
        actor=lasting.people.bruno.actor,
        now=NOW,
    )
    if approved:
        approve_expense(expense_id=expense.pk, actor=lasting.people.chloe.actor, now=NOW)
    return expense


def test_we_met_takes_two_taps_and_is_seen_by_both(lasting: Lasting) -> None:
    """The first opens the form, which is filled as most would fill it; the second sends it."""
    amina = browser(lasting, "amina")
    form = amina.get(ours("page", lasting)).context["last"]["met_form"]
    as_it_is = {field.name: field.value() or "" for field in form}
    amina.post(ours("met", lasting), as_it_is)
    assert Meeting.objects.get().minutes == 60
    page = browser(lasting, "bruno").get(ours("page", lasting)).content.decode()
    assert "Saturday, 21 November" in page
    assert "Take back" not in page


def test_the_second_who_notes_that_day_is_asked_whether_it_was_another(lasting: Lasting) -> None:
    browser(lasting, "amina").post(ours("met", lasting), one_hour())
    bruno = browser(lasting, "bruno")
    page = bruno.post(ours("met", lasting), one_hour(), follow=True).content.decode()
    assert "Was there another one that day?" in page
    assert Meeting.objects.count() == 1
    bruno.post(ours("met", lasting), one_hour(day="other", on=TODAY.isoformat(), another="on"))
    assert Meeting.objects.count() == 2


def test_a_day_to_come_is_refused_with_a_sentence(lasting: Lasting) -> None:
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    answer = browser(lasting, "amina").post(ours("met", lasting), one_hour(day="other", on=tomorrow))
    assert answer.status_code == 400
    assert "Note the meeting afterwards." in answer.content.decode()
    answer = browser(lasting, "amina").post(ours("met", lasting), one_hour(day="other"))
    assert "Choose the day of the meeting." in answer.content.decode()


def test_a_meeting_noted_by_mistake_is_taken_back(lasting: Lasting) -> None:
    amina = browser(lasting, "amina")
    amina.post(ours("met", lasting), one_hour())
    meeting = Meeting.objects.get()
    assert "Take back" in amina.get(ours("page", lasting)).content.decode()
    answer = browser(lasting, "bruno").post(ours("take_back", lasting, meeting.public_id))
    assert answer.status_code == 403
    amina.post(ours("take_back", lasting, meeting.public_id))
    meeting.refresh_from_db()
    assert meeting.state == "cancelled"


def test_who_writes_elsewhere_has_one_tap_a_month_that_no_link_can_press(lasting: Lasting) -> None:
    bruno = browser(lasting, "bruno")
    bruno.post(ours("elsewhere", lasting), {"elsewhere": "on"})
    page = bruno.get(ours("month", lasting))
    assert "Did you meet in November 2026?" in page.content.decode()
    assert not Meeting.objects.exists()
    form = {field.name: field.value() for field in page.context["form"]}
    for _twice in range(2):
        bruno.post(ours("month", lasting), form)
    assert Meeting.objects.get().kind == "month"
    said = browser(lasting, "amina").get(ours("month", lasting)).content.decode()
    assert "You have told us already." in said
    bruno.post(ours("elsewhere", lasting), {"elsewhere": "off"})
    assert Pairing.objects.get().writes_elsewhere_at is None


def test_amina_chooses_a_goal_and_bruno_helps_with_its_steps(lasting: Lasting) -> None:
    amina, bruno = browser(lasting, "amina"), browser(lasting, "bruno")
    goal = {"text": "Learn to swim", "steps": "Buy a ticket\nGo on Sunday", "client_id": str(uuid4())}
    assert bruno.post(ours("goal_new", lasting), goal).status_code == 403
    amina.post(ours("goal_new", lasting), goal)
    chosen, step = Goal.objects.get(), GoalStep.objects.order_by("id")[0]
    page = bruno.get(ours("page", lasting)).content.decode()
    for words in ("Learn to swim", "Buy a ticket", "0 of 2 steps done"):
        assert words in page
    assert "New goal" not in page
    bruno.post(ours("step", lasting, chosen.public_id, step.public_id), {"done": "on"})
    assert "1 of 2 steps done" in amina.get(ours("page", lasting)).content.decode()
    change = ours("goal", lasting, chosen.public_id)
    amina.post(change, {"verb": "step", "text": "Buy a cap", "client_id": str(uuid4())})
    amina.post(change, {"verb": "reword", "text": "Swim 50 metres"})
    assert bruno.post(change, {"verb": "drop"}).status_code == 403
    assert amina.post(change, {"verb": "eat"}).status_code == 400
    amina.post(change, {"verb": "reach"})
    chosen.refresh_from_db()
    assert (chosen.text, chosen.state, chosen.steps.count()) == ("Swim 50 metres", "reached", 3)


def test_a_pause_is_asked_for_and_stands_in_the_history(lasting: Lasting) -> None:
    browser(lasting, "bruno").post(ours("ask_pause", lasting), {"reason": "away"})
    assert PairingEvent.objects.get().verb == "ask_pause"
    page = browser(lasting, "chloe").get(theirs("detail", lasting)).content.decode()
    assert "A pause is asked for" in page
    assert "Bruno: I am away for a while" in page


def test_an_expense_with_a_photo_goes_to_the_office_and_back(lasting: Lasting) -> None:
    bruno, chloe = browser(lasting, "bruno"), browser(lasting, "chloe")
    bruno.post(ours("expenses", lasting), paid())
    expense = Expense.objects.get()
    assert expense.cents == 1250
    listed = chloe.get(reverse("expenses:list")).content.decode()
    for words in ("Bus tickets", "Bruno Keller", "€12.50"):
        assert words in listed
    receipt = chloe.get(reverse("expenses:receipt", args=[expense.public_id]))
    assert Image.open(io.BytesIO(receipt.content)).format == "JPEG"
    assert b"Roding" not in receipt.content
    assert {name: receipt.headers[name] for name in ("Cache-Control", "X-Content-Type-Options")} == {
        "Cache-Control": "no-store, private",
        "X-Content-Type-Options": "nosniff",
    }
    assert AuditEntry.objects.filter(act="receipt_opened").count() == 1
    refuse = reverse("expenses:refuse", args=[expense.public_id])
    assert chloe.post(refuse, {"why": ""}).status_code == 400
    chloe.post(refuse, {"why": "Only from November on."})
    own = bruno.get(ours("expenses", lasting)).content.decode()
    assert "Only from November on." in own
    assert "not paid" in own
    answer = chloe.post(reverse("expenses:approve", args=[expense.public_id]))
    assert answer.status_code == 409
    assert "Chloé Martin refused this" in answer.content.decode()


@pytest.mark.parametrize("who", ["amina", "dario"])
def test_a_receipt_is_for_its_owner_and_the_office_alone(lasting: Lasting, who: str) -> None:
    expense, other = sent(lasting), browser(lasting, who)
    assert other.get(reverse("expenses:receipt", args=[expense.public_id])).status_code == 404
    for verb in ("approve", "refuse", "list_again"):
        assert other.post(reverse(f"expenses:{verb}", args=[expense.public_id])).status_code == 404
    if who == "amina":
        assert "Bus tickets" not in other.get(ours("expenses", lasting)).content.decode()


@pytest.mark.parametrize("what", [*BROKEN])
def test_a_file_that_is_no_picture_is_answered_at_its_field(lasting: Lasting, what: str) -> None:
    file = SimpleUploadedFile("receipt.jpg", BROKEN[what], "image/jpeg")
    answer = browser(lasting, "bruno").post(ours("expenses", lasting), paid(receipt=file))
    assert answer.status_code == 400
    assert answer.context["form"].errors.keys() == {"receipt"}
    assert not Expense.objects.exists()


def test_what_is_missing_is_said_before_a_picture_is_looked_at(lasting: Lasting) -> None:
    answer = browser(lasting, "bruno").post(ours("expenses", lasting), paid(cents="twelve"))
    assert "Write the amount in numbers, such as 12.50." in answer.content.decode()


def test_after_the_end_the_page_only_shows(lasting: Lasting) -> None:
    browser(lasting, "amina").post(ours("met", lasting), one_hour())
    end(lasting.pairing)
    page = browser(lasting, "amina").get(ours("page", lasting)).content.decode()
    assert "Saturday, 21 November" in page
    for words in ("We met", "New goal", "Ask for a pause", "We write elsewhere"):
        assert words not in page
    assert "Send an expense" in browser(lasting, "bruno").get(ours("expenses", lasting)).content.decode()


def test_the_office_checks_in(lasting: Lasting) -> None:
    chloe = browser(lasting, "chloe")
    page = chloe.get(theirs("detail", lasting)).content.decode()
    assert "Next on 26 October 2026" in page
    form = {
        "on": TODAY.isoformat(),
        "person": str(lasting.people.amina.profile.public_id),
        "channel": "phone",
        "language": "ar",
        "mood": "hard",
        "note": "She misses her sister.",
        "client_id": str(uuid4()),
    }
    answer = chloe.post(theirs("check_in", lasting), form)
    assert answer.status_code == 422
    assert "Promise a call" in answer.content.decode()
    for _twice in range(2):
        chloe.post(theirs("check_in", lasting), form | {"call_back_on": TODAY.isoformat()})
    assert CheckIn.objects.get().person == lasting.people.amina.person
    assert Contact.objects.get().call_back_on == TODAY
    assert "She misses her sister." in chloe.get(theirs("detail", lasting)).content.decode()
    for who in ("amina", "bruno"):
        assert "sister" not in browser(lasting, who).get(ours("page", lasting)).content.decode()
        assert browser(lasting, who).post(theirs("check_in", lasting), form).status_code == 404


def test_the_office_writes_down_what_members_told(lasting: Lasting) -> None:
    chloe = browser(lasting, "chloe")
    chloe.post(theirs("met", lasting), one_hour(day="yesterday"))
    assert Meeting.objects.get().starts_at.date() == TODAY - timedelta(days=1)
    chloe.post(theirs("goal_new", lasting), {"text": "Find work", "client_id": str(uuid4())})
    assert Goal.objects.get().chosen_by == lasting.people.amina.person
    chloe.post(theirs("elsewhere", lasting), {"elsewhere": "on"})
    page = chloe.get(theirs("detail", lasting)).content.decode()
    for words in ("Friday, 20 November", "Find work", "They write here again"):
        assert words in page


def test_lists_ask_the_same_number_of_questions_for_one_and_fifty(lasting: Lasting) -> None:
    chloe, bruno = browser(lasting, "chloe"), browser(lasting, "bruno")
    places = (reverse("expenses:list"), reverse("expenses:list") + "?state=all")
    sent(lasting)
    one = [queries_of(chloe, place) for place in places]
    own = queries_of(bruno, ours("expenses", lasting))
    for number in range(49):
        sent(lasting, f"Ticket {number}")
    assert [queries_of(chloe, place) for place in places] == one
    assert queries_of(bruno, ours("expenses", lasting)) == own
    assert max(*one, own) <= MOST


def in_office(lasting: Lasting, role: Role = Role.COORDINATOR) -> Client:
    """A colleague who gave their password a moment ago."""
    person = Person.objects.create_person(username="carla", password=PASSWORD)
    make_membership(organisation=lasting.people.organisation, person=person, role=role)
    client = Client()
    client.post(reverse("account_login"), {"login": "carla", "password": PASSWORD})
    return client


def test_the_list_to_be_paid_asks_for_the_password_first(lasting: Lasting) -> None:
    sent(lasting, approved=True)
    address = reverse("expenses:hand_on", args=[lasting.people.organisation.public_id])
    assert browser(lasting, "chloe").post(address, {"format": "csv"}).status_code == 302
    assert Expense.objects.get().state == "approved"


@pytest.mark.parametrize(("format", "start"), [("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")])
def test_the_list_to_be_paid_leaves_once_and_can_be_had_again(
    lasting: Lasting, format: str, start: bytes
) -> None:
    expense, carla = sent(lasting, approved=True), in_office(lasting)
    address = reverse("expenses:hand_on", args=[lasting.people.organisation.public_id])
    file = carla.post(address, {"format": format})
    assert file.content.startswith(start)
    assert file.headers["Content-Disposition"] == f'attachment; filename="expenses-2026-11-21-0900.{format}"'
    assert carla.post(address, {"format": format}).status_code == 409
    again = carla.post(reverse("expenses:list_again", args=[expense.public_id]), {"format": format})
    assert again.content.startswith(start)
    assert "Lists handed on" in carla.get(reverse("expenses:list") + "?state=exported").content.decode()
    assert carla.post(address, {"format": "exe"}).status_code == 400


def test_a_caseworker_hands_nothing_on(lasting: Lasting) -> None:
    expense, worker = sent(lasting, approved=True), in_office(lasting, Role.CASEWORKER)
    for name, thing in (("hand_on", lasting.people.organisation), ("list_again", expense)):
        answer = worker.post(reverse(f"expenses:{name}", args=[thing.public_id]), {"format": "csv"})
        assert answer.status_code in (400, 403)
    assert Expense.objects.get().state == "approved"
