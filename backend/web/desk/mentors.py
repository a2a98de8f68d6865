"""The desk from the other side: each mentor with a free place, and whom they could meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from backend.core import clock
from backend.insight import desk
from backend.insight.desk_detail import Choice
from backend.insight.desk_mentors import FreeMentor, free_mentors, with_choices
from backend.programmes.models import Enrolment
from backend.web.desk import comparing, status
from backend.web.desk.page import chosen, is_coordinator
from backend.web.shell import words
from backend.web.shell.access import staff_names
from backend.web.shell.nav import url_if_any
from backend.web.shell.request import Request

ON_A_PAGE = 25


@dataclass(frozen=True, slots=True)
class Suggested:
    """An open suggestion for a mentor."""

    public_id: UUID
    text: str
    share: float | None


@dataclass(frozen=True, slots=True)
class Mentor:
    name: str
    initials: str
    href: str
    text: str
    places: str
    suggested: Sequence[Suggested]
    others: Sequence[comparing.Other]


@require_safe
@staff_names
def mentors(request: Request, programme_id: UUID) -> HttpResponse:
    programme = chosen(desk.desk_programmes(request.actor), str(programme_id))
    day = timezone.localdate(clock.now())
    page = Paginator(free_mentors(programme.pk), ON_A_PAGE).get_page(request.GET.get("page"))
    rows = with_choices(list(page), programme_id=programme.pk, actor=request.actor)
    context = {
        "programme": programme,
        "page": page,
        "mentors": [_drawn(row, programme_id=programme_id, day=day) for row in rows],
        "may_pair": is_coordinator(request, programme.organisation_id),
    }
    return render(request, "desk/mentors.html", context)


def _drawn(row: FreeMentor, *, programme_id: UUID, day: date) -> Mentor:
    profile = row.enrolment.profile
    return Mentor(
        name=profile.full_name,
        initials=profile.initials,
        href=url_if_any("person", profile.public_id),
        text=words.joined(words.town(profile), words.topics_of("mentor", profile.topics_offered)),
        places=comparing.places_free(row.enrolment),
        suggested=[
            Suggested(
                found.public_id,
                status.pair(found),
                found.share if found.examined_at else None,
            )
            for found in row.suggestions
        ],
        others=[_other(choice, row.enrolment, programme_id, day) for choice in row.choices],
    )


def _other(choice: Choice, mentor: Enrolment, programme_id: UUID, day: date) -> comparing.Other:
    newcomer = choice.enrolment
    chosen_two = urlencode({"newcomer": str(newcomer.public_id), "mentor": str(mentor.public_id)})
    return comparing.Other(
        href=f"{reverse('desk:by_hand', args=[programme_id])}?{chosen_two}",
        name=newcomer.profile.full_name,
        initials=newcomer.profile.initials,
        text=comparing.waits(choice, day=day),
        share=choice.share,
    )
