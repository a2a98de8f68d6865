"""Words that several pages use for the same facts: lists, languages, ages, waits and days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.lists import format_list
from django.utils import formats, timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from backend.core.languages import current_locale, language_name
from backend.pairings.visibility import Card
from backend.profiles.enums import Topic
from backend.profiles.models import Profile
from backend.programmes.enums import Side
from backend.safeguarding.enums import RequirementKind
from backend.web.shell.week import Text as Text


def listed(words: Iterable[Text]) -> str:
    """Words as one list in the reader's language: "letters, health and school"."""
    given = [str(word) for word in words]
    return format_list(given, locale=current_locale()) if given else ""


def joined(*facts: Text) -> str:
    """Facts beside each other; an empty one is left out."""
    return " · ".join(str(fact) for fact in facts if fact)


def topics(names: Iterable[str]) -> list[Text]:
    return [Topic(name).label for name in names if name in Topic.values]


def topics_of(side: str, names: Iterable[str]) -> str:
    """What one side offers or would like help with, in a sentence; "" where nothing was named."""
    named = {"topics": listed(topics(names))}
    if not named["topics"]:
        return ""
    if side == Side.MENTOR:
        return gettext("Offers: %(topics)s.") % named
    return gettext("Would like help with: %(topics)s.") % named


def requirements(kinds: Iterable[str]) -> str:
    return listed(RequirementKind(kind).label for kind in kinds)


def spoken(profile: Profile) -> list[str]:
    """Languages as "Tigrinya", "German A1"; a mother tongue needs no level."""
    return [
        language_name(row.tag)
        if row.level in ("native", "")
        else gettext("%(language)s %(level)s") % {"language": language_name(row.tag), "level": row.level}
        for row in profile.languages.all()
    ]


def speaks(card: Card) -> str:
    """The languages of the card by name: "speaks German and English"."""
    if not card.languages:
        return ""
    return gettext("speaks %(languages)s") % {
        "languages": listed(language_name(tag) for tag, _level in card.languages)
    }


def level(name: str) -> Text:
    if name == "native":
        return _("mother tongue")
    return name or _("level not known")


def years(profile: Profile, *, today: date) -> str:
    """The age in years, or "" when it is not known."""
    age = profile.age_on(today)
    return "" if age is None else ngettext("%(age)d year", "%(age)d years", age) % {"age": age}


def town(profile: Profile) -> str:
    return profile.town.name if profile.town else ""


def age(days: int) -> str:
    """The first column of a list: short, since it is read down."""
    return gettext("today") if days <= 0 else gettext("%(days)d d") % {"days": days}


def spoken_names(tags: Iterable[str]) -> str:
    return listed(language_name(tag) for tag in tags)


def half_days(count: int) -> str:
    """How many half-days of the week two people share; "" for none."""
    words = ngettext("%(count)d shared half-day", "%(count)d shared half-days", count)
    return words % {"count": count} if count else ""


def waiting(days: int) -> str:
    return ngettext("waiting %(days)d day", "waiting %(days)d days", days) % {"days": days}


def quiet_for(days: int) -> str:
    return ngettext("quiet for %(days)d day", "quiet for %(days)d days", days) % {"days": days}


def ends_in(days: int) -> str:
    """When an open offer runs out."""
    if days <= 0:
        return gettext("runs out today")
    return ngettext("runs out in %(days)d day", "runs out in %(days)d days", days) % {"days": days}


def fits(share: float) -> str:
    """How well it fits, from 0 to 1, in words."""
    if share >= 0.75:
        return gettext("fits very well")
    if share >= 0.5:
        return gettext("fits well")
    return gettext("fits in part") if share >= 0.25 else gettext("fits a little")


def day_month(day: date) -> str:
    """A day without its year: "21 November"."""
    return formats.date_format(day, "MONTH_DAY_FORMAT")


def moment(at: datetime) -> str:
    return formats.date_format(timezone.localtime(at), "DATETIME_FORMAT")


def weekday_and_time(at: datetime, *, zone: str = "") -> str:
    """ "Tuesday, 24 November, 18:00", in the reader's language; by the clock of `zone`, or the reader's."""
    local = at.astimezone(ZoneInfo(zone)) if zone else timezone.localtime(at)
    parts = {
        "weekday": format_date(local, "EEEE", locale=current_locale()),
        "day": day_month(local.date()),
        "time": formats.time_format(local, "TIME_FORMAT").replace(" ", "\xa0"),
    }
    return gettext("%(weekday)s, %(day)s, %(time)s") % parts
