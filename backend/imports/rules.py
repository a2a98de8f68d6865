from backend.core.actor import Actor
from backend.imports.models import ImportBatch
from backend.organisations.enums import Role
from backend.programmes.models import Programme


def may_import(actor: Actor, programme: Programme) -> bool:
    """A coordinator of the organisation that runs the programme; nobody else, not even a job by itself."""
    return actor.has_role(programme.organisation_id, (Role.COORDINATOR,))


def may_view_batch(actor: Actor, batch: ImportBatch) -> bool:
    return actor.has_role(batch.organisation_id, (Role.COORDINATOR,))


def may_export(actor: Actor, programme: Programme) -> bool:
    return actor.has_role(programme.organisation_id, (Role.COORDINATOR,))
