from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from django.db.models import DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from backend.core.actor import Actor
from backend.pairings.changes import Pair
from backend.pairings.enums import OPEN_OFFER, OVER, OfferState, Refusal, SuggestionState
from backend.pairings.models import (
    Offer,
    OfferQuestion,
    Pairing,
    PairingEvent,
    PairingMember,
    Suggestion,
    SuggestionComment,
)
from backend.people.enums import Purpose
from backend.people.queries import took_back
from backend.profiles.enums import GenderWish
from backend.programmes.enums import EnrolmentState, Side
from backend.programmes.models import Enrolment, Programme
from backend.safeguarding.enums import RestrictionKind
from backend.safeguarding.queries import missing_requirements, restrictions_among

PERSON = ("profile__person", "profile__town", "profile__town__parent", "profile__household")
# Sealed, so that each costs some 30 microseconds to open, and of no use to a match.
UNREAD = ("profile__phone", "profile__avoid", "profile__notes")

Refusals = Mapping[Refusal, Collection[int] | Collection[Pair]]


@dataclass(frozen=True)
class InPlay:
    """Everybody a match looks at, and what refuses people (enrolment ids) or pairs on that day."""

    mentors: tuple[Enrolment, ...]
    newcomers: tuple[Enrolment, ...]
    refusals: Refusals
    # Of the pairs that a person has handled and that are open: which are still possible, those to be sent
    # first, and what stands against the others.
    kept: tuple[Pair, ...] = ()
    impossible: Mapping[Pair, tuple[Refusal, ...]] = field(default_factory=dict)

    @property
    def ids(self) -> frozenset[int]:
        return frozenset(e.pk for e in (*self.mentors, *self.newcomers))


def everybody_in_play(programme: Programme, *, day: date) -> InPlay:
    """What a match run over `programme` looks at on `day`. The queries do not grow with the people."""
    mentors, newcomers = (in_play(programme.pk, side) for side in (Side.MENTOR, Side.NEWCOMER))
    refusals = {
        **final_refusals(mentors, newcomers, day=day),
        Refusal.ALREADY_TRIED: tried_before(programme.pk),
    }
    return with_handled(programme, InPlay(tuple(mentors), tuple(newcomers), refusals), day=day)


def with_handled(programme: Programme, there: InPlay, *, day: date) -> InPlay:
    """The same people, and which of the pairs that a person has handled are still possible."""
    handled, ids = handled_pairs(programme.pk), there.ids
    final = {refusal: who for refusal, who in there.refusals.items() if refusal.is_final}
    impossible = {pair: names for pair in handled if (names := _between(pair, final))}
    gone = [pair for pair in handled if not set(pair) <= ids]
    if gone:
        people = Enrolment.objects.select_related("profile__person").in_bulk({pk for p in gone for pk in p})
        sides = ([people[pair[side]] for pair in gone] for side in (0, 1))
        refused = final_refusals(*sides, day=day)
        impossible |= {pair: _between(pair, refused) for pair in gone}
    kept = tuple(pair for pair in handled if pair not in impossible)
    return replace(there, kept=kept, impossible=impossible)


def handled_pairs(programme_id: int) -> tuple[Pair, ...]:
    """The pairs of open suggestions that a person has handled, those to be sent first. One query."""
    rows = Suggestion.objects.filter(programme=programme_id).handled()
    ordered = rows.order_by(F("state").desc(), "pk")  # staged before proposed
    return tuple(ordered.values_list("mentor_id", "newcomer_id"))


def _between(pair: Pair, refusals: Refusals) -> tuple[Refusal, ...]:
    """Which of these refusals stand against a pair or one of the two."""
    return tuple(
        refusal for refusal, who in refusals.items() if pair in who or pair[0] in who or pair[1] in who
    )


