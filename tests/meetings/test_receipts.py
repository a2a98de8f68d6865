"""Pictures of receipts: what is taken, what is refused, and what is left of them."""

import io
import random
import subprocess

import pytest
from PIL import Image

from backend.core.crypto import decrypt_bytes
from backend.meetings import receipts
from backend.meetings.receipts import PictureTooLarge, PictureUnreadable, Receipt, read_receipt
from tests.meetings.pictures import BROKEN, HUGE, photo


def size_of(receipt: Receipt) -> tuple[int, int]:
    return Image.open(io.BytesIO(receipt.jpeg)).size


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_pixels_are_kept_and_everything_else_is_gone(format: str) -> None:
    sent = photo(format=format, note="Roding, 49.19 N")
    assert b"Roding" in sent
    receipt = read_receipt(sent)
    drawn = Image.open(io.BytesIO(receipt.jpeg))
    assert (drawn.format, drawn.size) == ("JPEG", (640, 480))
    assert b"Roding" not in receipt.jpeg
    assert dict(drawn.getexif()) == {}


def test_a_large_photo_becomes_small_and_stands_upright() -> None:
    assert size_of(read_receipt(photo(size=(4_000, 3_000), turn=6))) == (1_200, 1_600)


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_no_picture_is_refused_with_what_would_do(what: str) -> None:
    with pytest.raises(PictureUnreadable, match="JPEG, PNG or WebP"):
        read_receipt(BROKEN[what])


@pytest.mark.parametrize("what", HUGE)
def test_a_picture_that_would_fill_the_memory_is_never_unpacked(what: str) -> None:
    with pytest.raises(PictureTooLarge):
        read_receipt(HUGE[what])


def test_more_than_ten_megabytes_are_not_even_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receipts, "_decoded", lambda *args, **more: pytest.fail("it was decoded"))
    with pytest.raises(PictureTooLarge):
        read_receipt(photo() + bytes(receipts.MOST_BYTES))


def test_a_picture_with_bytes_changed_is_drawn_or_refused_and_nothing_else_happens() -> None:
    dice, whole = random.Random(4), photo(format="PNG")
    for _try in range(12):
        data = bytearray(whole)
        for _change in range(8):
            data[dice.randrange(8, len(data))] = dice.randrange(256)
        try:
            assert read_receipt(bytes(data)).jpeg.startswith(b"\xff\xd8\xff")
        except (PictureUnreadable, PictureTooLarge):
            pass


def test_the_decoder_has_no_keys_and_little_memory() -> None:
    """Its own program, asked from inside what it could reach."""
    ask = (
        "import os, runpy, resource, sys;"
        f"child = runpy.run_path({str(receipts._CHILD)!r}, run_name='asked');"
        "child['confine']();"
        "print(sorted(os.environ), resource.getrlimit(resource.RLIMIT_FSIZE)[0]);"
        "bytearray(2 * 2**30)"
    )
    import sys

    said = subprocess.run([sys.executable, "-I", "-c", ask], env={}, capture_output=True, text=True)
    assert "SECRET_KEY" not in said.stdout
    assert "FIELD_KEYS" not in said.stdout
    assert said.stdout.strip().endswith("0")
    assert "MemoryError" in said.stderr


def test_a_decoder_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receipts, "PATIENCE", 0.01)
    with pytest.raises(PictureUnreadable):
        read_receipt(photo())


def test_what_is_stored_is_not_the_picture() -> None:
    receipt = read_receipt(photo())
    assert receipt.jpeg[:100] not in receipt.sealed()
    assert decrypt_bytes(receipt.sealed()) == receipt.jpeg
