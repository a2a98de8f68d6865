"""Two addresses for whoever watches the service; neither tells anything about people."""

from datetime import timedelta

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from backend.core import clock
from backend.core.jobs import Beat

QUIET = timedelta(seconds=120)  # a worker beats every 30 s; four missed beats are one too many


@require_safe
@never_cache
def process_lives(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def is_ready(request: HttpRequest) -> JsonResponse:
    """200 when pages, sending and matching all work; 503 with the parts that do not."""
    parts = {"database": _database(), "valkey": _valkey()}
    parts["migrations"] = parts["database"] and _migrations()
    parts["worker"] = parts["database"] and parts["migrations"] and _worker()
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _migrations() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _valkey() -> bool:
    try:
        client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1)
        with client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def _worker() -> bool:
    return Beat.objects.filter(at__gte=clock.now() - QUIET).exists()
