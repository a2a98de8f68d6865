from typing import Any

BEAT: dict[str, dict[str, Any]] = {
    "pairings.expire_offers": {
        "task": "pairings.expire_offers",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "pairings.forget_what_ifs": {"task": "pairings.forget_what_ifs", "schedule": 3600.0},
}
