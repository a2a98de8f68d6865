"""Letting the database decide, and saying in our own words what it refused."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from backend.core.errors import Expected


@contextmanager
def refusing(error: type[Expected], *, constraint: str) -> Iterator[None]:
    """Raise `error` where the database refuses what is written inside because of `constraint`.

    For what two people can do at once: the constraint lets one through. A savepoint keeps the caller's
    transaction usable; any other refusal is a defect and passes on.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as refused:
        if constraint not in str(refused):
            raise
        raise error from None
