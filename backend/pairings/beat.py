from typing import Any

BEAT: dict[str, dict[str, Any]] = {
    "pairings.expire_offers": {
        "task": "pairings.expire_offers",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
}
