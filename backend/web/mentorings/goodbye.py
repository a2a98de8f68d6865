"""What staff record and print for a member at the end."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from backend.core import clock
from backend.insight.mentorings import access_mentoring
from backend.meetings.actions.evaluations import evaluate
from backend.pairings.models import Pairing
from backend.pairings.parts import Part, part_of
from backend.web.mentorings.forms import TheirEvaluationForm
from backend.web.mentorings.members import member_of, step
from backend.web.shell.access import form_page, staff
from backend.web.shell.request import Request
from backend.web.together.certificates import certificate


@form_page
@staff
def evaluation(request: Request, public_id: UUID, enrolment_id: UUID) -> HttpResponse:
    found = access_mentoring(public_id, actor=request.actor)
    part, form = _part(found, enrolment_id), TheirEvaluationForm(request.POST or None)

    def act() -> None:
        evaluate(
            pairing_id=found.pk,
            person_id=part.member.enrolment.profile.person_id,
            said=form.said(),
            told=form.told(),
            actor=request.actor,
            now=clock.now(),
        )

    return step(
        request,
        found,
        form,
        act,
        title=_("What %(name)s told you") % {"name": part.member.enrolment.profile.full_name},
        lead=_("Write down what they said, not what you think. The others never see it."),
        done=_("Noted. Thank you for asking."),
    )


@require_safe
@staff
def thanks(request: Request, public_id: UUID, enrolment_id: UUID) -> HttpResponse:
    found = access_mentoring(public_id, actor=request.actor)
    return certificate(request, _part(found, enrolment_id))


def _part(found: Pairing, enrolment_id: UUID) -> Part:
    member = member_of(found, enrolment_id)
    part = part_of(found, person_id=member.enrolment.profile.person_id)
    if part is None:
        raise Http404
    return part
