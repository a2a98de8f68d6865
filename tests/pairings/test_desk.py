"""What a coordinator does with a suggestion besides yes and no: put aside, gather, send together, talk."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from backend.core.errors import NotAllowed
from backend.core.states import WrongState
from backend.organisations.queries import actor_for
from backend.pairings import actions
from backend.pairings.actions.aside import ComesBackTooEarly
from backend.pairings.actions.comments import CommentIsEmpty, CommentKnownElsewhere, CommentTooLong
from backend.pairings.actions.locks import NotSuitable, PlaceTaken
from backend.pairings.actions.suggestions import TooLateToUndo
from backend.pairings.enums import DeclineReason, SuggestionState
from backend.pairings.models import Offer, Suggestion, SuggestionComment
from backend.pairings.overtaken import Overtaken
from backend.pairings.rules import UNDO
from backend.profiles.actions import promise_call
from backend.profiles.models import Contact
from backend.programmes.models import Enrolment
from backend.safeguarding.models import Clearance
from tests.factories import NOW, TODAY, make_enrolment, make_membership
from tests.factories.people import FourPeople

IN_TIME = NOW + UNDO - timedelta(seconds=1)
NEXT_WEEK = TODAY + timedelta(days=7)


def suggestion_of(people: FourPeople, *, newcomer: Enrolment | None = None) -> Suggestion:
    return Suggestion.objects.create(
        programme=people.programme,
        mentor=people.bruno.enrolment,
        newcomer=newcomer or people.amina.enrolment,
        examined_at=NOW,
    )


def staged(people: FourPeople, count: int) -> list[Suggestion]:
    """So many pairs of their own on the list to send; the first has waited longest."""
    made = []
    for number in range(count):
        pair = {
            side: make_enrolment(
                programme=people.programme, side=side, registered_on=TODAY - timedelta(days=90 - number)
            )
            for side in ("mentor", "newcomer")
        }
        suggestion = Suggestion.objects.create(programme=people.programme, examined_at=NOW, **pair)
        made.append(actions.stage_suggestion(suggestion_id=suggestion.pk, actor=people.chloe.actor, now=NOW))
    return made


def planned(people: FourPeople) -> list[Contact]:
    return list(Contact.objects.filter(profile=people.amina.profile).promised())


def test_call_first_plans_a_call_for_today_and_claims_no_talk(four_people: FourPeople) -> None:
    suggestion, chloe = suggestion_of(four_people), four_people.chloe.actor
    for _twice in range(2):
        suggestion = actions.call_first(suggestion_id=suggestion.pk, actor=chloe, now=NOW)
    assert (suggestion.state, suggestion.aside) == (SuggestionState.PROPOSED, "call")
    (contact,) = planned(four_people)
    assert (contact.channel, contact.call_back_on, contact.by_id) == ("", TODAY, chloe.person_id)
    assert not Contact.objects.held().exists()
    assert list(suggestion.events.values_list("verb", flat=True)) == ["call_first"]


def test_a_call_that_is_promised_already_is_not_promised_again(four_people: FourPeople) -> None:
    suggestion, chloe = suggestion_of(four_people), four_people.chloe.actor
    contact = Contact.objects.create(
        profile=four_people.amina.profile,
        by=four_people.chloe.person,
        at=NOW,
        channel="phone",
        call_back_on=TODAY,
    )
    actions.call_first(suggestion_id=suggestion.pk, actor=chloe, now=NOW)
    assert planned(four_people) == [contact]
    actions.bring_back(suggestion_id=suggestion.pk, actor=chloe, now=NOW)
    assert planned(four_people) == [contact]


def test_what_was_put_off_comes_back_on_its_day(four_people: FourPeople) -> None:
    suggestion = suggestion_of(four_people)
    actions.put_off(suggestion_id=suggestion.pk, until=NEXT_WEEK, actor=four_people.chloe.actor, now=NOW)
    rows = Suggestion.objects.all()
    assert (rows.to_look_at(TODAY).count(), rows.put_off(TODAY).count()) == (0, 1)
    day = NEXT_WEEK
    assert (rows.to_look_at(day).count(), rows.put_off(day).count()) == (1, 0)


def test_nothing_is_put_off_until_today(four_people: FourPeople) -> None:
    with pytest.raises(ComesBackTooEarly):
        actions.put_off(
            suggestion_id=suggestion_of(four_people).pk,
            until=TODAY,
            actor=four_people.chloe.actor,
            now=NOW,
        )


def test_bringing_back_forgets_the_call_that_was_only_planned(four_people: FourPeople) -> None:
    suggestion, chloe = suggestion_of(four_people), four_people.chloe.actor
    actions.call_first(suggestion_id=suggestion.pk, actor=chloe, now=NOW)
    for _twice in range(2):
        suggestion = actions.bring_back(suggestion_id=suggestion.pk, actor=chloe, now=NOW)
    assert (suggestion.aside, planned(four_people)) == ("", [])


def test_bringing_back_keeps_a_call_that_was_promised_otherwise(four_people: FourPeople) -> None:
    """Amina said that she would like to talk first; that has nothing to do with the suggestion."""
    suggestion, chloe = suggestion_of(four_people), four_people.chloe.actor
    amina = four_people.amina
    promise_call(profile=amina.profile, on=TODAY, actor=amina.actor, now=NOW - timedelta(hours=1))
    actions.call_first(suggestion_id=suggestion.pk, actor=chloe, now=NOW)
    actions.bring_back(suggestion_id=suggestion.pk, actor=chloe, now=NOW)
    assert len(planned(four_people)) == 1


@pytest.mark.parametrize("how", ["declined", "kept apart"])
def test_no_call_stays_planned_for_a_suggestion_that_is_gone(four_people: FourPeople, how: str) -> None:
    suggestion, chloe = suggestion_of(four_people), four_people.chloe.actor
    actions.call_first(suggestion_id=suggestion.pk, actor=chloe, now=NOW)
    if how == "declined":
        actions.decline_suggestion(
            suggestion_id=suggestion.pk, reason=DeclineReason.WAY, actor=chloe, now=NOW
        )
    else:
        first, second = four_people.amina.profile, four_people.bruno.profile
        actions.keep_apart(first=first, second=second, actor=chloe, now=NOW)
    suggestion.refresh_from_db()
    assert (suggestion.aside, planned(four_people)) == ("", [])


def test_another_suggestion_that_waits_for_the_call_keeps_it(four_people: FourPeople) -> None:
    chloe = four_people.chloe.actor
    first = suggestion_of(four_people)
    second = Suggestion.objects.create(
        programme=four_people.programme,
        mentor=make_enrolment(programme=four_people.programme, side="mentor"),
        newcomer=four_people.amina.enrolment,
        examined_at=NOW,
    )
    for one in (first, second):
        actions.call_first(suggestion_id=one.pk, actor=chloe, now=NOW)
    actions.undo_decision(suggestion_id=first.pk, actor=chloe, now=IN_TIME)
    assert len(planned(four_people)) == 1
    actions.bring_back(suggestion_id=second.pk, actor=chloe, now=NOW)
    assert planned(four_people) == []


def test_undo_goes_back_to_where_it_stood(four_people: FourPeople) -> None:
    """Called first, put off, gathered, approved, taken off, declined: one by one, and back each time."""
    suggestion, chloe = suggestion_of(four_people), four_people.chloe.actor
    acts = {
        "call_first": lambda: actions.call_first(suggestion_id=suggestion.pk, actor=chloe, now=NOW),
        "put_off": lambda: actions.put_off(
            suggestion_id=suggestion.pk, until=NEXT_WEEK, actor=chloe, now=NOW
        ),
        "bring_back": lambda: actions.bring_back(suggestion_id=suggestion.pk, actor=chloe, now=NOW),
        "stage": lambda: actions.stage_suggestion(suggestion_id=suggestion.pk, actor=chloe, now=NOW),
        "unstage": lambda: actions.unstage_suggestion(suggestion_id=suggestion.pk, actor=chloe, now=NOW),
        "release": lambda: actions.approve_suggestion(suggestion_id=suggestion.pk, actor=chloe, now=NOW),
        "decline": lambda: actions.decline_suggestion(
            suggestion_id=suggestion.pk, reason=DeclineReason.WAY, actor=chloe, now=NOW
        ),
    }
    stands = ["call_first", "put_off", "bring_back", "stage"]
    for before in stands:
        acts[before]()
        stood = where(suggestion)
        for verb in acts:
            if verb == before or (verb, before) in impossible(before):
                continue
            acts[verb]()
            assert where(suggestion) != stood, (before, verb)
            for _twice in range(2):
                actions.undo_decision(suggestion_id=suggestion.pk, actor=chloe, now=IN_TIME)
            assert where(suggestion) == stood, (before, verb)
    assert Offer.objects.count() == 0
    four_people.bruno.enrolment.refresh_from_db()
    assert four_people.bruno.enrolment.places_taken == 0


def where(suggestion: Suggestion) -> tuple[object, ...]:
    suggestion.refresh_from_db()
    calls = Contact.objects.filter(profile=suggestion.newcomer.profile).promised().count()
    return suggestion.state, suggestion.aside, suggestion.aside_until, calls


def impossible(before: str) -> set[tuple[str, str]]:
    """What changes nothing from there, or is not open to it."""
    if before == "stage":
        return {(verb, before) for verb in ("call_first", "put_off", "bring_back")}
    return {("unstage", before)} | ({("bring_back", before)} if before == "bring_back" else set())


def test_only_the_last_thing_is_taken_back_and_only_for_half_a_minute(four_people: FourPeople) -> None:
    suggestion, chloe = suggestion_of(four_people), four_people.chloe.actor
    actions.call_first(suggestion_id=suggestion.pk, actor=chloe, now=NOW)
    with pytest.raises(TooLateToUndo), transaction.atomic():
        actions.undo_decision(suggestion_id=suggestion.pk, actor=chloe, now=NOW + UNDO)
    assert where(suggestion)[1] == "call"


def test_a_caseworker_decides_nothing(four_people: FourPeople) -> None:
    suggestion = suggestion_of(four_people)
    member = make_membership(organisation=four_people.organisation, role="caseworker")
    caseworker = actor_for(member.person, now=NOW)
    ours = {"suggestion_id": suggestion.pk, "actor": caseworker, "now": NOW}
    for act in (
        lambda: actions.call_first(**ours),
        lambda: actions.put_off(until=NEXT_WEEK, **ours),
        lambda: actions.bring_back(**ours),
        lambda: actions.stage_suggestion(**ours),
        lambda: actions.unstage_suggestion(**ours),
        lambda: actions.undo_decision(**ours),
        lambda: actions.release_staged(programme_id=four_people.programme.pk, actor=caseworker, now=NOW),
        lambda: actions.undo_release(
            programme_id=four_people.programme.pk, released_at=NOW, actor=caseworker, now=NOW
        ),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_with_an_old_page_the_second_coordinator_is_told_and_nothing_changes(
    four_people: FourPeople,
) -> None:
    suggestion = suggestion_of(four_people)
    colleague = make_membership(organisation=four_people.organisation, name="Ines Roth")
    second = actor_for(colleague.person, now=NOW)
    actions.call_first(suggestion_id=suggestion.pk, actor=four_people.chloe.actor, now=NOW)
    old = {"suggestion_id": suggestion.pk, "actor": second, "now": NOW, "seen": 0}
    for act in (
        lambda: actions.approve_suggestion(**old),
        lambda: actions.decline_suggestion(reason=DeclineReason.WAY, **old),
        lambda: actions.stage_suggestion(**old),
        lambda: actions.put_off(until=NEXT_WEEK, **old),
        lambda: actions.bring_back(**old),
        lambda: actions.undo_decision(**old),
    ):
        with pytest.raises(Overtaken) as told:
            act()
        assert "Chloé Martin wants to call first" in str(told.value)
    assert where(suggestion)[:2] == ("proposed", "call")
    actions.approve_suggestion(**(old | {"seen": 1}))


def test_what_cannot_be_sent_is_not_gathered(four_people: FourPeople) -> None:
    suggestion = suggestion_of(four_people)
    Clearance.objects.all().delete()
    with pytest.raises(NotSuitable):
        actions.stage_suggestion(suggestion_id=suggestion.pk, actor=four_people.chloe.actor, now=NOW)


def test_a_batch_goes_out_and_what_cannot_go_stays_with_its_reason(four_people: FourPeople) -> None:
    first, second, third = staged(four_people, 3)
    Clearance.objects.filter(profile=second.mentor.profile).delete()
    # The first's mentor has one place, and a second newcomer on the list.
    rival = Suggestion.objects.create(
        programme=four_people.programme,
        mentor=first.mentor,
        newcomer=make_enrolment(programme=four_people.programme, registered_on=TODAY),
        examined_at=NOW,
    )
    chloe = four_people.chloe.actor
    actions.stage_suggestion(suggestion_id=rival.pk, actor=chloe, now=NOW)
    batch = actions.release_staged(programme_id=four_people.programme.pk, actor=chloe, now=NOW)
    assert list(batch.done) == [first, third]
    assert [(kept.suggestion, type(kept.why)) for kept in batch.kept] == [
        (second, NotSuitable),
        (rival, PlaceTaken),
    ]
    assert set(Suggestion.objects.staged()) == {second, rival}
    assert Offer.objects.open().filter(sent_at=None).count() == 2


def test_a_batch_is_taken_back_as_one_and_stands_on_the_list_again(four_people: FourPeople) -> None:
    rows, chloe = staged(four_people, 3), four_people.chloe.actor
    ours = {"programme_id": four_people.programme.pk, "actor": chloe}
    actions.release_staged(now=NOW, **ours)
    actions.send_offer(offer_id=Offer.objects.get(suggestion=rows[0]).pk, now=IN_TIME)
    batch = actions.undo_release(released_at=NOW, now=IN_TIME, **ours)
    assert (list(batch.done), [kept.suggestion for kept in batch.kept]) == (rows[1:], rows[:1])
    assert set(Suggestion.objects.staged()) == set(rows[1:])
    assert actions.undo_release(released_at=NOW, now=NOW + UNDO, **ours).done == ()


def test_only_what_the_page_showed_is_sent(four_people: FourPeople) -> None:
    shown, added = staged(four_people, 2)
    batch = actions.release_staged(
        programme_id=four_people.programme.pk,
        actor=four_people.chloe.actor,
        now=NOW,
        only=[shown.public_id],
    )
    assert (list(batch.done), list(Suggestion.objects.staged())) == ([shown], [added])


def test_colleagues_talk_and_a_form_sent_twice_is_one_comment(four_people: FourPeople) -> None:
    suggestion, chloe = suggestion_of(four_people), four_people.chloe.actor
    ours = {"suggestion_id": suggestion.pk, "client_id": uuid4(), "actor": chloe, "now": NOW}
    for _twice in range(2):
        actions.comment_on_suggestion(text=" She prefers mornings. ", **ours)
    assert SuggestionComment.objects.get().text == "She prefers mornings."
    colleague = make_membership(organisation=four_people.organisation, role="caseworker").person
    with pytest.raises(CommentKnownElsewhere):
        actions.comment_on_suggestion(text="Mine", **(ours | {"actor": actor_for(colleague, now=NOW)}))
    with pytest.raises(CommentIsEmpty):
        actions.comment_on_suggestion(text="  ", **(ours | {"client_id": uuid4()}))
    with pytest.raises(CommentTooLong):
        actions.comment_on_suggestion(text="x" * 2001, **(ours | {"client_id": uuid4()}))


@pytest.mark.parametrize("aside", ["call_first", "put_off"])
def test_two_who_must_not_meet_are_no_longer_suggested_though_put_aside(
    four_people: FourPeople, aside: str
) -> None:
    suggestion, chloe = suggestion_of(four_people), four_people.chloe.actor
    more = {"until": NEXT_WEEK} if aside == "put_off" else {}
    getattr(actions, aside)(suggestion_id=suggestion.pk, actor=chloe, now=NOW, **more)
    actions.keep_apart(
        first=four_people.amina.profile, second=four_people.bruno.profile, actor=chloe, now=NOW
    )
    assert where(suggestion)[:3] == ("superseded", "", None)


def test_an_offer_that_was_undone_is_answered_with_a_sentence(four_people: FourPeople) -> None:
    suggestion, chloe = suggestion_of(four_people), four_people.chloe.actor
    offer = actions.approve_suggestion(suggestion_id=suggestion.pk, actor=chloe, now=NOW)
    actions.undo_decision(suggestion_id=suggestion.pk, actor=chloe, now=IN_TIME)
    with pytest.raises(WrongState):
        actions.withdraw_offer(offer_id=offer.pk, actor=chloe, now=IN_TIME)
    actions.send_offer(offer_id=offer.pk, now=NOW + UNDO)


@pytest.mark.parametrize("who", ["amina", "bruno", "dario"])
def test_nobody_else_comments(four_people: FourPeople, who: str) -> None:
    with pytest.raises(NotAllowed):
        actions.comment_on_suggestion(
            suggestion_id=suggestion_of(four_people).pk,
            text="Hello",
            client_id=uuid4(),
            actor=getattr(four_people, who).actor,
            now=NOW,
        )


def test_a_colleague_who_is_one_of_the_two_does_not_comment(four_people: FourPeople) -> None:
    make_membership(organisation=four_people.organisation, person=four_people.bruno.person)
    with pytest.raises(NotAllowed):
        actions.comment_on_suggestion(
            suggestion_id=suggestion_of(four_people).pk,
            text="About me",
            client_id=uuid4(),
            actor=actor_for(four_people.bruno.person, now=NOW),
            now=NOW,
        )
