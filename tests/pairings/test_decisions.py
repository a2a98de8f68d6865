"""What counts as a lesson, which lessons a run goes by, and what a decline never does."""

from itertools import product

import pytest

from backend.pairings.decisions import decided, newest_model_in_use, newest_models
from backend.pairings.enums import AnswerReason, DeclineReason, OfferState, SuggestionState, Target
from backend.pairings.models import Offer, Suggestion
from backend.programmes.enums import Side
from tests.factories import NOW
from tests.pairings.office import (
    DECLINED,
    Office,
    answer,
    decide,
    fit_of,
    fresh,
    make_office,
    night,
    parts,
    suggested,
)


@pytest.fixture
def office(db: None) -> Office:
    return make_office()


REASONS = {
    DeclineReason.LANGUAGE: True,
    DeclineReason.HOURS: True,
    DeclineReason.WAY: True,
    DeclineReason.TOPICS: True,
    DeclineReason.PERSONAL: False,
    DeclineReason.OTHER: False,
}


def test_decisions_that_lack_a_criterion_of_today_are_left_out(office: Office) -> None:
    decide(office)
    rows = Suggestion.objects.filter(newcomer__in=[each.pk for each in office.newcomers[:5]])
    rows.update(parts=[part for part in parts() if part["name"] != "gender"])
    assert len(decided(office.programme, Target.APPROVED)) == 20
    for newcomer, reason in zip(office.newcomers[:3], ("time", "way", "other"), strict=True):
        answer(office, office.mentors[0], newcomer, OfferState.DECLINED, decline_reason=reason)
    answer(office, office.mentors[0], office.newcomers[3], OfferState.ACCEPTED)
    lacking = Suggestion.objects.filter(offer__newcomer=office.newcomers[0])
    lacking.update(parts=[part for part in parts() if part["name"] != "gender"])
    assert len(decided(office.programme, Target.ACCEPTED)) == 3


@pytest.mark.parametrize("reason", DeclineReason)
def test_a_decline_counts_where_its_reason_is_about_what_criteria_see(
    office: Office, reason: DeclineReason
) -> None:
    mentor, first, second = office.mentors[0], *office.newcomers[:2]
    suggested(office, mentor, first).save()
    suggested(office, mentor, second, state=SuggestionState.DECLINED, decline_reason=reason).save()
    found = decided(office.programme, Target.APPROVED)
    assert [pair.outcome for pair in found] == ([True, False] if REASONS[reason] else [])


def test_what_nobody_decided_or_examined_teaches_nothing(office: Office) -> None:
    mentor, newcomers = office.mentors[0], iter(office.newcomers)
    undecided = {"decided_at": None, "decided_by": None}
    rows = [
        suggested(office, mentor, next(newcomers)),
        suggested(office, mentor, next(newcomers), **DECLINED),
        suggested(office, mentor, next(newcomers), state=SuggestionState.PROPOSED, **undecided),
        suggested(office, mentor, next(newcomers), state=SuggestionState.SUPERSEDED, **undecided),
        suggested(office, mentor, next(newcomers), by_hand=True, examined_at=None, parts=[], **DECLINED),
        suggested(office, mentor, next(newcomers), by_hand=True, **DECLINED),
    ]
    Suggestion.objects.bulk_create(rows)
    found = decided(office.programme, Target.APPROVED)
    assert [pair.newcomer for pair in found] == [office.newcomers[n].pk for n in (0, 1, 5)]


@pytest.mark.parametrize("first", Side)
def test_who_answered_is_told_apart_and_who_did_not_answer_is_left_out(office: Office, first: Side) -> None:
    mentor, newcomers = office.mentors[0], iter(office.newcomers)
    no = {"state": OfferState.DECLINED, "decline_reason": AnswerReason.UNSURE, "first_side": first}
    answer(office, mentor, next(newcomers), OfferState.ACCEPTED, first_side=first)
    answer(office, mentor, next(newcomers), **no)
    answer(office, mentor, next(newcomers), **no, first_accepted_at=NOW)
    answer(office, mentor, next(newcomers), OfferState.EXPIRED)
    answer(office, mentor, next(newcomers), OfferState.WITHDRAWN)
    answer(office, mentor, next(newcomers), OfferState.ASKING_FIRST, closed_at=None)
    found = decided(office.programme, Target.ACCEPTED)
    in_turn = [(pair.mentor_answer, pair.newcomer_answer) for pair in found]
    if first == Side.NEWCOMER:
        in_turn = [(mentor, newcomer) for newcomer, mentor in in_turn]
    assert in_turn == [(True, True), (False, None), (True, False)]
    assert [pair.outcome for pair in found] == [True, False, False]


def test_answers_go_before_approvals_once_there_are_enough(office: Office) -> None:
    pairs = list(product(office.newcomers, office.mentors))
    for number, (newcomer, mentor) in enumerate(pairs[:30]):
        yes = {"state": OfferState.ACCEPTED} if number % 2 else {"state": OfferState.DECLINED}
        answer(office, mentor, newcomer, **yes, **({} if number % 2 else {"decline_reason": "time"}))
        if number in (20, 28):
            night()
            in_use = newest_model_in_use(office.programme)
            assert in_use.target == "accepted", "coordinators never declined: only answers went both ways"
    newcomer, mentor = pairs[30]
    suggested(office, mentor, newcomer, **DECLINED).save()
    night()
    assert newest_model_in_use(office.programme).target == "accepted"
    Offer.objects.filter(newcomer=pairs[0][0]).delete()
    night()
    assert newest_model_in_use(office.programme).target == "approved", "26 answers are fewer than 30"


def test_a_mentors_decline_never_makes_that_newcomer_worse_off_than_another_who_said_the_same(
    office: Office,
) -> None:
    """The issue's promise, through the whole product: fits with everybody else are those of a twin."""
    asked, twin = fresh(office, 2)
    before = {pair: fit_of(office, *pair) for pair in product(office.mentors[1:], (asked, twin))}
    decide(office)
    for number, newcomer in enumerate(office.newcomers):
        answer(office, office.mentors[number % 4], newcomer, OfferState.ACCEPTED)
    no = answer(office, office.mentors[0], asked, OfferState.DECLINED, decline_reason=AnswerReason.UNSURE)
    assert no.suggestion.newcomer == asked
    night()
    assert newest_models(office.programme).keys() == {"approved", "accepted"}
    after = {pair: fit_of(office, *pair) for pair in product(office.mentors[1:], (asked, twin))}
    assert before != after
    for mentor in office.mentors[1:]:
        assert after[mentor, asked] == after[mentor, twin]
