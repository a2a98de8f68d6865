"""A list on its way in: upload, columns, rows, what is sworn, what came of it; and everything out again."""

from __future__ import annotations

from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backend.core import clock
from backend.core.errors import BadInput, Expected
from backend.imports import actions, queries
from backend.imports.actions import File
from backend.imports.dry_run import OpenBatch, PlannedRow, believed, dry_run
from backend.imports.enums import BatchState, Outcome, SheetKind
from backend.imports.leaving import export_programme
from backend.imports.mentorings import PlannedMentoring, crowd_of, plan_mentorings
from backend.imports.models import ImportBatch
from backend.imports.storing import plan_from_json, sheets_from_text
from backend.organisations.enums import Role
from backend.web.imports import drawing, words
from backend.web.imports.forms import ExportForm, TicksForm, UploadForm
from backend.web.shell.access import View, form_page, staff
from backend.web.shell.cards import Tab
from backend.web.shell.request import Request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PER_PAGE = 50
SHOWS = ("questions", "all", "mentorings", "out")


def coordinators(view: View) -> View:
    """Open to those who coordinate somewhere; for others the page does not exist."""

    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.actor.organisations(Role.COORDINATOR):
            raise Http404
        return view(request, *args, **kwargs)

    return staff(guarded)


@coordinators
@form_page
def start(request: Request) -> HttpResponse:
    """Choose a programme and files; what was uploaded before; everything out again."""
    programmes = list(queries.programmes_to_fill(request.actor))
    form = UploadForm(_sent(request), request.FILES or None, programmes=programmes)
    if form.is_bound and form.is_valid() and (found := _uploaded(request, form)):
        return redirect("imports:mapping", found.public_id)
    context = {
        "form": form,
        "programmes": programmes,
        "batches": queries.latest_batches(request.actor),
        "export_form": ExportForm(programmes=queries.programmes_to_export(request.actor)),
    }
    return render(request, "imports/start.html", context, status=400 if form.errors else 200)


def _uploaded(request: Request, form: UploadForm) -> ImportBatch | None:
    """The batch, or None with a sentence at the form."""
    try:
        return actions.upload(
            programme=form.chosen,
            files=[File(file.name, file.read()) for file in form.cleaned_data["files"]],
            actor=request.actor,
            now=clock.now(),
            language=get_language() or "en",
        )
    except Expected as problem:
        form.add_error("files", str(problem))
        return None


@coordinators
@require_safe
def batch(request: Request, public_id: UUID) -> HttpResponse:
    """Where this upload goes on."""
    return _to_its_step(queries.access_batch(request.actor, public_id))


@coordinators
@form_page
def mapping(request: Request, public_id: UUID) -> HttpResponse:
    """What each sheet and column means: guessed, and corrected here."""
    found = queries.access_batch(request.actor, public_id)
    if found.state not in (BatchState.UPLOADED, BatchState.MAPPED):
        return _to_its_step(found)
    sheets = sheets_from_text(found.sheets)
    plans = [plan_from_json(plain) for plain in found.mapping]
    problem = ""
    if request.method == "POST":
        plans = [
            drawing.plan_from_post(index, sheet, plans[index], request.POST)
            for index, sheet in enumerate(sheets)
        ]
        try:
            actions.set_mapping(batch_id=found.pk, plans=plans, actor=request.actor, now=clock.now())
            return redirect("imports:rows", found.public_id)
        except Expected as sentence:
            problem = str(sentence)
    context = {
        "batch": found,
        "sheets": [drawing.draw_sheet(i, sheet, plans[i]) for i, sheet in enumerate(sheets)],
        "kinds": SheetKind.choices,
        "person_fields": words.PERSON_FIELDS.items(),
        "pairing_fields": words.PAIRING_FIELDS.items(),
        "problem": problem,
        "unsure": sum(len(plan.unsure) + (not plan.is_kind_known) for plan in plans),
    }
    return render(request, "imports/mapping.html", context, status=400 if problem else 200)


@coordinators
@form_page
def rows(request: Request, public_id: UUID) -> HttpResponse:
    """The dry run: every row as it would come in, and what must be answered first."""
    found = queries.access_batch(request.actor, public_id)
    if found.state != BatchState.MAPPED:
        return _to_its_step(found)
    opened = queries.open_batch(found, now=clock.now())
    if request.method == "POST":
        return _decided(request, found, opened)
    people, mentorings = _planned(opened)
    open_questions = len(_shown((*people, *mentorings), "questions"))
    show = request.GET.get("show", "questions" if open_questions else "all")
    if show not in SHOWS:
        raise Http404
    page = Paginator(_shown(people, show), PER_PAGE).get_page(request.GET.get("page"))
    shown_mentorings = mentorings if show == "mentorings" else _shown(mentorings, show, is_all=False)
    context = {
        "batch": found,
        "show": show,
        "tabs": _tabs(found, show, people, mentorings),
        "page": page,
        "people": [drawing.draw_person(row, opened) for row in page] if show != "mentorings" else [],
        "mentorings": [drawing.draw_mentoring(row) for row in shown_mentorings],
        "standing": queries.standing_of(opened, people),
        "coming": sum(row.outcome == Outcome.CREATED for row in people),
        "here": sum(row.outcome == Outcome.MATCHED for row in people),
        "open_questions": open_questions,
        "believable": len(believed(people)),
    }
    return render(request, "imports/rows.html", context)


