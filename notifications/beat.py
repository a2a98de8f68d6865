"""What Celery beat runs for this app; config merges it. No imports, since settings read it."""

from typing import Any

BEAT: dict[str, dict[str, Any]] = {
    # A sweep that waited for a busy worker is worth nothing once the next one is due.
    "notifications.sweep": {"task": "notifications.sweep", "schedule": 30.0, "options": {"expires": 30}},
}
