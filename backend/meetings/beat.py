from typing import Any

from celery.schedules import crontab

BEAT: dict[str, dict[str, Any]] = {
    # Daily, by UTC; the action itself asks each pairing once a month, in its last days.
    "meetings.ask_who_writes_elsewhere": {
        "task": "meetings.ask_who_writes_elsewhere",
        "schedule": crontab(hour=15, minute=10),
    },
}
