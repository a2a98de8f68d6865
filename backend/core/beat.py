"""What Celery beat runs for the core. No imports of ours here or in any other beat.py: settings read them."""

from typing import Any

BEAT: dict[str, dict[str, Any]] = {
    "core.sweep": {"task": "core.drain", "schedule": 30.0, "options": {"expires": 30}},
    "core.forget_finished_jobs": {"task": "core.forget_finished_jobs", "schedule": 86400.0},
    "core.seal_audit": {"task": "core.seal_audit", "schedule": 60.0, "options": {"expires": 60}},
}
