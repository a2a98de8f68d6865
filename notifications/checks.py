from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string

from notifications.enums import Path
from notifications.kinds import kinds


@register()
def doors_are_set(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Each of the two doors to the product leads to something."""
    return [
        Error(
            f"{name} does not lead to a callable.",
            hint="Set it to the dotted path of a function; notifications/README.md shows its shape.",
            id="notifications.E001",
        )
        for name in ("NOTIFICATIONS_DIRECTORY", "NOTIFICATIONS_LINK")
        if not _is_callable(getattr(settings, name, ""))
    ]


@register()
def kinds_are_sound(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Subjects are never filled, so a placeholder there would be shown as it stands; paths must exist."""
    named = [
        Error(
            f"The subject of notice {kind.code!r} has a placeholder.",
            hint="Subjects stay neutral.",
            id="notifications.E002",
        )
        for kind in kinds()
        if "%(" in str(kind.subject)
    ]
    lost = [
        Error(
            f"Notice {kind.code!r} has an unknown path.",
            hint=f"Known: {', '.join(Path.values)}.",
            id="notifications.E003",
        )
        for kind in kinds()
        if not set(kind.paths) <= set(Path.values)
    ]
    return [*named, *lost]


def _is_callable(path: str) -> bool:
    try:
        return callable(import_string(path))
    except ImportError:
        return False
