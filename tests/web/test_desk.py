"""The desk, as the four people meet it: looking, deciding, two at once, by hand, answers by phone."""

import pytest
from django.urls import reverse

from backend.core.audit import AuditEntry
from backend.pairings import actions
from backend.pairings.enums import DeclineReason, OfferState, RunState, SuggestionState
from backend.pairings.models import MatchRun, Offer, PairingEvent, Suggestion
from backend.programmes.models import Enrolment
from tests.factories import NOW, make_enrolment, make_membership, make_programme
from tests.factories.offers import sent_offer
from tests.factories.people import FourPeople, signed_in
from tests.support.queries import MOST, queries_of

pytestmark = pytest.mark.usefixtures("at_nine")


VERBS = ["approve", "decline", "call_first", "put_off", "bring_back", "stage", "unstage", "undo", "comment"]


def run_matching(people: FourPeople) -> None:
    run = actions.request_run(programme_id=people.programme.pk, actor=people.chloe.actor, now=NOW)
    actions.run_matching(run_id=run.pk, now=NOW)


@pytest.fixture
def matched(four_people: FourPeople) -> FourPeople:
    run_matching(four_people)
    return four_people


def the_suggestion() -> Suggestion:
    return Suggestion.objects.open().get()


def of(name: str, suggestion: Suggestion) -> str:
    return reverse(f"desk:{name}", args=[suggestion.public_id])


def pages(people: FourPeople) -> list[str]:
    suggestion, programme = the_suggestion(), people.programme.public_id
    return [
        of("detail", suggestion),
        reverse("desk:unmatched", args=[programme]),
        reverse("desk:by_hand", args=[programme]),
        reverse("desk:mentors", args=[programme]),
        reverse("desk:release", args=[programme]),
        reverse("desk:list") + f"?programme={programme}",
        reverse("desk:run_state", args=[programme]),
    ]


def test_the_coordinator_sees_who_suits_whom_and_why(matched: FourPeople) -> None:
    page = signed_in(matched.chloe.person).get(reverse("desk:list")).content.decode()
    for words in ("Amina Haddad", "Bruno Keller", "Amina and Bruno", "<b>German</b> A2 with mother tongue"):
        assert words in page
    assert "Bruno does not offer: Practising the language." in page
    assert "waiting 30 days" in page
    assert "<b>2 half-days</b> a week" in page


@pytest.mark.parametrize(("points", "said"), [(1.24, "Adds 1.2 points"), (-0.5, "Takes away 0.5 points")])
def test_what_was_learned_has_words_of_its_own_for_staff_alone(
    matched: FourPeople, points: float, said: str
) -> None:
    suggestion = the_suggestion()
    learned = {"name": "learned", "value": points, "weight": 1.0, "contribution": points, "unknown": False}
    suggestion.parts = [*suggestion.parts, learned]
    suggestion.save(update_fields=["parts"])
    page = signed_in(matched.chloe.person).get(of("detail", suggestion)).content.decode()
    assert '<span class="row-title">What was decided before</span>' in page and said in page
    offer = sent_offer(suggestion_id=suggestion.pk, actor=matched.chloe.actor, now=NOW)
    actions.accept_offer(offer_id=offer.pk, actor=matched.bruno.actor, now=NOW)
    for who in (matched.bruno, matched.amina):
        for url in (reverse("offers:detail", args=[offer.public_id]), f"/api/v1/offers/{offer.public_id}/"):
            seen = signed_in(who.person).get(url).content.decode()
            assert "decided before" not in seen and "learned" not in seen and str(suggestion.fit) not in seen


def test_every_named_part_of_the_fit_stands_in_words(matched: FourPeople) -> None:
    page = signed_in(matched.chloe.person).get(of("detail", the_suggestion())).content.decode()
    for part in ("Languages", "Time", "Way", "Wishes", "A woman or a man", "Waiting time"):
        assert f'<span class="row-title">{part}</span>' in page


