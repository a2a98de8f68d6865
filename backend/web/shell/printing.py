"""A page as PDF. Where the machine lacks what that needs, the same page is printed by the browser."""

from __future__ import annotations

from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

STATIC = Path(__file__).resolve().parents[1] / "static"
# One page takes some 0.5 s and 60 MiB; two at once would keep everybody else waiting.
_ONE_AT_A_TIME = BoundedSemaphore(1)
PATIENCE = 20  # seconds


def pdf_of(html: str, *, style: str) -> bytes | None:
    """The page as PDF; None where it cannot be made here, or others wait already.

    style: a file below static/. Nothing is fetched, whatever the page names.
    """
    if not _ONE_AT_A_TIME.acquire(timeout=PATIENCE):
        return None
    try:
        # Imported late: it costs a web process some 50 MiB, and most never print anything.
        from weasyprint import CSS, HTML
    except (ImportError, OSError):  # OSError: pango is not installed
        return None
    else:
        sheet = CSS(filename=STATIC / style, url_fetcher=_fetch_nothing)
        page: bytes = HTML(string=html, url_fetcher=_fetch_nothing).write_pdf(stylesheets=[sheet])
        return page
    finally:
        _ONE_AT_A_TIME.release()


def _fetch_nothing(url: str, *args: Any, **kwargs: Any) -> dict[str, Any]:
    raise ValueError("A page that is printed holds all it needs.")
