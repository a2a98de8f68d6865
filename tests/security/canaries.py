"""A value of its own in every field of class C and D of Amina and Bruno, and in their first names.

Read from `data_classes`: a new model with such a field says whose it is (OWNERS) or why nobody's (NOT_OURS).
"""

from dataclasses import dataclass
from itertools import count
from operator import attrgetter

from django.apps import apps
from django.db import models

from backend.core.classes import class_by_field
from tests.security.world import (
    AMINA,
    BOTH,
    BRUNO,
    CASE,
    EMMA,
    NONE,
    Who,
    World,
)

IN_A_PAIRING = "pairing__members__enrolment__profile__person"
# Model: how its rows are found by their person, and where the organisation that holds them stands ("": none).
OWNERS: dict[str, tuple[str, str]] = {
    "people.Person": ("pk", ""),
    "people.Identifier": ("person", ""),
    "people.Slip": ("person", ""),
    "people.Consent": ("person", "organisation_id"),
    "profiles.Household": ("members__person", "organisation_id"),
    "profiles.Profile": ("person", "organisation_id"),
    "profiles.ProfileLanguage": ("profile__person", "profile.organisation_id"),
    "profiles.Contact": ("profile__person", "profile.organisation_id"),
    "profiles.Handover": ("profiles__person", "organisation_id"),
    "programmes.IntakeTalk": ("enrolment__profile__person", "enrolment.programme.organisation_id"),
    "programmes.EnrolmentEvent": ("enrolment__profile__person", "enrolment.programme.organisation_id"),
    "safeguarding.Restriction": ("first__person", "organisation_id"),
    "pairings.SuggestionComment": (
        "suggestion__mentor__profile__person",
        "suggestion.programme.organisation_id",
    ),
    "pairings.Offer": ("newcomer__profile__person", "programme.organisation_id"),
    "pairings.OfferQuestion": ("offer__mentor__profile__person", "offer.programme.organisation_id"),
    "pairings.PairingEvent": ("by", ""),
    "pairings.Transfer": ("profile__person", "profile.organisation_id"),
    "meetings.Evaluation": ("person", "pairing.programme.organisation_id"),
    "messaging.Message": ("sender", ""),
    "messaging.Announcement": ("recipients__person", "organisation_id"),
    "meetings.Goal": ("chosen_by", "pairing.programme.organisation_id"),
    "meetings.GoalStep": ("goal__chosen_by", "goal.pairing.programme.organisation_id"),
    "meetings.CheckIn": ("person", "pairing.programme.organisation_id"),
    "meetings.Expense": ("person", "pairing.programme.organisation_id"),
    "meetings.Meeting": (IN_A_PAIRING, "pairing.programme.organisation_id"),
    "meetings.MeetingReply": ("person", "meeting.pairing.programme.organisation_id"),
    "meetings.Confirmation": ("person", "pairing.programme.organisation_id"),
    "meetings.GoOn": ("person", "pairing.programme.organisation_id"),
    "meetings.HomeConsent": (IN_A_PAIRING, "pairing.programme.organisation_id"),
    "meetings.CalendarFeed": ("person", ""),
    "api.Token": ("person", ""),
}
NOT_OURS = {
    "profiles.Draft": "belongs to a browser whose owner has no account; found by its code alone",
    "imports.ImportBatch": "a sheet of many people; its pages are in the access table",
    "imports.ImportedRow": "a hash",
}
# What never leaves the database, whoever asks: the stored value itself is looked for.
SECRET = ("password", "value_index", "phone_index", "code_hash", "key_hash", "sort_key")
# These hold the name of a choice, and answers of a file, each with a canary where it comes from.
CODES = ("pairings.PairingEvent.why", "pairings.Transfer.answers")
BOUND = ("meetings.Expense.why",)  # goes with a state; test_canaries refuses an expense with it
# A value that only some rows may hold.
ONLY_WHERE = {"meetings.Meeting": {"interpreter": "booked"}}
# Values that must look like what they are.
SHAPED = {"born": "19{:02d}-07-19", "phone": "+4915199{:06d}", "email": "zq{:04d}x@example.org"}
_numbers = count(1)


