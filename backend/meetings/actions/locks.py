"""Rows are locked in one order: enrolments by id, the pairing, the meeting, then persons by id."""

from collections.abc import Iterable

from backend.meetings.models import Evening, Meeting
from backend.pairings.actions.locks import lock_pairing
from backend.people.models import Person


def lock_meeting(meeting_id: int) -> Meeting:
    """The meeting, its pairing and the enrolments of its members, locked."""
    pairing = lock_pairing(Meeting.objects.values_list("pairing_id", flat=True).get(pk=meeting_id))
    meeting = Meeting.objects.select_for_update(of=("self",), no_key=True).get(pk=meeting_id)
    meeting.pairing = pairing
    return meeting


def lock_evening(evening_id: int) -> Evening:
    rows = Evening.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("programme__organisation", "place").get(pk=evening_id)


def lock_people(person_ids: Iterable[int]) -> None:
    """Lock these persons, lowest id first: two meetings of different mentorings may want one of them."""
    rows = Person.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=set(person_ids))
    list(rows.order_by("pk").values_list("pk", flat=True))
