"""The supervisor with the real PostgreSQL and Valkey."""

import signal
import socket

import psycopg
import pytest
import redis

from tests.deploy.conftest import Ground, descendants, eventually, kill_9


def test_sigterm_ends_every_child(any_place: Ground) -> None:
    run = any_place.start().ready()
    assert run.page() == b"hello"
    assert len(run.seen) > 5

    run.process.send_signal(signal.SIGTERM)

    assert run.ended() == 0
    run.everything_ended()


def test_after_kill_9_of_the_whole_tree_the_next_start_has_everything(any_place: Ground) -> None:
    first = any_place.start().ready()
    database, valkey = first.servers
    with psycopg.connect(database) as connection:
        connection.execute("INSERT INTO thing VALUES ('kept')")
    with redis.Redis.from_url(valkey) as client:
        client.set("thing", "kept")

    kill_9(first.tree)
    first.ended()

    database, valkey = any_place.start().ready().servers
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT name FROM thing").fetchall() == [("kept",)]
    with redis.Redis.from_url(valkey) as client:
        assert client.get("thing") == b"kept"


def test_children_do_not_outlive_a_killed_supervisor(any_place: Ground) -> None:
    run = any_place.start().ready()
    run.process.kill()
    run.ended()
    run.everything_ended()


def test_a_child_that_dies_is_started_again(place: Ground) -> None:
    run = place.start().ready()
    first = run.tree
    kill_9(descendants(run.process.pid))  # PostgreSQL, Valkey and both web processes

    eventually(lambda: len(set(run.tree) - set(first)) >= 4 and "started again" in run.said)

    assert run.page() == b"hello"
    database, _ = run.servers
    eventually(lambda: answers(database))
    run.seen |= set(run.tree)


def answers(database: str) -> bool:
    try:
        with psycopg.connect(database):
            return True
    except psycopg.OperationalError:
        return False


def test_a_child_that_keeps_dying_stops_everything_with_its_last_lines(place: Ground) -> None:
    run = place.start(WITH_A_CHILD_THAT_DIES="1").ready()
    assert run.ended() == 1
    assert run.said.endswith("worker stopped by itself; its last lines were:\n" + "no luck today\n" * 5)
    run.everything_ended()


def test_a_second_start_on_the_same_data_is_refused(place: Ground) -> None:
    first = place.start().ready()
    second = place.start()
    assert second.ended() == 1
    assert second.said == (
        f"{place.var}/demo is in use by another start (process {first.process.pid}): stop that one first.\n"
    )
    assert first.page() == b"hello"


def test_a_busy_port_is_named_before_anything_starts(place: Ground) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        run = place.start(port)
        assert run.ended() == 1
    assert run.said == (
        f"Port {port} is in use: stop what uses it, or take another with make demo PORT={port + 1}.\n"
    )
    assert not (place.var / "demo" / "postgres").exists()


@pytest.mark.parametrize(
    ("set_already", "missing"),
    [({}, "DATABASE_URL and REDIS_URL"), ({"DATABASE_URL": "postgres:///elsewhere"}, "REDIS_URL")],
)
def test_real_data_is_not_put_into_the_embedded_servers_unasked(
    place: Ground, set_already: dict[str, str], missing: str
) -> None:
    run = place.start(None, "run", **set_already)
    assert run.ended() == 1
    assert run.said == (
        f"{missing} not set: name your server there, "
        "or set SOFTLANDING_EMBEDDED=1 to use the one that comes with this.\n"
    )


def test_servers_named_in_the_environment_are_used(place: Ground) -> None:
    named = place.start().ready()
    database, valkey = named.servers
    other = Ground(None, place.folder / "other")
    other.folder.mkdir()
    try:
        run = other.start(DATABASE_URL=database, REDIS_URL=valkey).ready()
        assert run.servers == (database, valkey)
        assert not (other.var / "demo" / "postgres").exists()
    finally:
        other.close()
