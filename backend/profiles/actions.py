"""What changes what an organisation knows of a person."""

from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.core import audit
from backend.core.actor import Actor
from backend.core.errors import BadInput, Expected, NotAllowed, require
from backend.core.text import clean_line, sort_key
from backend.organisations.enums import CASE_ROLES
from backend.organisations.models import Organisation
from backend.people.enums import Channel
from backend.people.models import Person
from backend.profiles.answers import LanguageAnswer, ProfileAnswers, checked
from backend.profiles.enums import SLOTS
from backend.profiles.models import Contact, Household, Profile, ProfileLanguage, phone_index
from backend.profiles.rules import is_own, may_edit_profile, may_keep_file, may_register

_STORED = tuple(field.name for field in fields(ProfileAnswers) if field.name != "languages")

# On these hangs whom somebody may meet: nobody makes themselves an adult, or the woman somebody asked for.
VOUCHED_FOR = frozenset({"born", "gender"})


class CallBackLiesBehind(BadInput):
    code = "call_back_lies_behind"
    sentence = _("Choose a day from today on for the call.")


class VouchedFor(NotAllowed):
    code = "vouched_for"
    sentence = _("Your coordinator has checked this. Ask them to change it.")


class WishIsRequired(Expected):
    code = "wish_is_required"
    sentence = _("This wish is required. It stays, whatever else changes.")


class OtherOrganisation(BadInput):
    code = "other_organisation"
    sentence = _("Only people of one organisation can live in one household here.")


@transaction.atomic
def register_profile(
    *,
    organisation_id: int,
    answers: ProfileAnswers,
    actor: Actor,
    now: datetime,
    person: Person | None = None,
    language: str = "",
) -> Profile:
    """Keep what somebody answered. Without a `person` one is made who cannot sign in until given a slip.

    language: in which they are written to; the organisation's when empty. Raises NotAllowed, BadAnswers.
    """
    require(may_register(actor, organisation_id, person))
    organisation = Organisation.objects.get(pk=organisation_id)
    tidy = checked(answers, country=organisation.country, today=organisation.today(now))
    person = person or Person.objects.create_person(
        language=language or organisation.language, time_zone=organisation.time_zone
    )
    profile = Profile(organisation=organisation, person=person, created_at=now)
    if actor.has_role(organisation_id, CASE_ROLES) and actor.person_id != person.pk:
        profile.coordinator_id = actor.person_id
    _fill(profile, tidy)
    profile.save(force_insert=True)
    _write_languages(profile, tidy.languages)
    audit.record_about("profile_registered", profile, actor=actor, now=now)
    return profile


@transaction.atomic
def update_profile(*, profile_id: int, answers: ProfileAnswers, actor: Actor, now: datetime) -> Profile:
    """Write the answers that changed, and only those. Raises NotAllowed, VouchedFor, BadAnswers."""
    # Race: two colleagues save the same file. The second waits, then compares with what the first wrote.
    profile = (
        Profile.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=profile_id)
    )
    require(may_edit_profile(actor, profile))
    organisation = profile.organisation
    tidy = checked(answers, country=organisation.country, today=organisation.today(now))
    changed = _fill(profile, tidy)
    require(not is_own(actor, profile) or VOUCHED_FOR.isdisjoint(changed), VouchedFor)
    if changed:
        profile.save(update_fields=changed)
    if _languages_of(profile) != tidy.languages:
        profile.languages.all().delete()
        _write_languages(profile, tidy.languages)
        changed.append("languages")
    if changed:
        audit.record_about("profile_changed", profile, actor=actor, now=now)
    return profile


@transaction.atomic
def note_more(
    *,
    profile_id: int,
    reach_km: int | None = None,
    slots: Collection[str] = (),
    meets_online: bool = False,
    interpreter: bool = False,
    actor: Actor,
    now: datetime,
) -> Profile:
    """Note what somebody can do more than is written here; nothing becomes less. Raises NotAllowed."""
    profile = _lock_profile(profile_id, actor)
    wanted = {
        "reach_km": max(profile.reach_km, reach_km or 0),
        "slots": [slot for slot in SLOTS if slot in {*profile.slots, *slots}],
        "meets_online": profile.meets_online or meets_online,
        "interpreter_arranged": profile.interpreter_arranged or interpreter,
    }
    return _write(profile, wanted, actor=actor, now=now)


@transaction.atomic
def drop_wishes(
    *, profile_id: int, gender: bool = False, topics: Collection[str] = (), actor: Actor, now: datetime
) -> Profile:
    """Take out wishes that somebody gave up: for a woman or a man, and topics. A required one stays.

    That they said yes is the caller's to record. Raises NotAllowed, WishIsRequired.
    """
    profile = _lock_profile(profile_id, actor)
    require(not (gender and profile.wish_is_required), WishIsRequired)
    wanted = {
        "wishes_gender": "" if gender else profile.wishes_gender,
        "topics_wanted": [topic for topic in profile.topics_wanted if topic not in topics],
    }
    return _write(profile, wanted, actor=actor, now=now)


def _lock_profile(profile_id: int, actor: Actor) -> Profile:
    # Race: a colleague saves the same file. The second waits, and changes what the first wrote.
    rows = Profile.objects.select_for_update(of=("self",), no_key=True).select_related("organisation")
    profile = rows.get(pk=profile_id)
    require(may_edit_profile(actor, profile))
    return profile


def _write(profile: Profile, wanted: Mapping[str, object], *, actor: Actor, now: datetime) -> Profile:
    """Write what differs, and note that the file was changed if anything did."""
    changed = [name for name, value in wanted.items() if getattr(profile, name) != value]
    for name in changed:
        setattr(profile, name, wanted[name])
    if changed:
        profile.save(update_fields=changed)
        audit.record_about("profile_changed", profile, actor=actor, now=now)
    return profile


