"""The page of the desk: the list of one programme by where its suggestions stand, and one beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core import audit, clock
from backend.core.errors import Expected
from backend.insight import desk
from backend.insight.desk import DeskProgramme, Section
from backend.insight.desk_detail import access_suggestion, detail_of
from backend.organisations.enums import Role
from backend.pairings.models import Suggestion
from backend.pairings.rules import may_comment, may_decide
from backend.web.desk import drawing, status
from backend.web.desk.forms import CommentForm, DeclineForm, PutOffForm
from backend.web.shell.cards import Tab
from backend.web.shell.nav import url_if_any
from backend.web.shell.request import Request
from backend.web.shell.words import Text

SECTIONS: dict[Section, Text] = {
    Section.LOOK: _("To look at"),
    Section.CALL: _("Call first"),
    Section.LATER: _("Later"),
    Section.SEND: _("To send"),
}


@dataclass(frozen=True)
class Answer:
    """What a form that could not be done brings to the page: itself, or why, or a question."""

    decline: DeclineForm | None = None
    put_off: PutOffForm | None = None
    comment: CommentForm | None = None
    problem: Expected | None = None
    asks: bool = False  # something speaks against it: approve all the same?

    @property
    def form(self) -> forms.Form | None:
        return self.decline or self.put_off or self.comment

    @property
    def status(self) -> int:
        if self.problem:
            return self.problem.status
        return 422 if self.form is not None or self.asks else 200


@dataclass(frozen=True)
class Listed:
    """The open suggestions of a programme as the reader looks at them: one section, perhaps by a name."""

    section: Section
    rows: Sequence[Suggestion]
    everything: Sequence[Suggestion]
    counts: dict[Section, int] = field(default_factory=dict)


def listed(request: Request, programme_id: int, *, of: Suggestion | None = None, asked: str = "") -> Listed:
    """The section that `of` stands in, else the one asked for, else the first to look at."""
    day = timezone.localdate(clock.now())
    everything = desk.open_suggestions(programme_id, actor=request.actor)
    parts = desk.by_section(everything, day=day)
    section = desk.section_of(of, day=day) if of is not None else None
    section = section or (Section(asked) if asked in SECTIONS else Section.LOOK)
    return Listed(
        section=section,
        rows=desk.named(parts[section], request.GET.get("q", "")),
        everything=everything,
        counts={part: len(rows) for part, rows in parts.items()},
    )


def page_of(request: Request, found: Suggestion, answer: Answer = Answer()) -> HttpResponse:
    """The page of one suggestion, beside the list of its programme."""
    programmes = desk.desk_programmes(request.actor)
    return page(request, programmes, chosen(programmes, str(found.programme.public_id)), found, answer)


def page(
    request: Request,
    programmes: Sequence[DeskProgramme],
    programme: DeskProgramme,
    found: Suggestion | None = None,
    answer: Answer = Answer(),
) -> HttpResponse:
    now = clock.now()
    shown = listed(request, programme.pk, of=found, asked=request.GET.get("show", ""))
    current = found
    if current is None and shown.rows:
        current = access_suggestion(shown.rows[0].public_id, actor=request.actor)
    desk.load_languages(shown.rows, *([current] if current else []))
    context: dict[str, Any] = {
        "programme": programme,
        "tabs": [
            Tab(row.name, list_of(row.public_id), row.pk == programme.pk, row.suggestions)
            for row in programmes
        ],
        "sections": _sections(request, programme, shown),
        "section": shown.section,
        "q": request.GET.get("q", ""),
        "query": query_of(request),
        "entries": _entries(shown, current, now),
        "is_detail": found is not None,
        "may_run": is_coordinator(request, programme.organisation_id),
        "status": status.line(request, now=now),
        "problem": answer.problem,
    }
    if current is not None:
        context |= _detail(request, current, shown, now) | _forms(request, answer)
    return render(request, "desk/desk.html", context, status=answer.status)


def _sections(request: Request, programme: DeskProgramme, shown: Listed) -> list[Tab]:
    q = request.GET.get("q", "")
    return [
        Tab(
            label,
            list_of(programme.public_id, show=section, q=q),
            section == shown.section,
            shown.counts[section],
        )
        for section, label in SECTIONS.items()
    ]


def _entries(shown: Listed, current: Suggestion | None, now: datetime) -> list[drawing.Entry]:
    day = timezone.localdate(now)
    return [drawing.entry(row, current=current, day=day) for row in shown.rows]


def _detail(request: Request, current: Suggestion, shown: Listed, now: datetime) -> dict[str, Any]:
    _note_reading(request, current, now)
    place, before, after = drawing.neighbours(shown.rows, current)
    day: date = timezone.localdate(now)
    detail = detail_of(current, among=shown.everything, actor=request.actor)
    return {
        "current": current,
        "drawn": drawing.draw(detail, day=day),
        "changes": detail.changes,
        "place": place,
        "before": before,
        "after": after,
        "is_open": desk.is_open(current),
        "stands": desk.section_of(current, day=day),
        "may_decide": may_decide(request.actor, current),
        "may_comment": may_comment(request.actor, current),
        "why_not": url_if_any("desk:why_not", current.public_id),
        "note_talk": url_if_any("person_contact", current.newcomer.profile.public_id),
    }


def _note_reading(request: Request, current: Suggestion, now: datetime) -> None:
    audit.record_each(
        "read",
        actor=request.actor,
        about=[("profile", side.profile.public_id) for side in (current.newcomer, current.mentor)],
        now=now,
        organisation_id=current.programme.organisation_id,
    )


def _forms(request: Request, answer: Answer) -> dict[str, Any]:
    keys = has_keys(request)
    return {
        "form": answer.form,
        "asks": answer.asks,
        "decline_form": answer.decline or DeclineForm(keys=keys),
        "put_off_form": answer.put_off or PutOffForm(keys=keys),
        "comment_form": answer.comment or CommentForm(initial={"client_id": uuid4()}),
    }


def has_keys(request: Request) -> bool:
    return getattr(request.user, "sees_single_keys", True)


def chosen(programmes: Sequence[DeskProgramme], asked: str) -> DeskProgramme:
    """The programme asked for, else the first with something to decide. Raises Http404."""
    if asked:
        found = next((row for row in programmes if str(row.public_id) == asked), None)
        if found is None:
            raise Http404
        return found
    return next((row for row in programmes if row.suggestions), programmes[0])


def following(request: Request, found: Suggestion) -> Suggestion | None:
    """The one to look at after `found` is decided, where it stands now."""
    return drawing.next_in(listed(request, found.programme_id, of=found).rows, found)


def go_on(request: Request, decided: Suggestion, after: Suggestion | None, *, show: str) -> HttpResponse:
    """To the next suggestion of the same section, saying what was done; to the list where none is left."""
    said = {"q": request.GET.get("q", ""), "done": str(decided.public_id)}
    if after is None:
        return redirect(list_of(decided.programme.public_id, show=show, **said))
    return redirect(reverse("desk:detail", args=[after.public_id]) + _queried(said))


def query_of(request: Request) -> str:
    """The search that goes along from page to page, ready to follow an address."""
    return _queried({"q": request.GET.get("q", "")})


def list_of(programme_id: UUID, **said: str) -> str:
    return reverse("desk:list") + _queried({"programme": str(programme_id), **said})


def _queried(said: dict[str, str]) -> str:
    given = {name: value for name, value in said.items() if value}
    return f"?{urlencode(given)}" if given else ""


def is_coordinator(request: Request, organisation_id: int) -> bool:
    return request.actor.has_role(organisation_id, (Role.COORDINATOR,))