def in_play(programme_id: int, side: Side) -> list[Enrolment]:
    """Those of one side who may be suggested if nothing refuses them, with what the engine reads of them.

    Volunteers who are full stay in, so that the ledger can say how many mentors are full; a newcomer who
    has a mentor or an open offer is not waiting and stays out.
    """
    rows = Enrolment.objects.filter(programme=programme_id, side=side).in_play()
    if side == Side.NEWCOMER:
        rows = rows.with_a_free_place()
    people = rows.select_related("profile__town").defer(*UNREAD).prefetch_related("profile__languages")
    return list(people.order_by("id"))


def tried_before(programme_id: int) -> frozenset[Pair]:
    """Pairs that were turned down, ran out or ended: not suggested again, still possible by hand."""
    declined = Suggestion.objects.filter(programme=programme_id, state=SuggestionState.DECLINED)
    refused = Offer.objects.filter(
        programme=programme_id, state__in=[OfferState.DECLINED, OfferState.EXPIRED]
    )
    ended = Offer.objects.filter(pairing__state__in=OVER, programme=programme_id)
    pairs: set[Pair] = set()
    for rows in (declined, refused, ended):
        pairs.update(rows.order_by().values_list("mentor_id", "newcomer_id"))
    return frozenset(pairs | _brought_in_and_ended(programme_id))


def _brought_in_and_ended(programme_id: int) -> set[Pair]:
    """Pairings that came in by import have no offer; their members tell who they were."""
    rows = PairingMember.objects.filter(
        pairing__programme=programme_id, pairing__offer=None, pairing__state__in=OVER
    ).order_by("pairing_id")
    sides: dict[int, dict[str, list[int]]] = {}
    for pairing_id, side, enrolment_id in rows.values_list("pairing_id", "side", "enrolment_id"):
        sides.setdefault(pairing_id, {Side.MENTOR: [], Side.NEWCOMER: []})[side].append(enrolment_id)
    return {(m, n) for pair in sides.values() for m in pair[Side.MENTOR] for n in pair[Side.NEWCOMER]}


def final_refusals(
    mentors: Iterable[Enrolment], newcomers: Iterable[Enrolment], *, day: date
) -> Mapping[Refusal, frozenset[int] | frozenset[Pair]]:
    """What refuses people (enrolment ids) or pairs for good on `day`, apart from any score. Five queries.

    It fails closed: an unknown age, a missing proof, a pausing person or a consent taken back refuses.
    """
    mentors, newcomers = list(mentors), list(newcomers)
    everyone = [*mentors, *newcomers]
    missing = missing_requirements(everyone, day=day)
    ready = {EnrolmentState.READY, EnrolmentState.APPLIED}
    unwilling = took_back(Purpose.PROFILE, Purpose.SHARE, person_ids=(e.profile.person_id for e in everyone))
    apart = _kept_apart(mentors, newcomers)
    return {
        Refusal.NOT_CLEARED: frozenset(e.pk for e in everyone if missing[e.pk]),
        Refusal.NOT_READY: frozenset(
            e.pk
            for e in everyone
            if e.state not in ready or (e.profile.person_id, e.profile.organisation_id) in unwilling
        ),
        Refusal.UNDER_AGE: frozenset(e.pk for e in everyone if not e.profile.is_adult_on(day)),
        Refusal.FULL: frozenset(e.pk for e in everyone if e.places_free <= 0),
        Refusal.BLOCKED: apart[RestrictionKind.BLOCK] | _with_themselves(mentors, newcomers),
        Refusal.TO_AVOID: apart[RestrictionKind.AVOID],
        Refusal.GENDER: _wishes_unmet(mentors, newcomers),
    }


def _kept_apart(
    mentors: Iterable[Enrolment], newcomers: Iterable[Enrolment]
) -> Mapping[RestrictionKind, frozenset[Pair]]:
    """The pairs among them between whom a restriction stands, by its kind. One query."""
    ours, theirs = _by_profile(newcomers), _by_profile(mentors)
    restricted = restrictions_among([*ours, *theirs])
    return {
        kind: frozenset(
            (m, n)
            for (one, other), stands in restricted.items()
            if stands == kind
            for m in theirs.get(one, ())
            for n in ours.get(other, ())
        )
        for kind in RestrictionKind
    }


