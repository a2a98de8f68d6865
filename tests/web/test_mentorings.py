"""Mentorings as the office sees them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from backend.pairings import actions
from backend.pairings.enums import PairingState
from backend.pairings.models import Pairing
from tests.factories import NOW, make_enrolment
from tests.factories.people import FourPeople, signed_in
from tests.support.queries import MOST, queries_of

pytestmark = pytest.mark.usefixtures("at_nine")


def pair(people: FourPeople, mentor: int, newcomer: int) -> Pairing:
    since = NOW - timedelta(days=40)
    return actions.bring_in_pairing(
        mentor_id=mentor, newcomer_id=newcomer, since=since, actor=people.chloe.actor, now=NOW
    )


@pytest.fixture
def together(four_people: FourPeople) -> Pairing:
    return pair(four_people, four_people.bruno.enrolment.pk, four_people.amina.enrolment.pk)


def of(name: str, pairing: Pairing) -> str:
    return reverse(f"mentorings:{name}", args=[pairing.public_id])


def test_the_office_sees_members_state_and_history(together: Pairing, four_people: FourPeople) -> None:
    client = signed_in(four_people.chloe.person)
    listed = client.get(reverse("mentorings:list")).content.decode()
    assert "Amina Haddad and Bruno Keller" in listed
    assert "quiet for 40 days" in listed
    page = client.get(of("detail", together)).content.decode()
    for words in ("Amina and Bruno", "Amina Haddad", "Mentoring started", "by Chloé Martin"):
        assert words in page


@pytest.mark.parametrize("who", ["dario", "amina", "bruno"])
def test_for_others_there_is_nothing(together: Pairing, four_people: FourPeople, who: str) -> None:
    client = signed_in(getattr(four_people, who).person)
    assert client.get(of("detail", together)).status_code == 404
    for verb in ("pause", "resume", "end"):
        assert client.post(of(verb, together), {"reason": "plan"}).status_code == 404
    assert "Amina" not in client.get(reverse("mentorings:list")).content.decode().split("<main")[-1]


def test_pause_go_on_and_end(together: Pairing, four_people: FourPeople) -> None:
    client = signed_in(four_people.chloe.person)
    client.post(of("pause", together))
    assert Pairing.objects.get().state == PairingState.PAUSED
    assert client.post(of("pause", together)).status_code == 409
    client.post(of("resume", together))
    assert client.post(of("end", together)).status_code == 422
    page = client.post(of("end", together), {"reason": "moved"}, follow=True).content.decode()
    assert "moved to another town" in page
    assert Pairing.objects.get().state == PairingState.WINDING_DOWN
    client.post(of("end", together), {"reason": "moved", "closes": "1"})
    ended = client.get(reverse("mentorings:list") + "?state=ended").content.decode()
    assert "Amina Haddad and Bruno Keller" in ended


def test_the_list_asks_the_same_number_of_questions_for_one_and_three(
    together: Pairing, four_people: FourPeople
) -> None:
    client = signed_in(four_people.chloe.person)
    one = queries_of(client, reverse("mentorings:list"))
    for _more in range(2):
        mentor, newcomer = (
            make_enrolment(programme=four_people.programme, side=s) for s in ("mentor", "newcomer")
        )
        pair(four_people, mentor.pk, newcomer.pk)
    assert queries_of(client, reverse("mentorings:list")) == one <= MOST
