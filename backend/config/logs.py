"""One JSON line per event, without names, bodies, tokens or addresses: only opaque ids."""

import re
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

# django-structlog binds these; who asked from where is nobody's business in a log.
LEFT_OUT = ("ip", "user_id", "user_agent", "_record", "_from_structlog", "exception")
# The code of a slip opens an account until it is used, the key of a calendar shows when somebody is where.
SECRETS = re.compile(r"(/slip/|/calendar/feed/)[^/]+")

_json = structlog.processors.JSONRenderer(ensure_ascii=False)
_SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
FORMATTER = {
    "()": "structlog.stdlib.ProcessorFormatter",
    "processor": "ext://backend.config.logs.render",
    "foreign_pre_chain": _SHARED,
}


def without_content(logger: Any, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Say where it failed and with what kind of error; a message may quote a row, a query may hold a name."""
    for key in LEFT_OUT:
        event.pop(key, None)
    for key in ("request", "event"):
        if isinstance(text := event.get(key), str):
            event[key] = SECRETS.sub(r"\1...", text.partition("?")[0] if key == "request" else text)
    if info := event.pop("exc_info", None):
        _, error, trace = sys.exc_info() if info is True else info
        event["error"] = type(error).__name__
        event["where"] = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(trace)][-6:]
    return event


def configure() -> None:
    """Lead structlog's own loggers through the same line."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def render(logger: Any, name: str, event: MutableMapping[str, Any]) -> str:
    return str(_json(logger, name, without_content(logger, name, event)))
