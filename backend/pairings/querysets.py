from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q

from backend.core.actor import Actor
from backend.organisations.enums import CASE_ROLES
from backend.pairings.enums import (
    LASTING,
    OPEN_OFFER,
    OPEN_SUGGESTION,
    OPEN_TRANSFER,
    RUNNING,
    Aside,
    OfferState,
    SuggestionState,
)
from backend.programmes.enums import Side

if TYPE_CHECKING:
    from backend.pairings.models import (  # noqa: F401
        MatchRun,
        Offer,
        Pairing,
        PairingMember,
        Suggestion,
        Transfer,
        WhatIf,
    )


class RunQuerySet(models.QuerySet["MatchRun"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(programme__organisation__in=actor.organisations(*CASE_ROLES))


class WhatIfQuerySet(models.QuerySet["WhatIf"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(programme__organisation__in=actor.organisations(*CASE_ROLES))


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def visible_to(self, actor: Actor) -> Self:
        """Staff alone: nobody browses people, suggestions come through a coordinator."""
        return self.filter(programme__organisation__in=actor.organisations(*CASE_ROLES))

    def open(self) -> Self:
        return self.filter(state__in=OPEN_SUGGESTION)

    def handled(self) -> Self:
        """Open ones that a person has thought about: to be sent, put aside, or put together by hand."""
        return self.open().filter(Q(state=SuggestionState.STAGED) | ~Q(aside="") | Q(by_hand=True))

    def to_look_at(self, day: date) -> Self:
        """Those to decide now; what was put off comes back by itself on its day."""
        back = Q(aside=Aside.LATER, aside_until__lte=day)
        return self.filter(Q(aside="") | back, state=SuggestionState.PROPOSED)

    def called_first(self) -> Self:
        return self.filter(aside=Aside.CALL)

    def put_off(self, day: date) -> Self:
        return self.filter(aside=Aside.LATER, aside_until__gt=day)

    def staged(self) -> Self:
        return self.filter(state=SuggestionState.STAGED)


class OfferQuerySet(models.QuerySet["Offer"]):
    def visible_to(self, actor: Actor) -> Self:
        """Staff see all; each side sees an offer once it was sent, the second not before it is asked."""
        staff = Q(programme__organisation__in=actor.organisations(*CASE_ROLES))
        return self.filter(staff | self._asked_of(actor.person_id))

    @staticmethod
    def _asked_of(person_id: int | None) -> Q:
        if person_id is None:
            return Q(pk__in=[])
        as_mentor, as_newcomer = Q(mentor__profile__person=person_id), Q(newcomer__profile__person=person_id)
        first = as_mentor & Q(first_side=Side.MENTOR) | as_newcomer & Q(first_side=Side.NEWCOMER)
        asked = first | (as_mentor | as_newcomer) & Q(first_accepted_at__isnull=False)
        return asked & Q(sent_at__isnull=False)

    def awaiting(self, person_id: int | None) -> Self:
        """Those waiting for this person's own answer."""
        as_mentor, as_newcomer = Q(mentor__profile__person=person_id), Q(newcomer__profile__person=person_id)
        first, second = Q(state=OfferState.ASKING_FIRST), Q(state=OfferState.ASKING_SECOND)
        mentor_first = Q(first_side=Side.MENTOR)
        return self.filter(
            as_mentor & (first & mentor_first | second & ~mentor_first)
            | as_newcomer & (first & ~mentor_first | second & mentor_first),
            sent_at__isnull=False,
        )

    def open(self) -> Self:
        return self.filter(state__in=OPEN_OFFER)


class PairingQuerySet(models.QuerySet["Pairing"]):
    def visible_to(self, actor: Actor) -> Self:
        staff = Q(programme__organisation__in=actor.organisations(*CASE_ROLES))
        return self.filter(staff | self._of(actor.person_id))

    def of_person(self, person_id: int | None) -> Self:
        """Those in which this person is a member now."""
        return self.filter(self._of(person_id))

    def _of(self, person_id: int | None) -> Q:
        if person_id is None:
            return Q(pk__in=[])
        current = self.model._default_manager.filter(
            members__enrolment__profile__person=person_id, members__until_at=None
        )
        return Q(pk__in=current.values("pk"))

    def taken_part_by(self, person_id: int | None) -> Self:
        """Those in which this person is a member now, or was one at the end."""
        if person_id is None:
            return self.none()
        members: Any = self.model._meta.get_field("members").related_model
        mine = members._default_manager.to_the_end().filter(enrolment__profile__person=person_id)
        return self.filter(pk__in=mine.order_by().values("pairing"))

    def running(self) -> Self:
        return self.filter(state__in=RUNNING)

    def lasting(self) -> Self:
        """Running and not about to end."""
        return self.filter(state__in=LASTING)


class MemberQuerySet(models.QuerySet["PairingMember"]):
    def to_the_end(self) -> Self:
        """Members now or, where a pairing has ended, those who were in it at the end."""
        return self.filter(Q(until_at=None) | Q(until_at__gte=F("pairing__ended_at")))


class TransferQuerySet(models.QuerySet["Transfer"]):
    def visible_to(self, actor: Actor) -> Self:
        """Staff where the person is now, the person, and after their yes the organisation they move to."""
        mine = actor.organisations(*CASE_ROLES)
        own = Q(profile__person=actor.person_id) if actor.person_id else Q(pk__in=[])
        theirs = Q(to_organisation__in=mine, agreed_at__isnull=False)
        return self.filter(own | Q(profile__organisation__in=mine) | theirs)

    def open(self) -> Self:
        return self.filter(state__in=OPEN_TRANSFER)
