"""Every write of the API with every field of every model added: refused, and nothing at all has changed."""

import json
from typing import Any

import pytest
from django.apps import apps
from django.db import models, transaction
from django.urls import reverse

from tests.security.access import ACCESS
from tests.security.test_access import ROUTES, resolved
from tests.security.world import CASE, World

pytestmark = pytest.mark.django_db
WRITES = sorted(
    name for name, access in ACCESS.items() if name.startswith("api:") and access.post and name in ROUTES
)
FIELDS = sorted(
    {
        name
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        for name in (field.name, field.attname)
    }
)


@pytest.mark.parametrize("name", WRITES)
def test_a_field_that_was_not_asked_for_is_refused(name: str, world: World) -> None:
    access = ACCESS[name]
    viewer = min((access.post or frozenset()) & CASE, default=min(access.post or frozenset()))
    asked = {key: resolved(value, world) for key, value in access.sends.items()}
    known = known_to(name, world, viewer)
    more = {field: 1 for field in FIELDS if field not in known}
    before = everything()
    answer = send(name, world, viewer, {**more, **asked})
    assert answer.status_code == 400, f"{name}: take what a request says from a serializer made with Asked."
    assert set(answer.json()["errors"]) == set(more)
    assert everything() == before


def known_to(name: str, world: World, viewer: str) -> set[str]:
    """The names the address knows, as it says them itself when it is given another."""
    with transaction.atomic():
        errors = send(name, world, viewer, {"no_such_field": 1}).json()["errors"]
        transaction.set_rollback(True)
    return set(errors["no_such_field"][0].removeprefix("Known here: ").rstrip(".").split(", "))


def send(name: str, world: World, viewer: str, values: dict[str, Any]) -> Any:
    access = ACCESS[name]
    url = reverse(name, args=[world.id_of(thing) for thing in access.of])
    return getattr(world.clients[viewer], access.method)(url, json.dumps(values), "application/json")


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """All rows of our own tables."""
    ours: list[type[models.Model]] = [model for model in apps.get_models() if hasattr(model, "data_classes")]
    return {
        model._meta.label: list(
            model._default_manager.order_by("pk").values_list(
                *(field.attname for field in model._meta.concrete_fields)
            )
        )
        for model in ours
    }
