"""Both people side by side, and others for each of the two, in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from backend.insight.desk_detail import Alternative, Choice
from backend.pairings.models import Suggestion
from backend.pairings.queries import waiting_days
from backend.profiles.enums import Gender, GenderWish
from backend.profiles.models import Profile
from backend.programmes.models import Enrolment
from backend.web.desk import story
from backend.web.shell import words
from backend.web.shell.week import slot_words

Row = tuple[words.Text, words.Text, words.Text]
NONE_GIVEN = "–"


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else for one of the two; `cost` says what choosing them would mean for the others."""

    href: str
    name: str
    initials: str
    text: str
    share: float
    cost: str = ""


def side_by_side(newcomer: Profile, mentor: Profile, *, day: date) -> list[Row]:
    """What is known of both, a row for each question; left out where neither has answered."""
    rows: list[Row] = [
        (gettext("Age"), words.years(newcomer, today=day), words.years(mentor, today=day)),
        (gettext("A woman or a man"), _gender(newcomer), _gender(mentor)),
        (gettext("Town"), words.town(newcomer), words.town(mentor)),
        (gettext("How far"), _reach(newcomer), _reach(mentor)),
        (gettext("Languages"), _languages(newcomer), _languages(mentor)),
        (gettext("When"), _hours(newcomer), _hours(mentor)),
        (
            gettext("Topics"),
            words.listed(words.topics(newcomer.topics_wanted)),
            words.listed(words.topics(mentor.topics_offered)),
        ),
        (gettext("Asked for"), _wish(newcomer), ""),
    ]
    return [(name, a or NONE_GIVEN, b or NONE_GIVEN) for name, a, b in rows if a or b]


def _gender(profile: Profile) -> str:
    return str(Gender(profile.gender).label) if profile.gender else ""


def _reach(profile: Profile) -> str:
    km = gettext("%(km)d km") % {"km": profile.reach_km}
    return words.joined(km, gettext("Can meet online") if profile.meets_online else "")


def _languages(profile: Profile) -> str:
    return words.listed(words.spoken(profile))


def _hours(profile: Profile) -> str:
    slots = words.listed(slot_words(slot) for slot in profile.slots)
    return words.joined(slots, gettext("changes weekly") if profile.hours_vary else "")


def _wish(profile: Profile) -> str:
    if not profile.wishes_gender:
        return ""
    wish = GenderWish(profile.wishes_gender).label
    return gettext("Only: %(wish)s") % {"wish": wish} if profile.wish_is_required else str(wish)


def other_mentors(rows: Iterable[Alternative], suggestion: Suggestion) -> Sequence[Other]:
    return [
        Other(
            href=by_hand(suggestion, mentor=row.enrolment),
            name=row.enrolment.profile.full_name,
            initials=row.enrolment.profile.initials,
            text=_suggested_to(row.suggested_to) or _place(row.enrolment, row.share),
            share=row.share,
            cost=story.cost(row.regret, name=row.enrolment.profile.called),
        )
        for row in rows
    ]


def other_newcomers(rows: Iterable[Choice], suggestion: Suggestion, *, day: date) -> Sequence[Other]:
    return [
        Other(
            href=by_hand(suggestion, newcomer=row.enrolment),
            name=row.enrolment.profile.full_name,
            initials=row.enrolment.profile.initials,
            text=waits(row, day=day),
            share=row.share,
        )
        for row in rows
    ]


def waits(choice: Choice, *, day: date) -> str:
    """How long this newcomer waits, and for whom, or how they would fit."""
    return words.joined(
        words.waiting(waiting_days(choice.enrolment, day=day)),
        _suggested_to(choice.suggested) or _place(choice.enrolment, choice.share),
    )


def _suggested_to(name: str) -> str:
    return gettext("suggested to %(name)s in this plan") % {"name": name} if name else ""


def _place(enrolment: Enrolment, share: float) -> str:
    return words.joined(words.town(enrolment.profile), words.fits(share))


def by_hand(
    suggestion: Suggestion, *, mentor: Enrolment | None = None, newcomer: Enrolment | None = None
) -> str:
    """Where somebody else can be looked at, and chosen, for one of the two."""
    chosen = {
        "newcomer": (newcomer or suggestion.newcomer).public_id,
        "mentor": (mentor or suggestion.mentor).public_id,
    }
    return f"{reverse('desk:by_hand', args=[suggestion.programme.public_id])}?{urlencode(chosen)}"


def places_free(mentor: Enrolment) -> str:
    free = ngettext("%(free)d of %(all)d place free", "%(free)d of %(all)d places free", mentor.capacity)
    return free % {"free": mentor.places_free, "all": mentor.capacity}
