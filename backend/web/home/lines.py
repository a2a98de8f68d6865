"""The lines of Today in words; every sentence is whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode
from uuid import UUID

from babel.numbers import format_currency
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from backend.core.actor import Actor
from backend.core.languages import current_locale
from backend.insight.today import Kind, Line, Whose
from backend.web.shell import words
from backend.web.shell.nav import url_if_any

MOST = 4  # lines of one kind; the rest is one line that leads to all of them
ICONS = {
    Kind.CALL: "phone",
    Kind.CALL_FIRST: "phone",
    Kind.QUESTION: "help",
    Kind.OFFER_ENDS: "clock",
    Kind.HOST: "calendar",
    Kind.LAPSED: "shield",
    Kind.SUGGESTIONS: "overlap",
    Kind.STAGED: "overlap",
    Kind.INTAKE: "message",
    Kind.CLEARED: "check",
    Kind.APPLICATION: "people",
    Kind.ARRANGE: "calendar",
    Kind.CHECK_IN: "phone",
    Kind.QUIET: "message",
    Kind.PLAN_OVER: "flag",
    Kind.EXPENSE: "chart",
    Kind.PROOF_ENDS: "shield",
    Kind.OFFER: "overlap",
    Kind.FIRST_PROPOSED: "calendar",
    Kind.PAUSED: "pause",
    Kind.WELL: "heart",
}
URGENT = (Kind.CALL, Kind.QUESTION, Kind.OFFER_ENDS, Kind.LAPSED)
OF_OFFERS = (Kind.OFFER, Kind.OFFER_ENDS, Kind.QUESTION)
OF_DESK = (Kind.SUGGESTIONS, Kind.STAGED, Kind.CLEARED, Kind.CALL_FIRST)
OF_PEOPLE = (Kind.CALL, Kind.INTAKE, Kind.APPLICATION, Kind.LAPSED, Kind.PROOF_ENDS)
# What the list of people is narrowed to, for those who found no room on Today.
NARROWED = {
    Kind.CALL: {"need": "call"},
    Kind.INTAKE: {"need": "talk"},
    Kind.APPLICATION: {"side": "mentor", "state": "applied"},
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of Today; its title is the link to the next step, which `note` says, and who takes it."""

    title: str
    text: str
    age: str
    icon: str
    href: str
    note: str = ""
    badge: str = ""
    tone: str = "plain"
    tick: str = ""
    take_over: UUID | None = None


def shortened(lines: Sequence[Line], *, whose: Whose, reader: Actor) -> list[Row]:
    """The longest waiting of one kind first, and one line for those that find no room."""
    rows: list[Row] = []
    for kind, group in groupby(lines, lambda line: line.kind):
        of_kind = list(group)
        shown = of_kind if len(of_kind) <= MOST + 1 else of_kind[:MOST]
        rows += (_row(line, whose, reader) for line in shown)
        if rest := len(of_kind) - len(shown):
            rows.append(Row(_more(kind, rest), "", "", ICONS[kind], _all(kind, whose)))
    return rows


def _row(line: Line, whose: Whose, reader: Actor) -> Row:
    is_ours = line.profile is not None and not line.who
    return Row(
        title=_title(line),
        text=_text(line),
        age=_age(line),
        icon=ICONS[line.kind],
        href=_href(line),
        note=words.joined(_step(line), _who(line, reader)),
        badge=_badge(line),
        tone="danger" if line.kind in URGENT else "look",
        tick=reverse("person_call_made", args=[line.about, line.tick]) if line.tick else "",
        # Offered where one looks for such people, so that Today is no wall of buttons.
        take_over=line.profile if is_ours and whose is Whose.NOBODYS else None,
    )


def _age(line: Line) -> str:
    """For how long; of a meeting still to come, in how many days."""
    return gettext("in %(days)d d") % {"days": -line.age} if line.age < 0 else words.age(line.age)


def _who(line: Line, reader: Actor) -> str:
    if not line.who:
        return gettext("nobody yet")
    return gettext("you") if line.who_id == reader.person_id else line.who


