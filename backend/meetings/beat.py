from typing import Any

from celery.schedules import crontab

BEAT: dict[str, dict[str, Any]] = {
    "meetings.cancel_meetings_that_are_over": {
        "task": "meetings.cancel_meetings_that_are_over",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "meetings.ask_again_where_members_changed": {
        "task": "meetings.ask_again_where_members_changed",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    # Daily, by UTC; the action itself asks each pairing once a month, in its last days.
    "meetings.ask_who_writes_elsewhere": {
        "task": "meetings.ask_who_writes_elsewhere",
        "schedule": crontab(hour=15, minute=10),
    },
}
