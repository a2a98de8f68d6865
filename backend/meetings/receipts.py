"""Pictures of receipts: looked at by their content, decoded elsewhere, drawn anew, encrypted."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore

from django.utils.translation import gettext_lazy as _

from backend.core import crypto
from backend.core.errors import BadInput
from backend.meetings.picture_child import Ended

MOST_BYTES = 10 * 2**20
PATIENCE = 30.0  # seconds; the child's own limit counts only while it computes
_CHILD = Path(__file__).with_name("picture_child.py")
_STARTS = ((b"\xff\xd8\xff", "JPEG"), (b"\x89PNG\r\n\x1a\n", "PNG"))
# Each may take a gibibyte for a moment; a small server has room for few.
_few = BoundedSemaphore(2)


class PictureUnreadable(BadInput):
    code = "picture_unreadable"
    sentence = _("We cannot read this picture. Take a photo, or choose a JPEG, PNG or WebP file.")


class PictureTooLarge(BadInput):
    code = "picture_too_large"
    status = 413
    sentence = _("This picture is too large. At most 10 MB fit. Take the photo again with your phone.")


@dataclass(frozen=True)
class Receipt:
    """A JPEG that we drew ourselves; `read_receipt` alone makes one of what somebody sent."""

    jpeg: bytes

    def sealed(self) -> bytes:
        return crypto.encrypt_bytes(self.jpeg)


def read_receipt(data: bytes) -> Receipt:
    """The pixels of an uploaded picture, without anything else that stood in the file.

    Takes up to some seconds: call it before a transaction begins. Raises PictureTooLarge, PictureUnreadable.
    """
    if len(data) > MOST_BYTES:
        raise PictureTooLarge
    jpeg, code = _decoded(data, format=_sniffed(data))
    if code == Ended.TOO_MANY_PIXELS:
        raise PictureTooLarge
    if code != Ended.WELL or not jpeg.startswith(b"\xff\xd8\xff"):
        raise PictureUnreadable
    return Receipt(jpeg)


def opened(sealed: bytes | memoryview) -> bytes:
    """The JPEG of a stored receipt."""
    return crypto.decrypt_bytes(bytes(sealed))


def _sniffed(data: bytes) -> str:
    """What the content says it is; neither the name nor the browser's word counts."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    for start, format in _STARTS:
        if data.startswith(start):
            return format
    raise PictureUnreadable


def _decoded(data: bytes, *, format: str) -> tuple[bytes, int]:
    """What the child drew, and how it ended. It is given no environment: no key, no address of a database."""
    with _few:
        try:
            done = subprocess.run(  # noqa: S603  our own program; the format is one of three words
                [sys.executable, "-I", "-B", str(_CHILD), format],
                input=data,
                capture_output=True,
                timeout=PATIENCE,
                env={},
                cwd="/",
                check=False,
            )
        except subprocess.TimeoutExpired:
            return b"", Ended.UNREADABLE
    return done.stdout, done.returncode
