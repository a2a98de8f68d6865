import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError

from backend.territories import loading


class Command(BaseCommand):
    help = "Fill countries, regions and towns from GeoNames (CC BY 4.0). A second run brings changes only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--countries", default="", help="Only these, for example IE,DE. Default: all we serve."
        )

    def handle(self, *args: Any, countries: str, **options: Any) -> None:
        # Here and not above: a web process that lists the commands must not load what only this one needs.
        from backend.territories import sources

        started = time.monotonic()
        codes = {code.strip().upper() for code in countries.split(",") if code.strip()} or sources.COUNTRIES
        if unknown := codes - sources.COUNTRIES:
            raise CommandError(
                f"Unknown country {', '.join(sorted(unknown))}. Known: {' '.join(sorted(sources.COUNTRIES))}."
            )
        places = sources.read_places(codes)
        country_ids = loading.store_countries(sources.read_countries(codes))
        region_ids = loading.store_regions(sources.region_names(places), country_ids)
        batches = loading.store_places(places, country_ids | region_ids)
        for _ in with_progress(batches, total=len(places), to=sys.stderr):
            pass
        loading.tidy()
        self.stdout.write(
            f"{len(country_ids)} countries, {len(region_ids)} regions, {len(places)} towns with "
            f"{sum(len(place.names) for place in places)} names in {time.monotonic() - started:.1f} s"
        )


def with_progress(counts: Iterable[int], *, total: int, to: TextIO) -> Iterator[int]:
    """Pass `counts` on and draw how far they are: a bar on a terminal, a line every tenth elsewhere."""
    told = 0
    for count in counts:
        tenth = 10 * count // max(total, 1)
        if to.isatty():
            bar = "█" * (3 * tenth) + "░" * (30 - 3 * tenth)
            to.write(f"\r{bar} {count}/{total} towns" + ("\n" if count >= total else ""))
            to.flush()
        elif tenth > told:
            told = tenth
            to.write(f"{count}/{total} towns\n")
        yield count
