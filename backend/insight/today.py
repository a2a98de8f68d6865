"""What waits for a coordinator today, in all organisations whose cases they work on: facts, no words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from statistics import median
from uuid import UUID

from django.db.models import Avg, Count, Exists, F, Min, OuterRef, Subquery
from django.utils import timezone

from backend.core.actor import Actor
from backend.organisations.enums import CASE_ROLES
from backend.pairings.enums import RUNNING, RunState
from backend.pairings.models import MatchRun, Offer, PairingMember, Suggestion, Unmatched
from backend.profiles.models import Contact
from backend.programmes.enums import EnrolmentState, Side
from backend.programmes.models import Enrolment
from backend.safeguarding.models import Clearance
from backend.safeguarding.queries import missing_requirements

QUIET = timedelta(days=21)
EXPIRES_SOON = timedelta(days=2)  # of an offer
PROOF_ENDS_SOON = timedelta(days=60)
JUST_SEEN = timedelta(days=7)
WEEKS = 13


class Kind(Enum):
    CALL = "call"
    SUGGESTIONS = "suggestions"
    OFFER_ENDS = "offer_ends"
    INTAKE = "intake"
    APPLICATION = "application"
    LAPSED = "lapsed"
    CLEARED = "cleared"
    PROOF_ENDS = "proof_ends"
    QUIET = "quiet"
    OFFER = "offer"


# The most pressing of a volunteer first; each kind stands together.
VOLUNTEERS = (Kind.LAPSED, Kind.CLEARED, Kind.APPLICATION)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do or to wait for. `age` is in days; `about` is the public id of what the page opens.

    `what` holds kinds of requirement, `on` is the day that matters; `count` and `mean` are of suggestions.
    """

    kind: Kind
    age: int
    about: UUID | None = None
    name: str = ""
    other: str = ""
    what: tuple[str, ...] = ()
    on: date | None = None
    count: int = 0
    mean: float = 0
    days: int = 0


@dataclass(frozen=True, slots=True)
class Numbers:
    """`waiting` holds (the last day of a week, newcomers waiting then), oldest first."""

    found: int
    median_days: int | None
    nobody: int
    waiting: tuple[tuple[date, int], ...]


@dataclass(frozen=True, slots=True)
class Today:
    needs_you: tuple[Line, ...]
    waits_for_others: tuple[Line, ...]
    running: int
    quiet: int
    numbers: Numbers

    @property
    def going_well(self) -> int:
        return self.running - self.quiet


def today_of(*, actor: Actor, now: datetime, day: date) -> Today:
    """Everything of Today, `day` being today where the reader is. Seven queries."""
    enrolments = _enrolments(actor)
    mentors = [e for e in enrolments if e.side == Side.MENTOR and e.state == EnrolmentState.APPLIED]
    proofs = _proofs(actor, day)
    running, quiet = _running(actor, now=now, day=day)
    ending, waiting = _offers(actor, now=now, day=day)
    needs = [
        *_calls(actor, day),
        *_suggestions(actor, day),
        *ending,
        *_intakes(enrolments, day),
        *sorted(_applications(mentors, proofs, day), key=lambda line: VOLUNTEERS.index(line.kind)),
        *_proofs_ending(mentors, proofs, day),
        *quiet,
    ]
    return Today(
        needs_you=tuple(needs),
        waits_for_others=tuple(waiting),
        running=running,
        quiet=len(quiet),
        numbers=_numbers(enrolments, day=day),
    )


