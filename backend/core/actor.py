"""Who acts: a small frozen value, built once per request, socket or job."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from backend.core.errors import NotAllowed


@dataclass(frozen=True)
class Grant:
    """One active membership: `role` in one organisation."""

    organisation_id: int
    role: str
    organisation: UUID | None = None  # its public id, for what is written down about it


@dataclass(frozen=True)
class Actor:
    """The person (None for the system) and all active memberships. `name` is set for system actors."""

    person_id: int | None
    grants: tuple[Grant, ...] = ()
    is_operator: bool = False
    name: str = ""

    @classmethod
    def system(cls, name: str) -> "Actor":
        """A job acting for itself; it may do what no person asked for, and its events say its name."""
        return cls(person_id=None, name=name)

    @property
    def is_system(self) -> bool:
        return self.person_id is None and bool(self.name)

    @property
    def is_anonymous(self) -> bool:
        return self.person_id is None and not self.name

    @property
    def acting_person_id(self) -> int:
        """The person's id where an act needs a person. Raises NotAllowed for the system and for nobody."""
        if self.person_id is None:
            raise NotAllowed
        return self.person_id

    def organisations(self, *roles: str) -> frozenset[int]:
        """Ids of the organisations in which the actor has one of `roles` (any role when none is named)."""
        return frozenset(g.organisation_id for g in self.grants if not roles or g.role in roles)

    def has_role(self, organisation_id: int, roles: Iterable[str]) -> bool:
        return any(g.organisation_id == organisation_id and g.role in roles for g in self.grants)


ANONYMOUS = Actor(person_id=None)
