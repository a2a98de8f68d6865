"""The first start of an operator."""

import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from backend.core import clock
from backend.organisations.models import Membership, Organisation
from backend.people.models import Person
from backend.people.slips import use_slip

ANSWERS = {
    "organisation": "Arrive in Naas",
    "kind": "citizens",
    "country": "IE",
    "coordinator": "Chloé Martin",
    "username": "chloe",
}


def init(**options: Any) -> list[str]:
    said = StringIO()
    call_command("init", stdout=said, **options)
    return said.getvalue().splitlines()


def code_in(lines: list[str]) -> str:
    found = re.search(r"the code (\S+)\.", "\n".join(lines))
    assert found is not None
    return found.group(1)


def test_an_organisation_gets_its_coordinator_with_a_sign_in(towns: None) -> None:
    lines = init(**ANSWERS)
    organisation = Organisation.objects.get()
    assert (organisation.kind, organisation.country, organisation.time_zone) == (
        "citizens",
        "IE",
        "Europe/Dublin",
    )
    assert set(organisation.memberships.values_list("name", "role")) == {
        ("Chloé Martin", "coordinator"),
        ("Chloé Martin", "manager"),
    }
    assert lines[:3] == [
        "Made Arrive in Naas.",
        "Chloé Martin is coordinator there now.",
        "Chloé Martin is manager there now.",
    ]
    assert re.fullmatch(r"Sign in once with http\S+/account/slip/\w{8}/", lines[3])
    assert lines[-1].endswith("/organisation/")
    assert use_slip(code=code_in(lines), now=clock.now()).username == "chloe"


def test_a_second_time_it_changes_nothing_but_the_sign_in(towns: None) -> None:
    old = code_in(init(**ANSWERS))
    lines = init(**ANSWERS)
    assert lines[:3] == [
        "Arrive in Naas is there already.",
        "Chloé Martin is coordinator there already.",
        "Chloé Martin is manager there already.",
    ]
    assert (Organisation.objects.count(), Person.objects.count(), Membership.objects.count()) == (1, 1, 2)
    assert use_slip(code=code_in(lines), now=clock.now()).username == "chloe"
    assert code_in(lines) != old


def test_people_for_safeguarding_are_named_once(towns: None) -> None:
    for _time in range(2):
        init(**ANSWERS, safeguarding=["Eithne Carroll", "Rory Keane"])
    named = Membership.objects.filter(role="safeguarding").order_by("name").values_list("name", flat=True)
    assert list(named) == ["Eithne Carroll", "Rory Keane"]


def test_an_operator_gets_a_sign_in_and_no_organisation(db: None) -> None:
    lines = init(operator="alex")
    assert lines[0] == "alex runs this server now."
    person = use_slip(code=code_in(lines), now=clock.now())
    assert person.is_operator and not Organisation.objects.exists()
    assert init(operator="alex")[0] == "alex runs this server already."


def test_nobody_who_works_with_people_becomes_an_operator(towns: None) -> None:
    init(**ANSWERS)
    with pytest.raises(CommandError, match="works in an organisation"):
        init(operator="chloe")
    assert not Person.objects.filter(is_operator=True).exists()


def test_a_missing_answer_is_named(db: None) -> None:
    with pytest.raises(CommandError, match="--organisation is missing: Name of the organisation"):
        init()


def test_a_user_name_that_looks_like_a_number_is_refused(towns: None) -> None:
    with pytest.raises(CommandError, match="3 to 60 letters"):
        init(**ANSWERS | {"username": "12"})
    assert not Organisation.objects.exists()


def test_a_country_without_towns_says_what_to_run(db: None) -> None:
    with transaction.atomic(), pytest.raises(CommandError, match="import_places"):
        init(**ANSWERS | {"country": "XX"})
    assert not Organisation.objects.exists()
