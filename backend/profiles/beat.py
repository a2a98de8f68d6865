from typing import Any

BEAT: dict[str, dict[str, Any]] = {
    "profiles.forget_drafts": {"task": "profiles.forget_drafts", "schedule": 3600.0},
}
