"""Asking the plan a question. A worker answers it; nothing is done to anybody."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backend.core import jobs
from backend.core.actor import Actor
from backend.core.clock import today
from backend.core.errors import BadInput, require
from backend.pairings.actions.learning import lessons_in_use
from backend.pairings.actions.locks import NotBothSides, NotSuitable
from backend.pairings.actions.runs import ProgrammeNotOpen
from backend.pairings.changes import Change, Dropped, More, Unanswerable, plan_print
from backend.pairings.enums import WhatIfProblem, WhatIfState
from backend.pairings.models import WhatIf
from backend.pairings.queries import PERSON, everybody_in_play, obstacles
from backend.pairings.rules import may_run_matching
from backend.people.enums import Channel
from backend.profiles.actions import log_contact
from backend.profiles.enums import SLOTS, Topic
from backend.programmes.actions import are_weights
from backend.programmes.enums import Side
from backend.programmes.models import Enrolment, Programme

KEPT = timedelta(days=7)
FARTHEST_KM = 500
MOST_PEOPLE = 100  # in one question


class NothingAsked(BadInput):
    code = "nothing_asked"
    sentence = _("Say what would be different.")


class NotInMatching(BadInput):
    code = "not_in_matching"
    sentence = _("Somebody in this question is not in the matching now.")


class OnlyMore(BadInput):
    code = "only_more"
    sentence = _("Ask what somebody could do more: a longer way than now, other half-days, an interpreter.")


class WishStays(BadInput):
    """It is required, or it is none of theirs."""

    code = "wish_stays"
    sentence = _("Only a newcomer's own wish that is not required can be left out.")


class NoYes(BadInput):
    code = "no_yes"
    sentence = _("Ask the newcomer first. Then say how you spoke, and in which language.")


@transaction.atomic
def ask_what_if(*, programme_id: int, change: Change, client_id: UUID, actor: Actor, now: datetime) -> WhatIf:
    """Queue a question to the plan of a programme. The same `client_id` again is the same question.

    The yes of whoever gives up a wish goes into their contact log. Raises NotAllowed, ProgrammeNotOpen,
    NothingAsked, NotInMatching, NotBothSides, OnlyMore, NoYes, WishStays, NotSuitable.
    """
    programme = Programme.objects.select_related("organisation").get(pk=programme_id)
    require(may_run_matching(actor, programme))
    require(programme.is_open, ProgrammeNotOpen)
    # Race: a button pressed twice. The unique key lets one make it, and the other finds it made.
    asked = WhatIf.objects.filter(asked_by=actor.acting_person_id, client_id=client_id).first()
    if asked:
        return asked
    _check(change, programme, now=now)
    what_if, made = WhatIf.objects.get_or_create(
        asked_by_id=actor.acting_person_id,
        client_id=client_id,
        defaults={"programme": programme, "asked_at": now, "change": change.as_json()},
    )
    if made:
        _log_yes(change, actor=actor, now=now)
        jobs.later("pairings.what_if", what_if.pk)
    return what_if


def answer_what_if(*, what_if_id: int, now: datetime) -> None:
    """Solve the plan again with the change and store what differs. Doing it twice changes nothing."""
    from backend.pairings import engine  # loads scikit-learn: only a worker comes here

    rows = WhatIf.objects.select_related("programme__organisation")
    what_if = rows.filter(pk=what_if_id, state=WhatIfState.QUEUED).first()
    if what_if is None:  # answered already, or forgotten
        return
    programme = what_if.programme
    day = today(now=now, time_zone=programme.organisation.time_zone)
    in_play, change = everybody_in_play(programme, day=day), Change.from_json(what_if.change)
    lessons = lessons_in_use(programme=programme, day=day, now=now)
    try:
        answer = engine.what_if(programme, in_play, change, day=day, lessons=lessons)
    except Unanswerable as why:
        against = {"against": [asdict(one) for one in why.against]} if why.against else {}
        give_up_what_if(what_if_id=what_if_id, problem=why.problem, result=against, now=now)
    else:
        result = asdict(answer) | {"print": plan_print(programme)}
        _finish(what_if_id, now, state=WhatIfState.DONE, result=result)


def give_up_what_if(
    *, what_if_id: int, problem: WhatIfProblem, now: datetime, result: Mapping[str, Any] | None = None
) -> None:
    """Say why a question has no answer; `result` may name what stands against whom."""
    _finish(what_if_id, now, state=WhatIfState.FAILED, error=problem, result=dict(result or {}))


def forget_what_ifs(*, now: datetime) -> int:
    """Remove what was asked more than a week ago; returns how many."""
    forgotten, _by_model = WhatIf.objects.filter(asked_at__lt=now - KEPT).delete()
    return forgotten


def _finish(what_if_id: int, now: datetime, **values: object) -> None:
    # Race: a worker taken for dead wakes up while another answers. The first answer stands.
    WhatIf.objects.filter(pk=what_if_id, state=WhatIfState.QUEUED).update(finished_at=now, **values)


def _check(change: Change, programme: Programme, *, now: datetime) -> None:
    require(bool(change.more or change.wishes or change.weights or change.pairs), NothingAsked)
    require(len(change.people) <= MOST_PEOPLE and are_weights(change.weights), OnlyMore)
    rows = Enrolment.objects.filter(programme=programme, pk__in=change.people).in_play()
    people = rows.select_related(*PERSON).in_bulk()
    require(people.keys() == change.people, NotInMatching)
    for more in change.more:
        require(_is_more(more, people[more.enrolment]), OnlyMore)
    for wish in change.wishes:
        require(_may_be_given_up(wish, people[wish.enrolment]), WishStays)
        require(bool(wish.told.language) and wish.told.channel != Channel.SELF, NoYes)
    for mentor_id, newcomer_id in change.pairs:
        sides = people[mentor_id].side, people[newcomer_id].side
        require(sides == (Side.MENTOR, Side.NEWCOMER), NotBothSides)
    day = today(now=now, time_zone=programme.organisation.time_zone)
    for mentor_id, newcomer_id in change.lock:
        if refusals := obstacles(people[mentor_id], people[newcomer_id], day=day):
            raise NotSuitable(refusals)


def _is_more(more: More, enrolment: Enrolment) -> bool:
    """Whether it asks for something, and for nothing less than now."""
    if more.is_empty or not set(more.slots) <= set(SLOTS):
        return False
    if more.interpreter and enrolment.side != Side.NEWCOMER:
        return False  # an interpreter comes along with a newcomer
    return more.reach_km is None or enrolment.profile.reach_km < more.reach_km <= FARTHEST_KM


def _may_be_given_up(wish: Dropped, enrolment: Enrolment) -> bool:
    """Whether these are wishes of a newcomer, and none is required."""
    profile = enrolment.profile
    if enrolment.side != Side.NEWCOMER or wish.is_empty or not set(wish.topics) <= set(profile.topics_wanted):
        return False
    return not wish.gender or bool(profile.wishes_gender and not profile.wish_is_required)


def _log_yes(change: Change, *, actor: Actor, now: datetime) -> None:
    people = Enrolment.objects.select_related("profile__organisation")
    for wish in change.wishes:
        wishes = [gettext("a woman or a man")] if wish.gender else []
        wishes += [str(Topic(topic).label) for topic in wish.topics]
        log_contact(
            profile=people.get(pk=wish.enrolment).profile,
            channel=wish.told.channel,
            language=wish.told.language,
            interpreter=wish.told.interpreter,
            note=gettext("They say yes to doing without: %(wishes)s.") % {"wishes": ", ".join(wishes)},
            actor=actor,
            now=now,
        )