@dataclass(frozen=True)
class Canary:
    owner: str
    field: str  # "profiles.Profile.notes"
    letter: str
    value: str
    here: bool  # whether Chloé's organisation holds it; otherwise Emma's
    anywhere: bool = False  # held by no organisation: both may need it


def sensitive_fields(model: type[models.Model]) -> list[models.Field]:
    """The fields of class C and D that can hold any text, and the name a person is called by."""
    letters = class_by_field(model)
    return [
        field
        for field in model._meta.concrete_fields
        if (
            letters.get(field.name) in {"C", "D"} or (field.name == "called" and letters.get("called") == "B")
        )
        and isinstance(field, models.CharField | models.TextField)
        and not field.choices
        and f"{model._meta.label}.{field.name}" not in (*CODES, *BOUND)
    ]


def models_with_canaries() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if sensitive_fields(model)]


def plant(people: dict[str, int], here_id: int, found: list[Canary]) -> None:
    """Give every such field of these persons ({name: id}) a value of its own; those planted before stay."""
    planted = {(canary.field, canary.value) for canary in found}
    for model in models_with_canaries():
        if model._meta.label in NOT_OURS:
            continue
        lookup, where = OWNERS[model._meta.label]
        for owner, person_id in people.items():
            rows = model._default_manager.filter(**{lookup: person_id}).distinct()
            for row in rows.filter(**ONLY_WHERE.get(model._meta.label, {})).order_by("pk"):
                held_by = attrgetter(where)(row) if where else None
                for field in sensitive_fields(model):
                    name = f"{model._meta.label}.{field.name}"
                    if (name, getattr(row, field.name)) not in planted and (
                        value := _fill(row, field, owner)
                    ):
                        letter = class_by_field(model)[field.name]
                        here = held_by in (None, here_id)
                        found.append(Canary(owner, name, letter, value, here, anywhere=held_by is None))


def _fill(row: models.Model, field: models.Field, owner: str) -> str:
    if field.name in SECRET:
        return str(getattr(row, field.name))
    shape = SHAPED.get(field.name, "{}zq{:04d}x" if field.name == "called" else "zq{:04d}x")
    number = next(_numbers)
    if field.name == "born":
        number = 50 + number % 50
    value = shape.format(owner.title(), number) if field.name == "called" else shape.format(number)
    type(row)._default_manager.filter(pk=row.pk).update(**{field.name: value})
    return value


def readers(canary: Canary, *, together: bool) -> Who:
    """Who may see it: the table "Who sees what, when"."""
    kind = canary.field.rpartition(".")[2]
    own: Who = frozenset({canary.owner})
    staff = (CASE if canary.here else NONE) | ({EMMA} if canary.anywhere or not canary.here else NONE)
    if kind in SECRET:
        return NONE
    if canary.field == "messaging.Message.body":
        return BOTH
    if canary.field == "meetings.Meeting.interpreter_name":
        return BOTH | staff
    if canary.field == "meetings.HomeConsent.adults" or canary.field.startswith("meetings.CheckIn."):
        return staff
    if canary.letter == "D":
        return staff
    if canary.field.startswith("meetings.Goal"):
        return BOTH | staff
    # What colleagues write to each other.
    if canary.field.startswith(("profiles.Contact.", "profiles.Handover.", "pairings.SuggestionComment.")):
        return staff
    if kind == "called" and (together or canary.owner == BRUNO):
        return own | staff | (BOTH if canary.here else NONE)
    return own | staff


def are_named(world: World) -> dict[str, int]:
    return {AMINA: world.people[AMINA].pk, BRUNO: world.people[BRUNO].pk}
