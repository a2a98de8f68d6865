"""Pictures for receipts: whole, broken, and made to hurt."""

import io
import struct
import zlib

from PIL import Image


def photo(
    *, size: tuple[int, int] = (640, 480), format: str = "JPEG", note: str = "", turn: int = 1
) -> bytes:
    """A picture as a phone makes one; `note` is written into its metadata, `turn` is its EXIF orientation."""
    picture, drawn = Image.new("RGB", size, "#7a5"), io.BytesIO()
    exif = picture.getexif()
    exif[0x0112] = turn
    if note:
        exif[0x010E] = note
    picture.save(drawn, format, exif=exif)
    return drawn.getvalue()


def claims(width: int, height: int) -> bytes:
    """A small PNG whose header says that it is huge, and whose pixels compress to almost nothing."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 5_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    )


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
BROKEN = {
    "nothing": b"",
    "a text": b"hello",
    "an svg": SVG,
    "a page": b"<!DOCTYPE html><script>alert(1)</script>",
    "a pdf": b"%PDF-1.7\n1 0 obj",
    "a gif": b"GIF89a" + bytes(40),
    "half a photo": photo()[:700],
    "a start alone": b"\xff\xd8\xff",
    "a png that lies": b"\x89PNG\r\n\x1a\n" + bytes(200),
    "webp that lies": b"RIFF\x10\0\0\0WEBPVP8 " + bytes(40),
    "a jpeg name on postscript": b"\xff\xd8\xff%!PS-Adobe-3.0 EPSF",
}
HUGE = {"60,000 by 60,000": claims(60_000, 60_000), "200,000 wide": claims(200_000, 400)}
