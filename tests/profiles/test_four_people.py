from backend.organisations.models import Organisation
from backend.profiles.models import Profile
from backend.programmes.models import Enrolment, Programme
from tests.factories.people import FourPeople


def test_each_sees_what_is_theirs(four_people: FourPeople) -> None:
    everyone = [four_people.amina, four_people.bruno, four_people.chloe, four_people.dario]
    assert [Profile.objects.visible_to(who.actor).count() for who in everyone] == [1, 1, 2, 0]
    assert [Enrolment.objects.visible_to(who.actor).count() for who in everyone] == [1, 1, 2, 0]
    assert [Programme.objects.visible_to(who.actor).count() for who in everyone] == [0, 0, 1, 0]
    assert [Organisation.objects.visible_to(who.actor).count() for who in everyone] == [0, 0, 1, 1]
