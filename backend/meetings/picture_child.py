"""Decodes one picture in a process of its own, with little memory and time, and nothing of ours in it.

Run as a program (`receipts.py` does): the picture on standard input, a JPEG of its pixels on standard output.
Decoders have had holes; here one finds no keys, no database and no settings. Ends with a code of `Ended`.
"""

import io
import resource
import sys
import warnings
from enum import IntEnum

LONGEST_SIDE = 1_600
MOST_PIXELS = 60_000_000  # cameras of phones have up to 50 million
MEMORY = 1024 * 2**20
SECONDS = 15


class Ended(IntEnum):
    WELL = 0
    UNREADABLE = 3
    TOO_MANY_PIXELS = 4


def confine() -> None:
    """From here on this process can take no more than its share, and can write no file."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def redrawn(data: bytes, *, format: str) -> bytes:
    """A JPEG with the pixels of the picture, turned upright; what else stood in the file is left behind."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with Image.open(io.BytesIO(data), formats=(format,)) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise SystemExit(Ended.TOO_MANY_PIXELS)
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a large JPEG is decoded small at once
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(picture).convert("RGBA")
    paper = Image.new("RGB", upright.size, "white")
    paper.paste(upright, mask=upright.getchannel("A"))
    drawn = io.BytesIO()
    paper.save(drawn, "JPEG", quality=80)
    return drawn.getvalue()


def main() -> None:
    confine()
    warnings.simplefilter("error")
    try:
        sys.stdout.buffer.write(redrawn(sys.stdin.buffer.read(), format=sys.argv[1]))
    except Exception as problem:
        is_bomb = type(problem).__name__.startswith("DecompressionBomb")
        raise SystemExit(Ended.TOO_MANY_PIXELS if is_bomb else Ended.UNREADABLE) from None


if __name__ == "__main__":
    main()