@pytest.mark.parametrize("who", ["dario", "amina", "bruno"])
def test_for_others_the_desk_does_not_exist(matched: FourPeople, who: str) -> None:
    client = signed_in(getattr(matched, who).person)
    for page in pages(matched):
        assert client.get(page).status_code == 404, page
    for verb in VERBS:
        assert client.post(of(verb, the_suggestion())).status_code == 404
    assert client.post(reverse("desk:run", args=[matched.programme.public_id])).status_code == 404
    assert Offer.objects.count() == 0


def test_dario_has_a_desk_of_his_own_without_any_of_this(matched: FourPeople) -> None:
    make_programme(organisation=matched.elsewhere, name="Elsewhere")
    page = signed_in(matched.dario.person).get(reverse("desk:list")).content.decode()
    assert "Elsewhere" in page
    for secret in ("Amina", "Bruno", "Arriving together"):
        assert secret not in page


def test_opening_a_suggestion_is_written_down_for_both(matched: FourPeople) -> None:
    signed_in(matched.chloe.person).get(of("detail", the_suggestion()))
    rows = AuditEntry.objects.order_by("id").values_list("act", "person_id", "about_id")
    chloe = matched.chloe.person.pk
    assert list(rows) == [
        ("read", chloe, matched.amina.profile.public_id),
        ("read", chloe, matched.bruno.profile.public_id),
    ]


def test_approving_sends_the_offer_and_says_who_is_asked(matched: FourPeople) -> None:
    client = signed_in(matched.chloe.person)
    answer = client.post(of("approve", the_suggestion()), follow=True)
    assert "Amina and Bruno: approved. Bruno is asked in half a minute." in answer.content.decode()
    assert Offer.objects.get().state == OfferState.ASKING_FIRST


def test_after_a_decision_the_next_suggestion_follows(four_people: FourPeople) -> None:
    for name in ("Selam", "Olena"):
        make_enrolment(programme=four_people.programme, called=name)
        make_enrolment(programme=four_people.programme, side="mentor", called=f"Mentor of {name}")
    run_matching(four_people)
    rows = list(Suggestion.objects.open().order_by("newcomer__registered_on", "id"))
    client = signed_in(four_people.chloe.person)
    answer = client.post(of("approve", rows[0]))
    assert answer["Location"] == f"{of('detail', rows[1])}?done={rows[0].public_id}"
    answer = client.post(of("decline", rows[1]), {"reason": "hours"})
    assert answer["Location"] == f"{of('detail', rows[2])}?done={rows[1].public_id}"


def test_two_old_pages_the_second_coordinator_is_told(matched: FourPeople) -> None:
    colleague = make_membership(organisation=matched.organisation, name="Second").person
    suggestion = the_suggestion()
    signed_in(matched.chloe.person).post(of("approve", suggestion))
    answer = signed_in(colleague).post(of("approve", suggestion))
    assert answer.status_code == 409
    assert "Chloé Martin approved this" in answer.content.decode()
    assert Offer.objects.count() == 1


def test_a_caseworker_sees_and_does_not_decide(matched: FourPeople) -> None:
    caseworker = make_membership(organisation=matched.organisation, role="caseworker").person
    client, suggestion = signed_in(caseworker), the_suggestion()
    page = client.get(of("detail", suggestion))
    assert page.status_code == 200
    assert of("approve", suggestion) not in page.content.decode()
    assert client.post(of("approve", suggestion)).status_code == 403


def test_declining_needs_a_reason_and_tells_nobody(matched: FourPeople) -> None:
    client, suggestion = signed_in(matched.chloe.person), the_suggestion()
    refused = client.post(of("decline", suggestion))
    assert refused.status_code == 422
    assert "<title>Error:" in refused.content.decode()
    client.post(of("decline", suggestion), {"reason": "way"})
    suggestion.refresh_from_db()
    assert (suggestion.state, suggestion.decline_reason) == (SuggestionState.DECLINED, "way")


