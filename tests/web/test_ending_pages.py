"""The pages on which a mentoring ends: what the office does, what members see, say and print."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.urls import reverse

from backend.core.audit import AuditEntry
from backend.meetings.models import Evaluation
from backend.organisations.models import Organisation
from backend.pairings import actions
from backend.pairings.enums import EndReason, MemberRole, PairingState, TransferState
from backend.pairings.models import Pairing, Transfer
from backend.people.models import Person
from backend.profiles.models import Profile
from backend.programmes.models import Enrolment
from tests.factories import NOW
from tests.factories.people import FourPeople, signed_in
from tests.pairings.ending import another, bring_together, names_in
from tests.support.queries import MOST, queries_of

pytestmark = pytest.mark.usefixtures("at_nine")


@pytest.fixture
def together(four_people: FourPeople) -> Pairing:
    return bring_together(four_people)


def end(people: FourPeople, pairing: Pairing, reason: EndReason = EndReason.PLAN) -> None:
    actions.end_pairing(pairing_id=pairing.pk, reason=reason, actor=people.chloe.actor, now=NOW)


def of(name: str, pairing: Pairing, *more: Enrolment) -> str:
    return reverse(name, args=[pairing.public_id, *(e.public_id for e in more)])


def main(response) -> str:
    return response.content.decode().split("<main")[-1]


SAID = {"channel": "phone", "language": "ar", "others_channel": "in_person"}


def test_a_member_asks_to_stop_and_reads_that_the_office_calls(
    four_people: FourPeople, together: Pairing
) -> None:
    amina = signed_in(four_people.amina.person)
    assert "I would like to stop" in main(amina.get(of("together:page", together)))
    page = main(amina.post(of("together:ask_to_end", together), follow=True))
    assert "you told us that you would like to stop" in page
    assert Pairing.objects.get().state == PairingState.ACTIVE


def test_the_form_says_for_each_reason_how_long_they_may_write(
    four_people: FourPeople, together: Pairing
) -> None:
    page = main(signed_in(four_people.chloe.person).get(of("mentorings:detail", together)))
    assert "They can write for 30 more days." in page
    assert "They cannot write to each other any more." in page


def test_while_it_comes_to_an_end_everyone_reads_until_when(
    four_people: FourPeople, together: Pairing
) -> None:
    end(four_people, together)
    amina, chloe = signed_in(four_people.amina.person), signed_in(four_people.chloe.person)
    until = "write to each other until Dec. 21, 2026"
    talk = amina.get(reverse("conversation_of_pairing", args=[together.public_id]), follow=True)
    for page in (
        amina.get(reverse("home")),
        amina.get(of("together:page", together)),
        talk,
        chloe.get(of("mentorings:detail", together)),
    ):
        text = page.content.decode()
        assert until in text or until.replace("Dec. 21, 2026", "21 December 2026") in text
    assert "Close it now" in main(chloe.get(of("mentorings:detail", together)))
    chloe.post(of("mentorings:end", together), {"reason": "plan"})
    assert Pairing.objects.get().state == PairingState.WINDING_DOWN  # a second press of "End it"
    chloe.post(of("mentorings:end", together), {"reason": "plan", "closes": "1"})
    assert Pairing.objects.get().state == PairingState.ENDED


def test_a_member_says_how_it_was_once_and_the_other_never_sees_it(
    four_people: FourPeople, together: Pairing
) -> None:
    end(four_people, together)
    amina, bruno = signed_in(four_people.amina.person), signed_in(four_people.bruno.person)
    here = of("together:evaluation", together)
    assert amina.post(here, {"text": "Only words"}).status_code == 422
    amina.post(here, {"match": "4", "programme": "5", "again": "yes", "text": "He was kind"})
    page = main(amina.post(here, {"match": "1", "programme": "1"}, follow=True))
    assert "Thank you for telling us" in page
    row = Evaluation.objects.get()
    assert (row.match, row.programme, row.again, row.text, row.channel) == (4, 5, True, "He was kind", "self")
    assert "He was kind" not in bruno.get(of("together:page", together)).content.decode()
    assert "He was kind" not in bruno.get(here).content.decode()
    office = main(signed_in(four_people.chloe.person).get(of("mentorings:detail", together)))
    assert "He was kind" in office and "Rather" in office


def test_staff_note_what_a_member_said_by_telephone(four_people: FourPeople, together: Pairing) -> None:
    end(four_people, together)
    chloe, here = signed_in(four_people.chloe.person), (together, four_people.bruno.enrolment)
    chloe.post(of("mentorings:evaluation", *here), {"match": "3", "programme": "4", "channel": "phone"})
    row = Evaluation.objects.get()
    assert (row.person, row.by, row.channel, row.again) == (
        four_people.bruno.person,
        four_people.chloe.person,
        "phone",
        None,
    )
    again = chloe.post(
        of("mentorings:evaluation", *here), {"match": "1", "programme": "1", "channel": "phone"}
    )
    assert again.status_code == 409 and "told us already" in again.content.decode()


@pytest.mark.parametrize("reason", [EndReason.SAFETY, EndReason.CLEARANCE])
def test_after_an_end_that_is_not_spoken_of_nothing_is_asked_or_printed(
    four_people: FourPeople, together: Pairing, reason: EndReason
) -> None:
    end(four_people, together, reason)
    amina = signed_in(four_people.amina.person)
    page = main(amina.get(of("together:page", together)))
    assert "Tell us how it was" not in page and "Certificate" not in page
    for name in ("together:evaluation", "together:thanks"):
        assert amina.get(of(name, together)).status_code == 404


def test_nothing_is_asked_or_printed_before_the_end(four_people: FourPeople, together: Pairing) -> None:
    for name in ("together:evaluation", "together:thanks"):
        assert signed_in(four_people.bruno.person).get(of(name, together)).status_code == 404


@pytest.mark.parametrize("language", ["en", "ar", "de"])
def test_a_certificate_is_a_pdf_in_the_readers_language(
    four_people: FourPeople, together: Pairing, language: str
) -> None:
    end(four_people, together)
    Person.objects.filter(pk=four_people.bruno.person.pk).update(language=language)
    answer = signed_in(four_people.bruno.person).get(of("together:thanks", together))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert "Bruno" not in str(answer.headers)


def test_where_no_pdf_can_be_made_the_same_page_is_printed_and_names_nobody_else(
    four_people: FourPeople, together: Pairing
) -> None:
    end(four_people, together)
    # As on a machine without pango: importing WeasyPrint raises OSError.
    with patch.dict("sys.modules", {"weasyprint": None}):
        answer = signed_in(four_people.bruno.person).get(of("together:thanks", together))
    page = answer.content.decode()
    assert "Print it with your browser" in page and "Bruno Keller" in page and "Welcome Roding" in page
    assert "August 2026 to November 2026" in page
    assert "Amina" not in page


def test_who_left_before_the_end_says_how_it_was_and_sees_nothing_else(
    four_people: FourPeople, together: Pairing
) -> None:
    ben, bruno = another(four_people, "mentor", "Ben"), four_people.bruno.enrolment
    chloe = signed_in(four_people.chloe.person)
    page = main(chloe.get(of("mentorings:stand_in", together, bruno)))
    assert "Ben Example" in page and "2 shared half-days" in page
    form = SAID | {"who": str(ben.public_id), "role": "stand_in", "reason": "work"}
    assert chloe.post(of("mentorings:stand_in", together, bruno), form).status_code == 302
    assert together.members.get(until_at=None, side="mentor").role == MemberRole.STAND_IN
    gone = signed_in(four_people.bruno.person)
    assert gone.get(of("together:page", together)).status_code == 404
    said = gone.get(of("together:evaluation", together)).content.decode()
    assert "How was it?" in said and "Amina" not in said
    assert gone.get(of("together:thanks", together)).status_code == 200


def test_somebody_joins_and_leaves(four_people: FourPeople, together: Pairing) -> None:
    karim = another(four_people, "newcomer", "Karim")
    chloe = signed_in(four_people.chloe.person)
    form = SAID | {"who": str(karim.public_id), "role": "member"}
    chloe.post(of("mentorings:join", together), form)
    assert names_in(together) == ["Amina", "Bruno", "Karim"]
    chloe.post(of("mentorings:leave", together, karim), {"reason": "wish"})
    assert names_in(together) == ["Amina", "Bruno"]
    page = main(chloe.get(of("mentorings:detail", together)))
    assert "Somebody joined" in page and "Somebody left" in page


def test_the_page_asks_the_same_number_of_questions_for_two_and_four_members(
    four_people: FourPeople, together: Pairing
) -> None:
    end(four_people, together)
    chloe = signed_in(four_people.chloe.person)
    two = queries_of(chloe, of("mentorings:detail", together))
    for called in ("Karim", "Selam"):
        together.members.create(
            enrolment=another(four_people, "newcomer", called),
            side="newcomer",
            from_at=NOW,
            takes_place=False,
        )
    assert queries_of(chloe, of("mentorings:detail", together)) == two


@pytest.fixture
def asked(four_people: FourPeople) -> Transfer:
    Organisation.objects.filter(pk=four_people.elsewhere.pk).update(verified_at=NOW)
    chloe = signed_in(four_people.chloe.person)
    form = {"organisation": str(four_people.elsewhere.public_id), "summary": "Looks for a course"}
    chloe.post(reverse("person_transfer", args=[four_people.amina.profile.public_id]), form)
    return Transfer.objects.get()


def move_page(transfer: Transfer, verb: str = "page") -> str:
    return reverse(f"transfers:{verb}", args=[transfer.public_id])


def test_only_verified_organisations_are_named_by_name_and_town(four_people: FourPeople) -> None:
    Organisation.objects.filter(pk=four_people.elsewhere.pk).update(verified_at=NOW)
    Organisation.objects.create(name="Nobody knows them", kind="ngo", country="DE")
    here = reverse("person_transfer", args=[four_people.amina.profile.public_id])
    page = main(signed_in(four_people.chloe.person).get(here))
    assert "Naas Together" in page and "Nobody knows them" not in page
    assert "Dario" not in page


def test_amina_reads_everything_first_and_says_yes(four_people: FourPeople, asked: Transfer) -> None:
    amina, dario = signed_in(four_people.amina.person), signed_in(four_people.dario.person)
    assert "We have a question about your move" in main(amina.get(reverse("home")))
    page = main(amina.get(move_page(asked)))
    for words in ("Looks for a course", "Arabic", "Naas Together", "Yes, pass it on", "my full name"):
        assert words in page
    assert dario.get(move_page(asked)).status_code == 404
    assert "Amina" not in main(dario.get(reverse("transfers:list")))
    amina.post(move_page(asked, "agree"), {"also": ["born"]})
    page = main(dario.get(move_page(asked)))
    assert "Looks for a course" in page and "1994-03-08" in page
    assert "Haddad" not in page and "Welcome Roding" in page
    dario.post(move_page(asked, "take"))
    new = Profile.objects.get(organisation=four_people.elsewhere)
    assert new.person == four_people.amina.person
    assert AuditEntry.objects.filter(act="transfer_read", person_id=four_people.dario.person.pk).exists()
    enrol = main(dario.get(reverse("person_enrol", args=[new.public_id])))
    assert four_people.amina.enrolment.registered_on.isoformat() in enrol


def test_a_refused_move_shows_nothing_any_more(four_people: FourPeople, asked: Transfer) -> None:
    amina, dario = signed_in(four_people.amina.person), signed_in(four_people.dario.person)
    amina.post(move_page(asked, "agree"))
    amina.post(move_page(asked, "withdraw"))
    asked.refresh_from_db()
    assert asked.state == TransferState.WITHDRAWN
    page = main(dario.get(move_page(asked)))
    assert "Looks for a course" not in page and "Amina" not in page
    assert "Looks for a course" not in main(dario.get(reverse("transfers:list")))


def test_staff_note_a_yes_with_how_they_heard_it(four_people: FourPeople, asked: Transfer) -> None:
    chloe = signed_in(four_people.chloe.person)
    assert "They said yes" in main(chloe.get(move_page(asked)))
    chloe.post(move_page(asked, "agree"), {"channel": "phone", "language": "ar"})
    asked.refresh_from_db()
    assert asked.state == TransferState.AGREED
    assert asked.events.get(verb="agree").channel == "phone"


def test_staff_note_a_no_with_how_they_heard_it(four_people: FourPeople, asked: Transfer) -> None:
    chloe = signed_in(four_people.chloe.person)
    chloe.post(move_page(asked, "refuse"), {"channel": "in_person", "language": "ar"})
    asked.refresh_from_db()
    assert (asked.state, asked.answers) == (TransferState.REFUSED, "")
    assert asked.events.get(verb="refuse").channel == "in_person"


def test_the_list_of_moves_asks_the_same_for_one_and_three(four_people: FourPeople, asked: Transfer) -> None:
    chloe = signed_in(four_people.chloe.person)
    one = queries_of(chloe, reverse("transfers:list"))
    for called in ("Karim", "Selam"):
        actions.ask_to_transfer(
            profile_id=another(four_people, "newcomer", called).profile_id,
            to_organisation_id=four_people.elsewhere.pk,
            summary="",
            actor=four_people.chloe.actor,
            now=NOW + timedelta(hours=1),
        )
    assert queries_of(chloe, reverse("transfers:list")) == one <= MOST
