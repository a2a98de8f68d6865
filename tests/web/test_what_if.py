"""What if, and why not: asked on a page, answered by a worker, kept or thrown away."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse

from backend.core.jobs import drain
from backend.pairings import actions
from backend.pairings.changes import Change
from backend.pairings.models import MatchRun, Suggestion, WhatIf
from backend.profiles.models import Contact, Profile
from backend.programmes.models import Enrolment
from backend.safeguarding.actions import restrict
from tests.factories import NOW, make_enrolment, make_membership, make_town
from tests.factories.people import FourPeople, signed_in
from tests.support.queries import MOST, queries_of

pytestmark = pytest.mark.usefixtures("at_nine")


@pytest.fixture
def apart(four_people: FourPeople) -> FourPeople:
    """Amina lives too far from Bruno."""
    Profile.objects.filter(pk=four_people.amina.profile.pk).update(town=make_town("Freising"))
    return four_people


def form_of(people: FourPeople) -> str:
    return reverse("desk:what_if", args=[people.programme.public_id])


def ask(people: FourPeople, **fields: Any) -> Any:
    given = {"client_id": str(uuid4()), "person": str(people.amina.enrolment.public_id)}
    return signed_in(people.chloe.person).post(form_of(people), given | fields)


def answer_page(name: str = "what_if_answer") -> str:
    return reverse(f"desk:{name}", args=[WhatIf.objects.get().public_id])


def read(people: FourPeople, page: str, **headers: str) -> str:
    response = signed_in(people.chloe.person).get(page, headers=headers)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def test_a_longer_way_is_asked_answered_and_kept(apart: FourPeople) -> None:
    assert "Somebody could do more" in read(apart, form_of(apart))
    sent = ask(apart, reach_km="400")
    assert sent.url == answer_page()
    waiting = read(apart, answer_page())
    assert "Amina can travel up to 400 km." in waiting and 'hx-trigger="every 1s"' in waiting
    assert "We are working it out." in waiting and ">Reload</a>" in waiting
    drain()
    page = read(apart, answer_page())
    assert "1 newcomer finds a mentor." in page and "Nobody now, then Bruno." in page
    assert "finds a mentor" in page and 'hx-trigger="every 1s"' not in page
    kept = signed_in(apart.chloe.person).post(answer_page("what_if_keep"))
    assert kept.url == reverse("desk:list") + f"?programme={apart.programme.public_id}"
    assert Profile.objects.get(pk=apart.amina.profile.pk).reach_km == 400
    assert MatchRun.objects.get().state == "queued"
    assert "Chloé Martin kept this" in read(apart, answer_page())


def test_the_fragment_is_what_a_reload_shows(apart: FourPeople) -> None:
    ask(apart, reach_km="400")
    for _each in range(2):
        fragment, whole = (read(apart, answer_page(), **headers) for headers in ({"HX-Request": "true"}, {}))
        bare = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", fragment).strip()
        assert bare in re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", whole)
        drain()


def test_who_loses_somebody_is_named_first(four_people: FourPeople) -> None:
    nadia = make_enrolment(
        programme=four_people.programme, called="Nadia", full_name="Nadia Omar", topics_wanted=["driving"]
    )
    ask(
        four_people,
        person="",
        mentor=str(four_people.bruno.enrolment.public_id),
        newcomer=str(nadia.public_id),
        together="together",
    )
    drain()
    page = read(four_people, answer_page())
    assert "Nadia and Bruno are together." in page
    assert page.index("Bruno now, then nobody.") < page.index("Nobody now, then Bruno.")
    assert "1 newcomer finds a mentor. 1 newcomer then has nobody." in page


def test_a_fit_by_other_weights_is_not_set_beside_the_one_of_now(four_people: FourPeople) -> None:
    for fields, shown in (({"counts": "topics", "weight": "9"}, False), ({"reach_km": "400"}, True)):
        WhatIf.objects.all().delete()
        ask(four_people, **fields)
        drain()
        page = read(four_people, answer_page())
        assert ("Mean fit" in page, "cannot be compared" in page) == (shown, not shown)


def test_thrown_away_is_gone_and_nothing_has_changed(apart: FourPeople) -> None:
    ask(apart, reach_km="400")
    thrown = signed_in(apart.chloe.person).post(answer_page("what_if_throw_away"))
    assert thrown.url == form_of(apart) and not WhatIf.objects.exists()
    assert Profile.objects.get(pk=apart.amina.profile.pk).reach_km == 20


def test_a_plan_that_has_changed_is_told_on_the_page(apart: FourPeople) -> None:
    ask(apart, reach_km="400")
    drain()
    Enrolment.objects.filter(pk=apart.bruno.enrolment.pk).update(state="paused")
    refused = signed_in(apart.chloe.person).post(answer_page("what_if_keep"))
    assert refused.status_code == 409
    assert "The plan has changed since you asked" in refused.content.decode()


def test_a_wish_goes_with_a_recorded_yes_alone(four_people: FourPeople) -> None:
    amina = str(four_people.amina.enrolment.public_id)
    wish = {"person": "", "wisher": amina, "wish": "paperwork"}
    without = ask(four_people, **wish)
    assert without.status_code == 422 and "Ask the newcomer first." in without.content.decode()
    ask(four_people, **wish, channel="phone", language="ar", interpreted_by="Mrs Haddad")
    said = (
        "Amina does without: Letters and forms. They said yes: By phone, Arabic, interpreted by Mrs Haddad."
    )
    assert said in read(four_people, answer_page())
    assert Contact.objects.get().interpreter == "Mrs Haddad"


def test_a_required_wish_is_refused_with_a_sentence(four_people: FourPeople) -> None:
    Profile.objects.filter(pk=four_people.amina.profile.pk).update(wishes_gender="f", wish_is_required=True)
    amina = str(four_people.amina.enrolment.public_id)
    refused = ask(four_people, person="", wisher=amina, wish="gender", channel="phone", language="ar")
    assert refused.status_code == 422
    assert "Only a newcomer’s own wish" in refused.content.decode().replace("&#x27;", "’")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Say what would be different."),
        ({"reach_km": "3"}, "Ask what somebody could do more"),
        ({"counts": "topics"}, "Choose what counts, and how much."),
        ({"wish": "gender"}, "Choose whose wish it is, and which."),
        ({"mentor": "@bruno"}, "Choose a mentor and a newcomer."),
    ],
)
def test_half_a_question_says_what_is_missing(
    fields: dict[str, str], said: str, four_people: FourPeople
) -> None:
    bruno = str(four_people.bruno.enrolment.public_id)
    given = {name: value.replace("@bruno", bruno) for name, value in fields.items()}
    answer = ask(four_people, **given)
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not WhatIf.objects.exists()


def test_a_link_fills_the_form_in(four_people: FourPeople) -> None:
    amina = four_people.amina.enrolment.public_id
    page = read(four_people, form_of(four_people) + f"?person={amina}&reach_km=30&counts=topics")
    assert f'<option value="{amina}" selected>' in page and 'value="30"' in page
    assert '<option value="topics" selected>' in page


def test_the_quick_buttons_ask_straight_away(four_people: FourPeople) -> None:
    """Drawn as on the page of a suggestion, and each sent as it stands."""
    suggestion = Suggestion.objects.create(
        programme=four_people.programme,
        mentor=four_people.bruno.enrolment,
        newcomer=four_people.amina.enrolment,
        examined_at=NOW,
    )
    drawn = render_to_string(
        "desk/_what_if.html",
        {"current": suggestion, "programme": four_people.programme},
        request=RequestFactory().get("/"),
    )
    forms = re.findall(r"<form.*?</form>", drawn, re.DOTALL)
    assert len(forms) == 4
    chloe = signed_in(four_people.chloe.person)
    for form in forms:
        fields: dict[str, list[str]] = {}
        for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form):
            fields.setdefault(name, []).append(value)
        action = re.findall(r'action="([^"]*)"', form)[0]
        assert chloe.post(action, fields).status_code == 302
    asked = [what_if.change["more"] for what_if in WhatIf.objects.order_by("pk")]
    assert [[(m["interpreter"], m["reach_km"], m["online"]) for m in more] for more in asked] == [
        [(True, None, False)],
        [(False, 30, False)],
        [(False, 30, False)],
        [(False, None, True), (False, None, True)],
    ]


# Why not somebody else?


@pytest.fixture
def suggested(four_people: FourPeople) -> Suggestion:
    run = actions.request_run(programme_id=four_people.programme.pk, actor=four_people.chloe.actor, now=NOW)
    actions.run_matching(run_id=run.pk, now=NOW)
    return Suggestion.objects.get()


def why_not(suggestion: Suggestion) -> str:
    return reverse("desk:why_not", args=[suggestion.public_id])


def test_what_refuses_two_for_good_is_said_at_once(four_people: FourPeople, suggested: Suggestion) -> None:
    ilse = make_enrolment(programme=four_people.programme, side="mentor", called="Ilse")
    restrict(first=four_people.amina.profile, second=ilse.profile, actor=four_people.chloe.actor, now=NOW)
    page = read(four_people, why_not(suggested) + f"?mentor={ilse.public_id}")
    assert "The two are to avoid each other." in page
    sent = signed_in(four_people.chloe.person).post(
        why_not(suggested), {"mentor": str(ilse.public_id), "client_id": str(uuid4())}
    )
    assert sent.status_code == 409 and "The two are to avoid each other." in sent.content.decode()
    assert not WhatIf.objects.exists()


@pytest.mark.parametrize(
    ("ilse", "said"),
    [
        ({"languages": (("fr", "native"),)}, "They share no language well enough."),
        ({"slots": ["mon:morning"]}, "They share too few half-days."),
        ({"topics_offered": ["driving"]}, "Everybody together would fit less well, by"),
    ],
)
def test_what_else_refuses_two_or_what_it_costs_is_worked_out(
    ilse: dict[str, Any], said: str, four_people: FourPeople, suggested: Suggestion
) -> None:
    mentor = make_enrolment(programme=four_people.programme, side="mentor", called="Ilse", **ilse)
    sent = signed_in(four_people.chloe.person).post(
        why_not(suggested), {"mentor": str(mentor.public_id), "client_id": str(uuid4())}
    )
    asked = WhatIf.objects.get()
    assert sent.url == why_not(suggested) + f"?mentor={mentor.public_id}&answer={asked.public_id}"
    assert "We are working it out." in read(four_people, sent.url)
    drain()
    assert said in read(four_people, sent.url)
    assert said in read(four_people, sent.url, **{"HX-Request": "true"})


def test_the_one_who_is_suggested_costs_nothing(four_people: FourPeople, suggested: Suggestion) -> None:
    bruno = four_people.bruno.enrolment.public_id
    assert "This is who is suggested now." in read(four_people, why_not(suggested) + f"?mentor={bruno}")


def test_an_answer_about_others_is_not_shown_here(four_people: FourPeople, suggested: Suggestion) -> None:
    ask(four_people, reach_km="400")
    chloe, bruno = signed_in(four_people.chloe.person), four_people.bruno.enrolment.public_id
    for named in (WhatIf.objects.get().public_id, uuid4(), "x"):
        page = why_not(suggested) + f"?mentor={bruno}&answer={named}"
        assert chloe.get(page).status_code == 404


def test_the_pages_ask_the_database_no_more_for_many(four_people: FourPeople, suggested: Suggestion) -> None:
    chloe, bruno = signed_in(four_people.chloe.person), four_people.bruno.enrolment.public_id

    def counts() -> list[int]:
        WhatIf.objects.all().delete()
        mentors = [(m.pk, n.pk) for m, n in zip(*sides(), strict=False)]
        what_if = actions.ask_what_if(
            programme_id=four_people.programme.pk,
            change=Change(forbid=tuple(mentors)),
            client_id=uuid4(),
            actor=four_people.chloe.actor,
            now=NOW,
        )
        actions.answer_what_if(what_if_id=what_if.pk, now=NOW)
        asked = [form_of(four_people), answer_page(), why_not(suggested) + f"?mentor={bruno}"]
        return [queries_of(chloe, page) for page in asked]

    few = counts()
    for number in range(20):
        make_enrolment(programme=four_people.programme, side="mentor", called=f"M{number}")
        make_enrolment(programme=four_people.programme, called=f"N{number}")
    assert counts() == few and max(few) <= MOST


def sides() -> tuple[list[Enrolment], list[Enrolment]]:
    rows = Enrolment.objects.order_by("pk")
    return list(rows.filter(side="mentor")), list(rows.filter(side="newcomer"))


def test_a_caseworker_looks_but_does_not_ask_or_keep(apart: FourPeople) -> None:
    ask(apart, reach_km="400")
    drain()
    carl = signed_in(make_membership(organisation=apart.organisation, role="caseworker").person)
    page = carl.get(answer_page()).content.decode()
    assert "Nobody now, then Bruno." in page and ">Keep<" not in page
    assert carl.post(answer_page("what_if_keep")).status_code == 403
    given = {"client_id": str(uuid4()), "counts": "topics", "weight": "3"}
    assert carl.post(form_of(apart), given).status_code == 422
