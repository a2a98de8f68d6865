"""What people may not do to their own file, and may not read in it, also where they work."""

from dataclasses import replace
from typing import Any

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse

from backend.organisations.queries import actor_for
from backend.profiles.actions import VouchedFor, register_profile, update_profile
from backend.profiles.answers import ProfileAnswers
from backend.profiles.models import Profile
from backend.profiles.queries import access_profile
from tests.factories import NOW, make_membership, make_profile
from tests.factories.people import FourPeople

pytestmark = pytest.mark.django_db
ANSWERS = ProfileAnswers(full_name="Nadia Bay", born="2009", gender="f", slots=("tue:evening",))


@pytest.mark.parametrize("changed", [{"born": "1990"}, {"gender": "m"}])
def test_nobody_changes_what_staff_vouch_for_of_themselves(
    four_people: FourPeople, changed: dict[str, Any]
) -> None:
    profile = register_profile(
        organisation_id=four_people.organisation.pk,
        answers=ANSWERS,
        actor=four_people.chloe.actor,
        now=NOW,
    )
    nadia, answers = actor_for(profile.person, now=NOW), replace(ANSWERS, **changed)
    with pytest.raises(VouchedFor):
        update_profile(profile_id=profile.pk, answers=answers, actor=nadia, now=NOW)
    own = replace(ANSWERS, slots=("mon:morning",))
    assert update_profile(profile_id=profile.pk, answers=own, actor=nadia, now=NOW).slots == ["mon:morning"]
    by_staff = update_profile(profile_id=profile.pk, answers=answers, actor=four_people.chloe.actor, now=NOW)
    assert {name: getattr(by_staff, name) for name in changed} == changed


def test_staff_do_not_open_their_own_file(four_people: FourPeople, client: Client) -> None:
    """In it stands what colleagues wrote of them, and who must not meet them."""
    person = make_membership(organisation=four_people.organisation, name="Carl").person
    own = make_profile(organisation=four_people.organisation, person=person, called="Carl")
    carl = actor_for(person, now=NOW)
    assert own not in Profile.objects.looked_after_by(carl)
    with pytest.raises(Http404):
        access_profile(own.public_id, actor=carl)
    client.force_login(person)
    assert client.get(reverse("person", args=[own.public_id])).status_code == 404
    assert client.get(reverse("people")).status_code == 200