def test_a_decided_suggestion_offers_no_decision(matched: FourPeople) -> None:
    client, suggestion = signed_in(matched.chloe.person), the_suggestion()
    client.post(of("approve", suggestion))
    page = client.get(of("detail", suggestion)).content.decode()
    assert "This suggestion has been decided." in page
    assert of("approve", suggestion) not in page


def test_a_matching_is_asked_for_once(four_people: FourPeople) -> None:
    client = signed_in(four_people.chloe.person)
    run = reverse("desk:run", args=[four_people.programme.public_id])
    page = client.post(run, follow=True).content.decode()
    assert "The matching is under way." in page
    assert 'hx-trigger="every 2s"' in page
    assert client.post(run).status_code == 409
    assert MatchRun.objects.get().state == RunState.QUEUED


def test_the_page_asks_until_the_matching_is_done(four_people: FourPeople) -> None:
    client = signed_in(four_people.chloe.person)
    client.post(reverse("desk:run", args=[four_people.programme.public_id]))
    state = reverse("desk:run_state", args=[four_people.programme.public_id])
    assert "every 2s" in client.get(state, headers={"HX-Request": "true"}).content.decode()
    actions.run_matching(run_id=MatchRun.objects.get().pk, now=NOW)
    assert client.get(state, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert client.get(state).status_code == 302


def test_who_got_nobody_stands_there_with_the_reasons(four_people: FourPeople) -> None:
    make_enrolment(programme=four_people.programme, called="Selam", languages=[("ti", "native")])
    run_matching(four_people)
    unmatched = reverse("desk:unmatched", args=[four_people.programme.public_id])
    page = signed_in(four_people.chloe.person).get(unmatched).content.decode()
    assert "Selam Example" in page
    assert "1 mentor shares no language well enough." in page
    assert "For 1 of them this is the only reason." in page


def by_hand(people: FourPeople, mentor: Enrolment) -> tuple[str, dict[str, str]]:
    """The page, and a form that puts Amina and this mentor together."""
    page = reverse("desk:by_hand", args=[people.programme.public_id])
    return page, {"newcomer": str(people.amina.enrolment.public_id), "mentor": str(mentor.public_id)}


def test_by_hand_a_final_refusal_is_shown_before_anything_is_made(four_people: FourPeople) -> None:
    ilse = make_enrolment(programme=four_people.programme, side="mentor", called="Ilse", cleared=False)
    client = signed_in(four_people.chloe.person)
    page, chosen = by_hand(four_people, ilse)
    assert "The mentor is not cleared." in client.get(page, chosen).content.decode()
    refused = client.post(page, chosen | {"anyway": "1"})
    assert refused.status_code == 422
    assert "These two cannot be brought together now" in refused.content.decode()
    assert Suggestion.objects.count() == 0


def test_by_hand_the_worker_finds_the_rest_and_approving_is_asked_once_more(four_people: FourPeople) -> None:
    stranger = make_enrolment(
        programme=four_people.programme, side="mentor", called="Ilse", languages=[("fr", "native")]
    )
    client = signed_in(four_people.chloe.person)
    waiting = client.post(*by_hand(four_people, stranger), follow=True).content.decode()
    assert "We are looking at how these two fit." in waiting
    suggestion = the_suggestion()
    assert of("approve", suggestion) not in waiting
    asking = {"HX-Request": "true"}
    assert "HX-Refresh" not in client.get(of("detail", suggestion), headers=asking)
    actions.examine_suggestion(suggestion_id=suggestion.pk, now=NOW)
    assert client.get(of("detail", suggestion), headers=asking)["HX-Refresh"] == "true"
    asked = client.post(of("approve", suggestion))
    assert asked.status_code == 422
    for words in ("They share no language well enough.", "Approve all the same"):
        assert words in asked.content.decode()
    assert Offer.objects.count() == 0
    client.post(of("approve", suggestion), {"anyway": "1"})
    assert Offer.objects.count() == 1


def test_by_hand_two_who_were_together_before_are_looked_at_when_somebody_insists(
    matched: FourPeople,
) -> None:
    declined = {"reason": DeclineReason.HOURS, "actor": matched.chloe.actor, "now": NOW}
    actions.decline_suggestion(suggestion_id=the_suggestion().pk, **declined)
    client = signed_in(matched.chloe.person)
    page, chosen = by_hand(matched, matched.bruno.enrolment)
    warned = client.post(page, chosen)
    assert warned.status_code == 422
    for words in ("The two were brought together before.", "Look all the same"):
        assert words in warned.content.decode()
    client.post(page, chosen | {"anyway": "1"})
    assert the_suggestion().by_hand


def test_by_hand_knows_nobody_of_another_organisation(four_people: FourPeople) -> None:
    stranger = make_enrolment(programme=make_programme(organisation=four_people.elsewhere), side="mentor")
    by_hand = reverse("desk:by_hand", args=[four_people.programme.public_id])
    chosen = {"newcomer": four_people.amina.enrolment.public_id, "mentor": stranger.public_id}
    assert signed_in(four_people.chloe.person).post(by_hand, chosen).status_code == 422
    assert Suggestion.objects.count() == 0


def approved(people: FourPeople) -> Offer:
    return sent_offer(suggestion_id=the_suggestion().pk, actor=people.chloe.actor, now=NOW)


def test_an_answer_by_phone_is_recorded_with_how_it_was_heard(matched: FourPeople) -> None:
    offer = approved(matched)
    client = signed_in(matched.chloe.person)
    page = reverse("desk:offer", args=[offer.public_id])
    heard = {"answer": "yes", "channel": "phone", "language": "ar", "interpreter": "Ayaan"}
    answer = client.post(page, heard, follow=True).content.decode()
    assert "Saved. Amina is asked now." in answer
    event = PairingEvent.objects.filter(offer=offer).latest("id")
    assert (event.verb, event.channel, event.language, event.interpreter) == (
        "accept_first",
        "phone",
        "ar",
        "Ayaan",
    )
    refused = client.post(page, heard | {"answer": "no"})
    assert refused.status_code == 422
    client.post(page, heard | {"answer": "no", "reason": "time"})
    offer.refresh_from_db()
    assert offer.state == OfferState.DECLINED


def test_an_offer_can_be_taken_back(matched: FourPeople) -> None:
    offer = approved(matched)
    client = signed_in(matched.chloe.person)
    assert "Bruno Keller is asked" in client.get(reverse("desk:offers")).content.decode()
    client.post(reverse("desk:withdraw", args=[offer.public_id]))
    offer.refresh_from_db()
    assert offer.state == OfferState.WITHDRAWN


@pytest.mark.parametrize("who", ["dario", "amina", "bruno"])
def test_the_offers_of_the_office_are_not_theirs(matched: FourPeople, who: str) -> None:
    offer = approved(matched)
    client = signed_in(getattr(matched, who).person)
    assert client.get(reverse("desk:offer", args=[offer.public_id])).status_code == 404
    assert client.post(reverse("desk:withdraw", args=[offer.public_id])).status_code == 404


def test_the_desk_asks_the_same_number_of_questions_for_one_and_three(four_people: FourPeople) -> None:
    client = signed_in(four_people.chloe.person)
    make_enrolment(programme=four_people.programme, side="mentor", called="Another")
    run_matching(four_people)
    lists = [reverse("desk:list"), reverse("desk:unmatched", args=[four_people.programme.public_id])]
    one = [queries_of(client, page) for page in lists]
    for name in ("Selam", "Olena"):
        make_enrolment(programme=four_people.programme, called=name)
        make_enrolment(programme=four_people.programme, side="mentor", called=f"Mentor of {name}")
    make_enrolment(programme=four_people.programme, called="Nobody", languages=[("ti", "native")])
    run_matching(four_people)
    assert Suggestion.objects.open().count() == 3
    assert [queries_of(client, page) for page in lists] == one
    assert max(one) <= MOST
