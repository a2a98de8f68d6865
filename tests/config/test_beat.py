"""What must happen now and then does: a schedule that is empty, or names nothing, is found here."""

import subprocess
import sys
from pathlib import Path

from backend.config.celery import app

ROOT = Path(__file__).resolve().parents[2]


def test_beat_knows_every_schedule_that_an_app_declares() -> None:
    files = [*ROOT.glob("backend/*/beat.py"), ROOT / "notifications/beat.py"]
    declared = set()
    for file in files:
        module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
        declared |= __import__(module, fromlist=["BEAT"]).BEAT.keys()
    assert set(app.conf.beat_schedule) == declared


def test_every_scheduled_task_is_there() -> None:
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)


def test_beat_as_a_process_of_its_own_knows_the_sweeps() -> None:
    """In the process that beats nothing has loaded Django before Celery asks for the schedule."""
    ask = "from backend.config.celery import app; print(*app.conf.beat_schedule)"
    said = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {"core.sweep", "notifications.sweep", "pairings.expire_offers"} <= set(said.stdout.split())
