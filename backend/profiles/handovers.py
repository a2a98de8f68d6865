"""Who looks after whom, and how people pass from one colleague to another."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backend.core import audit
from backend.core.actor import Actor
from backend.core.errors import BadInput, Expected, require
from backend.organisations.enums import CASE_ROLES
from backend.organisations.models import Organisation
from backend.organisations.queries import names_in, people_with_role
from backend.people.models import Person
from backend.profiles import notices
from backend.profiles.models import Handover, Profile
from backend.profiles.queries import coordinator_name
from backend.profiles.rules import may_look_after

LONGEST = 4000


class NobodyChosen(BadInput):
    code = "nobody_chosen"
    sentence = _("Nobody is chosen. Choose whom you hand over.")


class NotAColleague(BadInput):
    code = "not_a_colleague"
    sentence = _("Choose a colleague who works on cases here today.")


class OneOffice(BadInput):
    code = "one_office"
    sentence = _("Hand over people of one organisation at a time.")


class OwnFile(BadInput):
    code = "own_file"
    sentence = _("Nobody looks after themselves. Choose another colleague.")


class SummaryTooLong(BadInput):
    code = "summary_too_long"
    sentence = _("Your summary is too long. Write at most 4,000 characters.")


class LookedAfterAlready(Expected):
    """A colleague was faster: says who did what, and when."""

    code = "overtaken"

    def __init__(self, what: Promise, **who: object) -> None:
        super().__init__(**who)
        self.what = what

    def __str__(self) -> str:
        return " ".join((self.what % self.values, gettext("Nothing was changed now.")))


@transaction.atomic
def take_over(*, profile_id: int, actor: Actor, now: datetime) -> Profile:
    """Look after somebody whom nobody looks after; doing so again changes nothing.

    Raises NotAllowed, LookedAfterAlready.
    """
    profile = Profile.objects.select_related("organisation").get(pk=profile_id)
    require(may_look_after(actor, profile))
    has_somebody = bool(coordinator_name(profile, day=profile.organisation.today(now)))
    # Race: two colleagues press at once. The UPDATE compares with what was read above, so that one wins. With
    # "has nobody" asked in the UPDATE 4 of 50 won: PostgreSQL does not ask a NOT EXISTS again after its wait.
    same = Profile.objects.filter(pk=profile_id, coordinator=profile.coordinator_id)
    won = not has_somebody and same.update(coordinator=actor.acting_person_id)
    profile.refresh_from_db(fields=["coordinator"])
    if won:
        _write([profile], from_id=None, to_id=actor.acting_person_id, summary="", actor=actor, now=now)
    elif profile.coordinator_id != actor.person_id:
        raise _faster(profile)
    return profile


@transaction.atomic
def hand_over(
    *,
    profile_ids: Collection[int],
    from_person_id: int | None,
    to_person: Person,
    summary: str,
    actor: Actor,
    now: datetime,
) -> Handover:
    """Pass people on to a colleague, with what they must know; doing the same again changes nothing.

    from_person_id: who looked after all of them when the page was opened, or None for nobody.
    Raises NobodyChosen, OneOffice, NotAllowed, NotAColleague, OwnFile, SummaryTooLong, LookedAfterAlready.
    """
    # Race: a colleague passes the same people on. The locks, by id, let one go first; the other compares.
    rows = Profile.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=set(profile_ids))
    profiles = list(rows.select_related("organisation").order_by("pk"))
    _check(profiles, to_person=to_person, summary=summary, actor=actor, now=now)
    if moved := [profile for profile in profiles if profile.coordinator_id != from_person_id]:
        if known := _same_before(profiles, to_person=to_person, actor=actor):
            return known
        raise _faster(moved[0])
    return _pass_on(profiles, from_id=from_person_id, to=to_person, summary=summary, actor=actor, now=now)


@transaction.atomic
def hand_over_all(
    *, organisation: Organisation, to_person: Person, summary: str, actor: Actor, now: datetime
) -> Handover:
    """Pass on everybody whom the actor looks after there, as before a holiday or when they leave.

    Raises NobodyChosen, NotAllowed, NotAColleague, OwnFile, SummaryTooLong.
    """
    me = actor.acting_person_id
    # Race: a colleague takes one of them meanwhile. A row is read again once it is locked, and left out.
    rows = Profile.objects.select_for_update(of=("self",), no_key=True).filter(
        organisation=organisation, coordinator=me
    )
    profiles = list(rows.select_related("organisation").order_by("pk"))
    if not profiles:
        done = Handover.objects.filter(organisation=organisation, by=me, from_person=me, to_person=to_person)
        if known := done.order_by("-at", "-id").first():
            return known
    _check(profiles, to_person=to_person, summary=summary, actor=actor, now=now)
    return _pass_on(profiles, from_id=me, to=to_person, summary=summary, actor=actor, now=now)


def _check(
    profiles: Sequence[Profile], *, to_person: Person, summary: str, actor: Actor, now: datetime
) -> None:
    require(bool(profiles), NobodyChosen)
    for profile in profiles:
        require(may_look_after(actor, profile))
    require(len({profile.organisation_id for profile in profiles}) == 1, OneOffice)
    colleagues = people_with_role(profiles[0].organisation_id, *CASE_ROLES, now=now)
    require(to_person.is_active and to_person.pk in colleagues, NotAColleague)
    require(to_person.pk not in {profile.person_id for profile in profiles}, OwnFile)
    require(len(summary) <= LONGEST, SummaryTooLong)


def _pass_on(
    profiles: Sequence[Profile],
    *,
    from_id: int | None,
    to: Person,
    summary: str,
    actor: Actor,
    now: datetime,
) -> Handover:
    Profile.objects.filter(pk__in=[profile.pk for profile in profiles]).update(coordinator=to)
    made = _write(profiles, from_id=from_id, to_id=to.pk, summary=summary.strip(), actor=actor, now=now)
    by = names_in(made.organisation_id).get(made.by_id, "")
    notices.handed_over(made, by=by, count=len(profiles))
    return made


def _write(
    profiles: Sequence[Profile],
    *,
    from_id: int | None,
    to_id: int,
    summary: str,
    actor: Actor,
    now: datetime,
) -> Handover:
    made = Handover.objects.create(
        organisation_id=profiles[0].organisation_id,
        from_person_id=from_id,
        to_person_id=to_id,
        by_id=actor.acting_person_id,
        at=now,
        summary=summary,
    )
    made.profiles.set(profiles)
    audit.record_about("handed_over", made, actor=actor, now=now)
    return made


def _same_before(profiles: Sequence[Profile], *, to_person: Person, actor: Actor) -> Handover | None:
    """The handover that already did exactly this, by this actor, if they all still are where it took them."""
    if any(profile.coordinator_id != to_person.pk for profile in profiles):
        return None
    last = profiles[0].handovers.order_by("-at", "-id").first()
    if last is None or (last.by_id, last.to_person_id) != (actor.person_id, to_person.pk):
        return None
    same = {profile.pk for profile in profiles} == set(last.profiles.values_list("pk", flat=True))
    return last if same else None


def _faster(profile: Profile) -> LookedAfterAlready:
    """Who passed this person on, to whom and when; of those who came in by registration, who has them."""
    names = names_in(profile.organisation_id)
    last = profile.handovers.order_by("-at", "-id").first()
    if last is None or last.to_person_id != profile.coordinator_id:
        name = names.get(profile.coordinator_id or 0, gettext("nobody"))
        return LookedAfterAlready(_("Now %(name)s looks after this person."), name=name)
    at = formats.date_format(timezone.localtime(last.at), "SHORT_DATETIME_FORMAT")
    said = {"name": names.get(last.by_id, ""), "other": names.get(last.to_person_id, ""), "at": at}
    if last.by_id == last.to_person_id:
        return LookedAfterAlready(_("%(name)s took this person over, %(at)s."), **said)
    return LookedAfterAlready(_("%(name)s handed this person over to %(other)s, %(at)s."), **said)
