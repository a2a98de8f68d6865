"""The same words to many people, each of whom reads them alone: who is reached, sending, reading."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from backend.core import audit
from backend.core.actor import Actor
from backend.core.errors import BadInput, NotAllowed, require
from backend.messaging.actions import SentAlready, clean_body
from backend.messaging.models import Announcement, Recipient
from backend.messaging.notices import ANNOUNCEMENT
from backend.messaging.rules import may_announce
from backend.organisations.enums import CASE_ROLES
from backend.organisations.models import Organisation
from backend.people.queries import able_to_sign_in
from backend.profiles.models import Profile
from backend.programmes.enums import EnrolmentState
from backend.programmes.models import Enrolment
from backend.safeguarding.enums import RestrictionKind
from backend.safeguarding.models import Restriction
from notifications.api import mark_seen, notify, reached_by_mail

LONGEST = 2000
MOST = 500  # people at a time; each is named on the page that asks


class NobodyReached(BadInput):
    code = "nobody_reached"
    sentence = _("None of these people can read a message here. Please call them.")


class TooMany(BadInput):
    code = "too_many_people"
    sentence = _("Write to at most 500 people at a time. Narrow the list first.")


@dataclass(frozen=True)
class Reach:
    """Who gets an announcement, and who can neither sign in nor get a mail and so is to be called."""

    told: tuple[Profile, ...]
    to_call: tuple[Profile, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody an announcement is for, as staff see it."""

    profile: Profile
    read_at: datetime | None


def written_to(people: QuerySet[Profile], *, actor: Actor) -> QuerySet[Profile]:
    """The actor's cases who may be written to: nobody who left, is inactive, or blocked the actor."""
    enrolled = Enrolment.objects.filter(profile=OuterRef("pk"))
    left = Exists(enrolled) & ~Exists(enrolled.exclude(state=EnrolmentState.ENDED))
    blocks = Restriction.objects.filter(kind=RestrictionKind.BLOCK)
    blocked = Exists(blocks.filter(first=OuterRef("pk"), second__person=actor.person_id)) | Exists(
        blocks.filter(second=OuterRef("pk"), first__person=actor.person_id)
    )
    cases = people.filter(organisation__in=actor.organisations(*CASE_ROLES), person__is_active=True)
    return cases.exclude(person=actor.person_id).exclude(left).exclude(blocked)


def reach_of(people: QuerySet[Profile], *, now: datetime) -> Reach:
    """Five queries, however many they are; in the order given."""
    signs_in = Exists(able_to_sign_in(now=now).filter(pk=OuterRef("person")))
    given: list[Any] = list(people.annotate(signs_in=signs_in))
    by_mail = reached_by_mail([profile.person_id for profile in given if not profile.signs_in])
    reached = {profile.pk for profile in given if profile.signs_in or profile.person_id in by_mail}
    return Reach(
        told=tuple(profile for profile in given if profile.pk in reached),
        to_call=tuple(profile for profile in given if profile.pk not in reached),
    )


@transaction.atomic
def announce(
    *,
    organisation: Organisation,
    profile_ids: Collection[int],
    text: str,
    client_id: UUID,
    actor: Actor,
    now: datetime,
) -> Announcement:
    """Write `text` (at most 2,000 characters) to these people; the same `client_id` again is the same one.

    Who left, is no longer active or cannot be reached is left out.
    Raises NotAllowed, NothingWritten, TooLong, TooMany, NobodyReached, SentAlready.
    """
    require(may_announce(actor, organisation.pk))
    said = clean_body(text, longest=LONGEST)
    # Race: the form is sent twice at once. The unique key lets one make it, get_or_create reads it again.
    made, is_new = Announcement.objects.get_or_create(
        by_id=actor.acting_person_id,
        client_id=client_id,
        defaults={"organisation": organisation, "at": now, "text": said},
    )
    if is_new:
        _address(made, _cases(organisation, profile_ids, actor=actor), actor=actor, now=now)
    require((made.organisation_id, made.text) == (organisation.pk, said), SentAlready)
    return made


@transaction.atomic
def read_announcement(*, announcement: Announcement, actor: Actor, now: datetime) -> None:
    """Note that the actor read what was written to them; for anybody else this does nothing."""
    mine = Recipient.objects.filter(announcement=announcement, person=actor.person_id, read_at=None)
    if mine.update(read_at=now):
        mark_seen(actor.acting_person_id, now, about=("announcement", announcement.public_id))


def access_announcement(public_id: UUID, *, actor: Actor) -> Announcement:
    """One that is for the actor, or that their organisation sent. Raises Http404."""
    rows = Announcement.objects.visible_to(actor).select_related("organisation")
    return get_object_or_404(rows, public_id=public_id)


def sent_announcements(actor: Actor) -> QuerySet[Announcement]:
    """What the actor's organisations sent, the latest first, with how many it is for and how many read it."""
    rows = Announcement.objects.filter(organisation__in=actor.organisations(*CASE_ROLES))
    return (
        rows.select_related("organisation")
        .annotate(
            people=Count("recipients"),
            readers=Count("recipients", filter=Q(recipients__read_at__isnull=False)),
        )
        .order_by("-at", "-id")
    )


def unread_announcements(actor: Actor) -> QuerySet[Announcement]:
    """What was written to the actor and is not read yet, the latest first."""
    mine = Recipient.objects.filter(person=actor.person_id, read_at=None)
    rows = Announcement.objects.filter(pk__in=mine.values("announcement"))
    return rows.select_related("organisation").order_by("-at", "-id")


def readers_of(announcement: Announcement, *, actor: Actor) -> tuple[int, int] | None:
    """(how many it is for, how many have read it) for staff; None for those it is for."""
    if not may_announce(actor, announcement.organisation_id):
        return None
    told = announcement.recipients.all()
    return told.count(), told.exclude(read_at=None).count()


def told_of(announcement: Announcement) -> list[Told]:
    """Those it is for, by name, with when they read it. Two queries; for staff of the organisation."""
    read = dict(announcement.recipients.order_by("id").values_list("person", "read_at"))
    people = Profile.objects.filter(organisation=announcement.organisation_id, person__in=read)
    return [Told(profile, read[profile.person_id]) for profile in people.order_by("sort_key", "id")]


def _cases(organisation: Organisation, profile_ids: Collection[int], *, actor: Actor) -> QuerySet[Profile]:
    wanted = set(profile_ids)
    require(len(wanted) <= MOST, TooMany)
    cases = Profile.objects.looked_after_by(actor).filter(organisation=organisation, pk__in=wanted)
    require(cases.count() == len(wanted), NotAllowed)
    return written_to(cases, actor=actor).order_by("sort_key", "id")


def _address(made: Announcement, people: QuerySet[Profile], *, actor: Actor, now: datetime) -> None:
    told = [profile.person_id for profile in reach_of(people, now=now).told]
    require(bool(told), NobodyReached)
    Recipient.objects.bulk_create(Recipient(announcement=made, person_id=person_id) for person_id in told)
    notify(ANNOUNCEMENT, to=told, about=("announcement", made.public_id), now=now)
    audit.record_about("announced", made, actor=actor, now=now)
