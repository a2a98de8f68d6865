"""What people hear when a mentoring rests or ends. Never why: the reason stays with the office.

One kind for each group of reasons. A proof that ran out and a concern share theirs, so that neither shows.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from backend.organisations.enums import CASE_ROLES, Role
from backend.organisations.queries import people_with_role
from backend.pairings.enums import EndReason
from backend.pairings.models import Offer, Pairing, PairingMember
from notifications.api import Kind, notify, register

CHANGE = _("Softlanding: a change")
TELL_US = _("Tell us how it was")

ENDED_AS_PLANNED = register(
    Kind(
        code="ended_as_planned",
        subject=CHANGE,
        line=_("Your mentoring comes to an end as planned. Thank you for the time together."),
        body=ngettext_lazy(
            "Your mentoring comes to an end as planned. Thank you for the time together. "
            "You can write to each other for %(count)d more day. Please tell us how it was.",
            "Your mentoring comes to an end as planned. Thank you for the time together. "
            "You can write to each other for %(count)d more days. Please tell us how it was.",
            "count",
        ),
        action=TELL_US,
    )
)
ENDED_WITH_GOOD_WISHES = register(
    Kind(
        code="ended_with_good_wishes",
        subject=CHANGE,
        line=_("Your mentoring comes to an end. We wish you both all the best."),
        body=ngettext_lazy(
            "Your mentoring comes to an end. We wish you both all the best. "
            "You can write to each other for %(count)d more day. Please tell us how it was.",
            "Your mentoring comes to an end. We wish you both all the best. "
            "You can write to each other for %(count)d more days. Please tell us how it was.",
            "count",
        ),
        action=TELL_US,
    )
)
ENDED_BY_WISH = register(
    Kind(
        code="ended_by_wish",
        subject=CHANGE,
        line=_("Your mentoring comes to an end. You keep your place with us."),
        body=ngettext_lazy(
            "Your mentoring comes to an end. That can happen, and nobody did anything wrong. "
            "You keep your place with us. You can write to each other for %(count)d more day. "
            "Please tell us how it was.",
            "Your mentoring comes to an end. That can happen, and nobody did anything wrong. "
            "You keep your place with us. You can write to each other for %(count)d more days. "
            "Please tell us how it was.",
            "count",
        ),
        action=TELL_US,
    )
)
ENDED_IN_SILENCE = register(
    Kind(
        code="ended_in_silence",
        subject=CHANGE,
        line=_("We did not hear from your mentoring for some time. It comes to an end now."),
        body=ngettext_lazy(
            "We did not hear from your mentoring for some time. It comes to an end now. "
            "You can come back at any time: just call us. "
            "You can write to each other for %(count)d more day. Please tell us how it was.",
            "We did not hear from your mentoring for some time. It comes to an end now. "
            "You can come back at any time: just call us. "
            "You can write to each other for %(count)d more days. Please tell us how it was.",
            "count",
        ),
        action=TELL_US,
    )
)
ENDED_NOW = register(
    Kind(
        code="ended_now",
        subject=CHANGE,
        line=_("Your mentoring has ended. Thank you for your time. We call you."),
        body=_("Your mentoring has ended. Thank you for your time. Your coordinator will call you."),
    )
)
WANTS_TO_END = register(
    Kind(
        code="wants_to_end",
        subject=_("Softlanding: please call somebody"),
        line=_("%(name)s would like to end a mentoring. Please call."),
        body=_("%(name)s would like to end a mentoring. Please call, and then end it or not."),
    )
)
RESTS_FOR_NOW = register(
    Kind(
        code="rests_for_now",
        subject=CHANGE,
        line=_("Your mentoring takes a break. Your coordinator will call you."),
        body=_("Your mentoring takes a break. Please do not meet for now. Your coordinator will call you."),
    )
)
GOES_ON_AGAIN = register(
    Kind(
        code="goes_on_again",
        subject=CHANGE,
        line=_("Your mentoring goes on. You can meet and write again."),
        body=_("Your mentoring goes on. You can meet and write again."),
    )
)
PROOF_RAN_OUT = register(
    Kind(
        code="proof_ran_out",
        subject=_("Softlanding: a paper is missing"),
        line=_("One of your papers has run out. Please bring a new one within 30 days."),
        body=_(
            "One of your papers has run out. Please bring a new one within 30 days. "
            "You can go on meeting until then. Ask us if you need help with it."
        ),
    )
)
PROOF_STILL_MISSING = register(
    Kind(
        code="proof_still_missing",
        subject=_("Softlanding: a paper is missing"),
        line=_("We still need a new paper from you. One week is left."),
        body=_("We still need a new paper from you. One week is left. Then your mentoring has to end."),
    )
)
PROOF_IS_BACK = register(
    Kind(
        code="proof_is_back",
        subject=_("Softlanding: your paper is here"),
        line=_("We have seen your new paper. Thank you. Your mentoring goes on."),
        body=_("We have seen your new paper. Thank you. Your mentoring goes on."),
    )
)
OFFICE_PROOF_RAN_OUT = register(
    Kind(
        code="office_proof_ran_out",
        subject=_("Softlanding: a proof has run out"),
        line=_("A proof of %(name)s has run out. The mentoring ends in 30 days without a new one."),
        body=_("A proof of %(name)s has run out. The mentoring ends in 30 days without a new one."),
    )
)
OFFICE_PROOF_STILL_MISSING = register(
    Kind(
        code="office_proof_still_missing",
        subject=_("Softlanding: a proof is missing"),
        line=_("A proof of %(name)s is still missing. The mentoring ends in a week."),
        body=_("A proof of %(name)s is still missing. The mentoring ends in a week."),
    )
)
OFFICE_PROOF_RESTS = register(
    Kind(
        code="office_proof_rests",
        subject=_("Softlanding: a mentoring rests"),
        line=_("A proof of %(name)s has run out, and a member is under 18. The mentoring rests."),
        body=_(
            "A proof of %(name)s has run out, and a member is under 18 or of unknown age. "
            "The mentoring rests until you note a new proof. Please call both."
        ),
    )
)
OFFICE_PROOF_ENDED = register(
    Kind(
        code="office_proof_ended",
        subject=_("Softlanding: a mentoring has ended"),
        line=_("The 30 days for a proof of %(name)s are over. Please call everyone in the mentoring."),
        body=_("The 30 days for a proof of %(name)s are over. Please call everyone in the mentoring."),
    )
)
OFFER_LACKS_PROOF = register(
    Kind(
        code="offer_lacks_proof",
        subject=_("Softlanding: an offer is closed"),
        line=_("A proof of %(name)s has run out. An open offer was taken back."),
        body=_("A proof of %(name)s has run out. An open offer was taken back. Both keep their place."),
    )
)

GOODBYE: Mapping[str, Kind] = {
    EndReason.PLAN: ENDED_AS_PLANNED,
    EndReason.MOVED: ENDED_WITH_GOOD_WISHES,
    EndReason.LEFT_COUNTRY: ENDED_WITH_GOOD_WISHES,
    EndReason.WISH: ENDED_BY_WISH,
    EndReason.WORK: ENDED_BY_WISH,
    EndReason.UNREACHABLE: ENDED_IN_SILENCE,
    EndReason.CLEARANCE: ENDED_NOW,
    EndReason.SAFETY: ENDED_NOW,
}


def say_goodbye(pairing: Pairing, *, to: Iterable[int]) -> None:
    """Tell them that it ends, in words that suit the reason and do not name it."""
    reason = EndReason(pairing.end_reason)
    days = {"count": reason.days_to_say_goodbye} if reason.days_to_say_goodbye else {}
    tell(GOODBYE[reason], pairing, to=to, data=days)


def tell(
    kind: Kind, pairing: Pairing, *, to: Iterable[int], data: Mapping[str, str | int] | None = None
) -> None:
    """To members, with a link to their own page of it."""
    notify(kind, to=to, about=("together", pairing.public_id), data=data or {})


def tell_office(kind: Kind, pairing: Pairing, *, name: str, now: datetime) -> None:
    """To whoever looks after its members; to the coordinators where nobody does."""
    to = in_charge_of_pairing(pairing, now=now)
    notify(kind, to=to, about=("case", pairing.public_id), data={"name": name})


def offer_lacks_proof(offer: Offer, *, name: str, to: Iterable[int]) -> None:
    notify(OFFER_LACKS_PROOF, to=to, about=("offer", offer.public_id), data={"name": name})


def in_charge_of_pairing(pairing: Pairing, *, now: datetime) -> list[int]:
    office = pairing.programme.organisation_id
    rows = PairingMember.objects.to_the_end().filter(pairing=pairing).order_by()
    own = set(rows.values_list("enrolment__profile__coordinator", flat=True))
    working = own & set(people_with_role(office, *CASE_ROLES, now=now))
    return sorted(working) or people_with_role(office, Role.COORDINATOR, now=now)
