"""Before a batch goes out: who is in it, who is left and why, what would help; then one button."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from backend.core import clock
from backend.core.errors import Expected
from backend.core.languages import language_name
from backend.insight import desk
from backend.insight.desk import DeskProgramme
from backend.insight.desk_release import BeforeRelease, Staged, Tally, before_release, released_at
from backend.pairings.actions import release_staged, undo_release
from backend.pairings.models import Suggestion
from backend.pairings.overtaken import Overtaken
from backend.pairings.queries import waiting_days
from backend.pairings.rules import UNDO
from backend.profiles.enums import GenderWish
from backend.web.desk import drawing, reasons, status
from backend.web.desk.page import chosen, is_coordinator
from backend.web.shell import words
from backend.web.shell.access import form_page, staff, staff_names
from backend.web.shell.request import Request
from backend.web.shell.week import slot_words

NAMED_AT_MOST = 5  # colleagues who were faster, one message each


@dataclass(frozen=True, slots=True)
class Going:
    """One on the list to send, and what stands in the way today."""

    public_id: UUID
    title: str
    initials: str
    wait: str
    share: float
    against: Sequence[words.Text]


@dataclass(frozen=True, slots=True)
class Sent:
    public_id: UUID
    title: str
    initials: str


@dataclass(frozen=True, slots=True)
class Table:
    """One way to look at those who wait: the rows of a table."""

    columns: Sequence[words.Text]
    rows: Sequence[Sequence[words.Text | int]]
    caption: str


@form_page
@staff_names
def release(request: Request, programme_id: UUID) -> HttpResponse:
    programme = chosen(desk.desk_programmes(request.actor), str(programme_id))
    return _send(request, programme) if request.method == "POST" else _page(request, programme)


@require_POST
@staff
def undo(request: Request, programme_id: UUID) -> HttpResponse:
    """Take all back that went out together."""
    programme = chosen(desk.desk_programmes(request.actor), str(programme_id))
    at = _moment(request.POST.get("at", ""))
    if at is not None:
        batch = undo_release(programme_id=programme.pk, released_at=at, actor=request.actor, now=clock.now())
        _say_taken_back(request, len(batch.done), len(batch.kept))
    return redirect("desk:release", programme_id)


def _send(request: Request, programme: DeskProgramme) -> HttpResponse:
    now = clock.now()
    shown = [found for text in request.POST.getlist("suggestion") if (found := _uuid(text))]
    batch = release_staged(programme_id=programme.pk, actor=request.actor, now=now, only=shown)
    faster = [kept.why for kept in batch.kept if isinstance(kept.why, Overtaken)]
    if faster and not batch.done:
        return _page(request, programme, problem=faster[0])
    for kept in [kept for kept in batch.kept if isinstance(kept.why, Overtaken)][:NAMED_AT_MOST]:
        messages.warning(request, f"{status.pair(kept.suggestion)}: {kept.why}")
    address = reverse("desk:release", args=[programme.public_id])
    return redirect(f"{address}?{urlencode({'at': now.isoformat()})}" if batch.done else address)


def _page(request: Request, programme: DeskProgramme, *, problem: Expected | None = None) -> HttpResponse:
    now = clock.now()
    day, at = timezone.localdate(now), _moment(request.GET.get("at", ""))
    facts = before_release(programme, day=day)
    sent = released_at(programme.pk, at, actor=request.actor) if at else []
    going = [_going(row, day) for row in facts.staged]
    context = {
        "programme": programme,
        "problem": problem,
        "facts": facts,
        "share": _percent(facts.share),
        "going": going,
        "blocked": [row for row in going if row.against],
        "left": [drawing.left_over(row, day=day) for row in facts.left],
        "tables": _tables(facts),
        "advice": [said for row in facts.advice if (said := help_in_words(row))],
        "sent": [_sent(row) for row in sent],
        "at": at.isoformat() if at else "",
        "can_undo": bool(sent) and at is not None and now < at + UNDO,
        "may_release": is_coordinator(request, programme.organisation_id) and programme.is_open,
        "may_pair": is_coordinator(request, programme.organisation_id),
    }
    return render(request, "desk/release.html", context, status=problem.status if problem else 200)


def _say_taken_back(request: Request, done: int, late: int) -> None:
    if done:
        said = ngettext(
            "%(count)d was taken back. It is on the list to send again.",
            "%(count)d were taken back. They are on the list to send again.",
            done,
        )
        messages.success(request, said % {"count": done})
    if late or not done:
        messages.warning(request, gettext("The half minute is over for the others. They have been sent."))


def _going(row: Staged, day: date) -> Going:
    found = row.suggestion
    against = [reasons.refusal(refusal) for refusal in row.against]
    if row.is_asked:
        against.append(gettext("The two have an open offer already."))
    return Going(
        public_id=found.public_id,
        title=status.pair(found),
        initials=found.newcomer.profile.initials,
        wait=words.waiting(waiting_days(found.newcomer, day=day)),
        share=found.share,
        against=against,
    )


def _sent(found: Suggestion) -> Sent:
    return Sent(found.public_id, status.pair(found), found.newcomer.profile.initials)


def _percent(share: float | None) -> str:
    return "" if share is None else gettext("%(percent)d %%") % {"percent": round(100 * share)}


def _tables(facts: BeforeRelease) -> list[Table]:
    counts = (gettext("To send"), gettext("Suggested, not decided"), gettext("Nobody found"))
    return [
        Table((gettext("Language"), *counts), _rows(facts.by_language, _language), gettext("By language")),
        Table(
            (gettext("Asked for"), *counts),
            _rows(facts.by_wish, _wish),
            gettext("By the wish for a woman or a man"),
        ),
        Table((gettext("Town"), *counts), _rows(facts.by_town, _town), gettext("By town")),
    ]


def _rows(tallies: Iterable[Tally], name: Callable[[str], words.Text]) -> list[Sequence[words.Text | int]]:
    return [(name(row.key), row.to_send, row.to_decide, row.nobody) for row in tallies]


def _language(tag: str) -> str:
    return language_name(tag) if tag else gettext("not known")


def _wish(key: str) -> words.Text:
    if not key:
        return gettext("no wish")
    wish = GenderWish(key[0]).label
    return gettext("Only: %(wish)s") % {"wish": wish} if key.endswith("!") else wish


def _town(name: str) -> str:
    return name or gettext("not known")


def help_in_words(row: Mapping[str, Any]) -> tuple[str, str] | None:
    """One more mentor that would help, in a sentence, and what else they are; None where nobody would."""
    count = int(row.get("more_matched") or 0)
    if count < 1:
        return None
    language, town = str(row.get("language") or ""), str(row.get("town") or "")
    said = {"count": count, "town": town, "language": language_name(language) if language else ""}
    return _one_more(language, town, count) % said, words.joined(_free(row), _who(row))


def _one_more(language: str, town: str, n: int) -> str:
    """The sentence with its plural forms; each form stands whole for the translators."""
    if language and town:
        return ngettext(
            "One mentor in %(town)s who speaks %(language)s would match %(count)d person.",
            "One mentor in %(town)s who speaks %(language)s would match %(count)d people.",
            n,
        )
    if language:
        return ngettext(
            "One mentor who speaks %(language)s would match %(count)d person.",
            "One mentor who speaks %(language)s would match %(count)d people.",
            n,
        )
    if town:
        return ngettext(
            "One mentor in %(town)s would match %(count)d person.",
            "One mentor in %(town)s would match %(count)d people.",
            n,
        )
    return ngettext(
        "One more mentor would match %(count)d person.", "One more mentor would match %(count)d people.", n
    )


def _free(row: Mapping[str, Any]) -> str:
    hours = str(row.get("hours") or "")
    if hours == "flexible":
        return gettext("With hours that change")
    return gettext("Free on %(when)s") % {"when": slot_words(hours)} if ":" in hours else ""


def _who(row: Mapping[str, Any]) -> words.Text:
    gender = str(row.get("gender") or "")
    return GenderWish(gender).label if gender in GenderWish.values and gender else ""


def _moment(text: str) -> datetime | None:
    """The moment a batch went out, as an address or a form says it."""
    try:
        at = parse_datetime(text)
    except ValueError:
        return None
    return at if at is not None and timezone.is_aware(at) else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
