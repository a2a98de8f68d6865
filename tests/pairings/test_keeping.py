"""What was asked becomes so, or is thrown away: wishes given up with a yes, locks, one who is first."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from random import Random
from types import MappingProxyType
from typing import Any
from uuid import uuid4

import pytest

from backend.core.errors import Expected, NotAllowed
from backend.core.jobs import Job, drain
from backend.pairings import actions, engine
from backend.pairings.actions.keeping import KeptAlready, NotAnsweredYet, PlanHasChanged
from backend.pairings.actions.locks import NotSuitable
from backend.pairings.actions.runs import ProgrammeNotOpen, RunUnderWay
from backend.pairings.actions.what_if import NotInMatching, NoYes, WishStays
from backend.pairings.changes import Change, Dropped, More
from backend.pairings.engine.asking import changed
from backend.pairings.engine.problem import problem_of
from backend.pairings.engine.warm import Solved
from backend.pairings.models import MatchRun, Suggestion, WhatIf
from backend.pairings.queries import everybody_in_play, tried_before
from backend.people.enums import Channel
from backend.people.told import Told
from backend.profiles.actions import WishIsRequired, drop_wishes, note_more
from backend.profiles.models import Contact, Profile
from backend.programmes.actions import BadSettings, set_weights
from backend.programmes.criteria import weights_of
from backend.programmes.models import Enrolment, Programme
from backend.safeguarding.actions import restrict
from tests.factories import NOW, TODAY, make_enrolment, make_membership, make_town
from tests.factories.people import FourPeople, make_four_people
from tests.pairings.test_what_if import answered, ask, cold
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db

YES = Told(Channel.PHONE, "ar", "Mrs Haddad")

__all__ = ["cold"]


def keep(people: FourPeople, what_if: WhatIf, **more: Any) -> WhatIf:
    given: dict[str, Any] = {"what_if_id": what_if.pk, "actor": people.chloe.actor, "now": NOW}
    return actions.keep_what_if(**given | more)


def pair_of(people: FourPeople) -> tuple[int, int]:
    return people.bruno.enrolment.pk, people.amina.enrolment.pk


def wish(people: FourPeople, **values: Any) -> Change:
    """Amina gives something up."""
    return Change(wishes=(Dropped(people.amina.enrolment.pk, **{"told": YES} | values),))


# Giving up a wish.


def test_a_wish_given_up_lets_somebody_else_come_first(four_people: FourPeople) -> None:
    """She would like a woman; of two mentors the man offers what she needs."""
    Profile.objects.filter(pk=four_people.amina.profile.pk).update(wishes_gender="f")
    ilse = make_enrolment(programme=four_people.programme, side="mentor", gender="f", topics_offered=["work"])
    weights = {"gender": 10.0}
    set_weights(
        programme_id=four_people.programme.pk, weights=weights, actor=four_people.chloe.actor, now=NOW
    )
    four_people.programme.refresh_from_db()
    (shift,) = answered(four_people, wish(four_people, gender=True)).result["shifts"]
    assert (shift["mentor_before"], shift["mentor_after"]) == (ilse.pk, four_people.bruno.enrolment.pk)


def test_the_yes_is_kept_in_the_contact_log(four_people: FourPeople) -> None:
    Profile.objects.filter(pk=four_people.amina.profile.pk).update(wishes_gender="f")
    asked = ask(four_people, wish(four_people, gender=True, topics=("paperwork",)), client_id=uuid4())
    ask(four_people, wish(four_people, gender=True), client_id=asked.client_id)
    (line,) = Contact.objects.all()
    assert (line.profile_id, line.by_id, line.at) == (
        four_people.amina.profile.pk, four_people.chloe.person.pk, NOW
    )  # fmt: skip
    assert (line.channel, line.language, line.interpreter) == ("phone", "ar", "Mrs Haddad")
    assert line.note == "They say yes to doing without: a woman or a man, Letters and forms."
    assert Change.from_json(WhatIf.objects.get().change).wishes[0].told == YES


@pytest.mark.parametrize(
    ("profile", "asked", "error"),
    [
        ({"wishes_gender": "f", "wish_is_required": True}, {"gender": True}, WishStays),
        ({}, {"gender": True}, WishStays),
        ({}, {"topics": ("driving",)}, WishStays),
        ({}, {}, WishStays),
        ({}, {"topics": ("paperwork",), "told": Told(Channel.PHONE)}, NoYes),
        ({}, {"topics": ("paperwork",), "told": Told(Channel.SELF, "ar")}, NoYes),
    ],
)
def test_a_required_wish_or_one_without_a_yes_stays(
    profile: dict[str, Any], asked: dict[str, Any], error: type[Expected], four_people: FourPeople
) -> None:
    Profile.objects.filter(pk=four_people.amina.profile.pk).update(**profile)
    with pytest.raises(error):
        ask(four_people, wish(four_people, **asked))
    assert not WhatIf.objects.exists() and not Contact.objects.exists()


def test_a_mentor_has_no_wish_to_give_up(four_people: FourPeople) -> None:
    with pytest.raises(WishStays):
        ask(four_people, Change(wishes=(Dropped(four_people.bruno.enrolment.pk, YES, gender=True),)))
    outsider = make_enrolment()
    with pytest.raises(NotInMatching):
        ask(four_people, Change(wishes=(Dropped(outsider.pk, YES, gender=True),)))


def test_nothing_required_has_a_name_among_the_wishes() -> None:
    assert {f.name for f in fields(Dropped)} == {"enrolment", "told", "gender", "topics"}
    stored = {"enrolment": 1, "topics": [], "gender": True, "told": asdict(YES)}
    with pytest.raises(TypeError):
        Change.from_json({"more": [], "wishes": [stored | {"avoid": ""}]})


def test_a_wish_that_became_required_meanwhile_counts_in_the_answer(four_people: FourPeople) -> None:
    """It was asked when it was none; the worker answers with what is so now."""
    Profile.objects.filter(pk=four_people.amina.profile.pk).update(wishes_gender="f")
    asked = ask(four_people, wish(four_people, gender=True))
    Profile.objects.filter(pk=four_people.amina.profile.pk).update(wish_is_required=True)
    actions.answer_what_if(what_if_id=asked.pk, now=NOW)
    asked.refresh_from_db()
    assert asked.result["after"]["matched"] == 0
    with pytest.raises(PlanHasChanged):
        keep(four_people, asked)
    with pytest.raises(WishIsRequired):
        drop_wishes(
            profile_id=four_people.amina.profile.pk, gender=True, actor=four_people.chloe.actor, now=NOW
        )


# The answer.


def test_an_answer_is_that_of_solving_anew(four_people: FourPeople) -> None:
    """Whatever is asked, with whatever people have handled: warm or cold, the plan is the same."""
    random, people = Random(5), four_people
    topics = ["paperwork", "work", "driving", "school"]
    for number in range(7):
        ours = {
            "programme": people.programme,
            "slots": random.sample(["mon:evening", "tue:evening", "sat:morning"], 2),
            "town": make_town(random.choice(["Roding", "Cham", "Freising"])),
            "gender": random.choice("fm"),
        }
        make_enrolment(side="mentor", topics_offered=random.sample(topics, 2), **ours)
        wishes = {"wishes_gender": random.choice(["", "f"])}
        make_enrolment(topics_wanted=random.sample(topics, 2), called=f"N{number}", **wishes, **ours)
    mentors = list(Enrolment.objects.filter(side="mentor").order_by("pk"))
    newcomers = list(Enrolment.objects.filter(side="newcomer").select_related("profile").order_by("pk"))
    for round in range(12):
        Suggestion.objects.all().delete()
        for mentor, newcomer in zip(random.sample(mentors, 3), random.sample(newcomers, 3), strict=True):
            Suggestion.objects.create(
                programme=people.programme, mentor=mentor, newcomer=newcomer, by_hand=True
            )
        who, other = random.sample(newcomers, 2)
        changes = [
            {"more": (More(who.pk, reach_km=400),)},
            {"more": (More(who.pk, interpreter=True), More(mentors[0].pk, slots=("sun:morning",)))},
            {"lock": ((random.choice(mentors).pk, who.pk),)},
            {"forbid": ((random.choice(mentors).pk, other.pk),)},
            {"wishes": (Dropped(who.pk, YES, gender=True, topics=(who.profile.topics_wanted[0],)),)},
            {"weights": {"topics": random.randint(0, 10)}},
        ]
        change = Change(**{k: v for one in random.sample(changes, 2) for k, v in one.items()})
        there = everybody_in_play(people.programme, day=TODAY)
        before = problem_of(
            people.programme, there.mentors, there.newcomers, there.refusals, day=TODAY, kept=there.kept
        )
        anew = changed(before, people.programme, change, day=TODAY)
        try:
            fresh = Solved(anew.solve()).result
        except Exception:
            with pytest.raises(engine.Unanswerable):
                engine.what_if(people.programme, there, change, day=TODAY)
            continue
        answer = engine.what_if(people.programme, there, change, day=TODAY)
        assert answer.after.total_fit == pytest.approx(fresh.total), round
        assert answer.after.matched == len(fresh.pairs) + len(anew.held.beside)
        moved = {shift.newcomer: shift.mentor_after for shift in answer.shifts}
        fresh_pairs = {int(p.newcomer): int(p.mentor) for p in fresh.pairs}
        assert all(mentor is None or fresh_pairs.get(who, mentor) == mentor for who, mentor in moved.items())


def test_what_refuses_two_is_named(four_people: FourPeople) -> None:
    four_people.amina.profile.languages.filter(tag="de").delete()
    bruno, amina = pair_of(four_people)
    asked = answered(four_people, Change(lock=((bruno, amina),)))
    assert asked.error == "locked"
    assert asked.result == {"against": [{"mentor": bruno, "newcomer": amina, "refusals": ["languages"]}]}


def test_two_for_one_place_are_told_that_it_is_one(four_people: FourPeople) -> None:
    bruno, amina = pair_of(four_people)
    nadia = make_enrolment(programme=four_people.programme, called="Nadia")
    asked = answered(four_people, Change(lock=((bruno, amina), (bruno, nadia.pk))))
    assert [row["refusals"] for row in asked.result["against"]] == [["full"], ["full"]]


def test_what_is_asked_goes_before_what_waits(four_people: FourPeople) -> None:
    """Amina and Bruno are put aside to call first; what if Nadia had Bruno?"""
    bruno, amina = pair_of(four_people)
    nadia = make_enrolment(programme=four_people.programme, called="Nadia")
    Suggestion.objects.create(
        programme=four_people.programme, mentor_id=bruno, newcomer_id=amina, aside="call", examined_at=NOW
    )
    answer = answered(four_people, Change(lock=((bruno, nadia.pk),)))
    assert {s["newcomer"]: (s["mentor_before"], s["mentor_after"]) for s in answer.result["shifts"]} == {
        amina: (bruno, None),
        nadia.pk: (None, bruno),
    }


def test_an_interpreter_brings_two_put_together_by_hand_into_the_plan(four_people: FourPeople) -> None:
    bruno, amina = pair_of(four_people)
    four_people.amina.profile.languages.filter(tag="de").delete()
    Suggestion.objects.create(
        programme=four_people.programme, mentor_id=bruno, newcomer_id=amina, by_hand=True
    )
    answer = answered(four_people, Change(more=(More(amina, interpreter=True),)))
    before, after = answer.result["before"], answer.result["after"]
    assert (before["matched"], before["total_fit"], after["matched"]) == (1, 0, 1)
    assert after["total_fit"] > 0 and answer.result["shifts"] == []


# Keeping.


def test_what_somebody_can_do_more_is_written_and_a_new_run_is_asked_for(four_people: FourPeople) -> None:
    amina = four_people.amina
    more = More(
        amina.enrolment.pk, reach_km=60, slots=("sat:morning", "tue:evening"), interpreter=True, online=True
    )
    what_if = answered(four_people, Change(more=(more,)))
    kept = keep(four_people, what_if)
    profile = Profile.objects.get(pk=amina.profile.pk)
    assert (profile.reach_km, profile.meets_online, profile.interpreter_arranged) == (60, True, True)
    assert profile.slots == ["tue:evening", "thu:evening", "sat:morning"]
    assert (kept.kept_at, kept.kept_by_id) == (NOW, four_people.chloe.person.pk)
    assert MatchRun.objects.get().state == "queued"
    assert Job.objects.filter(name="pairings.run_matching").count() == 1


def test_weights_and_a_wish_given_up_become_so(four_people: FourPeople) -> None:
    Profile.objects.filter(pk=four_people.amina.profile.pk).update(wishes_gender="f")
    change = wish(four_people, gender=True, topics=("conversation",))
    keep(four_people, answered(four_people, Change(wishes=change.wishes, weights={"topics": 7.0})))
    profile = Profile.objects.get(pk=four_people.amina.profile.pk)
    assert (profile.wishes_gender, profile.topics_wanted) == ("", ["paperwork"])
    assert weights_of(Programme.objects.get(pk=four_people.programme.pk).criteria)["topics"] == 7
    assert Contact.objects.count() == 1


def test_a_locked_pair_is_put_together_by_hand_and_staged(four_people: FourPeople) -> None:
    bruno, amina = pair_of(four_people)
    nadia = make_enrolment(programme=four_people.programme, called="Nadia", topics_wanted=["driving"])
    Suggestion.objects.create(
        programme=four_people.programme, mentor_id=bruno, newcomer_id=amina, aside="call", examined_at=NOW
    )
    what_if = answered(four_people, Change(lock=((bruno, nadia.pk),)))
    keep(four_people, what_if)
    asked = dict(Job.objects.values_list("name", "args"))
    actions.examine_suggestion(suggestion_id=asked["pairings.examine_suggestion"][0], now=NOW)
    actions.run_matching(run_id=asked["pairings.run_matching"][0], now=NOW)
    told = Suggestion.objects.order_by("pk").values_list("newcomer_id", "state", "by_hand", "aside")
    assert list(told) == [(amina, "superseded", False, ""), (nadia.pk, "staged", True, "")]
    assert Suggestion.objects.get(newcomer=nadia).examined_at is not None
    gone = Suggestion.objects.get(newcomer=amina)
    assert list(gone.events.values_list("verb", "why")) == [("supersede", "what_if")]
    run = MatchRun.objects.get()
    assert (run.state, run.matched) == ("done", 1)
    assert run.total_fit == pytest.approx(what_if.result["after"]["total_fit"])


def test_a_pair_kept_apart_is_not_suggested_again(four_people: FourPeople) -> None:
    bruno, amina = pair_of(four_people)
    keep(four_people, answered(four_people, Change(forbid=((bruno, amina),))))
    drain()
    (declined,) = Suggestion.objects.all()
    assert (declined.state, declined.decline_reason, declined.by_hand) == ("declined", "other", True)
    assert (bruno, amina) in tried_before(four_people.programme.pk)
    assert MatchRun.objects.get().matched == 0


def test_an_open_suggestion_of_two_kept_apart_is_declined(four_people: FourPeople) -> None:
    bruno, amina = pair_of(four_people)
    first = Suggestion.objects.create(
        programme=four_people.programme, mentor_id=bruno, newcomer_id=amina, examined_at=NOW
    )
    keep(four_people, answered(four_people, Change(forbid=((bruno, amina),))))
    first.refresh_from_db()
    assert (first.state, Suggestion.objects.count()) == ("declined", 1)


def test_keeping_twice_changes_nothing(four_people: FourPeople) -> None:
    what_if = answered(four_people, Change(more=(More(four_people.amina.enrolment.pk, reach_km=60),)))
    first = keep(four_people, what_if)
    Profile.objects.filter(pk=four_people.amina.profile.pk).update(reach_km=5)
    again = keep(four_people, what_if)
    assert (first.kept_at, again.kept_at) == (NOW, NOW) and MatchRun.objects.count() == 1
    assert Profile.objects.get(pk=four_people.amina.profile.pk).reach_km == 5


def leave(people: FourPeople) -> None:
    Enrolment.objects.filter(pk=people.amina.enrolment.pk).update(state="not_now")


def fill(people: FourPeople) -> None:
    Enrolment.objects.filter(pk=people.bruno.enrolment.pk).update(places_taken=1)


def weigh(people: FourPeople, weights: Mapping[str, float] = MappingProxyType({"way": 9})) -> None:
    set_weights(programme_id=people.programme.pk, weights=weights, actor=people.chloe.actor, now=NOW)


def aim(people: FourPeople) -> None:
    Programme.objects.filter(pk=people.programme.pk).update(objective="fit")


def close(people: FourPeople) -> None:
    Programme.objects.filter(pk=people.programme.pk).update(closed_at=NOW)


def run(people: FourPeople) -> None:
    actions.request_run(programme_id=people.programme.pk, actor=people.chloe.actor, now=NOW)


def part(people: FourPeople) -> None:
    restrict(first=people.amina.profile, second=people.bruno.profile, actor=people.chloe.actor, now=NOW)


@pytest.mark.parametrize(
    ("meanwhile", "error"),
    [
        (leave, PlanHasChanged),
        (fill, PlanHasChanged),
        (weigh, PlanHasChanged),
        (aim, PlanHasChanged),
        (close, ProgrammeNotOpen),
        (run, RunUnderWay),
        (part, NotSuitable),
    ],
)
def test_a_plan_that_changed_since_is_told_and_nothing_is_kept(
    meanwhile: Any, error: type[Expected], four_people: FourPeople
) -> None:
    Profile.objects.filter(pk=four_people.amina.profile.pk).update(town=make_town("Freising"))
    bruno, amina = pair_of(four_people)
    change = Change(more=(More(amina, reach_km=400),), lock=((bruno, amina),), weights={"topics": 5})
    what_if = answered(four_people, change)
    meanwhile(four_people)
    runs = MatchRun.objects.count()
    with pytest.raises(error):
        keep(four_people, what_if)
    what_if.refresh_from_db()
    assert what_if.kept_at is None and MatchRun.objects.count() == runs
    assert Profile.objects.get(pk=four_people.amina.profile.pk).reach_km == 20
    assert not Suggestion.objects.exists()


def test_only_an_answer_can_be_kept(four_people: FourPeople) -> None:
    with pytest.raises(NotAnsweredYet):
        keep(four_people, ask(four_people, Change(weights={"topics": 1})))


@pytest.mark.parametrize("who", ["amina", "bruno", "dario"])
def test_only_who_runs_the_matching_keeps_or_throws_away(who: str, four_people: FourPeople) -> None:
    what_if = answered(four_people, Change(weights={"topics": 1}))
    actor = getattr(four_people, who).actor
    with pytest.raises(NotAllowed):
        keep(four_people, what_if, actor=actor)
    with pytest.raises(NotAllowed):
        actions.throw_away_what_if(what_if_id=what_if.pk, actor=actor, now=NOW)


def test_nobody_puts_themselves_together_with_somebody(four_people: FourPeople) -> None:
    make_membership(organisation=four_people.organisation, person=four_people.bruno.person)
    from backend.organisations.queries import actor_for

    bruno = actor_for(four_people.bruno.person, now=NOW)
    what_if = answered(four_people, Change(lock=(pair_of(four_people),)))
    with pytest.raises(NotAllowed):
        keep(four_people, what_if, actor=bruno)
    assert not Suggestion.objects.exists()


def test_what_is_thrown_away_is_gone_and_twice_changes_nothing(four_people: FourPeople) -> None:
    what_if = answered(four_people, Change(weights={"topics": 1}))
    for _each in range(2):
        actions.throw_away_what_if(what_if_id=what_if.pk, actor=four_people.chloe.actor, now=NOW)
    assert not WhatIf.objects.exists()


def test_what_was_kept_cannot_be_thrown_away_and_says_by_whom(four_people: FourPeople) -> None:
    what_if = keep(four_people, answered(four_people, Change(weights={"topics": 1})))
    with pytest.raises(KeptAlready, match="Chloé Martin kept this"):
        actions.throw_away_what_if(what_if_id=what_if.pk, actor=four_people.chloe.actor, now=NOW)
    assert WhatIf.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_fifty_keep_and_throw_away_at_once_and_one_is_first() -> None:
    people = make_four_people()
    bruno, amina = pair_of(people)
    change = Change(more=(More(amina, reach_km=60),), lock=((bruno, amina),), weights={"topics": 5})
    what_if = answered(people, change)
    acts = [
        lambda: keep(people, what_if),
        lambda: actions.throw_away_what_if(what_if_id=what_if.pk, actor=people.chloe.actor, now=NOW),
    ] * 25
    results = at_once(acts)
    kept = WhatIf.objects.filter(kept_at__isnull=False).exists()
    assert kept == Suggestion.objects.filter(state="staged").exists() == MatchRun.objects.exists()
    expected = (WhatIf, type(None), KeptAlready) if kept else (type(None), WhatIf.DoesNotExist)
    assert {type(result) for result in results} <= set(expected)
    assert Suggestion.objects.count() == MatchRun.objects.count() == int(kept)


@pytest.mark.django_db(transaction=True)
def test_two_answers_kept_at_once_never_wait_for_each_other() -> None:
    """Both write about the same people, in opposite orders."""
    people = make_four_people()
    bruno, amina = pair_of(people)
    asked = [
        answered(people, Change(more=tuple(More(who, reach_km=reach) for who in order)))
        for order, reach in (((bruno, amina), 60), ((amina, bruno), 80))
    ]
    results = at_once([lambda what_if=what_if: keep(people, what_if) for what_if in asked])
    assert sorted(type(result).__name__ for result in results) == ["RunUnderWay", "WhatIf"]


@pytest.mark.django_db(transaction=True)
def test_a_run_beside_it_and_a_decision_find_one_order() -> None:
    """Keeping, a run that was asked for, and a colleague's decline of the same pair: no deadlock."""
    people = make_four_people()
    bruno, amina = pair_of(people)
    asked = actions.request_run(programme_id=people.programme.pk, actor=people.chloe.actor, now=NOW)
    actions.run_matching(run_id=asked.pk, now=NOW)
    suggestion = Suggestion.objects.get()
    what_if = answered(people, Change(lock=((bruno, amina),)))
    second = actions.request_run(programme_id=people.programme.pk, actor=people.chloe.actor, now=NOW)
    results = at_once(
        [
            lambda: keep(people, what_if),
            lambda: actions.run_matching(run_id=second.pk, now=NOW),
            lambda: actions.approve_suggestion(
                suggestion_id=suggestion.pk, actor=people.chloe.actor, now=NOW
            ),
        ]
    )
    assert all(result is None or isinstance(result, Expected | WhatIf) or result.pk for result in results)
    taken = Enrolment.objects.get(pk=bruno)
    assert taken.places_taken + Suggestion.objects.open().filter(mentor=bruno).count() <= taken.capacity


# What is written.


def test_nothing_written_becomes_less(four_people: FourPeople) -> None:
    profile = four_people.bruno.profile
    given: dict[str, Any] = {"profile_id": profile.pk, "actor": four_people.chloe.actor, "now": NOW}
    note_more(reach_km=5, **given)
    note_more(slots=["mon:morning"], **given)
    after = Profile.objects.get(pk=profile.pk)
    assert (after.reach_km, after.slots) == (20, ["mon:morning", "tue:evening", "thu:evening"])


def test_weights_stay_within_what_a_programme_may_weigh(four_people: FourPeople) -> None:
    none = dict.fromkeys(weights_of(four_people.programme.criteria), 0.0)
    for weights in ({"topics": 11.0}, {"religion": 1.0}, none):
        with pytest.raises(BadSettings):
            set_weights(
                programme_id=four_people.programme.pk, weights=weights, actor=four_people.chloe.actor, now=NOW
            )
