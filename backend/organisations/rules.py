from backend.core.actor import Actor
from backend.organisations.enums import Role
from backend.organisations.models import Membership, Organisation


def may_view_organisation(actor: Actor, organisation: Organisation) -> bool:
    return organisation.pk in actor.organisations()


def may_view_membership(actor: Actor, membership: Membership) -> bool:
    return membership.organisation_id in actor.organisations()


def may_found(actor: Actor) -> bool:
    """Whoever runs the server, and the commands that set it up."""
    return actor.is_operator or actor.is_system


def may_grant_roles(actor: Actor, organisation_id: int) -> bool:
    """A manager of the organisation, and whoever runs the server: a new one has no manager yet."""
    return may_found(actor) or actor.has_role(organisation_id, (Role.MANAGER,))


def may_change_organisation(actor: Actor, organisation_id: int) -> bool:
    """Its town, language and time zone: whoever decides who works there."""
    return may_grant_roles(actor, organisation_id)


def may_switch_learning(actor: Actor, organisation_id: int) -> bool:
    """Whoever decides on suggestions there, and whoever decides who does."""
    return may_found(actor) or actor.has_role(organisation_id, (Role.COORDINATOR, Role.MANAGER))
