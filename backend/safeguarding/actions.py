"""What must be in order before two people meet, and who must never meet."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.core import audit
from backend.core.actor import Actor
from backend.core.errors import BadInput, require
from backend.profiles.models import Profile
from backend.programmes.actions import ProgrammeSettings, create_programme, update_programme
from backend.programmes.enums import ProgrammeKind, Side
from backend.programmes.models import Programme
from backend.safeguarding.enums import RequirementKind, RestrictionKind
from backend.safeguarding.models import Clearance, Requirement, Restriction
from backend.safeguarding.rules import may_lift, may_record_clearance, may_restrict, may_set_requirements

# A volunteer task is done in company; everybody else is alone with somebody.
USUAL_REQUIREMENTS: dict[str, tuple[RequirementKind, ...]] = {
    ProgrammeKind.TASK: (RequirementKind.CODE_OF_CONDUCT,)
}
ALONE_WITH_SOMEBODY = (RequirementKind.POLICE_CHECK, RequirementKind.CODE_OF_CONDUCT)


class SeenInFuture(BadInput):
    code = "seen_in_future"
    sentence = _("Record a proof on the day you saw it. Choose today or a day before.")


class RanOutBefore(BadInput):
    code = "ran_out_before"
    sentence = _("This proof had run out before it was seen. Ask for a new one.")


class NotTwoHere(BadInput):
    code = "not_two_here"
    sentence = _("Choose two people of one organisation.")


@transaction.atomic
def start_programme(
    *,
    organisation_id: int,
    settings: ProgrammeSettings,
    actor: Actor,
    now: datetime,
    requirements: Iterable[RequirementKind] | None = None,
) -> Programme:
    """Make a programme together with what its mentors must show; the usual for its kind when None.

    Raises NotAllowed, BadSettings, ProgrammeNameTaken.
    """
    programme = create_programme(organisation_id=organisation_id, settings=settings, actor=actor, now=now)
    usual = USUAL_REQUIREMENTS.get(settings.kind, ALONE_WITH_SOMEBODY)
    kinds = usual if requirements is None else requirements
    set_requirements(programme=programme, side=Side.MENTOR, kinds=kinds, actor=actor, now=now)
    return programme


@transaction.atomic
def change_programme(
    *,
    programme_id: int,
    settings: ProgrammeSettings,
    requirements: Iterable[RequirementKind],
    actor: Actor,
    now: datetime,
) -> Programme:
    """Change its settings and what its mentors must show, both or neither.

    Raises NotAllowed, BadSettings, ProgrammeNameTaken.
    """
    programme = update_programme(programme_id=programme_id, settings=settings, actor=actor, now=now)
    set_requirements(programme=programme, side=Side.MENTOR, kinds=requirements, actor=actor, now=now)
    return programme


@transaction.atomic
def set_requirements(
    *, programme: Programme, side: Side, kinds: Iterable[RequirementKind], actor: Actor, now: datetime
) -> None:
    """Ask exactly `kinds` of one side; whoever lacks a new one is not matched any more.

    Raises NotAllowed.
    """
    require(may_set_requirements(actor, programme))
    wanted = {RequirementKind(kind) for kind in kinds}
    asked = Requirement.objects.filter(programme=programme, side=side)
    if wanted == set(asked.values_list("kind", flat=True)):
        return
    asked.exclude(kind__in=wanted).delete()
    Requirement.objects.bulk_create(
        [Requirement(programme=programme, side=side, kind=kind) for kind in sorted(wanted)],
        ignore_conflicts=True,
    )
    audit.record_about("requirements_set", programme, actor=actor, now=now)


@transaction.atomic
def record_clearance(
    *,
    profile: Profile,
    kind: RequirementKind,
    seen_on: date,
    actor: Actor,
    now: datetime,
    valid_until: date | None = None,
) -> Clearance:
    """Keep that a proof was seen, by whom and until when it counts; never the paper itself.

    Raises NotAllowed, SeenInFuture, RanOutBefore.
    """
    require(may_record_clearance(actor, profile))
    today = profile.organisation.today(now)
    require(seen_on <= today, SeenInFuture)
    require(valid_until is None or valid_until >= seen_on, RanOutBefore)
    clearance = Clearance.objects.create(
        profile=profile,
        kind=RequirementKind(kind),
        seen_on=seen_on,
        seen_by_id=actor.acting_person_id,
        valid_until=valid_until,
        created_at=now,
    )
    audit.record_about("clearance_recorded", profile, actor=actor, now=now)
    return clearance


@transaction.atomic
def restrict(
    *,
    first: Profile,
    second: Profile,
    actor: Actor,
    now: datetime,
    kind: RestrictionKind = RestrictionKind.AVOID,
    why: str = "",
) -> Restriction:
    """These two must never meet; saying it twice changes nothing. Neither is told.

    Raises NotAllowed, NotTwoHere.
    """
    require(may_restrict(actor, first, second, kind))
    require(first.organisation_id == second.organisation_id and first.pk != second.pk, NotTwoHere)
    lower, higher = sorted((first, second), key=lambda profile: profile.pk)
    restriction, made = Restriction.objects.get_or_create(
        first=lower,
        second=higher,
        kind=RestrictionKind(kind),
        defaults={
            "organisation_id": first.organisation_id,
            "why": why.strip(),
            "by_id": actor.acting_person_id,
            "since": now,
            "created_at": now,
        },
    )
    if made:
        audit.record_about("restricted", restriction, actor=actor, now=now)
    return restriction


@transaction.atomic
def lift_restriction(*, restriction_id: int, actor: Actor, now: datetime) -> None:
    """The two may meet again. Raises NotAllowed."""
    rows = Restriction.objects.select_for_update(of=("self",)).select_related("first", "second")
    restriction = rows.get(pk=restriction_id)
    require(may_lift(actor, restriction))
    audit.record_about("restriction_lifted", restriction, actor=actor, now=now)
    restriction.delete()
