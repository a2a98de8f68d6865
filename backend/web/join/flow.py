"""Between the steps: which draft this browser works on, and what its answers mean to the domain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _

from backend.core.languages import language_name
from backend.people.enums import Purpose
from backend.profiles.answers import LanguageAnswer, ProfileAnswers
from backend.profiles.drafts import Draft, draft_of
from backend.profiles.enums import Gender, Level
from backend.profiles.models import Profile
from backend.programmes.applications import open_programme
from backend.programmes.models import Programme
from backend.web.join.forms import STEPS
from backend.web.shell.week import slot_words
from backend.web.shell.words import topics

CODE = "join_code"
AGREED = (Purpose.PROFILE, Purpose.SHARE, Purpose.CONDUCT)


@dataclass(frozen=True)
class SignUp:
    """A draft in this browser, with the code that finds it again."""

    draft: Draft
    code: str
    programme: Programme
    today: date

    @property
    def answers(self) -> dict[str, Any]:
        return self.draft.answers

    def next_step(self) -> str:
        """The first step without an answer."""
        return next((step for step in STEPS if step not in self.answers), "check")

    def may_open(self, step: str) -> bool:
        """A step opens once all before it are answered."""
        order = list(STEPS)
        return order.index(step) <= order.index(self.next_step())

    def options(self) -> dict[str, Any]:
        return {"country": self.programme.organisation.country, "today": self.today}


def sign_up_of(request: HttpRequest, *, now: datetime) -> SignUp:
    """Raises DraftGone; Http404 when its programme is closed."""
    code = request.session.get(CODE, "")
    draft = draft_of(code=code, now=now)
    programme = open_programme(draft.answers.get("programme", "")) if not draft.profile_id else None
    if programme is None:
        raise Http404
    today = programme.organisation.today(now)
    return SignUp(draft=draft, code=code, programme=programme, today=today)


def initial_of(step: str, answers: dict[str, Any]) -> dict[str, Any]:
    kept = dict(answers.get(step, {}))
    for row, (tag, level) in enumerate(kept.pop("languages", []), 1):
        kept |= {f"language_{row}": tag, f"level_{row}": level}
    return kept


def profile_answers(answers: dict[str, Any]) -> ProfileAnswers:
    """The whole draft, as `apply_as_volunteer` takes it."""
    you, offer, when, safety = (answers[step] for step in ("you", "offer", "when", "safety"))
    return ProfileAnswers(
        full_name=you["full_name"],
        called=you["called"],
        gender=you["gender"],
        born=safety["born"],
        phone=you["phone"],
        email=you["email"],
        town_id=when["town_id"],
        town_text=when["town"],
        reach_km=when["reach_km"],
        meets_online=when["meets_online"],
        slots=tuple(when["slots"]),
        hours_vary=when["hours_vary"],
        topics_offered=tuple(offer["topics"]),
        languages=tuple(LanguageAnswer(tag, level) for tag, level in offer["languages"]),
    )


def in_words(answers: dict[str, Any], *, today: date) -> dict[str, list[tuple[str, Any]]]:
    """{step: (what, answer)} for the last page, and under "seen" what a newcomer will see."""
    you, offer, when, safety = (answers[step] for step in ("you", "offer", "when", "safety"))
    languages = ", ".join(
        _("%(language)s (%(level)s)") % {"language": language_name(tag), "level": Level(level).label}
        for tag, level in offer["languages"]
    )
    offered = ", ".join(map(str, topics(offer["topics"])))
    hours = _("changes every week") if when["hours_vary"] else ", ".join(map(slot_words, when["slots"]))
    meets = _("in person or online") if when["meets_online"] else _("in person")
    gender = str(Gender(you["gender"]).label) if you["gender"] else ""
    return {
        "you": [
            (_("We call you"), you["called"]),
            (_("Full name"), you["full_name"]),
            (_("You are"), gender or "–"),
            (_("Phone"), _as_written(you["phone"])),
            (_("E-mail"), _as_written(you["email"])),
        ],
        "offer": [(_("Topics"), offered), (_("Languages"), languages)],
        "when": [
            (_("When"), hours),
            (_("Where"), when["town"]),
            (_("How far"), _("up to %(km)s km") % {"km": when["reach_km"]}),
            (_("How"), meets),
        ],
        "safety": [(_("Born"), safety["born"])],
        "seen": [
            (_("First name"), you["called"]),
            (_("Age"), _decade(safety["born"], today)),
            *([(_("Woman or man"), gender)] if gender else []),
            (_("Languages"), languages),
            (_("Topics"), offered),
            (_("When"), hours),
        ],
    }


def _as_written(text: str) -> str:
    """A number or address keeps its order also on a page from right to left."""
    return format_html('<bdi dir="ltr">{}</bdi>', text) if text else "–"


def _decade(born: str, today: date) -> str:
    first = (Profile(born=born).age_on(today) or 0) // 10 * 10
    return _("%(first)d to %(last)d years") % {"first": first, "last": first + 9}