def _enrolments(actor: Actor) -> list[Enrolment]:
    """All of them, lightly: the numbers need also those who have ended."""
    first = PairingMember.objects.filter(enrolment=OuterRef("pk")).order_by().values("enrolment")
    done = MatchRun.objects.visible_to(actor).filter(state=RunState.DONE)
    latest = done.order_by("programme_id", "-asked_at", "-id").distinct("programme_id")
    nobody = Unmatched.objects.filter(newcomer=OuterRef("pk"), run__in=latest.values("pk"), feasible=0)
    rows = Enrolment.objects.looked_after_by(actor).annotate(
        first_at=Subquery(first.annotate(at=Min("from_at")).values("at")), got_nobody=Exists(nobody)
    )
    fields = ("side", "state", "state_at", "registered_on", "programme_id", "capacity", "places_taken")
    return list(
        rows.select_related("profile")
        .only(*fields, "profile__public_id", "profile__called", "profile__full_name")
        .order_by("registered_on", "id")
    )


def _calls(actor: Actor, day: date) -> Iterable[Line]:
    rows = (
        Contact.objects.visible_to(actor).promised().filter(call_back_on__lte=day).select_related("profile")
    )
    light = rows.only("call_back_on", "profile__public_id", "profile__called", "profile__full_name")
    for contact in light.order_by("call_back_on", "id"):
        promised = contact.call_back_on
        assert promised is not None, "promised() leaves out the others"
        profile = contact.profile
        yield Line(Kind.CALL, (day - promised).days, profile.public_id, profile.full_name, on=promised)


def _suggestions(actor: Actor, day: date) -> Iterable[Line]:
    found = (
        Suggestion.objects.visible_to(actor)
        .open()
        .aggregate(
            count=Count("pk"),
            mean=Avg("share"),
            since=Min("created_at"),
            oldest=Min("newcomer__registered_on"),
        )
    )
    if found["count"]:
        yield Line(
            Kind.SUGGESTIONS,
            (day - timezone.localdate(found["since"])).days,
            count=found["count"],
            mean=found["mean"],
            days=(day - found["oldest"]).days,
        )


def _offers(actor: Actor, *, now: datetime, day: date) -> tuple[list[Line], list[Line]]:
    """The open offers: those that end soon, and those where others may take their time."""
    rows = Offer.objects.open().filter(programme__organisation__in=actor.organisations(*CASE_ROLES))
    people = [
        f"{side}__profile__{field}" for side in ("mentor", "newcomer") for field in ("called", "full_name")
    ]
    light = rows.select_related("mentor__profile", "newcomer__profile").only(
        "public_id", "state", "first_side", "released_at", "first_accepted_at", "expires_at", *people
    )
    ending: list[Line] = []
    waiting: list[Line] = []
    for offer in light.order_by("expires_at", "id"):
        soon = offer.expires_at - now <= EXPIRES_SOON
        (ending if soon else waiting).append(_offer(offer, day, soon=soon))
    return ending, waiting


def _offer(offer: Offer, day: date, *, soon: bool) -> Line:
    mentor, newcomer = offer.mentor.profile, offer.newcomer.profile
    asked, other = (mentor, newcomer) if offer.side_asked == Side.MENTOR else (newcomer, mentor)
    since = timezone.localdate(offer.first_accepted_at or offer.released_at)
    ends = timezone.localdate(offer.expires_at)
    return Line(
        Kind.OFFER_ENDS if soon else Kind.OFFER,
        (day - since).days,
        offer.public_id,
        asked.full_name,
        other.called,
        on=ends,
        days=max(0, (ends - day).days),
    )


def _intakes(enrolments: Sequence[Enrolment], day: date) -> Iterable[Line]:
    for e in enrolments:
        if e.state == EnrolmentState.REGISTERED:
            profile = e.profile
            yield Line(
                Kind.INTAKE,
                (day - e.registered_on).days,
                profile.public_id,
                profile.full_name,
                on=e.registered_on,
            )


def _proofs(actor: Actor, day: date) -> list[Clearance]:
    """The proofs that hold today; of one person and kind the one valid longest comes last."""
    rows = Clearance.objects.filter(profile__organisation__in=actor.organisations(*CASE_ROLES))
    return list(rows.valid_on(day).order_by(F("valid_until").asc(nulls_last=True), "id"))


