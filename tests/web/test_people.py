"""The people pages and the programme pages, for each of the four people."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from backend.core import clock
from backend.core.audit import AuditEntry
from backend.people.models import Consent
from backend.profiles.models import Contact, Profile
from backend.programmes.models import Programme
from backend.safeguarding.models import Clearance, Restriction
from tests.factories import make_enrolment, make_membership, make_profile, make_programme, make_town
from tests.factories.people import FourPeople
from tests.support.queries import MOST, queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def chloe(client: Client, four_people: FourPeople) -> Client:
    client.force_login(four_people.chloe.person)
    return client


def new_person(**changes: Any) -> dict[str, Any]:
    """What a coordinator types for a newcomer; the programme is added by the test."""
    return {
        "registered_on": "2026-11-02",
        "full_name": "Yonas Haile",
        "born": "1992",
        "phone": "+49 151 23456789",
        "town": "Roding",
        "reach_km": "15",
        "slots": ["mon:evening"],
        "topics_wanted": ["school"],
        "language_1": "ti",
        "level_1": "native",
        "language_2": "de",
        "level_2": "A1",
        "reads_2": "no",
        "channel": "in_person",
        "language": "ti",
        "interpreter": "Ms Tesfay",
        "speaks": "en",
        "keep": "on",
    } | changes


def pages(four: FourPeople) -> list[str]:
    """Every page about Amina, Bruno and their programme that opens with GET."""
    amina, bruno = four.amina, four.bruno
    of_person = ["person", "person_edit", "person_contact", "person_clearance", "person_restriction"]
    of_person += ["person_household", "person_enrol"]
    return [
        *(reverse(name, args=[who.profile.public_id]) for name in of_person for who in (amina, bruno)),
        reverse("person_talk", args=[amina.profile.public_id, amina.enrolment.public_id]),
        reverse("programme", args=[four.programme.public_id]),
        reverse("programme_edit", args=[four.programme.public_id]),
    ]


def test_chloe_opens_every_page(chloe: Client, four_people: FourPeople) -> None:
    everywhere = [*pages(four_people), reverse("people"), reverse("person_new"), reverse("programmes")]
    everywhere += [reverse("person_new") + "?side=mentor", reverse("programme_new")]
    assert {url: chloe.get(url).status_code for url in everywhere} == dict.fromkeys(everywhere, 200)


def test_nobody_else_learns_that_the_pages_exist(client: Client, four_people: FourPeople) -> None:
    for who in (four_people.amina, four_people.bruno, four_people.dario):
        client.force_login(who.person)
        found = {url: client.get(url).status_code for url in pages(four_people)}
        assert found == dict.fromkeys(found, 404)


def test_a_page_about_oneself_is_not_a_case(client: Client, four_people: FourPeople) -> None:
    for who in (four_people.amina, four_people.bruno):
        client.force_login(who.person)
        assert client.get(reverse("people")).status_code == 404


def test_dario_sees_his_own_people_alone(client: Client, four_people: FourPeople) -> None:
    client.force_login(four_people.dario.person)
    answer = client.get(reverse("people"))
    assert answer.context["page"].paginator.count == 0
    assert "Amina" not in answer.content.decode()


def test_changes_are_not_made_by_opening_a_link(chloe: Client, four_people: FourPeople) -> None:
    bruno = four_people.bruno
    both = [bruno.profile.public_id, bruno.enrolment.public_id]
    for name, args in (
        ("person_change", both),
        ("person_capacity", both),
        ("programme_open", [four_people.programme.public_id]),
        ("programme_close", [four_people.programme.public_id]),
    ):
        assert chloe.get(reverse(name, args=args)).status_code == 405


def test_lists_take_the_same_queries_for_one_and_for_three(chloe: Client, four_people: FourPeople) -> None:
    four_people.bruno.enrolment.delete()
    four_people.bruno.profile.delete()
    urls = [reverse("people"), reverse("programmes")]
    for_one = [queries_of(chloe, url) for url in urls]
    for number in range(2):
        other = make_programme(organisation=four_people.organisation)
        newcomer = make_enrolment(programme=four_people.programme, ready=False)
        mentor = make_enrolment(programme=other, side="mentor", cleared=bool(number))
        for profile in (newcomer.profile, mentor.profile):
            profile.contacts.create(by=four_people.chloe.person, at=clock.now(), channel="phone")
    assert [queries_of(chloe, url) for url in urls] == for_one
    assert max(for_one) <= MOST


def test_a_search_finds_by_name_need_and_side(chloe: Client, four_people: FourPeople) -> None:
    make_enrolment(programme=four_people.programme, called="Łucja", ready=False)

    def found(query: str) -> list[str]:
        return [line.profile.called for line in chloe.get(reverse("people") + query).context["lines"]]

    assert found("") == ["Amina", "Bruno", "Łucja"]
    assert found("?q=lucja") == ["Łucja"]
    assert found("?need=talk") == ["Łucja"]
    assert found("?side=mentor") == ["Bruno"]
    assert found("?state=ready") == ["Amina"]
    assert found("?side=nonsense&need=nonsense&page=99&programme=nonsense") == ["Amina", "Bruno", "Łucja"]
    assert found("?q=nobody+at+all") == []


def test_opening_a_file_is_written_down_once(chloe: Client, four_people: FourPeople) -> None:
    chloe.get(reverse("person", args=[four_people.amina.profile.public_id]))
    entry = AuditEntry.objects.get(act="profile_read")
    assert (entry.about_id, entry.person_id) == (
        four_people.amina.profile.public_id,
        four_people.chloe.person.pk,
    )


def test_the_title_of_a_file_names_nobody(chloe: Client, four_people: FourPeople) -> None:
    page = chloe.get(reverse("person", args=[four_people.amina.profile.public_id])).content.decode()
    assert "Amina" not in page[page.index("<title>") : page.index("</title>")]
    assert "Amina Haddad" in page


def test_a_newcomer_is_taken_in_with_how_it_was_asked(chloe: Client, four_people: FourPeople) -> None:
    typed = new_person(programme=str(four_people.programme.public_id))
    answer = chloe.post(reverse("person_new") + "?side=newcomer", typed)
    profile = Profile.objects.get(full_name="Yonas Haile")
    assert answer.headers["Location"] == reverse("person", args=[profile.public_id])
    assert (profile.phone, profile.born, profile.town.name) == ("+4915123456789", "1992", "Roding")
    assert [(row.tag, row.level, row.reads) for row in profile.languages.all()] == [
        ("ti", "native", None),
        ("de", "A1", False),
    ]
    enrolment = profile.enrolments.get()
    assert (enrolment.side, enrolment.state) == ("newcomer", "registered")
    contact = Contact.objects.get(profile=profile)
    assert (contact.channel, contact.language, contact.interpreter) == ("in_person", "ti", "Ms Tesfay")
    consent = Consent.objects.get(person=profile.person)
    assert (consent.purpose, consent.given, consent.interpreter) == ("profile", True, "Ms Tesfay")
    file = chloe.get(answer.headers["Location"]).content.decode()
    assert "The first talk is still open" in file


def test_nothing_is_kept_without_a_yes(chloe: Client, four_people: FourPeople) -> None:
    typed = new_person(programme=str(four_people.programme.public_id))
    del typed["keep"]
    answer = chloe.post(reverse("person_new"), typed)
    assert list(answer.context["form"].errors) == ["keep"]
    assert Profile.objects.count() == 2


def test_what_cannot_be_read_is_said_at_the_field(chloe: Client, four_people: FourPeople) -> None:
    typed = new_person(programme=str(four_people.programme.public_id), born="long ago", town="Xyzzy")
    form = chloe.post(reverse("person_new"), typed).context["form"]
    assert list(form.errors) == ["town"]
    form = chloe.post(reverse("person_new"), typed | {"town": "", "phone": "none"}).context["form"]
    assert sorted(form.errors) == ["born", "phone"]


def test_somebody_like_this_is_shown_before_a_second_file_is_made(
    chloe: Client, four_people: FourPeople
) -> None:
    typed = new_person(programme=str(four_people.programme.public_id))
    known = make_profile(
        organisation=four_people.organisation, full_name="Yonas Haile", phone="+4915123456789"
    )
    answer = chloe.post(reverse("person_new"), typed)
    assert answer.context["alike"] == [known]
    assert Profile.objects.filter(full_name="Yonas Haile").count() == 1
    chloe.post(reverse("person_new"), typed | {"is_another": "on"})
    assert Profile.objects.filter(full_name="Yonas Haile").count() == 2


def test_somebody_known_elsewhere_is_not_betrayed(chloe: Client, four_people: FourPeople) -> None:
    make_profile(organisation=four_people.elsewhere, full_name="Yonas Haile", phone="+4915123456789")
    typed = new_person(programme=str(four_people.programme.public_id))
    assert chloe.post(reverse("person_new"), typed).status_code == 302


def test_a_town_that_may_be_two_is_asked_about(chloe: Client, four_people: FourPeople) -> None:
    one, other = make_town("Neustadt", at=(49.3, 8.1)), make_town("Neustadt ", at=(50.7, 11.7))
    other.name = "Neustadt"
    other.save()
    other.names.update(name="Neustadt", folded="neustadt")
    typed = new_person(programme=str(four_people.programme.public_id), town="Neustadt")
    form = chloe.post(reverse("person_new"), typed).context["form"]
    assert list(form.errors) == ["town_id"]
    assert sorted(value for value, _label in form.fields["town_id"].choices) == sorted([one.pk, other.pk])
    chloe.post(reverse("person_new"), typed | {"town_id": other.pk})
    assert Profile.objects.get(full_name="Yonas Haile").town == other


def test_an_edit_keeps_what_it_does_not_ask(chloe: Client, four_people: FourPeople) -> None:
    profile = four_people.amina.profile
    Profile.objects.filter(pk=profile.pk).update(topics_offered=["work"])
    profile.languages.filter(tag="ar").update(variety="Levantine")
    url = reverse("person_edit", args=[profile.public_id])
    form = chloe.get(url).context["form"]
    typed = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    typed = {name: value for name, value in typed.items() if value not in (None, False)}
    assert chloe.post(url, typed | {"notes": "likes cycling"}).status_code == 302
    after = Profile.objects.get(pk=profile.pk)
    assert (after.notes, after.topics_offered, after.town) == ("likes cycling", ["work"], profile.town)
    assert after.languages.get(tag="ar").variety == "Levantine"
    acts = AuditEntry.objects.filter(about_id=profile.public_id).order_by("id").values_list("act", flat=True)
    assert list(acts) == ["profile_read", "profile_changed"]


def test_a_talk_makes_ready_from_the_page(chloe: Client, four_people: FourPeople) -> None:
    waiting = make_enrolment(programme=four_people.programme, ready=False)
    url = reverse("person_talk", args=[waiting.profile.public_id, waiting.public_id])
    typed = {"held_on": clock.now().date().isoformat(), "channel": "phone", "language": "ar"}
    yes = dict.fromkeys(["mentoring_understood", "avoid_asked", "consent_given"], "on")
    assert chloe.post(url, typed | yes).status_code == 302
    waiting.refresh_from_db()
    assert waiting.state == "ready"


def test_a_refusal_stands_at_the_form(chloe: Client, four_people: FourPeople) -> None:
    url = reverse("person_clearance", args=[four_people.bruno.profile.public_id])
    answer = chloe.post(url, {"kind": "police_check", "seen_on": "2999-01-01"})
    assert "Choose today or a day before" in answer.content.decode()
    assert chloe.post(url, {"kind": "training", "seen_on": "2026-01-05"}).status_code == 302
    assert Clearance.objects.filter(profile=four_people.bruno.profile, kind="training").exists()


def test_a_contact_promises_a_call_and_the_call_is_ticked(chloe: Client, four_people: FourPeople) -> None:
    profile = four_people.amina.profile
    url = reverse("person_contact", args=[profile.public_id])
    chloe.post(url, {"channel": "phone", "note": "not at home", "call_back_on": "2999-01-01"})
    promise = Contact.objects.get(profile=profile)
    chloe.post(reverse("person_call_made", args=[profile.public_id, promise.public_id]))
    promise.refresh_from_db()
    assert promise.called_back_at is not None


def test_a_contact_of_somebody_else_is_not_found(chloe: Client, four_people: FourPeople) -> None:
    other = four_people.bruno.profile.contacts.create(
        by=four_people.chloe.person, at=clock.now(), channel="phone"
    )
    for contact_id in (other.public_id, uuid4()):
        url = reverse("person_call_made", args=[four_people.amina.profile.public_id, contact_id])
        assert chloe.post(url).status_code == 404


def test_two_are_kept_apart_and_may_meet_again(chloe: Client, four_people: FourPeople) -> None:
    amina, bruno = four_people.amina.profile, four_people.bruno.profile
    url = reverse("person_restriction", args=[amina.public_id])
    assert chloe.post(url, {"other": str(bruno.public_id), "why": "a quarrel"}).status_code == 302
    restriction = Restriction.objects.get()
    assert "a quarrel" in chloe.get(reverse("person", args=[bruno.public_id])).content.decode()
    lift = reverse("person_restriction_lift", args=[amina.public_id, restriction.public_id])
    assert chloe.post(lift).status_code == 302
    assert not Restriction.objects.exists()


def test_people_are_put_in_a_household_and_in_a_programme(chloe: Client, four_people: FourPeople) -> None:
    sister = make_profile(organisation=four_people.organisation, called="Lina")
    chloe.post(
        reverse("person_household", args=[sister.public_id]),
        {"other": str(four_people.amina.profile.public_id)},
    )
    typed = {"programme": str(four_people.programme.public_id), "side": "newcomer", "capacity": 1}
    assert chloe.post(reverse("person_enrol", args=[sister.public_id]), typed).status_code == 302
    sister.refresh_from_db()
    assert sister.household is not None
    assert sister.enrolments.get().state == "registered"


def test_a_volunteer_pauses_and_has_room_for_two(chloe: Client, four_people: FourPeople) -> None:
    bruno = four_people.bruno
    args = [bruno.profile.public_id, bruno.enrolment.public_id]
    chloe.post(reverse("person_capacity", args=args), {"capacity": 2})
    chloe.post(reverse("person_change", args=args), {"verb": "pause", "why": "holidays"})
    bruno.enrolment.refresh_from_db()
    assert (bruno.enrolment.capacity, bruno.enrolment.state) == (2, "paused")
    assert bruno.enrolment.events.get().why == "holidays"
    assert chloe.post(reverse("person_change", args=args), {"verb": "make_ready"}).status_code == 400
    assert chloe.post(reverse("person_capacity", args=args), {"capacity": 0}).status_code == 400


def test_minors_are_kept_and_the_file_says_what_that_means(chloe: Client, four_people: FourPeople) -> None:
    young = make_enrolment(programme=four_people.programme, born=str(clock.now().year - 15)).profile
    page = chloe.get(reverse("person", args=[young.public_id])).content.decode()
    assert "Under 18. This file is kept, but nobody is suggested." in page


def test_a_programme_is_made_changed_opened_and_closed(chloe: Client, four_people: FourPeople) -> None:
    typed = {
        "name": "Job mentors",
        "kind": "job",
        "cadence": "weekly",
        "duration_weeks": 20,
        "asks_first": "newcomer",
        "offer_days": 5,
        "reminder_days": 2,
        "first_check_ins": "14, 28",
        "check_in_every_days": 30,
        "objective": "coverage",
        "requirements": ["police_check"],
    }
    assert chloe.post(reverse("programme_new"), typed).status_code == 302
    made = Programme.objects.get(name="Job mentors")
    url = reverse("programme", args=[made.public_id])
    weights = {f"weight_{name}": 1 for name in ("languages", "hours", "way", "topics", "gender", "waiting")}
    must = {"require_languages": "A2", "require_hours": 1, "require_way": "either"}
    edit = reverse("programme_edit", args=[made.public_id])
    assert chloe.post(edit, typed | weights | must | {"requirements": ["training"]}).status_code == 302
    assert list(made.requirements.values_list("kind", flat=True)) == ["training"]
    refused = chloe.post(reverse("programme_open", args=[made.public_id]))
    assert refused.status_code == 409
    assert "two people for safeguarding" in refused.content.decode()
    for _person in range(2):
        make_membership(organisation=four_people.organisation, role="safeguarding")
    assert chloe.post(reverse("programme_open", args=[made.public_id])).headers["Location"] == url
    assert chloe.post(reverse("programme_close", args=[made.public_id])).headers["Location"] == url


def test_a_caseworker_reads_programmes_and_does_not_change_them(
    client: Client, four_people: FourPeople
) -> None:
    client.force_login(make_membership(organisation=four_people.organisation, role="caseworker").person)
    args = [four_people.programme.public_id]
    assert client.get(reverse("programme", args=args)).status_code == 200
    assert client.get(reverse("programme_edit", args=args)).status_code == 403
    assert client.get(reverse("programme_new")).status_code == 403
    assert client.post(reverse("programme_close", args=args)).status_code == 403
