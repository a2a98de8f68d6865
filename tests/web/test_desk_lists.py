"""Where suggestions stand in the list, the way back after each decision, and sending a batch."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from backend.core import clock
from backend.pairings import actions
from backend.pairings.enums import DeclineReason
from backend.pairings.models import MatchRun, MentorChoice, Offer, Suggestion, SuggestionComment, Unmatched
from backend.pairings.rules import UNDO
from backend.profiles.models import Contact, Profile
from backend.programmes.models import Enrolment
from backend.safeguarding.models import Clearance
from tests.factories import NOW, TODAY, make_enrolment, make_membership
from tests.factories.people import FourPeople, signed_in
from tests.support.queries import MOST, queries_of

pytestmark = pytest.mark.usefixtures("at_nine")


def suggestion_of(people: FourPeople, *, mentor: Enrolment, newcomer: Enrolment, **fields) -> Suggestion:
    return Suggestion.objects.create(
        programme=people.programme,
        mentor=mentor,
        newcomer=newcomer,
        **{"examined_at": NOW, "share": 0.8} | fields,
    )


def pairs(people: FourPeople, *names: str, **fields) -> list[Suggestion]:
    """A suggestion for each name, the first has waited longest."""
    return [
        suggestion_of(
            people,
            mentor=make_enrolment(programme=people.programme, side="mentor", called=f"Mentor of {name}"),
            newcomer=make_enrolment(
                programme=people.programme,
                called=name,
                registered_on=TODAY - timedelta(days=90 - number),
            ),
            **fields,
        )
        for number, name in enumerate(names)
    ]


@pytest.fixture
def chloe(four_people: FourPeople) -> Client:
    return signed_in(four_people.chloe.person)


@pytest.fixture
def amina(four_people: FourPeople) -> Suggestion:
    return suggestion_of(
        four_people, mentor=four_people.bruno.enrolment, newcomer=four_people.amina.enrolment
    )


def of(name: str, suggestion: Suggestion) -> str:
    return reverse(f"desk:{name}", args=[suggestion.public_id])


def in_programme(name: str, people: FourPeople) -> str:
    return reverse(f"desk:{name}", args=[people.programme.public_id])


def listed(client: Client, show: str = "", **more: str) -> str:
    return client.get(reverse("desk:list"), {"show": show, **more}).content.decode()


def test_each_list_shows_its_own_and_all_show_the_numbers(four_people: FourPeople, chloe: Client) -> None:
    rows = dict(
        zip(
            ["look", "call", "later", "send"],
            pairs(four_people, *["Ada", "Bea", "Cleo", "Dora"]),
            strict=True,
        )
    )
    chloe.post(of("call_first", rows["call"]))
    chloe.post(of("put_off", rows["later"]), {"comes_back": "7"})
    chloe.post(of("stage", rows["send"]))
    for show, suggestion in rows.items():
        page = listed(chloe, show)
        own = suggestion.newcomer.profile.full_name
        assert f'href="{of("detail", suggestion)}"' in page and own in page
        for other in rows.values():
            assert other == suggestion or f'href="{of("detail", other)}"' not in page
        assert page.count('<span class="count">1</span>') >= 4
    assert "back on 28 November" in listed(chloe, "later")


def test_what_was_put_off_is_to_be_looked_at_on_its_day(
    four_people: FourPeople, amina: Suggestion, chloe: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    chloe.post(of("put_off", amina), {"comes_back": "day", "day": "2026-11-30"})
    assert of("detail", amina) not in listed(chloe)
    day = NOW + timedelta(days=9)
    monkeypatch.setattr(clock, "now", lambda: day)
    assert of("detail", amina) in listed(signed_in(four_people.chloe.person))


@pytest.mark.parametrize(
    "said", [{}, {"comes_back": "day"}, {"comes_back": "day", "day": "x"}, {"comes_back": "0"}]
)
def test_putting_off_needs_a_day(amina: Suggestion, chloe: Client, said: dict[str, str]) -> None:
    refused = chloe.post(of("put_off", amina), said)
    assert (refused.status_code, "<title>Error:" in refused.content.decode()) == (422, True)
    amina.refresh_from_db()
    assert amina.aside == ""


def test_a_day_that_is_over_is_refused_with_a_sentence(amina: Suggestion, chloe: Client) -> None:
    refused = chloe.post(of("put_off", amina), {"comes_back": "day", "day": "2026-11-21"})
    assert (refused.status_code, "Choose a day from tomorrow on." in refused.content.decode()) == (400, True)


SAID = {
    "approve": ({}, "Amina and Bruno: approved. Bruno is asked in half a minute."),
    "decline": ({"reason": "way"}, "Amina and Bruno: declined. Nobody is told, and both keep their place."),
    "call_first": ({}, "Amina and Bruno: call first. The call stands on Today."),
    "put_off": ({"comes_back": "7"}, "Amina and Bruno: put off until 28 November."),
    "stage": ({}, "Amina and Bruno: on the list to send."),
}


@pytest.mark.parametrize("verb", SAID)
def test_after_a_decision_a_line_says_it_and_offers_the_way_back(
    amina: Suggestion, chloe: Client, verb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    form, said = SAID[verb]
    page = chloe.post(of(verb, amina), form | {"seen": "0"}, follow=True)
    text = page.content.decode()
    assert said in text and of("undo", amina) in text and 'data-key="z"' in text
    late = chloe.get(page.request["PATH_INFO"], {"done": amina.public_id})
    monkeypatch.setattr(clock, "now", lambda: NOW + UNDO)
    assert said not in chloe.get(page.request["PATH_INFO"], {"done": amina.public_id}).content.decode()
    monkeypatch.setattr(clock, "now", lambda: NOW + UNDO / 2)
    assert late.status_code == 200
    undone = chloe.post(of("undo", amina), {"seen": "1"}, follow=True).content.decode()
    assert "Amina and Bruno: taken back, as if nothing had happened." in undone
    assert of("approve", amina) in undone
    amina.refresh_from_db()
    assert (amina.state, amina.aside, Offer.objects.count()) == ("proposed", "", 0)
    assert not Contact.objects.exists()


def test_the_way_back_is_shown_to_whoever_decided_alone(
    four_people: FourPeople, amina: Suggestion, chloe: Client
) -> None:
    chloe.post(of("call_first", amina))
    ines = signed_in(make_membership(organisation=four_people.organisation).person)
    page = ines.get(reverse("desk:list"), {"done": amina.public_id}).content.decode()
    assert of("undo", amina) not in page
    for wrong in ("x", str(uuid4())):
        assert chloe.get(reverse("desk:list"), {"done": wrong}).status_code == 200


@pytest.mark.parametrize("verb", ["approve", "decline", "put_off", "stage", "bring_back"])
def test_an_old_page_is_told_who_was_faster_and_changes_nothing(
    four_people: FourPeople, amina: Suggestion, chloe: Client, verb: str
) -> None:
    ines = signed_in(make_membership(organisation=four_people.organisation).person)
    chloe.post(of("call_first", amina), {"seen": "0"})
    answer = ines.post(of(verb, amina), {"seen": "0", "reason": "way", "comes_back": "7"})
    assert answer.status_code == 409
    assert "Chloé Martin wants to call first" in answer.content.decode()
    amina.refresh_from_db()
    assert (amina.aside, amina.state) == ("call", "proposed")


def test_a_search_finds_by_either_name_and_goes_along(four_people: FourPeople, chloe: Client) -> None:
    zoe, maria, second = pairs(four_people, "Zoë", "Maria", "Zoltan")
    page = listed(chloe, q="zo")
    assert of("detail", zoe) in page and of("detail", second) in page and of("detail", maria) not in page
    assert f'href="{of("detail", zoe)}?q=zo"' in page
    assert of("detail", maria) in listed(chloe, q="mentor of maria")
    after = chloe.post(of("approve", zoe) + "?q=zo")
    assert after["Location"] == f"{of('detail', second)}?q=zo&done={zoe.public_id}"
    assert "Nobody of this name here" in listed(chloe, q="Nobody")


def test_empty_lists_say_what_they_are_for(four_people: FourPeople, chloe: Client) -> None:
    for show, said in {
        "look": "All decided",
        "call": "Nobody to call first",
        "later": "Nothing is put off",
        "send": "Nothing on the list to send",
        "nonsense": "All decided",
    }.items():
        assert said in listed(chloe, show)


def test_colleagues_read_comments_and_what_happened(
    four_people: FourPeople, amina: Suggestion, chloe: Client
) -> None:
    said = {"client_id": str(uuid4()), "text": "She prefers mornings."}
    for _twice in range(2):
        assert chloe.post(of("comment", amina), said).status_code == 302
    assert SuggestionComment.objects.count() == 1
    actions.call_first(suggestion_id=amina.pk, actor=four_people.chloe.actor, now=NOW)
    carl = signed_in(make_membership(organisation=four_people.organisation, role="caseworker").person)
    page = carl.get(of("detail", amina)).content.decode()
    for words in ("She prefers mornings.", "Chloé Martin", "by Chloé Martin", "Call first"):
        assert words in page
    assert chloe.post(of("comment", amina), said | {"text": " "}).status_code == 422


def test_a_colleague_who_is_one_of_the_two_reads_no_comments(
    four_people: FourPeople, amina: Suggestion, chloe: Client
) -> None:
    chloe.post(of("comment", amina), {"client_id": str(uuid4()), "text": "Bruno talks much."})
    make_membership(organisation=four_people.organisation, person=four_people.bruno.person)
    page = signed_in(four_people.bruno.person).get(of("detail", amina)).content.decode()
    assert "Bruno talks much." not in page and of("approve", amina) not in page


def test_why_not_somebody_else_stands_there_for_both(
    four_people: FourPeople, amina: Suggestion, chloe: Client
) -> None:
    run = MatchRun.objects.create(
        programme=four_people.programme, state="done", asked_at=NOW, finished_at=NOW
    )
    mentors = {
        name: make_enrolment(programme=four_people.programme, side="mentor", called=name)
        for name in ("Ilse", "Karl", "Lena", "Otto")
    }
    costs = {
        "Ilse": {"newcomers": 2, "fit": 0.0},
        "Karl": {"newcomers": 0, "fit": 1.3},
        "Lena": {"newcomers": 0, "fit": 0.0},
        "Otto": None,
    }
    amina.alternatives = [
        {"mentor": mentors[name].pk, "fit": 1.0, "share": 0.6, "regret": regret}
        for name, regret in costs.items()
    ]
    amina.save(update_fields=["alternatives"])
    selam = make_enrolment(programme=four_people.programme, called="Selam")
    gone = make_enrolment(programme=four_people.programme, called="Gone", state="ended")
    MentorChoice.objects.create(
        run=run,
        mentor=four_people.bruno.enrolment,
        newcomers=[{"newcomer": e.pk, "fit": 1, "share": 0.5} for e in (selam, gone)],
    )
    page = chloe.get(of("detail", amina)).content.decode()
    for words in (
        "Ilse would suit too, but choosing Ilse costs at least 2 other matches.",
        "Choosing Karl costs the whole plan at least 1.3 points.",
        "Choosing Lena would be as good for everybody.",
        "Otto Example",
        "Others for Bruno",
        "Selam Example",
    ):
        assert words in page
    assert "Gone Example" not in page


def test_mentors_with_a_free_place_and_whom_they_could_meet(
    four_people: FourPeople, amina: Suggestion, chloe: Client
) -> None:
    run = MatchRun.objects.create(
        programme=four_people.programme, state="done", asked_at=NOW, finished_at=NOW
    )
    selam = make_enrolment(programme=four_people.programme, called="Selam")
    MentorChoice.objects.create(
        run=run,
        mentor=four_people.bruno.enrolment,
        newcomers=[
            {"newcomer": pk, "fit": 1, "share": 0.5} for pk in (selam.pk, four_people.amina.enrolment.pk)
        ],
    )
    full = make_enrolment(programme=four_people.programme, side="mentor", called="Full")
    Enrolment.objects.filter(pk=full.pk).update(capacity=0)
    page = chloe.get(in_programme("mentors", four_people)).content.decode()
    for words in ("Bruno Keller", "1 of 1 place free", "Amina and Bruno", "Selam Example"):
        assert words in page
    assert "Full Example" not in page
    chosen = f"?newcomer={selam.public_id}&mentor={four_people.bruno.enrolment.public_id}"
    assert escape(in_programme("by_hand", four_people) + chosen) in page
    Enrolment.objects.filter(side="mentor").update(state="ended")
    assert "No mentor has a free place" in chloe.get(in_programme("mentors", four_people)).content.decode()


def ready_to_send(people: FourPeople) -> MatchRun:
    """Two on the list, one suggested, one whom the last run left alone, and what would help."""
    advice = [
        {
            "language": "ti",
            "town": "Roding",
            "hours": "tue:evening",
            "gender": "f",
            "could_meet": 9,
            "more_matched": 7,
        },
        {"language": "", "town": "", "hours": "flexible", "gender": "", "could_meet": 1, "more_matched": 1},
        {"language": "so", "town": "", "hours": "", "gender": "", "could_meet": 3, "more_matched": 0},
    ]
    run = MatchRun.objects.create(
        programme=people.programme, state="done", asked_at=NOW, finished_at=NOW, advice=advice
    )
    one, two, _three = pairs(people, "Ada", "Bea", "Cleo")
    for row in (one, two):
        actions.stage_suggestion(suggestion_id=row.pk, actor=people.chloe.actor, now=NOW)
    Unmatched.objects.create(
        run=run,
        newcomer=people.amina.enrolment,
        feasible=0,
        reasons=[{"refusal": "languages", "excludes": 4, "alone": 2}],
    )
    return run


def shown(page: str) -> list[str]:
    return re.findall(r'name="suggestion" value="([^"]+)"', page)


def test_before_a_batch_goes_out_the_page_says_who_is_left_and_what_would_help(
    four_people: FourPeople, chloe: Client
) -> None:
    ready_to_send(four_people)
    page = chloe.get(in_programme("release", four_people)).content.decode()
    for words in (
        "newcomers wait",
        "80 %",
        "Ada and Mentor of Ada",
        "Amina Haddad",
        "4 mentors share no language well enough.",
        "One mentor in Roding who speaks Tigrinya would match 7 people.",
        "Free on Tuesday evening · A woman",
        "One more mentor would match 1 person.",
        "With hours that change",
        "By language",
        "By town",
        "By the wish for a woman or a man",
    ):
        assert words in page, words
    assert "Somali" not in page
    assert len(shown(page)) == 2


def test_a_batch_is_sent_reported_and_taken_back_as_one(four_people: FourPeople, chloe: Client) -> None:
    ready_to_send(four_people)
    release = in_programme("release", four_people)
    ids = shown(chloe.get(release).content.decode())
    blocked = Suggestion.objects.staged().order_by("pk")[1]
    Clearance.objects.filter(profile=blocked.mentor.profile).delete()
    sent = chloe.post(release, {"suggestion": ids}, follow=True)
    page = sent.content.decode()
    for words in ("1 goes out in half a minute.", "Could not go", "The mentor is not cleared.", "Undo all"):
        assert words in page
    assert Offer.objects.count() == 1
    undone = chloe.post(in_programme("release_undo", four_people), {"at": sent.context["at"]}, follow=True)
    assert "1 was taken back. It is on the list to send again." in undone.content.decode()
    assert (Offer.objects.count(), Suggestion.objects.staged().count()) == (0, 2)


def test_taking_a_batch_back_too_late_says_so(
    four_people: FourPeople, chloe: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready_to_send(four_people)
    release = in_programme("release", four_people)
    sent = chloe.post(release, {"suggestion": shown(chloe.get(release).content.decode())}, follow=True)
    monkeypatch.setattr(clock, "now", lambda: NOW + UNDO)
    assert "Undo all" not in chloe.get(release, {"at": sent.context["at"]}).content.decode()
    late = chloe.post(in_programme("release_undo", four_people), {"at": sent.context["at"]}, follow=True)
    assert "The half minute is over" in late.content.decode()
    assert Offer.objects.count() == 2
    for wrong in ("", "x", "2026-11-21", "2026-99-99T00:00:00+00:00"):
        assert chloe.post(in_programme("release_undo", four_people), {"at": wrong}).status_code == 302


def test_the_second_coordinator_who_sends_the_same_batch_is_told(
    four_people: FourPeople, chloe: Client
) -> None:
    ready_to_send(four_people)
    release = in_programme("release", four_people)
    ids = shown(chloe.get(release).content.decode())
    ines = signed_in(make_membership(organisation=four_people.organisation).person)
    chloe.post(release, {"suggestion": ids})
    told = ines.post(release, {"suggestion": ids})
    assert (told.status_code, "Chloé Martin approved this" in told.content.decode()) == (409, True)
    assert Offer.objects.count() == 2


def test_a_caseworker_looks_and_sends_nothing(four_people: FourPeople) -> None:
    ready_to_send(four_people)
    carl = signed_in(make_membership(organisation=four_people.organisation, role="caseworker").person)
    page = carl.get(in_programme("release", four_people)).content.decode()
    assert "Ada and Mentor of Ada" in page and shown(page) == []
    assert carl.post(in_programme("release", four_people)).status_code == 403
    assert Offer.objects.count() == 0


def test_the_lists_ask_the_same_number_of_questions_for_one_and_many(
    four_people: FourPeople, amina: Suggestion, chloe: Client
) -> None:
    run = ready_to_send(four_people)
    lists = [f"{reverse('desk:list')}?show={show}" for show in ("look", "send")] + [
        in_programme(name, four_people) for name in ("mentors", "release")
    ]
    choose(run)
    one = [queries_of(chloe, page) for page in lists]
    for row in pairs(four_people, *(f"More {n}" for n in range(24))):
        actions.stage_suggestion(suggestion_id=row.pk, actor=four_people.chloe.actor, now=NOW)
    pairs(four_people, *(f"Look {n}" for n in range(24)))
    for number in range(24):
        alone = make_enrolment(programme=four_people.programme, called=f"Alone {number}")
        Unmatched.objects.create(run=run, newcomer=alone, feasible=0)
    choose(run)
    assert [queries_of(chloe, page) for page in lists] == one
    assert max(one) <= MOST, one


def choose(run: MatchRun) -> None:
    """Every mentor could meet every newcomer."""
    MentorChoice.objects.filter(run=run).delete()
    enrolments = Enrolment.objects.filter(programme=run.programme)
    newcomers = [{"newcomer": e.pk, "fit": 1, "share": 0.5} for e in enrolments.newcomers()[:5]]
    MentorChoice.objects.bulk_create(
        MentorChoice(run=run, mentor=mentor, newcomers=newcomers) for mentor in enrolments.mentors()
    )


def test_a_decline_is_learned_from_and_an_undone_one_is_not(
    four_people: FourPeople, amina: Suggestion, chloe: Client
) -> None:
    chloe.post(of("decline", amina), {"reason": "hours"})
    rows = Suggestion.objects.filter(state="declined")
    assert list(rows.values_list("decline_reason", flat=True)) == [DeclineReason.HOURS]
    chloe.post(of("undo", amina))
    assert not rows.exists()
    assert Profile.objects.filter(pk=four_people.amina.profile.pk).exists()
