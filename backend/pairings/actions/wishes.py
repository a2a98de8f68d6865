from datetime import datetime

from django.db import transaction

from backend.core.actor import Actor
from backend.core.errors import require
from backend.pairings import farewells
from backend.pairings.actions.locks import lock_pairing
from backend.pairings.enums import LASTING
from backend.pairings.events import note
from backend.pairings.models import Pairing
from backend.pairings.overtaken import overtaken
from backend.pairings.queries import asked_to_end_at
from backend.pairings.rules import may_ask_to_end
from backend.profiles.actions import promise_call
from backend.profiles.models import Profile


@transaction.atomic
def ask_to_end(*, pairing_id: int, actor: Actor, now: datetime) -> Pairing:
    """A member would like to end it: the office hears of it and calls. Nothing ends by this alone.

    The other members are not told. Asking twice changes nothing. Raises NotAllowed, WrongState.
    """
    # Race: two taps at once. The second waits for this lock and finds the wish.
    pairing = lock_pairing(pairing_id)
    require(may_ask_to_end(actor, pairing))
    if pairing.state not in LASTING:
        raise overtaken(pairing, actor=actor)
    if asked_to_end_at(pairing, person_id=actor.person_id, now=now):
        return pairing
    note(pairing, "ask_to_end", actor=actor, now=now, before=pairing.state)
    rows = Profile.objects.filter(person=actor.person_id, organisation=pairing.programme.organisation_id)
    profile = rows.select_related("organisation").get()
    # A notice is read once and gone; the call stands on Today until somebody has made it.
    promise_call(profile=profile, on=profile.organisation.today(now), actor=actor, now=now)
    farewells.tell_office(farewells.WANTS_TO_END, pairing, name=profile.called, now=now)
    return pairing
