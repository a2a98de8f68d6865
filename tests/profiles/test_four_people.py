from typing import Any

import pytest

from backend.organisations.models import Organisation
from backend.organisations.rules import may_view_organisation
from backend.profiles.models import Profile
from backend.profiles.rules import may_view_profile
from backend.programmes.models import Enrolment, Programme
from backend.programmes.rules import may_view_enrolment, may_view_programme
from tests.factories import make_enrolment, make_programme
from tests.factories.people import FourPeople


def test_each_sees_what_is_theirs(four_people: FourPeople) -> None:
    everyone = [four_people.amina, four_people.bruno, four_people.chloe, four_people.dario]
    assert [Profile.objects.visible_to(who.actor).count() for who in everyone] == [1, 1, 2, 0]
    assert [Enrolment.objects.visible_to(who.actor).count() for who in everyone] == [1, 1, 2, 0]
    assert [Programme.objects.visible_to(who.actor).count() for who in everyone] == [0, 0, 1, 0]
    assert [Organisation.objects.visible_to(who.actor).count() for who in everyone] == [0, 0, 1, 1]


@pytest.mark.parametrize(
    ("model", "may_view"),
    [
        (Profile, may_view_profile),
        (Enrolment, may_view_enrolment),
        (Programme, may_view_programme),
        (Organisation, may_view_organisation),
    ],
)
def test_what_is_listed_is_what_may_be_viewed(four_people: FourPeople, model: Any, may_view: Any) -> None:
    make_enrolment(programme=make_programme(organisation=four_people.elsewhere))
    for who in (four_people.amina, four_people.bruno, four_people.chloe, four_people.dario):
        listed = set(model.objects.visible_to(who.actor))
        assert listed == {row for row in model.objects.all() if may_view(who.actor, row)}
