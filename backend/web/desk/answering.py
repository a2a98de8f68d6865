"""An answer of the plan in words: what was asked, what changes for whom, what stands against it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext, ngettext

from backend.core.languages import language_name
from backend.insight.what_if import Question
from backend.pairings.changes import Dropped, More
from backend.pairings.enums import WhatIfProblem, WhatIfState
from backend.people.enums import Channel
from backend.programmes.models import Enrolment
from backend.web.desk import reasons
from backend.web.shell import words
from backend.web.shell.week import slot_words


@dataclass(frozen=True, slots=True)
class Moved:
    """A newcomer whose mentor changes."""

    name: str
    initials: str
    text: str
    fit: str
    badge: str
    tone: str


@dataclass(frozen=True)
class Drawn:
    """Everything the page of a question says. `rows` are (what, now, then)."""

    asked: Sequence[str]
    is_waiting: bool
    is_done: bool
    problem: words.Text
    against: Sequence[tuple[str, Sequence[words.Text]]]
    summary: str
    rows: Sequence[tuple[str, str, str]]
    has_other_weights: bool
    moved: Sequence[Moved]
    kept: str


def draw(question: Question) -> Drawn:
    what_if, result = question.what_if, question.what_if.result
    is_done = what_if.state == WhatIfState.DONE
    shifts = result["shifts"] if is_done else []
    return Drawn(
        asked=list(_asked(question)),
        is_waiting=what_if.state == WhatIfState.QUEUED,
        is_done=is_done,
        problem=WhatIfProblem(what_if.error).label if what_if.error else "",
        against=list(_against(question)),
        summary=_summary(shifts) if is_done else "",
        rows=_rows(question) if is_done else [],
        has_other_weights=bool(question.change.weights),
        moved=list(_moved(question, shifts)),
        kept=_kept(question),
    )


def cost(question: Question) -> str:
    """What it would mean for everybody together, in one or two sentences; "" without an answer."""
    if question.what_if.state != WhatIfState.DONE:
        return ""
    before, after = question.what_if.result["before"], question.what_if.result["after"]
    fewer, less = before["matched"] - after["matched"], before["total_fit"] - after["total_fit"]
    points = {"points": formats.number_format(abs(less), 1)}
    if fewer > 0:
        return ngettext(
            "%(count)d newcomer fewer would have a mentor.",
            "%(count)d newcomers fewer would have a mentor.",
            fewer,
        ) % {"count": fewer}
    if less > 0.05:
        return gettext("Everybody together would fit less well, by %(points)s points.") % points
    if less < -0.05:
        return gettext("Everybody together would fit better, by %(points)s points.") % points
    return gettext("Everybody together would fit as well as now.")


# What was asked.


def _asked(question: Question) -> Iterator[str]:
    change, people = question.change, question.people
    for more in change.more:
        yield from _more(more, _called(people, more.enrolment))
    for mentor, newcomer in change.lock:
        both = {"mentor": _called(people, mentor), "newcomer": _called(people, newcomer)}
        yield gettext("%(newcomer)s and %(mentor)s are together.") % both
    for mentor, newcomer in change.forbid:
        both = {"mentor": _called(people, mentor), "newcomer": _called(people, newcomer)}
        yield gettext("%(newcomer)s and %(mentor)s are not together.") % both
    for name, weight in change.weights.items():
        said = {"name": reasons.part_name(name), "weight": formats.number_format(weight)}
        yield gettext("“%(name)s” counts %(weight)s.") % said
    for wish in change.wishes:
        yield _wish(wish, _called(people, wish.enrolment))


def _more(more: More, called: str) -> Iterator[str]:
    if more.reach_km:
        said = {"name": called, "km": more.reach_km}
        yield gettext("%(name)s can travel up to %(km)d km.") % said
    if more.slots:
        said = {"name": called, "slots": words.listed(slot_words(slot) for slot in more.slots)}
        yield gettext("%(name)s can also meet: %(slots)s.") % said
    if more.interpreter:
        yield gettext("An interpreter comes along with %(name)s.") % {"name": called}
    if more.online:
        yield gettext("%(name)s can meet online.") % {"name": called}


def _wish(wish: Dropped, called: str) -> str:
    wishes = [gettext("a woman or a man")] if wish.gender else []
    said = {
        "name": called,
        "wishes": words.listed([*wishes, *words.topics(wish.topics)]),
        "channel": Channel(wish.told.channel).label,
        "language": language_name(wish.told.language),
        "interpreter": wish.told.interpreter,
    }
    if wish.told.interpreter:
        return (
            gettext(
                "%(name)s does without: %(wishes)s. "
                "They said yes: %(channel)s, %(language)s, interpreted by %(interpreter)s."
            )
            % said
        )
    return gettext("%(name)s does without: %(wishes)s. They said yes: %(channel)s, %(language)s.") % said


def _called(people: Mapping[int, Enrolment], pk: int | None) -> str:
    enrolment = people.get(pk) if pk is not None else None
    return enrolment.profile.called if enrolment else gettext("somebody who has left")


# What came of it.


def _against(question: Question) -> Iterator[tuple[str, Sequence[words.Text]]]:
    for row in question.what_if.result.get("against", ()):
        both = {name: _called(question.people, row[name]) for name in ("mentor", "newcomer")}
        title = gettext("%(newcomer)s and %(mentor)s cannot be together in the plan.") % both
        yield title, [reasons.refusal(name) for name in row["refusals"]]


def _summary(shifts: Sequence[Mapping[str, Any]]) -> str:
    if not shifts:
        return gettext("Nothing changes for anybody.")
    gained = sum(shift["mentor_before"] is None for shift in shifts)
    lost = sum(shift["mentor_after"] is None for shift in shifts)
    other = len(shifts) - gained - lost
    sentences = []
    if gained:
        sentences.append(
            ngettext("%(n)d newcomer finds a mentor.", "%(n)d newcomers find a mentor.", gained)
            % {"n": gained}
        )
    if lost:
        sentences.append(
            ngettext("%(n)d newcomer then has nobody.", "%(n)d newcomers then have nobody.", lost)
            % {"n": lost}
        )
    if other:
        sentences.append(
            ngettext("%(n)d newcomer has another mentor.", "%(n)d newcomers have another mentor.", other)
            % {"n": other}
        )
    return " ".join(sentences)


def _rows(question: Question) -> list[tuple[str, str, str]]:
    """(what, now, then). By other weights a fit is another measure: then only people are counted."""
    before, after = (question.what_if.result[when] for when in ("before", "after"))
    told: list[tuple[str, Callable[[Mapping[str, Any]], str]]] = [
        (gettext("Newcomers with a mentor"), lambda plan: formats.number_format(plan["matched"])),
        (gettext("Fit of everybody together"), lambda plan: formats.number_format(plan["total_fit"], 1)),
        (gettext("Mean fit"), _mean),
    ]
    shown = told[:1] if question.change.weights else told
    return [(what, say(before), say(after)) for what, say in shown]


def _mean(plan: Mapping[str, Any]) -> str:
    return formats.number_format(plan["total_fit"] / plan["matched"], 2) if plan["matched"] else "–"


def _moved(question: Question, shifts: Sequence[Mapping[str, Any]]) -> Iterator[Moved]:
    """Who loses somebody first: it is they whom the coordinator must think of."""
    known = [shift for shift in shifts if shift["newcomer"] in question.people]
    for shift in sorted(known, key=lambda s: (s["mentor_after"] is not None, s["mentor_before"] is not None)):
        profile = question.people[shift["newcomer"]].profile
        text, badge, tone = _words(shift, question.people)
        yield Moved(profile.full_name, profile.initials, text, _fit(shift), badge, tone)


def _words(shift: Mapping[str, Any], people: Mapping[int, Enrolment]) -> tuple[str, str, str]:
    said = {name: _called(people, shift[f"mentor_{name}"]) for name in ("before", "after")}
    if shift["mentor_before"] is None:
        return gettext("Nobody now, then %(after)s.") % said, gettext("finds a mentor"), "good"
    if shift["mentor_after"] is None:
        return gettext("%(before)s now, then nobody.") % said, gettext("then has nobody"), "danger"
    return gettext("%(before)s now, then %(after)s.") % said, gettext("another mentor"), "plain"


def _fit(shift: Mapping[str, Any]) -> str:
    """How well it fits, of 100; a pair put together by hand beside the plan has no fit there."""
    before, after = (shift[f"share_{when}"] for when in ("before", "after"))
    said = {"before": round(100 * (before or 0)), "after": round(100 * (after or 0))}
    if before is not None and after is not None:
        return gettext("Fit: %(before)d of 100 now, then %(after)d of 100.") % said
    if after is not None:
        return gettext("Fit: %(after)d of 100.") % said
    return gettext("Fit: %(before)d of 100.") % said if before is not None else ""


def _kept(question: Question) -> str:
    if question.what_if.kept_at is None:
        return ""
    at = formats.date_format(timezone.localtime(question.what_if.kept_at), "SHORT_DATETIME_FORMAT")
    return gettext("%(name)s kept this, %(at)s.") % {"name": question.kept_by, "at": at}
