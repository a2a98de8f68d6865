from pathlib import Path

import pytest

from deploy import keys
from deploy.manage import main


def test_without_a_running_stack_it_says_what_to_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init"], var=tmp_path) == 1
    assert "start `make run` first" in capsys.readouterr().err
    assert main(["--demo", "init"], var=tmp_path) == 1
    assert "start `make demo` first" in capsys.readouterr().err


def test_a_command_works_on_the_data_of_the_running_stack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in ("DATABASE_URL", "SECRET_KEY", "FIELD_KEYS", "ALLOWED_HOSTS"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "run").mkdir()
    keys.load(tmp_path / "secrets.env")
    shared = {"DATABASE_URL": "postgres:///of_this_stack", "ALLOWED_HOSTS": "127.0.0.1", "DEBUG": ""}
    keys.write(tmp_path / "run" / "environment", shared)
    asked = "from django.db import connection; print(connection.settings_dict['NAME'])"
    assert main(["shell", "--no-imports", "--command", asked], var=tmp_path) == 0
    assert capfd.readouterr().out.strip() == "of_this_stack"
