from typing import Any

from celery.schedules import crontab

BEAT: dict[str, dict[str, Any]] = {
    "pairings.expire_offers": {
        "task": "pairings.expire_offers",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "pairings.remind_of_offers": {
        "task": "pairings.remind_of_offers",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    # By UTC: in the morning all over Europe, on one calendar day.
    "pairings.write_to_those_who_wait": {
        "task": "pairings.write_to_those_who_wait",
        "schedule": crontab(hour=9, minute=0),
    },
    "pairings.close_wound_down": {
        "task": "pairings.close_wound_down",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "pairings.forget_what_ifs": {"task": "pairings.forget_what_ifs", "schedule": 3600.0},
    # Shortly after midnight in most of our countries: a proof counts to the end of its last day.
    "pairings.suspend_uncleared": {
        "task": "pairings.suspend_uncleared",
        "schedule": crontab(hour=0, minute=20),
    },
    # At night, by UTC: nobody waits for the workers then.
    "pairings.ask_to_learn": {"task": "pairings.ask_to_learn", "schedule": crontab(hour=1, minute=30)},
}