def _applications(mentors: Sequence[Enrolment], proofs: Sequence[Clearance], day: date) -> Iterable[Line]:
    missing = missing_requirements(mentors, day=day, held={(p.profile_id, p.kind) for p in proofs})
    just_seen = {proof.profile_id for proof in proofs if proof.seen_on > day - JUST_SEEN}
    for e in mentors:
        profile, age = e.profile, (day - e.registered_on).days
        if missing[e.pk]:
            # When a proof ran out is not among what was read, so it is today's business.
            kind, since = (Kind.LAPSED, 0) if e.places_taken else (Kind.APPLICATION, age)
            yield Line(kind, since, profile.public_id, profile.full_name, what=missing[e.pk])
        elif profile.pk in just_seen and not e.places_taken:
            yield Line(Kind.CLEARED, age, profile.public_id, profile.full_name)


def _proofs_ending(mentors: Sequence[Enrolment], proofs: Sequence[Clearance], day: date) -> Iterable[Line]:
    people = {e.profile_id: e.profile for e in mentors}
    # A dict keeps the last: of two proofs of one kind the one valid longest counts, and one without end most.
    latest = {(proof.profile_id, proof.kind): proof for proof in proofs}
    for (profile_id, kind), proof in latest.items():
        ends = proof.valid_until
        if profile_id in people and ends is not None and ends - day <= PROOF_ENDS_SOON:
            profile = people[profile_id]
            days = (ends - day).days
            yield Line(
                Kind.PROOF_ENDS, 0, profile.public_id, profile.full_name, what=(kind,), on=ends, days=days
            )


def _running(actor: Actor, *, now: datetime, day: date) -> tuple[int, list[Line]]:
    """How many mentorings run, and those in which nobody has written for a while."""
    rows = PairingMember.objects.filter(
        until_at=None,
        pairing__state__in=RUNNING,
        pairing__programme__organisation__in=actor.organisations(*CASE_ROLES),
    )
    names: dict[UUID, list[str]] = {}
    heard: dict[UUID, datetime] = {}
    for pairing, started_at, last_at, called in rows.order_by("-side", "id").values_list(
        "pairing__public_id",
        "pairing__started_at",
        "pairing__conversation__last_at",
        "enrolment__profile__called",
    ):
        names.setdefault(pairing, []).append(called)
        heard[pairing] = last_at or started_at
    quiet = sorted((at, pairing) for pairing, at in heard.items() if now - at >= QUIET)
    return len(names), [_quiet(pairing, at, names[pairing], day) for at, pairing in quiet]


def _quiet(pairing: UUID, at: datetime, names: Sequence[str], day: date) -> Line:
    on = timezone.localdate(at)
    age = (day - on).days
    return Line(Kind.QUIET, age, pairing, names[0], ", ".join(names[1:]), on=on, days=age)


def _numbers(enrolments: Sequence[Enrolment], *, day: date) -> Numbers:
    newcomers = [(e.registered_on, _first_on(e), _ended_on(e)) for e in enrolments if e.side == Side.NEWCOMER]
    month = day.replace(day=1)
    found = [(first - since).days for since, first, _ended in newcomers if first and month <= first <= day]
    weeks = [day - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    return Numbers(
        found=len(found),
        median_days=round(median(found)) if found else None,
        nobody=sum(getattr(e, "got_nobody", False) and _still_waits(e) for e in enrolments),
        waiting=tuple(
            (
                at,
                sum(
                    since <= at and (first is None or first > at) and (ended is None or ended > at)
                    for since, first, ended in newcomers
                ),
            )
            for at in weeks
        ),
    )


def _first_on(enrolment: Enrolment) -> date | None:
    at: datetime | None = getattr(enrolment, "first_at", None)
    return timezone.localdate(at) if at else None


def _ended_on(enrolment: Enrolment) -> date | None:
    return timezone.localdate(enrolment.state_at) if enrolment.state == EnrolmentState.ENDED else None


def _still_waits(enrolment: Enrolment) -> bool:
    return enrolment.state == EnrolmentState.READY and not enrolment.places_taken
