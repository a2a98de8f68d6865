"""A stored model is numbers and names: it comes back the same, or it is refused with a sentence."""

import copy
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import InputError
from matching.learning import LearnedModel, from_json, to_json
from matching.learning.boosting import Boosting
from matching.learning.model import Answer, Feature
from matching.learning.profiles import Projection

FEATURES = (
    Feature("topics", "coverage", ("topics",), ("topics",)),
    Feature("way", "distance", ("lat", "lon"), ("lat", "lon")),
)
LOGISTIC = LearnedModel(
    "approved", FEATURES, (Answer("outcome", -2.0, 4.0, (0.1, -0.2)),), decided=12, positive=5
)
TREES = Boosting(-0.1, ((0, 0.5, -0.3, (3, 0.1, 0.2, 0.1 + 0.2)), 0.25), 0.9, 0.01)
BOOSTED = LearnedModel(
    "accepted",
    FEATURES,
    (
        Answer("mentor", -2.0, 4.0, (0.1, -0.2), TREES),
        Answer("newcomer", -1.0, 3.0, (0.0, 1 / 3), TREES),
    ),
    champion="boosting",
    challenger="logistic",
    decided=640,
    positive=301,
    within_newcomer_auc={"programme": 0.61, "logistic": 0.63, "boosting": 0.68},
    lead=0.05,
    standard_error=0.012,
    projection=Projection(("topics=école", "topics=work"), np.array([[0.5, 1 / 3], [0.25, -1.0]])),
)


@pytest.mark.parametrize("model", [LOGISTIC, BOOSTED])
def test_a_model_comes_back_to_the_last_digit(model: LearnedModel) -> None:
    text = to_json(model)
    again = from_json(text)
    assert to_json(again) == text
    assert again.answers == model.answers
    assert (again.projection is None) == (model.projection is None)


def test_a_model_can_be_read_by_a_person() -> None:
    data = json.loads(to_json(LOGISTIC))
    assert data["softlanding_model"] == 1
    assert data["answers"][0]["deviation"] == {"topics": 0.1, "way": -0.2}


@pytest.mark.parametrize("version", [None, 2, "1", True, 0])
def test_another_version_is_refused(version: object) -> None:
    data = json.loads(to_json(LOGISTIC)) | {"softlanding_model": version}
    with pytest.raises(InputError, match="this version reads 1"):
        from_json(json.dumps(data))


@pytest.mark.parametrize(
    "text", ["", "[]", "null", "{", "[" * 100_000, '{"softlanding_model": NaN}', "\x80\x04K\x01."]
)
def test_what_is_no_model_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        from_json(text)


def deep(levels: int) -> Any:
    tree: Any = 0.0
    for _ in range(levels):
        tree = [0, 0.5, tree, 1.0]
    return tree


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("projection", False, "expected numbers by value"),
        ("answers/1/boosting", 0, "expected baseline"),
        ("challenger", "", "accepted: boosting, logistic"),
        ("target", "liked", "accepted: accepted, approved, met"),
        ("target", ["met"], "accepted: accepted, approved, met"),
        ("champion", "oracle", "accepted: boosting, logistic"),
        ("champion", "logistic", "do not go together"),
        ("challenger", "oracle", "accepted: boosting, logistic"),
        ("decided", -1, "expected a whole number"),
        ("positive", True, "expected a whole number"),
        ("lead", "much", "expected a number"),
        ("standard_error", 10**400, "expected a number"),
        ("within_newcomer_auc", {"luck": 1}, "luck; expected boosting, logistic, programme"),
        ("within_newcomer_auc", [], "expected boosting, logistic, programme"),
        ("criteria", {}, "criteria is {}; expected a list"),
        ("criteria/0", {"name": "topics"}, "expected kind, mentor, name, newcomer"),
        ("criteria/0/name", "way", "a name is there twice"),
        ("criteria/0/kind", 1, "expected text"),
        ("criteria/0/mentor", [1], "expected text"),
        ("answers", [], "The model answers for"),
        ("answers/0/side", "outcome", "The model answers for"),
        ("answers/0/side", ["mentor"], "expected text"),
        ("answers/0/scale", 0, "expected a number above 0"),
        ("answers/0/intercept", None, "expected a number"),
        ("answers/0/deviation", {"topics": 0.1}, "expected topics, way"),
        ("answers/0/boosting", None, "do not go together"),
        ("answers/0/boosting", {"trees": []}, "expected baseline, offset, slope, trees"),
        ("answers/0/boosting/slope", -1, "slope is -1"),
        ("answers/0/boosting/trees", "import os", "expected a list"),
        ("answers/0/boosting/trees/0", [0, 0.5, 1.0], "expected .column, threshold, low, high."),
        ("answers/0/boosting/trees/0", deep(17), "not too deep"),
        ("answers/0/boosting/trees/0/0", 6, "column 6; there are 6"),
        ("answers/0/boosting/trees/0/0", -1, "expected a whole number"),
        ("answers/0/boosting/trees/0/1", "0.5", "expected a number"),
        ("projection", [1], "expected numbers by value"),
        ("projection", None, "do not go together"),
        ("projection/topics=work", [1.0], "equally many numbers"),
        ("projection/topics=work", [1.0, "2"], "expected a number"),
        ("further", 1, "further"),
    ],
)  # fmt: skip
def test_an_altered_model_is_refused_with_a_sentence(path: str, value: object, sentence: str) -> None:
    data = json.loads(to_json(BOOSTED))
    place: Any = data
    *way, last = (int(step) if step.isdigit() else step for step in path.split("/"))
    for step in way:
        place = place[step]
    place[last] = value
    with pytest.raises(InputError, match=sentence):
        from_json(json.dumps(data))


def test_trees_of_depth_sixteen_are_read() -> None:
    data = json.loads(to_json(BOOSTED))
    data["answers"][0]["boosting"]["trees"] = [deep(16)]
    assert from_json(json.dumps(data)).answers[0].boosting


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(to_json(BOOSTED)) - 1), st.text(max_size=3), st.booleans())
def test_cut_or_overwritten_models_are_read_or_refused_never_worse(place: int, other: str, cut: bool) -> None:
    text = to_json(BOOSTED)
    changed = text[:place] + other + ("" if cut else text[place + len(other) :])
    try:
        model = from_json(changed)
    except InputError as error:
        assert str(error)
    else:
        assert from_json(to_json(model)) is not None


ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=2), st.lists(st.none(), max_size=2)
)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_value_replaced_by_another_kind_is_read_or_refused(data: st.DataObject) -> None:
    model = copy.deepcopy(json.loads(to_json(BOOSTED)))
    place: Any = model
    while True:
        keys = sorted(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or not place[key] or data.draw(st.booleans()):
            break
        place = place[key]
    place[key] = data.draw(ODD)
    try:
        from_json(json.dumps(model))
    except InputError as error:
        assert str(error)
