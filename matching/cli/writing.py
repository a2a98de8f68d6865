"""Files out: whole or not at all."""

import argparse
import csv
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from matching.cli.options import input_files
from matching.errors import InputError
from matching.result import PairColumns


class Staged:
    """Files on their way to the folder `out`, for now in `here`."""

    def __init__(self, out: Path, here: Path) -> None:
        self.out, self.here = out, here

    def csv(self, name: str, columns: Mapping[str, Sequence[Any]]) -> None:
        """Write columns of equal length; numbers in the shortest form that reads back the same."""
        with _telling(self.out / name), (self.here / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(zip(*columns.values(), strict=True))

    def json(self, name: str, data: Mapping[str, Any]) -> None:
        """Write `data` for programs and readable for people."""
        self.text(name, json.dumps(data, indent=2, ensure_ascii=False) + "\n")

    def text(self, name: str, text: str) -> None:
        """Write `text` as it is."""
        with _telling(self.out / name):
            (self.here / name).write_text(text, encoding="utf-8", newline="\n")


@contextmanager
def folder(options: argparse.Namespace, *names: str) -> Iterator[Staged]:
    """Take in the files `names` and put them into the folder `options.out` once all of them are there.

    A new folder appears whole. In one that exists only these files are replaced, each at once; the last of
    them is taken away first and comes last, so that where it is, all are of one run.
    Raises InputError where nothing can be written, before any work is done.
    """
    with _staged(options, options.out, names) as staged:
        yield staged


@contextmanager
def single_file(options: argparse.Namespace) -> Iterator[Staged]:
    """Take in the one file `options.out`, and put it in place at once."""
    with _staged(options, options.out.parent, (options.out.name,)) as staged:
        yield staged


@contextmanager
def _staged(options: argparse.Namespace, out: Path, names: Sequence[str]) -> Iterator[Staged]:
    inputs = input_files(options)
    for name in names:
        target = out / name
        if target.resolve() in inputs:
            raise InputError(f"{target}: is read and would be written; expected another --out.")
        if not name or (target.exists() and not target.is_file()):
            raise InputError(f"{target}: is there and is not a plain file; expected another --out.")
    with _telling(out):
        is_new = not out.exists()
        where = out.parent if is_new else out
        where.mkdir(parents=True, exist_ok=True)
        here = where / f".matching-{secrets.token_hex(4)}"
        here.mkdir()
    try:
        yield Staged(out, here)
        with _telling(out):
            here.rename(out) if is_new else _replace(here, out, names)
    finally:
        shutil.rmtree(here, ignore_errors=True)


def _replace(here: Path, out: Path, names: Sequence[str]) -> None:
    if len(names) > 1:
        (out / names[-1]).unlink(missing_ok=True)
    for name in names:
        os.replace(here / name, out / name)


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    """Name what cannot be written as the user knows it."""
    try:
        yield
    except OSError as problem:
        raise InputError(f"{path}: cannot be written: {problem.strerror}.") from problem


def pair_columns(pairs: PairColumns) -> dict[str, Sequence[Any]]:
    """Who, the fit, and the parts that add up to it."""
    parts = (pairs.contribution.T + 0.0).tolist()  # adding 0 makes -0.0 plain
    return {
        "newcomer": pairs.newcomers,
        "mentor": pairs.mentors,
        "fit": (pairs.fit + 0.0).tolist(),
        **dict(zip(pairs.names, parts, strict=True)),
    }


def gap_words(gap: float) -> str:
    """The gap as a reader should take it."""
    if gap == 0:
        return "gap 0: proved optimal"
    return f"gap {gap:.2g}: NOT proved optimal, the best total may be higher by up to {gap:.2%} of the bound"


def number(value: float) -> str:
    """A total for a sentence."""
    return f"{value:,.3f}".rstrip("0").rstrip(".")
