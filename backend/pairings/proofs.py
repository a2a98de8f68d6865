"""Whose proofs have run out, of those with an open offer or a running mentoring."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from backend.pairings.enums import LASTING, PauseReason
from backend.pairings.models import Offer, Pairing, PairingMember
from backend.programmes.models import Enrolment
from backend.safeguarding.queries import missing_requirements


def lapsed(enrolments: Iterable[Enrolment], *, now: datetime) -> frozenset[int]:
    """Ids of those who lack a proof today, by the calendar of their organisation. Two queries a zone."""
    by_day = defaultdict(list)
    for enrolment in enrolments:
        by_day[enrolment.programme.organisation.today(now)].append(enrolment)
    return frozenset(
        pk
        for day, people in by_day.items()
        for pk, missing in missing_requirements(people, day=day).items()
        if missing
    )


def lapsed_members(pairing: Pairing, *, now: datetime) -> list[PairingMember]:
    """The members now who lack a proof."""
    members = list(members_now(pairing))
    without = lapsed((m.enrolment for m in members), now=now)
    return [m for m in members if m.enrolment_id in without]


def must_rest(pairing: Pairing, *, now: datetime) -> bool:
    """Whether it may not go on today: somebody lacks a proof, and a member is, or may be, under 18."""
    day = pairing.programme.organisation.today(now)
    grown_up = all(m.enrolment.profile.is_adult_on(day) for m in members_now(pairing))
    return not grown_up and bool(lapsed_members(pairing, now=now))


def members_now(pairing: Pairing) -> list[PairingMember]:
    rows = PairingMember.objects.filter(pairing=pairing, until_at=None)
    return list(
        rows.select_related("enrolment__profile", "enrolment__programme__organisation").order_by("id")
    )


def offers_to_take_back(*, now: datetime) -> list[int]:
    """Open offers of whom one lacks a proof. The queries do not grow with the offers."""
    sides = ("mentor", "newcomer")
    more = (f"{side}__programme__organisation" for side in sides)
    offers = list(Offer.objects.open().select_related(*more).order_by("pk"))
    without = lapsed((getattr(offer, side) for offer in offers for side in sides), now=now)
    return [o.pk for o in offers if o.mentor_id in without or o.newcomer_id in without]


def pairings_to_look_at(*, now: datetime) -> list[int]:
    """Lasting mentorings of whom one lacks a proof, or did when last looked at."""
    marked = Q(grace_until__isnull=False) | Q(pause_reason=PauseReason.CLEARANCE)
    found = set(Pairing.objects.lasting().filter(marked).order_by().values_list("pk", flat=True))
    mentors = PairingMember.objects.filter(until_at=None, pairing__state__in=LASTING)
    members = list(mentors.select_related("enrolment__programme__organisation").order_by("pk"))
    without = lapsed((m.enrolment for m in members), now=now)
    return sorted(found | {m.pairing_id for m in members if m.enrolment_id in without})
