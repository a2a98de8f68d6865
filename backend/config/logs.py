"""One JSON line per event, without names, bodies or tokens."""

from collections.abc import MutableMapping
from typing import Any

import structlog

_json = structlog.processors.JSONRenderer(ensure_ascii=False)


def render(logger: Any, name: str, event: MutableMapping[str, Any]) -> str:
    event.pop("_record", None)
    event.pop("_from_structlog", None)
    return str(_json(logger, name, event))
