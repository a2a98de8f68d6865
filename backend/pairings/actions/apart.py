from datetime import datetime

from django.db import transaction

from backend.core.actor import Actor
from backend.pairings.actions.aside import DESK, drop_call
from backend.pairings.actions.locks import lock_enrolments, lock_offer, lock_pairing
from backend.pairings.actions.offers import take_back
from backend.pairings.actions.pairings import finish
from backend.pairings.actions.suggestions import IN_SIGHT
from backend.pairings.enums import SUGGESTION_MOVES, Aside, EndReason
from backend.pairings.events import move
from backend.pairings.models import Offer, Pairing, Suggestion
from backend.profiles.models import Profile
from backend.programmes.models import Enrolment
from backend.safeguarding.actions import restrict
from backend.safeguarding.enums import RestrictionKind
from backend.safeguarding.models import Restriction


@transaction.atomic
def keep_apart(
    *,
    first: Profile,
    second: Profile,
    actor: Actor,
    now: datetime,
    kind: RestrictionKind = RestrictionKind.AVOID,
    why: str = "",
) -> Restriction:
    """These two must never meet: nothing brings them together from now on, and what already does, stops.

    Open suggestions between them fall away, an open offer is taken back, a mentoring ends; whoever hears of
    it hears neutral words. Raises NotAllowed, NotTwoHere.
    """
    theirs = Enrolment.objects.filter(profile__in=[first, second]).values_list("pk", flat=True)
    # Race: one of the two may be saying yes right now. Whoever comes second to this lock sees what the first
    # left: the yes finds the restriction, or we find the mentoring it started.
    lock_enrolments(*theirs)
    restriction = restrict(first=first, second=second, actor=actor, now=now, kind=kind, why=why)
    between = {"mentor__in": list(theirs), "newcomer__in": list(theirs)}
    found = Suggestion.objects.select_for_update(no_key=True).filter(**between).open().order_by("pk")
    for suggestion in found:
        was = suggestion.aside
        move(suggestion, "supersede", moves=SUGGESTION_MOVES, actor=actor, now=now, **IN_SIGHT)
        if was == Aside.CALL:
            drop_call(suggestion, actor=DESK)
    for offer_id in Offer.objects.filter(**between).open().values_list("pk", flat=True):
        take_back(lock_offer(offer_id), actor=actor, now=now)
    for pairing_id in _mentorings_of_both(first, second):
        finish(lock_pairing(pairing_id), reason=EndReason.SAFETY, actor=actor, now=now)
    return restriction


def _mentorings_of_both(first: Profile, second: Profile) -> list[int]:
    here = Pairing.objects.running().filter(programme__organisation=first.organisation_id)
    both = here.of_person(first.person_id).of_person(second.person_id)
    return list(both.order_by("pk").values_list("pk", flat=True))