def _decided(request: Request, found: ImportBatch, opened: OpenBatch) -> HttpResponse:
    if request.POST.get("believe"):
        said = believed(dry_run(opened))
        text = ngettext("%(count)d answer was taken.", "%(count)d answers were taken.", len(said))
        messages.success(request, text % {"count": len(said)})
    else:
        said = drawing.decisions_from_post(request.POST)
        messages.success(request, _("Your answers are saved."))
    actions.decide(batch_id=found.pk, said=said, actor=request.actor, now=clock.now())
    return redirect("imports:rows", found.public_id)


def _planned(opened: OpenBatch) -> tuple[tuple[PlannedRow, ...], tuple[PlannedMentoring, ...]]:
    people = dry_run(opened)
    sheets = opened.sheets_of(SheetKind.PAIRINGS)
    if not sheets:
        return people, ()
    crowd = crowd_of(opened.batch.programme, people)
    return people, tuple(row for at in sheets for row in plan_mentorings(opened, at, crowd))


def _shown(found: tuple[Any, ...], show: str, *, is_all: bool = True) -> list[Any]:
    if show == "questions":
        return [row for row in found if row.is_asked]
    if show == "out":
        return [row for row in found if row.outcome == Outcome.SKIPPED and not row.is_asked]
    return list(found) if is_all else []


def _tabs(
    found: ImportBatch, show: str, people: tuple[PlannedRow, ...], mentorings: tuple[PlannedMentoring, ...]
) -> list[Tab]:
    everybody = (*people, *mentorings)
    labels = {
        "questions": (_("Questions"), len(_shown(everybody, "questions"))),
        "all": (_("All people"), len(people)),
        "mentorings": (_("Mentorings"), len(mentorings)),
        "out": (_("Not taken in"), len(_shown(everybody, "out"))),
    }
    address = reverse("imports:rows", args=[found.public_id])
    return [
        Tab(label, f"{address}?show={name}", name == show, count)
        for name, (label, count) in labels.items()
        if name != "mentorings" or mentorings
    ]


@coordinators
@form_page
def commit(request: Request, public_id: UUID) -> HttpResponse:
    """The last page before anything is written: how many, and what the coordinator vouches for."""
    found = queries.access_batch(request.actor, public_id)
    if found.state != BatchState.MAPPED:
        return _to_its_step(found)
    opened = queries.open_batch(found, now=clock.now())
    people, mentorings = _planned(opened)
    standing = queries.standing_of(opened, people)
    asked = queries.asked_of_mentors(found.programme)
    mentors = sum(standing.count(o, SheetKind.MENTORS) for o in (Outcome.CREATED, Outcome.MATCHED))
    form = TicksForm(_sent(request), standing=standing, asked=asked, mentors=mentors)
    if form.is_bound and form.is_valid():
        actions.commit(batch_id=found.pk, ticks=form.ticks(), actor=request.actor, now=clock.now())
        return redirect("imports:done", found.public_id)
    context = {
        "batch": found,
        "form": form,
        "standing": standing,
        "created": standing.count(Outcome.CREATED),
        "matched": standing.count(Outcome.MATCHED),
        "skipped": standing.count(Outcome.SKIPPED),
        "open_questions": len(_shown((*people, *mentorings), "questions")),
        "mentorings": sum(row.outcome == Outcome.CREATED for row in mentorings),
    }
    return render(request, "imports/commit.html", context)


@coordinators
@require_safe
def done(request: Request, public_id: UUID) -> HttpResponse:
    """What came of it; while a worker is at it, the page comes again by itself."""
    found = queries.access_batch(request.actor, public_id)
    if found.state in (BatchState.UPLOADED, BatchState.MAPPED):
        return _to_its_step(found)
    if queries.is_under_way(found):
        response = render(request, "imports/under_way.html", {"batch": found})
        response.headers["Refresh"] = "3"
        return response
    result = queries.result_of(found)
    context = {
        "batch": found,
        "figures": [
            (result[kind, Outcome.CREATED], label)
            for kind, label in (
                (SheetKind.MENTORS, _("volunteers are new")),
                (SheetKind.NEWCOMERS, _("newcomers are new")),
                (SheetKind.PAIRINGS, _("mentorings are new")),
            )
        ],
        "matched": sum(count for (_kind, outcome), count in result.items() if outcome == Outcome.MATCHED),
        "left_out": drawing.reasons_of(queries.left_out(found), sheets_from_text(found.sheets)),
    }
    return render(request, "imports/done.html", context)


@coordinators
@require_POST
def discard(request: Request, public_id: UUID) -> HttpResponse:
    found = queries.access_batch(request.actor, public_id)
    actions.discard(batch_id=found.pk, actor=request.actor, now=clock.now())
    messages.success(request, _("The upload was thrown away. Nobody was taken in."))
    return redirect("imports:start")


@coordinators
@require_POST
def export(request: Request) -> HttpResponse:
    """Everything of one programme as a workbook; the log keeps who took it."""
    form = ExportForm(request.POST, programmes=queries.programmes_to_export(request.actor))
    if not form.data.get("programme"):
        raise BadInput
    if not form.is_valid():
        raise Http404
    now = clock.now()
    data = export_programme(programme=form.chosen, actor=request.actor, now=now)
    name = f"export-{now:%Y-%m-%d}.xlsx"  # neutral: it lies in a folder of downloads
    return HttpResponse(data, XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _sent(request: Request) -> QueryDict | None:
    """What was sent, also when no box was ticked; None where the page is only looked at."""
    return request.POST if request.method == "POST" else None


def _to_its_step(found: ImportBatch) -> HttpResponse:
    steps = {BatchState.UPLOADED: "imports:mapping", BatchState.MAPPED: "imports:rows"}
    return redirect(steps.get(BatchState(found.state), "imports:done"), found.public_id)
