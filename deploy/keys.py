"""The keys of an embedded stack, made once and kept in a file that only its owner reads."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from cryptography.fernet import Fernet

from deploy.process import Refused


def load(path: Path) -> dict[str, str]:
    """Return SECRET_KEY, INDEX_KEY and FIELD_KEYS from `path`, which is made where it is missing.

    Raises Refused when the file is there but lacks one: new keys would make stored data unreadable.
    """
    if not path.exists():
        _make(path)
    found = read(path)
    missing = [name for name in ("SECRET_KEY", "INDEX_KEY", "FIELD_KEYS") if not found.get(name)]
    if missing:
        raise Refused(
            f"{path} lacks {', '.join(missing)}: put it back from your backup, nothing can replace it."
        )
    return found


def read(path: Path) -> dict[str, str]:
    """Return the NAME=value lines of `path`."""
    lines = [line.split("=", 1) for line in path.read_text().splitlines() if "=" in line and line[0] != "#"]
    return {name.strip(): value.strip() for name, value in lines}


def write(path: Path, values: Mapping[str, str], *, comment: str = "") -> None:
    """Write NAME=value lines that only their owner reads."""
    text = "".join(
        [f"# {comment}\n" * bool(comment), *(f"{name}={value}\n" for name, value in values.items())]
    )
    # Written aside and renamed: a crash or a full disk must not leave half a key.
    fresh = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.rename(fresh, path)


def _make(path: Path) -> None:
    made = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "INDEX_KEY": secrets.token_urlsafe(50),
        "FIELD_KEYS": Fernet.generate_key().decode(),
    }
    write(
        path,
        made,
        comment="Made at the first start. Without these keys the stored data cannot be read: back them up.",
    )
