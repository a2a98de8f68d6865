import shutil
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

import redis
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.mail import get_connection
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from backend.config.health import QUIET
from backend.core import clock
from backend.core.crypto import decrypt, encrypt
from backend.core.jobs import Beat
from backend.messaging.models import Message
from backend.profiles.models import Profile
from backend.territories.enums import Kind
from backend.territories.models import Territory

OLDEST_DATABASE = 15
EXTENSIONS = ("pg_trgm", "unaccent")
LEAST_FREE = 2 * 1024**3  # bytes: a backup, a day of logs and room to think


class Finding(NamedTuple):
    """`advice` says what to do; "" means that all is well. `detail` is what was found."""

    detail: str
    advice: str = ""


class Command(BaseCommand):
    help = "Look at everything this server needs and say what to do where something is wrong."
    requires_system_checks: list[str] = []  # it reports itself what they would stop at

    def handle(self, **options: object) -> None:
        wrong = 0
        for name, check in CHECKS.items():
            finding = _examined(check)
            wrong += bool(finding.advice)
            mark = "look here" if finding.advice else "ok"
            self.stdout.write(f"{mark:10}{name:12}{finding.detail} {finding.advice}".rstrip())
        if wrong:
            raise CommandError(f"Something is wrong in {wrong} of {len(CHECKS)} places.")


def _examined(check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except DatabaseError:
        return Finding("The database does not answer.", "Start it, or correct DATABASE_URL.")


def _database() -> Finding:
    connection.ensure_connection()
    version = connection.pg_version // 10_000  # type: ignore[attr-defined]  # the backend's own
    if version < OLDEST_DATABASE:
        return Finding(f"PostgreSQL {version}.", f"Move to PostgreSQL {OLDEST_DATABASE} or newer.")
    return Finding(f"PostgreSQL {version}.")


def _extensions() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extname FROM pg_extension")
        there = {row[0] for row in cursor.fetchall()}
    missing = [name for name in EXTENSIONS if name not in there]
    if missing:
        commands = " ".join(f"CREATE EXTENSION {name};" for name in missing)
        return Finding(f"Missing: {', '.join(missing)}.", f"Run as the database's owner: {commands}")
    return Finding(f"{', '.join(EXTENSIONS)}.")


def _migrations() -> Finding:
    executor = MigrationExecutor(connection)
    pending = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if pending:
        return Finding(f"Not applied: {pending}.", "Run `manage.py migrate`.")
    return Finding("All are applied.")


def _valkey() -> Finding:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2) as client:
            client.ping()
    except (redis.RedisError, ValueError):
        return Finding("Valkey does not answer.", "Start it, or correct REDIS_URL; nothing is lost.")
    return Finding("It answers.")


def _keys() -> Finding:
    try:
        decrypt(encrypt("x"))
    except (ValueError, IndexError, InvalidToken):
        return Finding("FIELD_KEYS holds no usable key.", "Put back the keys this server was set up with.")
    try:
        # Reading decrypts: a key that fits no stored row is the wrong one.
        Profile.objects.exclude(born="").order_by("-id").values_list("born", flat=True).first()
        Message.objects.order_by("-id").values_list("body", flat=True).first()
    except InvalidToken:
        return Finding(
            "The keys do not open what is stored.",
            "Put the former key back behind the new one in FIELD_KEYS.",
        )
    return Finding("They open what is stored.")


def _worker() -> Finding:
    beat = Beat.objects.first()
    if beat is None:
        return Finding("No worker was ever here.", "Start the worker and beat: `make run` does.")
    silent = clock.now() - beat.at
    if silent > QUIET:
        return Finding(f"Silent for {_spoken(silent)}.", "Start the worker and beat; look at their logs.")
    return Finding("It works.")


def _spoken(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    return f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"


def _mail() -> Finding:
    backend = settings.EMAIL_BACKEND.rsplit(".", 2)[-2]
    if backend != "smtp":
        needed = not (settings.DEBUG or settings.DEMO)
        advice = "Set EMAIL_URL, such as smtp+tls://name:password@mail.example.org:587." if needed else ""
        return Finding(f"Mails go to the {backend}.", advice)
    try:
        with get_connection(fail_silently=False, timeout=5):
            pass
    except OSError:  # smtplib's errors are among them
        where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
        return Finding(f"{where} does not take mail.", "Correct EMAIL_URL; mails wait until then.")
    return Finding(f"{settings.EMAIL_HOST} takes mail.")


def _towns() -> Finding:
    count = Territory.objects.filter(kind=Kind.MUNICIPALITY).count()
    if count == 0:
        return Finding("None.", "Run `manage.py import_places`.")
    return Finding(f"{count}.")


def _disk() -> Finding:
    free = shutil.disk_usage(settings.ROOT).free
    advice = "Make room: the database stops when the disk is full." if free < LEAST_FREE else ""
    return Finding(f"{free / 1024**3:.1f} GB free.", advice)


CHECKS: dict[str, Callable[[], Finding]] = {
    "database": _database,
    "extensions": _extensions,
    "migrations": _migrations,
    "Valkey": _valkey,
    "keys": _keys,
    "worker": _worker,
    "mail": _mail,
    "towns": _towns,
    "disk": _disk,
}
