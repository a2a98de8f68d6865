"""A copy of the engine and its tests alone: no stack is started, and nobody's checkout is written to."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def copy_engine(folder: Path) -> None:
    """Copy into an empty `folder`; tests/conftest.py, which starts PostgreSQL and Valkey, stays behind."""
    shutil.copy(ROOT / "pyproject.toml", folder)
    for part in ("matching", "tests/matching"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__", "prove"))
    (folder / "tests" / "__init__.py").touch()


def run(folder: Path, *words: str, **variables: str) -> str:
    """What `python -m` says in `folder`, on one thread per process; the test fails where it fails."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST_", "COVERAGE_", "DJANGO_", "DATABASE_", "REDIS_"))
    }
    one_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=folder,
        env=inherited | one_thread | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    said = f"{done.stdout[-4000:]}\n{done.stderr[-4000:]}\nended with {done.returncode}"
    assert done.returncode == 0, said
    return done.stdout
