"""Nobody lifts for themselves what staff decided, and a consent taken back counts at once."""

from datetime import timedelta

import pytest

from backend.pairings.enums import Refusal
from backend.pairings.queries import obstacles
from backend.people.actions import record_consent
from backend.people.enums import Channel, Purpose
from backend.programmes import enrolments as actions
from backend.programmes.enrolments import PausedByStaff
from tests.factories import NOW
from tests.factories.people import FourPeople

pytestmark = pytest.mark.django_db


def test_a_pause_that_staff_set_is_not_lifted_by_the_volunteer(four_people: FourPeople) -> None:
    pk, bruno, chloe = four_people.bruno.enrolment.pk, four_people.bruno.actor, four_people.chloe.actor
    actions.pause(enrolment_id=pk, actor=chloe, now=NOW)
    with pytest.raises(PausedByStaff):
        actions.resume(enrolment_id=pk, actor=bruno, now=NOW)
    assert actions.resume(enrolment_id=pk, actor=chloe, now=NOW).state == "applied"


def test_who_paused_themselves_comes_back_themselves(four_people: FourPeople) -> None:
    pk, bruno = four_people.bruno.enrolment.pk, four_people.bruno.actor
    actions.pause(enrolment_id=pk, actor=bruno, now=NOW)
    assert actions.resume(enrolment_id=pk, actor=bruno, now=NOW).state == "applied"


@pytest.mark.parametrize("purpose", [Purpose.PROFILE, Purpose.SHARE])
@pytest.mark.parametrize("who", ["amina", "bruno"])
def test_a_consent_taken_back_keeps_anybody_from_being_suggested(
    four_people: FourPeople, who: str, purpose: Purpose
) -> None:
    one = getattr(four_people, who)

    def says(given: bool, hours: int) -> None:
        record_consent(
            person=one.person,
            organisation_id=four_people.organisation.pk,
            purpose=purpose,
            given=given,
            channel=Channel.SELF,
            language_shown="en",
            actor=one.actor,
            now=NOW + timedelta(hours=hours),
        )

    pair = (four_people.bruno.enrolment, four_people.amina.enrolment)
    says(True, 0)
    assert obstacles(*pair, day=NOW.date()) == ()
    says(False, 1)
    assert obstacles(*pair, day=NOW.date()) == (Refusal.NOT_READY,)
    says(True, 2)
    assert obstacles(*pair, day=NOW.date()) == ()


def test_what_was_taken_back_elsewhere_changes_nothing_here(four_people: FourPeople) -> None:
    amina = four_people.amina
    record_consent(
        person=amina.person,
        organisation_id=four_people.elsewhere.pk,
        purpose=Purpose.SHARE,
        given=False,
        channel=Channel.SELF,
        language_shown="en",
        actor=amina.actor,
        now=NOW,
    )
    assert obstacles(four_people.bruno.enrolment, amina.enrolment, day=NOW.date()) == ()
