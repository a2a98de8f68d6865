from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

if TYPE_CHECKING:
    from rest_framework.views import APIView

log = logging.getLogger(__name__)

WINDOW = 60  # seconds
REQUESTS = 600  # of one person in a window, over all their keys and devices


class PersonThrottle(BaseThrottle):
    """So many requests a minute for each person, counted in Valkey for all processes together.

    The count goes up in one step (INCR), so parallel requests cannot slip through between reading and writing
    as they do with the throttles of the framework. Without Valkey nobody is held up.
    """

    def allow_request(self, request: Request, view: APIView) -> bool:
        if not request.user.is_authenticated:
            return True  # refused already, or a page open to everyone
        try:
            return _count(f"api:{request.user.pk}:{int(time.time()) // WINDOW}") <= REQUESTS
        except Exception:
            log.warning("requests are not counted: the cache does not answer")
            return True

    def wait(self) -> float:
        return WINDOW - time.time() % WINDOW


def _count(key: str) -> int:
    cache.add(key, 0, timeout=2 * WINDOW)
    return int(cache.incr(key))