@transaction.atomic
def open_file(*, profile: Profile, actor: Actor, now: datetime) -> None:
    """Note that staff read this file, so that the person can see who did; reading one's own is no event."""
    if not is_own(actor, profile):
        audit.record_about("profile_read", profile, actor=actor, now=now)


def log_listing(*, actor: Actor, now: datetime) -> None:
    """Note that staff read the names in a list, once for each organisation whose cases they work on."""
    offices = {g.organisation_id: g.organisation for g in actor.grants if g.role in CASE_ROLES}
    for pk, public_id in offices.items():
        if public_id:
            about = ("organisation", public_id)
            audit.record("people_listed", actor=actor, about=about, now=now, organisation_id=pk)


@transaction.atomic
def log_contact(
    *,
    profile: Profile,
    channel: Channel,
    actor: Actor,
    now: datetime,
    at: datetime | None = None,
    language: str = "",
    interpreter: str = "",
    note: str = "",
    call_back_on: date | None = None,
) -> Contact:
    """Note that somebody was spoken to, and when to call again. It keeps every call promised before.

    Raises NotAllowed, CallBackLiesBehind.
    """
    require(may_keep_file(actor, profile))
    require(call_back_on is None or call_back_on >= profile.organisation.today(now), CallBackLiesBehind)
    Contact.objects.filter(profile=profile).promised().update(called_back_at=now)
    return Contact.objects.create(
        profile=profile,
        by_id=actor.acting_person_id,
        at=at or now,
        channel=channel,
        language=language,
        interpreter=clean_line(interpreter)[:100],
        note=note.strip(),
        call_back_on=call_back_on,
    )


@transaction.atomic
def promise_call(*, profile: Profile, on: date, actor: Actor, now: datetime) -> Contact:
    """Note that somebody is to be called on a day, as they or staff say; nobody was spoken to yet.

    A call promised for that day or before is enough. Raises NotAllowed, CallBackLiesBehind.
    """
    require(is_own(actor, profile) or may_keep_file(actor, profile))
    require(on >= profile.organisation.today(now), CallBackLiesBehind)
    promised = Contact.objects.filter(profile=profile, call_back_on__lte=on).promised()
    return promised.order_by("call_back_on", "id").first() or Contact.objects.create(
        profile=profile, by_id=actor.acting_person_id, at=now, call_back_on=on
    )


@transaction.atomic
def take_back_call(*, profile: Profile, actor: Actor, planned_at: Collection[datetime]) -> None:
    """Forget the calls that were planned at these moments without a talk and not made yet.

    What was promised otherwise, as to somebody who wants to talk first, stays. Raises NotAllowed.
    """
    require(actor.is_system or may_keep_file(actor, profile))
    Contact.objects.filter(profile=profile, channel="", at__in=planned_at).promised().delete()


@transaction.atomic
def keep_promised_call(*, contact_id: int, actor: Actor, now: datetime) -> Contact:
    """Tick a promised call as made, without a new entry; a second tick changes nothing. Raises NotAllowed."""
    contact = Contact.objects.select_related("profile").get(pk=contact_id)
    require(may_keep_file(actor, contact.profile))
    Contact.objects.filter(pk=contact_id).promised().update(called_back_at=now)
    contact.refresh_from_db(fields=["called_back_at"])
    return contact


@transaction.atomic
def put_in_household(*, profile: Profile, with_profile: Profile | None, actor: Actor, now: datetime) -> None:
    """Let the two live together; a household is made when there is none yet. None takes `profile` out.

    Raises NotAllowed, OtherOrganisation.
    """
    require(may_keep_file(actor, profile))
    household = None
    if with_profile is not None:
        require(with_profile.organisation_id == profile.organisation_id, OtherOrganisation)
        household = with_profile.household or _found_household(with_profile)
    profile.household = household
    profile.save(update_fields=["household"])
    audit.record_about("household_changed", profile, actor=actor, now=now)


def _found_household(profile: Profile) -> Household:
    household = Household.objects.create(
        organisation_id=profile.organisation_id, name=profile.full_name.rpartition(" ")[2][:120]
    )
    profile.household = household
    profile.save(update_fields=["household"])
    return household


def _fill(profile: Profile, answers: ProfileAnswers) -> list[str]:
    """Set what differs, and what follows from it; returns the names of the fields that did."""
    changed = [name for name in _STORED if _differs(getattr(profile, name), getattr(answers, name))]
    for name in changed:
        value = getattr(answers, name)
        setattr(profile, name, list(value) if isinstance(value, tuple) else value)
    if "full_name" in changed:
        profile.sort_key = sort_key(profile.full_name)[:255]
        changed.append("sort_key")
    if "phone" in changed:
        profile.phone_index = phone_index(organisation_id=profile.organisation_id, phone=profile.phone)
        changed.append("phone_index")
    return changed


def _differs(before: object, after: object) -> bool:
    return (tuple(before) if isinstance(before, list) else before) != after


def _languages_of(profile: Profile) -> tuple[LanguageAnswer, ...]:
    return tuple(
        LanguageAnswer(row.tag, row.level, row.reads, row.variety, row.not_with_mentor)
        for row in profile.languages.order_by("id")
    )


def _write_languages(profile: Profile, languages: tuple[LanguageAnswer, ...]) -> None:
    ProfileLanguage.objects.bulk_create(
        ProfileLanguage(
            profile=profile,
            tag=one.tag,
            level=one.level,
            reads=one.reads,
            variety=one.variety[:60],
            not_with_mentor=one.not_with_mentor,
        )
        for one in languages
    )
