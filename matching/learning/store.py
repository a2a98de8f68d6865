"""A learned model as text: JSON that a person can read, and that can hold nothing but numbers and names."""

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import numpy as np

from matching.errors import InputError, listing
from matching.learning.boosting import Boosting, Tree
from matching.learning.model import TARGETS, Answer, Feature, LearnedModel
from matching.learning.profiles import Projection

T = TypeVar("T")

VERSION = 1
SIDES = (["outcome"], ["mentor", "newcomer"])
FAMILIES = ("logistic", "boosting")
RANKED = ("programme", *FAMILIES)
KEYS = """softlanding_model target decided positive champion challenger within_newcomer_auc lead
standard_error criteria answers projection"""
# Deeper trees than ours are read too, but a reader never recurses as deep as a file tells it to.
DEEPEST = 16


def to_json(model: LearnedModel) -> str:
    """The model as a text; `from_json` gives back the same model, to the last digit."""
    names = [feature.name for feature in model.features]
    return json.dumps(
        {
            "softlanding_model": VERSION,
            "target": model.target,
            "decided": model.decided,
            "positive": model.positive,
            "champion": model.champion,
            "challenger": model.challenger,
            "within_newcomer_auc": dict(model.within_newcomer_auc),
            "lead": model.lead,
            "standard_error": model.standard_error,
            "criteria": [
                {"name": f.name, "kind": f.kind, "mentor": list(f.mentor), "newcomer": list(f.newcomer)}
                for f in model.features
            ],
            "answers": [_answer(answer, names) for answer in model.answers],
            "projection": _projection(model.projection),
        },
        ensure_ascii=False,
        indent=1,
    )


def _answer(answer: Answer, names: list[str]) -> dict[str, Any]:
    deviation = dict(zip(names, answer.deviation, strict=True))
    trees = answer.boosting
    return {
        "side": answer.side,
        "intercept": answer.intercept,
        "scale": answer.scale,
        "deviation": deviation,
        "boosting": trees
        and {
            "baseline": trees.baseline,
            "slope": trees.slope,
            "offset": trees.offset,
            "trees": trees.trees,
        },
    }


def _projection(projection: Projection | None) -> dict[str, list[float]] | None:
    """By value, its numbers."""
    if projection is None:
        return None
    return dict(zip(projection.vocabulary, projection.components.tolist(), strict=True))


def from_json(text: str) -> LearnedModel:
    """Read a model. Raises InputError that says what was found and what would have been accepted."""
    try:
        data = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise InputError(f"The model is not the JSON that `learn` writes: {error}") from error
    version = data.get("softlanding_model") if isinstance(data, dict) else None
    if version != VERSION or isinstance(version, bool):
        raise InputError(
            f"The model's softlanding_model is {version!r}; this version reads {VERSION}. Learn again."
        )
    return _model(data)


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is not a number.")


def _model(data: Any) -> LearnedModel:
    data = _table(data, "the model", KEYS.split())
    features = tuple(_feature(f) for f in _list(data["criteria"], "criteria"))
    names = [feature.name for feature in features]
    if len(set(names)) < len(names):
        raise InputError("In the model's criteria: a name is there twice.")
    projection = _perhaps(data["projection"], _read_projection)
    numbers = 0 if projection is None else projection.components.shape[1]
    answers = tuple(_read_answer(a, names, numbers) for a in _list(data["answers"], "answers"))
    _agree(answers, _among(data["champion"], "champion", FAMILIES), projection)
    auc = _table(data["within_newcomer_auc"], "within_newcomer_auc", RANKED, all_of_them=False)
    return LearnedModel(
        target=_among(data["target"], "target", TARGETS),
        features=features,
        answers=answers,
        champion=data["champion"],
        challenger=_perhaps(data["challenger"], lambda name: _among(name, "challenger", FAMILIES)),
        decided=_count(data["decided"], "decided"),
        positive=_count(data["positive"], "positive"),
        within_newcomer_auc={name: _real(value, name) for name, value in auc.items()},
        lead=_perhaps(data["lead"], lambda lead: _real(lead, "lead")),
        standard_error=_perhaps(data["standard_error"], lambda error: _real(error, "standard_error")),
        projection=projection,
    )