def _title(line: Line) -> str:
    said: dict[str, object] = {"name": line.name, "other": line.other, "people": _people(line)}
    said |= {"what": words.requirements(line.what), "count": line.count, "sum": _money(line)}
    match line.kind:
        case Kind.CALL:
            title = gettext("Call promised: %(name)s")
        case Kind.CALL_FIRST:
            title = gettext("Call first: %(name)s")
        case Kind.QUESTION:
            title = gettext("%(name)s has a question about an offer")
        case Kind.OFFER_ENDS:
            title = gettext("%(name)s has not answered yet")
        case Kind.HOST:
            title = gettext("First meeting: %(people)s")
        case Kind.LAPSED:
            title = gettext("%(name)s has a mentoring, but a proof ran out")
        case Kind.SUGGESTIONS:
            title = ngettext(
                "%(count)d suggestion to look at", "%(count)d suggestions to look at", line.count
            )
        case Kind.STAGED:
            title = ngettext(
                "%(count)d suggestion waits to be sent", "%(count)d suggestions wait to be sent", line.count
            )
        case Kind.INTAKE:
            title = gettext("First talk to hold: %(name)s")
        case Kind.CLEARED:
            title = gettext("%(name)s can be suggested now")
        case Kind.APPLICATION:
            title = gettext("%(name)s would like to be a mentor")
        case Kind.ARRANGE:
            title = gettext("First meeting to arrange: %(people)s")
        case Kind.CHECK_IN:
            title = gettext("Ask how it goes: %(people)s")
        case Kind.PLAN_OVER:
            title = gettext("The planned time is over: %(people)s")
        case Kind.EXPENSE:
            title = gettext("%(name)s paid %(sum)s")
        case Kind.PROOF_ENDS:
            title = gettext("%(what)s of %(name)s runs out")
        case Kind.OFFER:
            title = gettext("%(name)s is asked about %(other)s")
        case Kind.FIRST_PROPOSED:
            title = gettext("First meeting proposed: %(people)s")
        case Kind.PAUSED:
            title = gettext("Paused: %(people)s")
        case Kind.QUIET | Kind.WELL:
            title = "%(people)s"
    return title % said


def _people(line: Line) -> str:
    if not line.other:
        return line.name
    return gettext("%(name)s and %(other)s") % {"name": line.name, "other": line.other}


def _money(line: Line) -> str:
    if not line.currency:
        return ""
    return str(format_currency(line.cents / 100, line.currency, locale=current_locale()))


def _text(line: Line) -> str:
    said = {"day": words.day_month(line.on) if line.on else "", "what": words.requirements(line.what)}
    match line.kind:
        case Kind.CALL:
            text = gettext("promised for today") if line.age <= 0 else gettext("promised for %(day)s")
        case Kind.CALL_FIRST:
            text = gettext("before you decide about %(other)s") % {"other": line.other}
        case Kind.HOST:
            text = _meets(line)
        case Kind.LAPSED:
            text = gettext("still missing: %(what)s")
            if line.on:
                text = gettext("still missing: %(what)s. The mentoring ends on %(day)s.")
        case Kind.SUGGESTIONS | Kind.STAGED:
            return ngettext(
                "mean fit %(fit)d of 100, longest wait %(days)d day",
                "mean fit %(fit)d of 100, longest wait %(days)d days",
                line.days,
            ) % {"fit": round(100 * line.mean), "days": line.days}
        case Kind.QUESTION | Kind.OFFER_ENDS | Kind.OFFER:
            return words.ends_in(line.days)
        case Kind.INTAKE:
            text = gettext("registered on %(day)s")
        case Kind.APPLICATION:
            text = gettext("still missing: %(what)s")
        case Kind.CLEARED:
            text = gettext("everything is there")
        case Kind.PROOF_ENDS:
            text = gettext("valid until %(day)s")
        case Kind.QUIET:
            text = gettext("nothing heard since %(day)s")
        case Kind.CHECK_IN:
            text = gettext("due today") if line.age <= 0 else gettext("due on %(day)s")
        case Kind.PLAN_OVER:
            text = gettext("planned until %(day)s")
        case Kind.EXPENSE:
            text = gettext("paid on %(day)s")
        case Kind.PAUSED:
            text = gettext("paused since %(day)s")
        case Kind.WELL:
            text = gettext("next check-in on %(day)s")
        case _:
            text = gettext("both said yes")
    return text % said if line.kind is not Kind.CALL_FIRST else text


def _meets(line: Line) -> str:
    if line.days < 0:
        return gettext("was on %(day)s")
    if not line.count:
        return gettext("on %(day)s, and nobody of you is there yet")
    return gettext("today") if line.days == 0 else gettext("on %(day)s")


