"""The same words to many people: writing, what was sent, and reading."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from backend.core import clock
from backend.core.errors import Expected
from backend.messaging.announcements import (
    MOST,
    Reach,
    access_announcement,
    announce,
    reach_of,
    read_announcement,
    sent_announcements,
    told_of,
    written_to,
)
from backend.messaging.models import Announcement
from backend.messaging.rules import may_announce
from backend.organisations.models import Organisation
from backend.organisations.queries import names_in, staffed_by
from backend.profiles.actions import log_listing
from backend.profiles.queries import cases_named
from backend.programmes.queries import programmes_taking_in
from backend.web.announcements.forms import AnnouncementForm
from backend.web.people.narrowing import narrowed, without
from backend.web.shell.access import form_page, signed_in, staff, staff_names
from backend.web.shell.cards import Tab
from backend.web.shell.request import Request
from backend.web.shell.words import joined, moment

ON_A_PAGE = 30


@require_safe
@staff
def announcements(request: Request) -> HttpResponse:
    """What one's organisations sent, and how many have read it."""
    page = Paginator(sent_announcements(request.actor), ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "announcements/list.html", {"page": page, "lines": [_line(row) for row in page]})


@form_page
@staff_names
def announcement_new(request: Request) -> HttpResponse:
    """Write to everybody on a list of people, as it is narrowed now; each is named and can be left out."""
    now = clock.now()
    offices = staffed_by(request.actor)
    office = next((o for o in offices if str(o.public_id) == request.GET.get("office")), offices[0])
    form = AnnouncementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        chosen = cases_named(request.POST.getlist("to"), actor=request.actor)
        try:
            made = announce(
                organisation=office,
                profile_ids=[profile.pk for profile in chosen],
                text=form.cleaned_data["text"],
                client_id=form.cleaned_data["client_id"],
                actor=request.actor,
                now=now,
            )
        except Expected as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("Sent. Each gets a notice that says nothing of it."))
            return redirect("announcement", made.public_id)
    return render(request, "announcements/new.html", _new_page(request, form, office, offices, now))


@require_safe
@signed_in
def announcement(request: Request, public_id: UUID) -> HttpResponse:
    """One of them: its reader reads it, and staff see who has."""
    found, now = access_announcement(public_id, actor=request.actor), clock.now()
    if request.method == "GET":
        read_announcement(announcement=found, actor=request.actor, now=now)
    is_staff = may_announce(request.actor, found.organisation_id)
    if is_staff:
        log_listing(actor=request.actor, now=now)
    context = {
        "announcement": found,
        "at": moment(found.at),
        "by": names_in(found.organisation_id).get(found.by_id, ""),
        "told": told_of(found) if is_staff else None,
    }
    return render(request, "announcements/announcement.html", context)


def _new_page(
    request: Request,
    form: AnnouncementForm,
    office: Organisation,
    offices: list[Organisation],
    now: datetime,
) -> dict[str, Any]:
    reach = _reach(request, office, now)
    rest = without(request, "office", "page")
    tabs = [Tab(o.name, f"?office={o.public_id}&{rest}".rstrip("&"), current=o == office) for o in offices]
    ticked = set(request.POST.getlist("to")) if request.method == "POST" else None
    return {
        "form": form,
        "tabs": tabs if len(offices) > 1 else (),
        "told": [(p, ticked is None or str(p.public_id) in ticked) for p in reach.told] if reach else (),
        "to_call": reach.to_call if reach else (),
        "is_too_many": reach is None,
        "back": rest,
    }


def _reach(request: Request, office: Organisation, now: datetime) -> Reach | None:
    """Who on this list is reached; None where they are too many to name."""
    programmes = programmes_taking_in(request.actor) if request.GET.get("programme") else ()
    _asked, query = narrowed(request, programmes)
    found = query.found(request.actor, day=office.today(now)).filter(organisation=office)
    reach = reach_of(written_to(found, actor=request.actor)[: MOST + 1], now=now)
    return reach if len(reach.told) + len(reach.to_call) <= MOST else None


def _line(row: Announcement) -> dict[str, Any]:
    people: int = getattr(row, "people", 0)
    readers: int = getattr(row, "readers", 0)
    said = {"readers": readers, "people": people}
    return {
        "public_id": row.public_id,
        "title": Truncator(" ".join(row.text.split())).chars(80),
        "text": joined(moment(row.at), row.organisation.name),
        "read": ngettext(
            "%(readers)d of %(people)d has read it", "%(readers)d of %(people)d have read it", readers
        )
        % said,
        "tone": "good" if readers == people else "plain",
    }
