from datetime import timedelta

import pytest

from backend.people.models import Person, Slip
from backend.people.slips import ALPHABET, SlipNotOpen, make_slip, use_slip
from backend.profiles.rules import may_make_slip
from notifications.api import Notice
from tests.factories import NOW, make_membership, make_profile
from tests.factories.people import FourPeople, make_four_people
from tests.support.threads import at_once


def test_a_slip_signs_in_once(four_people: FourPeople):
    amina, chloe = four_people.amina, four_people.chloe
    _slip, code = make_slip(person=amina.person, actor=chloe.actor, now=NOW)

    assert use_slip(code=f" {code[:4].lower()}-{code[4:]} ", now=NOW) == amina.person
    with pytest.raises(SlipNotOpen):
        use_slip(code=code, now=NOW)


def test_a_slip_runs_out_after_a_week(four_people: FourPeople):
    _slip, code = make_slip(person=four_people.amina.person, actor=four_people.chloe.actor, now=NOW)

    with pytest.raises(SlipNotOpen):
        use_slip(code=code, now=NOW + timedelta(days=7))


def test_a_new_slip_takes_the_older_one_out_of_use(four_people: FourPeople):
    amina, chloe = four_people.amina.person, four_people.chloe.actor
    _older, lost = make_slip(person=amina, actor=chloe, now=NOW)
    _newer, code = make_slip(person=amina, actor=chloe, now=NOW)

    with pytest.raises(SlipNotOpen):
        use_slip(code=lost, now=NOW)
    assert use_slip(code=code, now=NOW) == amina


def test_the_code_is_stored_nowhere(four_people: FourPeople):
    slip, code = make_slip(person=four_people.amina.person, actor=four_people.chloe.actor, now=NOW)

    assert set(code) <= set(ALPHABET)
    assert len(code) == 8
    assert code not in str(Slip.objects.filter(pk=slip.pk).values().get())


def test_who_was_switched_off_gets_in_with_no_slip(four_people: FourPeople):
    amina = four_people.amina.person
    _slip, code = make_slip(person=amina, actor=four_people.chloe.actor, now=NOW)
    Person.objects.filter(pk=amina.pk).update(is_active=False)

    with pytest.raises(SlipNotOpen):
        use_slip(code=code, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_press_the_button_at_once_one_gets_in():
    people = make_four_people()
    for _round in range(5):
        _slip, code = make_slip(person=people.amina.person, actor=people.chloe.actor, now=NOW)
        results = at_once([lambda code=code: use_slip(code=code, now=NOW)] * 8)

        assert results.count(people.amina.person) == 1
        assert sum(isinstance(result, SlipNotOpen) for result in results) == 7


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_who_make_a_slip_at_once_leave_one_open():
    people = make_four_people()
    make = lambda: make_slip(person=people.amina.person, actor=people.chloe.actor, now=NOW)  # noqa: E731

    assert all(isinstance(result, tuple) for result in at_once([make] * 6))
    assert Slip.objects.filter(person=people.amina.person, used_at=None).count() == 1


class TestWhoMayMakeOne:
    def test_the_persons_coordinator_alone(self, four_people: FourPeople):
        profile = four_people.amina.profile
        may = {
            name: may_make_slip(getattr(four_people, name).actor, profile, now=NOW)
            for name in ("amina", "bruno", "chloe", "dario")
        }

        assert may == {"amina": False, "bruno": False, "chloe": True, "dario": False}

    def test_nobody_for_a_colleague_or_for_staff_elsewhere(self, four_people: FourPeople):
        make_membership(organisation=four_people.elsewhere, person=four_people.bruno.person)

        assert not may_make_slip(four_people.chloe.actor, four_people.bruno.profile, now=NOW)

    def test_nobody_who_sees_only_a_part_of_what_it_would_open(self, four_people: FourPeople):
        make_profile(organisation=four_people.elsewhere, person=four_people.amina.person)

        assert not may_make_slip(four_people.chloe.actor, four_people.amina.profile, now=NOW)


@pytest.mark.django_db
def test_who_has_been_here_hears_of_a_new_slip(four_people: FourPeople) -> None:
    amina, chloe = four_people.amina.person, four_people.chloe.actor
    make_slip(person=amina, actor=chloe, now=NOW)
    assert not Notice.objects.filter(person=amina).exists()
    amina.last_login = NOW
    make_slip(person=amina, actor=chloe, now=NOW)
    assert [notice.kind for notice in Notice.objects.filter(person=amina)] == ["slip_made"]
