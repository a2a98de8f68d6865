"""`visible_to` and `may_view` say the same, for every model that has both and everybody in the world."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from backend.imports import rules as imports
from backend.meetings import rules as meetings
from backend.messaging import rules as messaging
from backend.organisations import rules as organisations
from backend.organisations.queries import actor_for
from backend.pairings import rules as pairings
from backend.profiles import rules as profiles
from backend.programmes import rules as programmes
from backend.safeguarding import rules as safeguarding
from tests import factories as make
from tests.security.world import World, make_world

RULES: dict[str, Callable[..., bool]] = {
    "imports.ImportBatch": imports.may_view_batch,
    "organisations.Organisation": organisations.may_view_organisation,
    "organisations.Membership": organisations.may_view_membership,
    "profiles.Profile": profiles.may_view_profile,
    "profiles.Handover": profiles.may_view_handover,
    "messaging.Announcement": messaging.may_view_announcement,
    "programmes.Programme": programmes.may_view_programme,
    "programmes.Enrolment": programmes.may_view_enrolment,
    "safeguarding.Clearance": safeguarding.may_view_clearance,
    "safeguarding.Restriction": safeguarding.may_view_restriction,
    "pairings.MatchRun": pairings.may_view_run,
    "pairings.WhatIf": pairings.may_view_what_if,
    "pairings.Suggestion": pairings.may_view_suggestion,
    "pairings.Offer": pairings.may_view_offer,
    "pairings.Pairing": pairings.may_view_pairing,
    "meetings.Expense": meetings.may_view_expense,
    "meetings.Meeting": meetings.may_view_meeting,
    "meetings.MeetingPlace": meetings.may_view_place,
    "meetings.Evening": meetings.may_view_evening,
    "pairings.Transfer": pairings.may_view_transfer,
}
# Those whose QuerySet alone decides.
NO_RULE = {
    "profiles.Household": "shown within a profile",
    "profiles.Contact": "shown within a profile",
    "messaging.Conversation": "queries.access_conversation is the only way in",
    "messaging.Message": "read through its conversation",
}


def models_that_hide() -> set[str]:
    return {
        model._meta.label
        for model in apps.get_models()
        if hasattr(model._default_manager.get_queryset(), "visible_to")
    }


def test_every_model_that_hides_has_a_rule() -> None:
    missing = sorted(models_that_hide() - RULES.keys() - NO_RULE.keys())
    assert missing == [], "Add its may_view to RULES, or to NO_RULE with the reason."


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def test_visible_to_agrees_with_may_view(world: World) -> None:
    for label, rule in RULES.items():
        model: type[models.Model] = apps.get_model(label)
        rows: list[Any] = list(model._default_manager.order_by("pk"))
        assert rows, f"tests/security/world.py has no {label}: add one."
        for viewer, person in world.people.items():
            actor = actor_for(person, now=make.NOW)
            seen = set(model._default_manager.get_queryset().visible_to(actor).values_list("pk", flat=True))  # type: ignore[attr-defined]
            allowed = {row.pk for row in rows if rule(actor, row)}
            assert seen == allowed, f"{viewer} and {label}: visible_to and {rule.__name__} do not agree."


def test_nobody_sees_nothing(world: World) -> None:
    from backend.core.actor import ANONYMOUS

    for label in models_that_hide():
        queryset: Any = apps.get_model(label)._default_manager.get_queryset()
        assert not queryset.visible_to(ANONYMOUS).exists(), label
