"""Whatever the database acknowledged survives kill -9 of the whole tree, at any moment."""

import itertools
import random
import threading

import psycopg
import pytest

from tests.deploy.conftest import Ground, kill_9

ROUNDS = 12


@pytest.mark.prove
@pytest.mark.timeout(300)
def test_nothing_acknowledged_is_lost_over_many_crashes(place: Ground) -> None:
    chance = random.Random(7)
    numbers = itertools.count()
    acknowledged: list[str] = []
    for _ in range(ROUNDS):
        run = place.start().ready()
        database, _ = run.servers
        with psycopg.connect(database) as connection:
            kept = {name for (name,) in connection.execute("SELECT name FROM thing").fetchall()}
        assert set(acknowledged) <= kept

        crash = threading.Timer(chance.uniform(0.05, 0.6), kill_9, [run.tree])
        crash.start()
        with (
            pytest.raises(psycopg.OperationalError),
            psycopg.connect(database, autocommit=True) as connection,
        ):
            for name in map(str, numbers):
                connection.execute("INSERT INTO thing VALUES (%s)", [name])
                acknowledged.append(name)
        crash.join()
        run.ended()
    assert len(acknowledged) > ROUNDS * 10
