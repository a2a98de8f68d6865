"""The keys of an embedded stack, made once and kept in a file that only its owner reads."""

import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet

from deploy.process import Refused


def load(path: Path) -> dict[str, str]:
    """Return SECRET_KEY, INDEX_KEY and FIELD_KEYS from `path`, which is made where it is missing.

    Raises Refused when the file is there but lacks one: new keys would make stored data unreadable.
    """
    if not path.exists():
        _make(path)
    lines = [line.split("=", 1) for line in path.read_text().splitlines() if "=" in line and line[0] != "#"]
    found = {name.strip(): value.strip() for name, value in lines}
    missing = [name for name in ("SECRET_KEY", "INDEX_KEY", "FIELD_KEYS") if not found.get(name)]
    if missing:
        raise Refused(
            f"{path} lacks {', '.join(missing)}: put it back from your backup, nothing can replace it."
        )
    return found


def _make(path: Path) -> None:
    text = (
        "# Made at the first start. Without these keys the stored data cannot be read: back them up.\n"
        f"SECRET_KEY={secrets.token_urlsafe(50)}\n"
        f"INDEX_KEY={secrets.token_urlsafe(50)}\n"
        f"FIELD_KEYS={Fernet.generate_key().decode()}\n"
    )
    # Written aside and renamed: a crash or a full disk must not leave half a key.
    fresh = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.rename(fresh, path)