def _step(line: Line) -> str:
    """The next step, which the title leads to."""
    match line.kind:
        case Kind.CALL:
            return gettext("Call, then note it")
        case Kind.CALL_FIRST:
            return gettext("Call, then decide")
        case Kind.QUESTION:
            return gettext("Answer the question")
        case Kind.OFFER_ENDS:
            return gettext("Call, and note the answer")
        case Kind.HOST if line.days < 0:
            return gettext("Note whether they met")
        case Kind.HOST:
            return gettext("Be there with them") if line.count else gettext("Say who is there")
        case Kind.LAPSED | Kind.PROOF_ENDS:
            return gettext("Ask for a new proof")
        case Kind.SUGGESTIONS:
            return gettext("Look and decide")
        case Kind.STAGED:
            return gettext("Look once more, then send")
        case Kind.INTAKE:
            return gettext("Hold the talk, then note it")
        case Kind.CLEARED:
            return gettext("Run a matching")
        case Kind.APPLICATION:
            return gettext("Ask for what is missing")
        case Kind.ARRANGE:
            return gettext("Propose a day and a place")
        case Kind.CHECK_IN:
            return gettext("Call, then note the check-in")
        case Kind.QUIET:
            return gettext("Ask both how they are")
        case Kind.PLAN_OVER:
            return gettext("Ask whether they go on")
        case Kind.EXPENSE:
            return gettext("Approve it, or say why not")
        case Kind.OFFER:
            return gettext("They take their time")
        case Kind.FIRST_PROPOSED:
            return gettext("They agree on it")
        case Kind.PAUSED:
            return gettext("See when they go on")
        case Kind.WELL:
            return ""


def _badge(line: Line) -> str:
    match line.kind:
        case Kind.CALL | Kind.OFFER_ENDS:
            return gettext("overdue") if line.kind is Kind.CALL and line.age > 0 else gettext("soon")
        case Kind.CHECK_IN if line.age > 0:
            return gettext("overdue")
        case Kind.HOST if 0 <= line.days <= 1:
            return gettext("soon")
        case Kind.QUIET:
            return words.quiet_for(line.days)
        case Kind.PROOF_ENDS:
            return ngettext("%(days)d day left", "%(days)d days left", line.days) % {"days": line.days}
        case _:
            return ""


def _href(line: Line) -> str:
    if line.kind in (Kind.SUGGESTIONS, Kind.STAGED, Kind.CLEARED):
        return reverse("desk:list")
    if line.kind is Kind.CALL_FIRST:
        return reverse("desk:detail", args=[line.about])
    if line.kind in OF_OFFERS:
        return reverse("desk:offer", args=[line.about])
    if line.kind in OF_PEOPLE:
        return url_if_any("person", line.about)
    return reverse("mentorings:detail", args=[line.about])


def _all(kind: Kind, whose: Whose) -> str:
    if kind in OF_OFFERS:
        return reverse("desk:offers")
    if kind in OF_DESK:
        return reverse("desk:list")
    if kind not in OF_PEOPLE:
        return reverse("mentorings:list")
    asked = NARROWED.get(kind, {}) | ({} if whose is Whose.ALL else {"whose": whose.value})
    return f"{url_if_any('people')}?{urlencode(asked)}".rstrip("?")


def _more(kind: Kind, n: int) -> str:
    """One line for those that find no room; every kind has its own sentence and plural forms."""
    match kind:
        case Kind.CALL | Kind.CALL_FIRST:
            said = ngettext("%(count)d more call", "%(count)d more calls", n)
        case Kind.INTAKE:
            said = ngettext("%(count)d more first talk to hold", "%(count)d more first talks to hold", n)
        case Kind.APPLICATION:
            said = ngettext("%(count)d more application", "%(count)d more applications", n)
        case Kind.PROOF_ENDS:
            said = ngettext("%(count)d more proof runs out", "%(count)d more proofs run out", n)
        case Kind.QUIET:
            said = ngettext("%(count)d more quiet mentoring", "%(count)d more quiet mentorings", n)
        case Kind.OFFER | Kind.OFFER_ENDS:
            said = ngettext("%(count)d more open offer", "%(count)d more open offers", n)
        case Kind.QUESTION:
            said = ngettext("%(count)d more question", "%(count)d more questions", n)
        case Kind.HOST | Kind.ARRANGE | Kind.FIRST_PROPOSED:
            said = ngettext("%(count)d more first meeting", "%(count)d more first meetings", n)
        case Kind.CHECK_IN:
            said = ngettext("%(count)d more check-in", "%(count)d more check-ins", n)
        case Kind.EXPENSE:
            said = ngettext("%(count)d more expense", "%(count)d more expenses", n)
        case Kind.WELL:
            said = ngettext("%(count)d more goes well", "%(count)d more go well", n)
        case _:
            said = ngettext("%(count)d more", "%(count)d more", n)
    return said % {"count": n}
