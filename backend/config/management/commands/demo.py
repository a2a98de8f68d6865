from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError, CommandParser

from backend.config.demo.places import PLACES
from backend.config.demo.scene import TownsMissing
from backend.config.demo.seed import Found, seed, what_is_there
from backend.core import clock

MORNING = 6  # the example is seen at six in the morning


class Command(BaseCommand):
    help = "Fill an empty database with the living example: invented people in three small towns."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--as-of", type=date.fromisoformat, help="the day on which it is seen, such as 2026-11-21 (today)"
        )
        parser.add_argument("--small", action="store_true", help="a sixth of the people, for tests")

    def handle(self, *, as_of: date | None, small: bool, verbosity: int, **options: object) -> None:
        match what_is_there():
            case Found.EXAMPLE:
                self.stdout.write("The example is already there. Nothing was changed.")
                return
            case Found.OTHERS:
                raise CommandError(
                    "This database holds people already. The example goes into an empty database only."
                )
        try:
            told = seed(as_of or last_morning(), small=small)
        except TownsMissing as missing:
            raise CommandError(
                f"These towns are missing: {missing}. Run `manage.py import_places` first."
            ) from None
        if verbosity:
            self.stdout.write(
                f"{len(PLACES)} programmes, {told.volunteers} volunteers, {told.newcomers} newcomers, "
                f"{told.running} running mentorings, {told.suggestions} suggestions to look at, "
                f"{told.messages} messages."
            )


def last_morning() -> date:
    """Today, or yesterday before six: nothing in the example lies ahead."""
    return (clock.now().astimezone(ZoneInfo("Europe/Berlin")) - timedelta(hours=MORNING)).date()
