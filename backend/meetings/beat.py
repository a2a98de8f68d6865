from typing import Any

BEAT: dict[str, dict[str, Any]] = {
    "meetings.cancel_meetings_that_are_over": {
        "task": "meetings.cancel_meetings_that_are_over",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
}