def _by_profile(people: Iterable[Enrolment]) -> Mapping[int, list[int]]:
    """Profile id to the enrolments of it."""
    found = defaultdict(list)
    for enrolment in people:
        found[enrolment.profile_id].append(enrolment.pk)
    return found


def _with_themselves(mentors: Iterable[Enrolment], newcomers: Iterable[Enrolment]) -> frozenset[Pair]:
    """Nobody is their own mentor."""
    own = defaultdict(list)
    for n in newcomers:
        own[n.profile.person_id].append(n.pk)
    return frozenset((m.pk, pk) for m in mentors for pk in own.get(m.profile.person_id, ()))


def _wishes_unmet(mentors: Iterable[Enrolment], newcomers: Iterable[Enrolment]) -> frozenset[Pair]:
    """The pairs in which a required wish for a woman or a man is not met. A gender not known meets none."""
    genders = [(m.pk, m.profile.gender) for m in mentors]
    others = {wish: [pk for pk, gender in genders if gender != wish] for wish in GenderWish.values}
    required = [(n.pk, n.profile.wishes_gender) for n in newcomers if n.profile.wish_is_required]
    return frozenset((mentor, newcomer) for newcomer, wish in required for mentor in others[wish])


def obstacles(mentor: Enrolment, newcomer: Enrolment, *, day: date) -> tuple[Refusal, ...]:
    """The final refusals between two people today; asked again at every step on the way to a pairing."""
    if mentor.programme_id != newcomer.programme_id:
        return (Refusal.OTHER_PROGRAMME,)
    return _between((mentor.pk, newcomer.pk), final_refusals([mentor], [newcomer], day=day))


def enrolments_by_id(ids: Iterable[int], *, actor: Actor) -> dict[int, Enrolment]:
    """Those of `ids` that the actor looks after, with what they are called. One query."""
    rows = Enrolment.objects.looked_after_by(actor).filter(pk__in=ids).select_related("profile")
    return rows.only("public_id", "profile__called").in_bulk()


def open_offer_between(mentor_id: int, newcomer_id: int) -> Offer | None:
    return Offer.objects.filter(mentor=mentor_id, newcomer=newcomer_id, state__in=OPEN_OFFER).first()


# So long a wish to end counts: the office is not called twice for it.
STILL_ASKED = timedelta(days=14)


def asked_to_end_at(pairing: Pairing, *, person_id: int | None, now: datetime) -> datetime | None:
    """When this person last said that they would like to end it, as long as it counts."""
    own = PairingEvent.objects.filter(pairing=pairing, verb="ask_to_end", by=person_id)
    return own.filter(at__gt=now - STILL_ASKED).order_by("-id").values_list("at", flat=True).first()


def offers_to_remind_of(*, now: datetime) -> QuerySet[Offer]:
    """Those whose side asked has said nothing for the programme's days, and was not reminded.

    Who waits for the answer to a question of their own is not reminded: it is the office's turn.
    """
    waits = OfferQuestion.objects.filter(offer=OuterRef("pk"), answered_at=None)
    of_first, of_second = (
        waits.filter(side=OuterRef("first_side")),
        waits.exclude(side=OuterRef("first_side")),
    )
    own_question = Q(Exists(of_first), state=OfferState.ASKING_FIRST) | Q(
        Exists(of_second), state=OfferState.ASKING_SECOND
    )
    days = ExpressionWrapper(
        F("programme__reminder_days") * Value(timedelta(days=1)), output_field=DurationField()
    )
    return (
        Offer.objects.open()
        .filter(sent_at__isnull=False, reminded_at=None, expires_at__gt=now)
        .annotate(asked_at=Coalesce("first_accepted_at", "sent_at"))
        .filter(asked_at__lte=Value(now) - days)
        .exclude(own_question)
    )


def comments_on(suggestion: Suggestion) -> list[SuggestionComment]:
    """What colleagues said, oldest first. One query."""
    return list(suggestion.comments.select_related("by").order_by("at", "id"))


def waiting_days(newcomer: Enrolment, *, day: date) -> int:
    return max(0, (day - newcomer.registered_on).days)
