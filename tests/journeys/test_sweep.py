"""With every wake-up lost, beat and worker still find what waits in the database."""

import psycopg

from tests.deploy.conftest import eventually
from tests.journeys.conftest import Living


def test_a_job_nobody_was_woken_for_is_taken_up(living: Living) -> None:
    with psycopg.connect(living.environment["DATABASE_URL"], autocommit=True) as database:
        # No such run: the try, which fails, is what shows that the worker came by.
        database.execute(
            "INSERT INTO core_job (name, args, asked_at, due_at, attempts, error)"
            " VALUES ('pairings.run_matching', '[0]', now(), now(), 0, '')"
        )

        def tried() -> bool:
            (attempts,) = database.execute("SELECT max(attempts) FROM core_job").fetchone()
            return attempts > 0

        eventually(tried, within=75, what="no sweep came by")
