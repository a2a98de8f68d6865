"""One-time sign-in slips: made by a coordinator, printed or shown, used once by the person."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.core import audit
from backend.core.actor import Actor
from backend.core.crypto import blind_index
from backend.core.errors import Expected
from backend.people import notices
from backend.people.models import Person, Slip

VALID = timedelta(days=7)
# Letters and digits that nobody confuses by eye or by voice: 24 of them, so 8 make 1.1 x 10^11 codes.
ALPHABET = "ACDEFGHJKMNPQRTUVWXY3479"
LENGTH = 8


class SlipNotOpen(Expected):
    """Used, replaced by a newer one, run out, or never made: the answer is the same."""

    code = "slip_not_open"
    status = 410
    sentence = _("This code does not work any more. Ask your coordinator for a new one.")


def plain_code(text: str) -> str:
    """The code as it is hashed: "ackm 34-7p" and "ACKM-347P" are the same."""
    return "".join(c for c in text.upper() if c.isalnum())


def grouped(code: str) -> str:
    """The code as people read it: "ACKM-347P"."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


@transaction.atomic
def make_slip(*, person: Person, actor: Actor, now: datetime) -> tuple[Slip, str]:
    """Make a slip for `person`; older open ones open nothing from now on. Returns it and its plain code.

    Only the keyed hash is stored, so the code is shown now or never. The caller has asked `may_make_slip`.
    """
    # Race: two colleagues make one at once. The second waits here, then replaces the first.
    Person.objects.select_for_update().get(pk=person.pk)
    Slip.objects.filter(person=person, used_at=None).delete()
    code = "".join(secrets.choice(ALPHABET) for _letter in range(LENGTH))
    slip = Slip.objects.create(
        person=person, made_by_id=actor.acting_person_id, code_hash=_hash(code), expires_at=now + VALID
    )
    audit.record("slip_made", actor=actor, about=("person", person.public_id), now=now)
    notices.slip_made(person)
    return slip, code


@transaction.atomic
def use_slip(*, code: str, now: datetime) -> Person:
    """Use up the slip with this code and return whom it signs in. Raises SlipNotOpen."""
    wanted = Slip.objects.filter(code_hash=_hash(plain_code(code)), expires_at__gt=now)
    slip = wanted.filter(person__is_active=True).select_related("person").first()
    # Race: two phones press the button at once. One UPDATE finds the slip unused, the other nothing.
    # It names the row alone: with a join Django asks in a subquery, which several pass (5 of 8 got in).
    if slip is None or not Slip.objects.filter(pk=slip.pk, used_at=None).update(used_at=now):
        raise SlipNotOpen
    person = slip.person
    audit.record("slip_used", actor=Actor(person_id=person.pk), about=("person", person.public_id), now=now)
    return person


def _hash(code: str) -> str:
    return blind_index(code, scope="slip")
