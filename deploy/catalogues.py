"""Compile the translations without gettext: `python -m deploy.catalogues`."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parents[1] / "backend" / "locale"


def main() -> None:
    """Write each .mo that is missing or older than its .po; unfinished (fuzzy) entries stay English."""
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns > source.stat().st_mtime_ns:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parts[-3], abort_invalid=True)
        fresh = target.with_suffix(".fresh")
        with fresh.open("wb") as file:
            write_mo(file, catalogue)
        fresh.replace(target)


if __name__ == "__main__":
    main()
