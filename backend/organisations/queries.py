from datetime import datetime
from uuid import UUID

from django.db.models import Min, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from backend.core.actor import ANONYMOUS, Actor, Grant
from backend.core.text import sort_key
from backend.organisations.enums import CASE_ROLES, Role
from backend.organisations.models import Membership, Organisation
from backend.people.models import Person


def actor_for(person: Person | None, *, now: datetime) -> Actor:
    """The actor a request or socket works with: the person and the memberships of today. One query."""
    if person is None or not person.pk or not person.is_active:
        return ANONYMOUS
    rows = (
        Membership.objects.filter(person=person)
        .active_on(now.date())
        .order_by("id")
        .values_list("organisation_id", "role", "organisation__public_id")
    )
    return Actor(
        person_id=person.pk,
        grants=tuple(Grant(*row) for row in rows),
        is_operator=person.is_operator,
    )


def staffed_by(actor: Actor) -> list[Organisation]:
    """The organisations whose cases the actor may work on, by name."""
    return list(Organisation.objects.filter(pk__in=actor.organisations(*CASE_ROLES)).order_by("name", "id"))


def people_with_role(organisation_id: int, *roles: str, now: datetime) -> list[int]:
    """Person ids of those who have one of `roles` there today."""
    found = Membership.objects.filter(organisation=organisation_id, role__in=roles).active_on(now.date())
    return sorted(set(found.values_list("person_id", flat=True)))


def working_as(actor: Actor) -> tuple[str, str]:
    """The actor's first organisation, and what colleagues there call them, or two empty texts. One query."""
    rows = Membership.objects.filter(person=actor.person_id, organisation__in=actor.organisations())
    return rows.order_by("id").values_list("organisation__name", "name").first() or ("", "")


def offices_of(actor: Actor) -> list[Organisation]:
    """Where the actor works today, the first first, as `working_as` names it."""
    mine = Organisation.objects.visible_to(actor).filter(memberships__person=actor.person_id)
    return list(mine.annotate(since=Min("memberships")).order_by("since"))


def access_organisation(public_id: UUID, *, actor: Actor) -> Organisation:
    """One in which the actor has a role. Raises Http404."""
    found = Organisation.objects.visible_to(actor).select_related("territory")
    return get_object_or_404(found, public_id=public_id)


def roles_in(organisation: Organisation) -> list[Membership]:
    """Every role somebody has, had or will have there: as `Role` lists them, then by name and first day."""
    order = {role: place for place, role in enumerate(Role)}
    rows = Membership.objects.filter(organisation=organisation).select_related("person", "organisation")
    rows = rows.order_by("id")
    return sorted(rows, key=lambda row: (order[Role(row.role)], sort_key(row.name), row.starts_on))


def access_colleague(public_id: UUID, *, organisation: Organisation) -> list[Membership]:
    """All roles of one person there, the latest first. Raises Http404 where there are none."""
    rows = Membership.objects.filter(organisation=organisation, person__public_id=public_id)
    found = list(rows.select_related("person", "organisation").order_by("-starts_on", "-id"))
    if not found:
        raise Http404
    return found


def access_role(public_id: UUID, *, actor: Actor) -> Membership:
    """A role in an organisation where the actor has one too. Raises Http404."""
    rows = Membership.objects.visible_to(actor).select_related("person", "organisation")
    return get_object_or_404(rows, public_id=public_id)


def names_of(organisation_ids: set[int]) -> dict[int, str]:
    """{id: name} of the organisations a person dealt with themselves."""
    return dict(Organisation.objects.filter(pk__in=organisation_ids).order_by().values_list("pk", "name"))


def names_in(organisation_id: int) -> dict[int, str]:
    """{person id: what colleagues call them} of everyone who works or worked there; the latest name stays."""
    rows = Membership.objects.filter(organisation=organisation_id).order_by("id")
    return dict(rows.values_list("person_id", "name"))


def colleagues_with_role(organisation_id: int, *roles: str, now: datetime) -> list[Membership]:
    """Those who have one of `roles` there today, each once, by name."""
    rows = Membership.objects.filter(organisation=organisation_id, role__in=roles).active_on(now.date())
    once = {row.person_id: row for row in rows.select_related("person", "organisation").order_by("id")}
    return sorted(once.values(), key=lambda row: (sort_key(row.name), row.pk))


def colleagues_of(actor: Actor) -> QuerySet[Person]:
    """Everyone who works, or worked, where the actor does."""
    here = Membership.objects.filter(organisation__in=actor.organisations())
    return Person.objects.filter(pk__in=here.values("person"))
