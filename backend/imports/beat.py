from typing import Any

BEAT: dict[str, dict[str, Any]] = {
    "imports.forget_old": {"task": "imports.forget_old", "schedule": 86400.0},
}
