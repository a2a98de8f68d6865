"""Bring the database up to date and fill it once: `python -m deploy.prepare demo|run`."""

import sys
import time

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import OperationalError

DONE = "CREATE TABLE IF NOT EXISTS deploy_done (name text PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())"


def main(mode: str) -> int:
    """Migrate where something is pending, import places, and in demo mode make the example."""
    try:
        django.setup()
        migrate()
        once("import_places", doing="Places of Europe")
        if mode == "demo":
            refuse_foreign_data()
            once("demo", doing="The example: people, mentorings, conversations")
    except (ImproperlyConfigured, OperationalError) as sentence:
        print(sentence, file=sys.stderr)
        return 1
    return 0


def migrate() -> None:
    """Apply what is pending; looking first takes a tenth of running the command for nothing."""
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        started = time.monotonic()
        call_command("migrate", interactive=False, verbosity=0)
        print(f"  {len(pending)} migrations: {time.monotonic() - started:.1f} s", flush=True)


def once(command: str, *, doing: str) -> None:
    """Run a management command and note that it was done, in one transaction: all of it or nothing."""
    with connection.cursor() as cursor:
        cursor.execute(DONE)
        cursor.execute("SELECT 1 FROM deploy_done WHERE name = %s", [command])
        if cursor.fetchone():
            return
    started = time.monotonic()
    print(f"  {doing} (only the first time) ...", flush=True)
    with transaction.atomic(), connection.cursor() as cursor:
        call_command(command)
        cursor.execute("INSERT INTO deploy_done (name) VALUES (%s)", [command])
    print(f"  {doing}: {time.monotonic() - started:.1f} s", flush=True)


def refuse_foreign_data() -> None:
    """Keep the example out of a database in which somebody works; raises ImproperlyConfigured."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM deploy_done WHERE name = 'demo'")
        if cursor.fetchone():
            return
    from backend.organisations.models import Organisation

    if Organisation.objects.exists():
        raise ImproperlyConfigured(
            "The database already holds organisations: the example goes into an empty one only."
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
