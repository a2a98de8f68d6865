from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from backend.programmes.models import Enrolment
from backend.safeguarding.enums import RestrictionKind
from backend.safeguarding.models import Clearance, Requirement, Restriction


def missing_requirements(
    enrolments: Iterable[Enrolment], *, day: date, held: Collection[tuple[int, str]] | None = None
) -> dict[int, tuple[str, ...]]:
    """For each enrolment, by id, the kinds of requirement not met on `day`; () means cleared. Two queries.

    held: (profile id, kind) of all proofs valid on `day`, where the caller has read them already.
    An expired proof counts as none, so clearance follows from the rows, today, and is never stored.
    """
    people = list(enrolments)
    needed: dict[tuple[int, str], list[str]] = defaultdict(list)
    rows = Requirement.objects.filter(programme__in={e.programme_id for e in people})
    for programme_id, side, kind in rows.order_by("kind").values_list("programme_id", "side", "kind"):
        needed[programme_id, side].append(kind)
    if held is None:
        proofs = Clearance.objects.filter(profile__in={e.profile_id for e in people}).valid_on(day)
        held = set(proofs.order_by().values_list("profile_id", "kind"))
    return {
        e.pk: tuple(kind for kind in needed[e.programme_id, e.side] if (e.profile_id, kind) not in held)
        for e in people
    }


def required_kinds(*, programme_id: int, side: str) -> list[str]:
    """What must be in order on one side of a programme, in a fixed order."""
    rows = Requirement.objects.filter(programme=programme_id, side=side)
    return list(rows.order_by("kind").values_list("kind", flat=True))


def is_cleared(enrolment: Enrolment, *, day: date) -> bool:
    return not missing_requirements([enrolment], day=day)[enrolment.pk]


def restrictions_among(profile_ids: Iterable[int]) -> dict[tuple[int, int], RestrictionKind]:
    """{(profile id, profile id): kind}, each pair in both orders, for all restrictions among these people."""
    ids = set(profile_ids)
    found: dict[tuple[int, int], RestrictionKind] = {}
    rows = Restriction.objects.filter(first__in=ids, second__in=ids).order_by("kind")
    for first, second, kind in rows.values_list("first_id", "second_id", "kind"):
        found[first, second] = found[second, first] = RestrictionKind(kind)
    return found