def _agree(answers: tuple[Answer, ...], champion: str, projection: Projection | None) -> None:
    sides = [answer.side for answer in answers]
    if sides not in SIDES:
        raise InputError(f"The model answers for {sides}; accepted: {SIDES[0]} or {SIDES[1]}.")
    boosted = [answer.boosting is not None for answer in answers]
    if {champion == "boosting", projection is not None, *boosted} not in ({True}, {False}):
        raise InputError("The model's champion, trees and projection do not go together. Learn again.")


def _feature(data: Any) -> Feature:
    data = _table(data, "criteria", ("name", "kind", "mentor", "newcomer"))
    mentor, newcomer = (
        tuple(_text(column, side) for column in _list(data[side], side)) for side in ("mentor", "newcomer")
    )
    return Feature(_text(data["name"], "name"), _text(data["kind"], "kind"), mentor, newcomer)


def _read_answer(data: Any, names: list[str], numbers: int) -> Answer:
    data = _table(data, "answers", ("side", "intercept", "scale", "deviation", "boosting"))
    deviation = _table(data["deviation"], "deviation", names)
    scale = _real(data["scale"], "scale")
    if scale <= 0:
        raise InputError(f"In the model: scale is {scale}; expected a number above 0.")
    side = _text(data["side"], "side")
    profiles = numbers if side == "mentor" else 3 * numbers
    return Answer(
        side,
        _real(data["intercept"], "intercept"),
        scale,
        tuple(_real(deviation[name], name) for name in names),
        _perhaps(data["boosting"], lambda trees: _boosting(trees, len(names) + profiles + 2)),
    )


def _boosting(data: Any, columns: int) -> Boosting:
    data = _table(data, "boosting", ("baseline", "slope", "offset", "trees"))
    baseline, slope, offset = (_real(data[name], name) for name in ("baseline", "slope", "offset"))
    if slope < 0:
        raise InputError(f"In the model: slope is {slope}; expected a number, 0 or more.")
    trees = tuple(_tree(tree, columns, DEEPEST) for tree in _list(data["trees"], "trees"))
    return Boosting(baseline, trees, slope, offset)


def _tree(data: Any, columns: int, deepest: int) -> Tree:
    if not isinstance(data, list):
        return _real(data, "a leaf")
    if len(data) != 4 or not deepest:
        raise InputError("In the model's trees: expected [column, threshold, low, high], not too deep.")
    column = _count(data[0], "a column")
    if column >= columns:
        raise InputError(f"In the model's trees: column {column}; there are {columns}.")
    branches = (_tree(branch, columns, deepest - 1) for branch in data[2:])
    return (column, _real(data[1], "a threshold"), *branches)


def _read_projection(data: Any) -> Projection:
    if not isinstance(data, dict):
        raise InputError("In the model: projection is no table; expected numbers by value.")
    rows = [[_real(number, value) for number in _list(row, value)] for value, row in data.items()]
    if len({len(row) for row in rows}) != 1:
        raise InputError("In the model's projection: not all values have equally many numbers.")
    return Projection(tuple(data), np.array(rows, dtype=np.float64))


def _table(data: Any, where: str, keys: Any, *, all_of_them: bool = True) -> Mapping[str, Any]:
    if (
        not isinstance(data, dict)
        or not set(data) <= set(keys)
        or (all_of_them and len(data) < len(set(keys)))
    ):
        found = listing(data) if isinstance(data, dict) else repr(data)
        raise InputError(f"In the model, {where}: {found[:200]}; expected {listing(keys)}.")
    return data


def _list(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise InputError(f"In the model: {where} is {value!r}; expected a list.")
    return value


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise InputError(f"In the model: {where} is {value!r}; expected text.")
    return value


def _among(value: Any, where: str, accepted: tuple[str, ...]) -> str:
    if value not in accepted:
        raise InputError(f"In the model: {where} is {value!r}; accepted: {listing(accepted)}.")
    return str(value)


def _count(value: Any, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise InputError(f"In the model: {where} is {value!r}; expected a whole number, 0 or more.")
    return value


def _real(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= sys.float_info.max:
        raise InputError(f"In the model: {where} is {value!r}; expected a number.")
    return float(value)


def _perhaps(value: Any, read: Callable[[Any], T]) -> T | None:
    return None if value is None else read(value)
