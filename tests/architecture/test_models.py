"""What the models promise: a class of data for every field, and foreign keys that point down."""

import pytest
from django.apps import apps
from django.db import models

from backend.core.classes import class_by_field
from tests.architecture.third_party import THIRD_PARTY

# From the top of design.md's layers to the bottom. Those above web hold no tables.
LAYERS = (
    ("api", "web"),
    ("insight",),
    ("placement", "network", "imports"),
    ("meetings", "learning"),
    ("messaging",),
    ("pairings",),
    ("safeguarding",),
    ("programmes",),
    ("profiles",),
    ("organisations",),
    ("people",),
    ("territories",),
    ("core",),
)
HEIGHT = {label: -level for level, labels in enumerate(LAYERS) for label in labels}
OURS = [model for model in apps.get_models() if model._meta.app_label in {*HEIGHT, "notifications"}]
OTHERS = [model for model in apps.get_models() if model not in OURS]


def label_of(model: type[models.Model]) -> str:
    return str(model._meta.label)


def declared_for(model: type[models.Model]) -> dict[str, str]:
    if model in OURS:
        return dict(class_by_field(model))
    table = THIRD_PARTY.get(label_of(model), {})
    return {name: letter for letter, names in table.items() for name in names.split()}


@pytest.mark.parametrize("model", [*OURS, *OTHERS], ids=label_of)
def test_every_field_declares_its_class_of_data(model: type[models.Model]) -> None:
    fields = {field.name for field in model._meta.concrete_fields}
    declared = declared_for(model)
    where = "data_classes of the model" if model in OURS else "tests/architecture/third_party.py"
    assert fields - declared.keys() == set(), f"Say in {where} whether each is A, B, C or D."
    assert declared.keys() - fields == set(), f"Take these out of {where}: no such fields."
    assert set(declared.values()) <= set("ABCD")


@pytest.mark.parametrize("model", OURS, ids=label_of)
def test_foreign_keys_point_down(model: type[models.Model]) -> None:
    upward = [
        f"{field.name} -> {label_of(field.related_model)}"
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.ManyToManyField) and not points_down(model, field)
    ]
    assert upward == [], "Turn the key round, or keep a bare id: a lower app must not know the upper one."


def points_down(model: type[models.Model], field: models.Field) -> bool:
    here, there = model._meta.app_label, field.related_model._meta.app_label
    if here == "notifications":  # its one key upward is AUTH_USER_MODEL
        return there == "notifications" or label_of(field.related_model) == "people.Person"
    if there not in HEIGHT:
        return False
    return here == there or HEIGHT[here] > HEIGHT[there]


def test_the_guard_sees_an_upward_key() -> None:
    message = apps.get_model("messaging", "Message")
    field = message._meta.get_field("sender")
    assert points_down(message, field)
    assert not points_down(apps.get_model("territories", "Territory"), field)
