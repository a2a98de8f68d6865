"""What happens before the stack: the right Python, keys made once, translations compiled."""

import gettext
import subprocess
import sys
from pathlib import Path

import pytest

from deploy import bootstrap, catalogues, keys
from deploy.process import Refused

ROOT = Path(__file__).resolve().parents[2]


def test_keys_are_made_once_and_readable_by_their_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "secrets.env"
    first = keys.load(path)
    assert keys.load(path) == first
    assert path.stat().st_mode & 0o777 == 0o600
    assert set(first) == {"SECRET_KEY", "INDEX_KEY", "FIELD_KEYS"}
    assert [*tmp_path.iterdir()] == [path]


def test_a_lost_key_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "secrets.env"
    path.write_text("SECRET_KEY=a\nINDEX_KEY=b\n")
    with pytest.raises(Refused, match="lacks FIELD_KEYS: put it back from your backup"):
        keys.load(path)


def test_an_older_python_is_named_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 12))
    with pytest.raises(SystemExit) as end:
        bootstrap.check_python()
    assert end.value.code == (
        "Python 3.11 or newer is needed, this is 3.10: try make PYTHON=python3.12, or install one."
    )


def test_a_missing_venv_module_is_named_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(SystemExit) as end:
        bootstrap.check_python()
    assert end.value.code == "Python's venv module is missing: install it with apt-get install python3-venv."


def test_a_stage_runs_again_only_when_its_inputs_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "VENV", str(tmp_path))
    done: list[str] = []
    for inputs in ("one", "one", "two"):
        bootstrap.stage("a stage", "name", inputs, lambda inputs=inputs: done.append(inputs))
    assert done == ["one", "two"]


def test_the_installer_is_pinned_with_hashes() -> None:
    lines = [line for line in (ROOT / "deploy/uv.txt").read_text().splitlines() if line[0] != "#"]
    assert lines[0].startswith("uv==")
    assert all(line.strip().startswith("--hash=sha256:") for line in lines[1:])


def test_catalogues_compile_without_gettext(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "de" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
        'msgid "one day"\nmsgid_plural "%d days"\nmsgstr[0] "ein Tag"\nmsgstr[1] "%d Tage"\n\n'
        '#, fuzzy\nmsgid "unsure"\nmsgstr "unsicher"\n'
    )
    monkeypatch.setattr(catalogues, "LOCALE", tmp_path)
    catalogues.main()
    german = gettext.translation("django", tmp_path, ["de"])
    assert [german.ngettext("one day", "%d days", n) for n in (1, 2)] == ["ein Tag", "%d Tage"]
    assert german.gettext("unsure") == "unsure"


def test_make_names_its_commands() -> None:
    said = subprocess.run(["make", "-s"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for command in ("demo", "test", "check", "run", "bench", "prove"):
        assert f"make {command}" in said
