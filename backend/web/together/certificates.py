"""A certificate of thanks: drawn once, as PDF where that can be made, else as a page to print."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from backend.core import clock
from backend.insight.endings import Thanks, may_print_thanks, thanks_for
from backend.pairings.parts import Part
from backend.web.shell.languages import current_language
from backend.web.shell.printing import pdf_of
from backend.web.shell.request import Request

FILE = "thank-you.pdf"  # no name: files lie about on shared computers


def certificate(request: Request, part: Part) -> HttpResponse:
    """The certificate of this member, in the language of whoever prints it. Raises Http404."""
    now = clock.now()
    thanks = thanks_for(part, now=now)
    if thanks is None or not may_print_thanks(request.actor, part):
        raise Http404
    day = timezone.localdate(now)
    page = pdf_of(_html(thanks, day, by_browser=False), style="css/certificate.css")
    if page is None:
        return HttpResponse(_html(thanks, day, by_browser=True))
    response = HttpResponse(page, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{FILE}"'
    return response


def _html(thanks: Thanks, day: date, *, by_browser: bool) -> str:
    context = {
        "thanks": thanks,
        "months": months(thanks.since, thanks.until),
        "today": day,
        "language": current_language(),
        "by_browser": by_browser,
    }
    return render_to_string("certificates/thanks.html", context)


def months(since: date, until: date) -> str:
    """ "March 2026", or "March to November 2026" with both years."""
    first, last = (formats.date_format(day, "YEAR_MONTH_FORMAT") for day in (since, until))
    return first if first == last else _("%(from)s to %(until)s") % {"from": first, "until": last}
