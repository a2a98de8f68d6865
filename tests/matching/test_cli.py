"""The command line: what each verb writes, worked by hand or said by the engine, and never half of it."""

import csv
import json
import os
import random
import re
import resource
import runpy
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import matching.__main__
from matching import Criteria, Pool, Scorer, match
from matching.cli import main, stages

README = Path(__file__).parents[2] / "matching" / "README.md"
BLOCK = re.compile(r"^```\w+ (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
GIVEN = ("criteria.toml", "mentors.csv", "newcomers.csv", "asked.csv")
SUGGEST = "suggest --criteria criteria.toml --mentors mentors.csv --newcomers newcomers.csv --out result"
LEARN = "learn --criteria criteria.toml --mentors mentors.csv --newcomers newcomers.csv --out model.json"
SCORE = "score --criteria criteria.toml --mentors mentors.csv --newcomers newcomers.csv --out scored.csv"
PLACE = "place --households h.csv --places p.csv --fit f.csv --resources beds,school --out placed"
REPORT = "report --pairs pairs.csv --mentors mentors.csv --newcomers newcomers.csv --out report"

Files = dict[str, str]
EXAMPLE: Files = dict(BLOCK.findall(README.read_text(encoding="utf-8")))
HOMES: Files = {
    "h.csv": "id,beds,school\nh1,2,1\nh2,3,0\nh3,1,0\n",
    "p.csv": "id;beds;school\np1;3;1\np2;2;1\n",
    "f.csv": "household,place,fit\nh1,p1,2\nh1,p2,1.5\nh2,p1,1\nh3,p1,0.7\nh3,p2,0.4\n",
}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def run(words: str) -> int:
    return main(shlex.split(words))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The README's example, in a folder from which the commands are run."""
    monkeypatch.chdir(tmp_path)
    write({name: EXAMPLE[name] for name in GIVEN})
    return tmp_path


def write(files: Files) -> None:
    for name, text in files.items():
        Path(name).write_text(text, encoding="utf-8", newline="")


def as_table(name: str) -> str:
    """The example's criteria, with one more of kind table."""
    return EXAMPLE["criteria.toml"] + f'\n[[criterion]]\nname = "{name}"\nkind = "table"\n'


def test_the_example_of_the_readme_comes_out_as_written(folder: Path) -> None:
    commands = re.search(r"^```sh\n(.*?)^```$", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert commands
    for command in commands[1].splitlines():
        assert run(command.removeprefix("python -m matching ")) == 0
    written = {name: text for name, text in EXAMPLE.items() if name not in GIVEN}
    assert {name: (folder / name).read_text() for name in written} == written
    summary = json.loads((folder / "result" / "summary.json").read_text())
    assert list(summary) == [
        "matched", "total_fit", "upper_bound", "gap", "feasible_pairs", "seconds", "peak_mb"
    ]  # fmt: skip
    assert [*summary.values()][:5] == [2, 12, 12, 0, 4]
    assert list(summary["seconds"]) == ["reading", "scoring", "assigning", "explaining", "writing"]
    assert min(summary["seconds"].values()) >= 0 and summary["peak_mb"] > 10


def test_the_module_is_the_same_program_from_any_folder(folder: Path) -> None:
    command = [sys.executable, "-m", "matching", *shlex.split(SUGGEST)]
    path = {**os.environ, "PYTHONPATH": str(README.parents[1])}
    done = subprocess.run(command, capture_output=True, text=True, env=path, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "2 of 4 newcomers matched, 2 without a mentor; total fit 12, gap 0: proved optimal.\n"
    )
    assert sorted(path.name for path in (folder / "result").iterdir()) == [
        "alternatives.csv", "pairs.csv", "summary.json", "unmatched.csv"
    ]  # fmt: skip


def test_the_module_ends_with_the_status(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert matching.__main__.main is main
    monkeypatch.setattr(sys, "argv", ["matching", *shlex.split(SUGGEST)])
    monkeypatch.delitem(sys.modules, "matching.__main__")
    with pytest.raises(SystemExit) as stopped:
        runpy.run_module("matching", run_name="__main__")
    assert stopped.value.code == 0


def test_each_verb_says_what_it_accepts(capsys: pytest.CaptureFixture[str]) -> None:
    for verb in ("suggest", "learn", "score", "place", "report"):
        with pytest.raises(SystemExit) as stopped:
            main([verb, "--help"])
        assert stopped.value.code == 0
        assert f"python -m matching {verb}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("size", "objective", "matched", "total"),
    [("small", "fit", 35, 960), ("large", "fit", 483, 14_386), ("large", "coverage", 484, 14_384)],
)
def test_mentor_match_reaches_the_known_optimum(
    yardstick: Path, tmp_path: Path, size: str, objective: str, matched: int, total: int
) -> None:
    people = yardstick / "mentor-match"
    assert run(
        f"suggest --criteria {people}/criteria.toml --mentors {people}/{size}/mentors.csv "
        f"--newcomers {people}/{size}/mentees.csv --objective {objective} --out {tmp_path}/out"
    ) == 0  # fmt: skip
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert (summary["matched"], summary["total_fit"], summary["gap"]) == (matched, total, 0)
    assert len(rows(tmp_path / "out" / "pairs.csv")) == matched


def of_newcomers(yardstick: Path, verb: str, out: Path, *more: object) -> list[str]:
    files = {"criteria": "criteria.toml", "mentors": "mentors.csv", "newcomers": "newcomers.csv"}
    given = [word for name, file in files.items() for word in (f"--{name}", yardstick / "newcomers" / file)]
    return [str(word) for word in (verb, *given, *more, "--out", out)]


def test_what_is_written_is_what_the_engine_says(yardstick: Path, tmp_path: Path) -> None:
    assert main(of_newcomers(yardstick, "suggest", tmp_path / "out", "--alternatives", 3)) == 0
    source = yardstick / "newcomers"
    criteria = Criteria.from_toml((source / "criteria.toml").read_text())
    mentors = Pool.from_csv(source / "mentors.csv", capacity="capacity")
    newcomers = Pool.from_csv(source / "newcomers.csv")
    result = match(mentors, newcomers, criteria, objective="fit", alternatives=3)
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert (summary["feasible_pairs"], summary["matched"]) == (3_130, len(result.pairs))
    pairs = rows(tmp_path / "out" / "pairs.csv")
    assert list(pairs[0]) == [
        "newcomer", "mentor", "fit", "languages", "hours", "way", "topics", "gender", "waiting"
    ]  # fmt: skip
    for row, pair in zip(pairs, result.pairs, strict=True):
        parts = {part.name: float(row[part.name]) for part in pair.parts}
        assert (row["newcomer"], row["mentor"], float(row["fit"])) == (pair.newcomer, pair.mentor, pair.fit)
        assert parts == {part.name: part.contribution for part in pair.parts}
        assert sum(parts.values()) == pytest.approx(pair.fit, abs=1e-12)
    others = rows(tmp_path / "out" / "alternatives.csv")
    told = [(row["newcomer"], row["mentor"]) for row in others]
    assert told == [(n, pair.mentor) for n in newcomers.ids for pair in result.alternatives[n]]
    alone = rows(tmp_path / "out" / "unmatched.csv")
    assert sum(row["feasible"] == "0" for row in alone) == 4
    refusals = ["languages", "hours", "way", "gender"]
    assert list(alone[0])[2:] == [
        f"{told}_by_{name}" for told in ("excluded", "unlocked") for name in refusals
    ]
    for row, line in zip(alone, result.unmatched, strict=True):
        told_by = {name: (row[f"excluded_by_{name}"], row[f"unlocked_by_{name}"]) for name in refusals}
        assert told_by == dict.fromkeys(refusals, ("0", "0")) | {
            said.name: (str(said.mentors), str(said.alone)) for said in line.excluded
        }


def shuffled(text: str, seed: int) -> str:
    head, *lines = text.splitlines(keepends=True)
    random.Random(seed).shuffle(lines)
    return head + "".join(lines)


def test_the_order_of_rows_changes_no_byte(folder: Path, yardstick: Path) -> None:
    source = yardstick / "newcomers"
    names = ("pairs.csv", "alternatives.csv", "unmatched.csv")
    decisions = [f"n{k:04},m{k % 90 + 1:04},{k % 3 // 2}\n" for k in range(1, 200)]
    write({"forbidden.csv": "newcomer,mentor\nn0001,m0106\nn0002,m0136\n"})
    write(
        {
            "fixed.csv": "newcomer,mentor\nn0003,m0090\n",
            "d.csv": "newcomer,mentor,outcome\n" + "".join(decisions),
        }
    )
    criteria = (source / "criteria.toml").read_text() + '\n[[criterion]]\nname = "past"\nkind = "history"\n'
    files = {name: (source / name).read_text() for name in ("mentors.csv", "newcomers.csv")}
    files |= {name: Path(name).read_text() for name in ("forbidden.csv", "fixed.csv", "d.csv")}
    seen = []
    for seed in range(2):
        write({"criteria.toml": criteria} | {name: shuffled(text, seed) for name, text in files.items()})
        assert run(f"{SUGGEST} --forbidden forbidden.csv --fixed fixed.csv --decisions d.csv") == 0
        assert run(f"{LEARN} --decisions d.csv") == 0
        seen.append([*(Path("result", name).read_bytes() for name in names), Path("model.json").read_bytes()])
    assert seen[0] == seen[1]
    assert b"n0003,m0090" in seen[0][0] and b"n0001,m0106" not in seen[0][0]


def test_forbidden_and_fixed_pairs_are_kept(folder: Path) -> None:
    write({"no.csv": "mentor;newcomer\nbruno;amina\n", "yes.csv": "newcomer,mentor\nfarid,ilse\n"})
    assert run(f"{SUGGEST} --forbidden no.csv --fixed yes.csv --alternatives 0") == 0
    assert [(row["newcomer"], row["mentor"]) for row in rows(Path("result/pairs.csv"))] == [("farid", "ilse")]
    assert Path("result/alternatives.csv").read_text().count("\n") == 1
    alone = {row["newcomer"]: row for row in rows(Path("result/unmatched.csv"))}
    assert (alone["amina"]["excluded_by_forbidden"], alone["amina"]["unlocked_by_forbidden"]) == ("1", "1")
    assert alone["samir"]["excluded_by_forbidden"] == "0"


def test_a_forbidden_file_without_pairs_still_has_its_columns(folder: Path) -> None:
    write({"no.csv": "newcomer,mentor\n"})
    assert run(f"{SUGGEST} --forbidden no.csv") == 0
    assert {row["excluded_by_forbidden"] for row in rows(Path("result/unmatched.csv"))} == {"0"}


def test_nobody_at_all_is_an_empty_answer(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write({name: EXAMPLE[name].partition("\n")[0] for name in ("mentors.csv", "newcomers.csv", "asked.csv")})
    assert run(SUGGEST) == run(f"{SCORE} --pairs asked.csv") == 0
    assert capsys.readouterr().out.startswith("0 of 0 newcomers matched")
    assert Path("result/pairs.csv").read_text() == "newcomer,mentor,fit,languages,hours,topics,gender\n"


def test_files_of_a_european_spreadsheet_are_read(folder: Path) -> None:
    files = {name: EXAMPLE[name].replace(",", ";").replace("\n", "\r\n") for name in GIVEN[1:3]}
    write(
        {name: "\ufeff" + text for name, text in files.items()}
        | {"c.toml": "\ufeff" + EXAMPLE["criteria.toml"]}
    )
    assert run(SUGGEST.replace("criteria.toml", "c.toml")) == 0
    assert Path("result/pairs.csv").read_text() == EXAMPLE["result/pairs.csv"]


def test_identifiers_are_written_as_they_are(folder: Path) -> None:
    write({name: EXAMPLE[name].replace("amina", '"=1+1, ""a"""') for name in GIVEN})
    assert run(SUGGEST) == 0
    assert rows(Path("result/pairs.csv"))[0]["newcomer"] == '=1+1, "a"'


def test_a_criterion_may_have_any_name(folder: Path) -> None:
    write(
        {"criteria.toml": EXAMPLE["criteria.toml"].replace('"hours"\nkind', '"Zeit, \\"wann\\"?\\n"\nkind')}
    )
    assert run(SUGGEST) == 0
    assert 'Zeit, "wann"?\n' in rows(Path("result/pairs.csv"))[0]


def test_tables_and_decisions_count(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    history = '\n[[criterion]]\nname = "past"\nkind = "history"\n'
    write({"criteria.toml": as_table("trust") + history})
    write({"trust.csv": "value,mentor,newcomer\n-2.5,bruno,amina\n"})
    assert run(f"{SUGGEST} --table trust=trust.csv") == 0
    assert {row["past"] for row in rows(Path("result/pairs.csv"))} == {"0.5"}
    assert capsys.readouterr().err == ""
    write({"d.csv": "newcomer,mentor,outcome\nlong gone,bruno,1\namina,left,0\n"})
    write({"asked.csv": "newcomer,mentor\namina,bruno\n"})
    assert run(f"{SCORE} --table trust=trust.csv --pairs asked.csv --decisions d.csv") == 0
    (amina,) = rows(Path("scored.csv"))
    assert (float(amina["trust"]), float(amina["past"])) == (-2.5, pytest.approx((1 + 5 * 0.5) / 6))
    assert capsys.readouterr().err == (
        "d.csv: 1 of 2 decisions are about mentors who are not in mentors.csv; "
        "they count in everybody's share alone.\n"
    )


def test_scores_stand_in_the_order_of_the_pairs(folder: Path) -> None:
    pairs = [("samir", "ilse"), ("amina", "ilse"), ("olena", "bruno"), ("amina", "bruno")]
    write({"asked.csv": "newcomer,mentor\n" + "".join(f"{n},{m}\n" for n, m in pairs)})
    assert run(f"{SCORE} --pairs asked.csv") == 0
    scored = rows(Path("scored.csv"))
    assert [(row["newcomer"], row["mentor"]) for row in scored] == pairs
    assert [row["refused_by"] for row in scored] == ["languages;hours", "", "gender", ""]
    assert [float(row["fit"]) for row in scored][1:] == [6, 4.5, 6.5]


def test_waiting_counts_up_to_the_day_that_is_given(folder: Path) -> None:
    waiting = '\n[[criterion]]\nname = "waiting"\nkind = "waiting"\nnewcomer = "since"\nper = 10\n'
    since = EXAMPLE["newcomers.csv"].replace(",wish\n", ",wish,since\n").replace(",\n", ",,2026-11-01\n")
    write({"criteria.toml": EXAMPLE["criteria.toml"] + waiting})
    write({"newcomers.csv": since.replace("f!\n", "f!,2026-11-01\n")})
    assert run(f"{SUGGEST} --as-of 2026-11-21") == 0
    assert {row["waiting"] for row in rows(Path("result/pairs.csv"))} == {"2.0"}
    write({"d.csv": "newcomer,mentor,outcome\namina,bruno,1\n"})
    assert run(f"{LEARN} --decisions d.csv") == 0, "learning needs no day: waiting is a priority"


def test_a_learned_model_closes_the_sum(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write({"d.csv": "newcomer,mentor,outcome,mentor_answer\namina,bruno,1,1\nfarid,ilse,0,\nwho,ilse,0,0\n"})
    assert run(f"{LEARN} --decisions d.csv --target accepted") == 0
    told = capsys.readouterr()
    assert told.out == (
        "Learned from 2 decisions, 1 of them 1; logistic; too few to say how well it ranks.\n"
    )
    assert told.err == (
        "d.csv: 1 of 3 decisions are about people who are not in the files of people; "
        "nothing is learned from those.\n"
    )
    for more in ("", " --decisions d.csv"):
        assert run(f"{SUGGEST} --model model.json{more}") == 0
        assert run(f"{SCORE} --model model.json --pairs result/pairs.csv{more}") == 0
        for row in rows(Path("scored.csv")):
            parts = [float(row[name]) for name in ("languages", "hours", "topics", "gender", "learned")]
            assert float(row["fit"]) == pytest.approx(sum(parts)) and 0 < float(row["fit"]) < 11
        without = [{**row, "refused_by": ""} for row in rows(Path("result/pairs.csv"))]
        assert without == rows(Path("scored.csv"))


def test_learning_says_how_well_it_ranks(
    yardstick: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = [(n, m) for n in range(1, 31) for m in range(1, 5)]
    lines = [f"n{n:04},m{m:04},{int(m % 2)}" for n, m in asked]
    (tmp_path / "d.csv").write_text("newcomer,mentor,outcome\n" + "\n".join(lines))
    assert main(of_newcomers(yardstick, "learn", tmp_path / "model", "--decisions", tmp_path / "d.csv")) == 0
    said = re.fullmatch(
        r"Learned from 120 decisions, 60 of them 1; logistic; "
        r"within-newcomer AUC: programme (\d\.\d{3}), logistic (\d\.\d{3})\.\n",
        capsys.readouterr().out,
    )
    assert said
    model = json.loads((tmp_path / "model").read_text())
    assert model["within_newcomer_auc"]["logistic"] == pytest.approx(float(said[2]), abs=5e-4)


def test_households_are_placed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(HOMES)
    assert run(PLACE) == 0
    assert Path("placed/placements.csv").read_text() == "household,place,fit\nh1,p1,2.0\nh2,,0.0\nh3,p1,0.7\n"
    summary = json.loads(Path("placed/summary.json").read_text())
    assert summary.pop("seconds") > 0
    assert summary == {"placed": 2, "total_fit": 2.7, "upper_bound": 2.7, "gap": 0}
    assert capsys.readouterr().out == "2 of 3 households placed; total fit 2.7, gap 0: proved optimal.\n"


def test_arrivals_are_placed_in_their_order(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(HOMES | {"f.csv": "household,place,fit\nh1,p1,1\nh2,p1,1.5\nh3,p2,0.5\n"})
    past = {"old_h.csv": "id,beds,school\nold,1,0\n", "old_f.csv": "household,place,fit\n"}
    write(past)
    assert run(f"{PLACE} --batch 1 --futures old_h.csv,old_f.csv --objective coverage") == 0
    assert Path("placed/placements.csv").read_text() == "household,place,fit\nh1,p1,1.0\nh2,,0.0\nh3,p2,0.5\n"
    assert capsys.readouterr().out == (
        "2 of 3 households placed; total fit 1.5, "
        "gap 0.25: knowing all arrivals, it could have been up to 25.00% of the bound higher.\n"
    )
    assert run(f"{PLACE} --futures old_h.csv,old_f.csv") == 0, "ten at a time, which here is everybody"
    assert Path("placed/placements.csv").read_text() == "household,place,fit\nh1,,0.0\nh2,p1,1.5\nh3,p2,0.5\n"


def test_no_households_are_no_placements(folder: Path) -> None:
    write(HOMES | {"h.csv": "id,beds,school\n", "f.csv": "household,place,fit\n"})
    assert run(PLACE) == 0
    assert Path("placed/placements.csv").read_text() == "household,place,fit\n"


def test_fairness_is_reported_from_what_was_suggested(folder: Path) -> None:
    assert run(SUGGEST) == 0
    assert (
        run(REPORT.replace("pairs.csv", "result/pairs.csv") + " --groups languages,wish --hide-under 0") == 0
    )
    data = json.loads(Path("report/report.json").read_text())
    assert (data["overall"]["matched"]["value"], data["overall"]["newcomers"]["value"]) == (2, 4)
    assert (data["waiting_known"], data["feasible_known"]) == (False, False)
    assert [column["name"] for column in data["columns"]] == ["languages", "wish"]
    assert Path("report/report.html").read_text().startswith("<!doctype html>")
    write({"m.csv": EXAMPLE["mentors.csv"].replace("places", "capacity")})
    command = REPORT.replace("mentors.csv", "m.csv").replace("pairs.csv", "result/pairs.csv")
    assert run(f"{command} --groups topics --unmatched result/unmatched.csv") == 0
    data = json.loads(Path("report/report.json").read_text())
    assert (data["overall"]["nobody"]["value"], data["load"]["gini"]["value"]) == (1, pytest.approx(1 / 6))


def test_fairness_reads_columns_separators_and_waiting_from_the_criteria(folder: Path) -> None:
    waiting = '\n[[criterion]]\nname = "waiting"\nkind = "waiting"\nnewcomer = "since"\nper = 10\n'
    town = '\n[[criterion]]\nname = "town"\nkind = "contains"\nmentor = "towns"\nnewcomer = "town"\n'
    write({"criteria.toml": '[columns]\nmentor = "who"\n' + town + waiting + topics()})
    write({
        "mentors.csv": 'who,towns,topics\nbruno,"Ulm, Bonn",school health\n',
        "newcomers.csv": "id,town,topics,since\namina,Ulm,school,2026-11-01\nfarid,,,\n",
        "pairs.csv": "newcomer,mentor,fit\namina,bruno,3\n",
    })  # fmt: skip
    assert run(f"{REPORT} --criteria criteria.toml --as-of 2026-11-21 --groups towns,topics") == 0
    data = json.loads(Path("report/report.json").read_text())
    assert data["overall"]["waiting_median"]["value"] == 20
    names = {
        column["name"]: [group["name"] for group in column["groups"]] for column in data["mentor_columns"]
    }
    assert names == {"towns": ["Bonn", "Ulm"], "topics": ["health", "school"]}


def topics() -> str:
    """The example's criterion of that name."""
    return "\n[[criterion]]\n" + EXAMPLE["criteria.toml"].split("[[criterion]]\n")[3]


def test_stages_are_said_where_somebody_watches(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(f"{SUGGEST} --progress") == 0
    said = capsys.readouterr()
    assert re.sub(r"\d+\.\d", "0.0", said.err).splitlines() == [
        f"{stage} ... 0.0 s" for stage in ("reading", "scoring", "assigning", "explaining", "writing")
    ]
    assert said.out.count("\n") == 1
    write({"d.csv": "newcomer,mentor,outcome\namina,bruno,1\nwho,ilse,0\n"})
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert run(f"{LEARN} --decisions d.csv") == 0
    assert capsys.readouterr().err.startswith("reading ...\nd.csv: 1 of 2 decisions are about people")


def test_a_stage_that_fails_ends_its_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write({"mentors.csv": "id\n"})
    assert run(f"{SUGGEST} --progress") == 2
    first, second = capsys.readouterr().err.splitlines()
    assert first == "reading ..." and second.startswith("mentors.csv: no column 'places'")


def test_nothing_is_said_of_stages_that_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    with stages.Stages(shown=False)("reading"):
        pass
    assert capsys.readouterr().err == ""


def test_a_gap_is_said_aloud(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matching.result.Result.gap", 0.0125)
    assert run(SUGGEST) == 0
    assert capsys.readouterr().out.endswith(
        "gap 0.013: NOT proved optimal, the best total may be higher by up to 1.25% of the bound.\n"
    )


# Whole or not at all.


def test_only_our_own_files_are_replaced(folder: Path) -> None:
    out = folder / "result"
    out.mkdir()
    for name in ("notes.txt", "pairs.csv", "summary.json"):
        (out / name).write_text("mine")
    assert run(SUGGEST) == 0
    assert {path.name: path.read_text() == "mine" for path in out.iterdir()} == {
        "notes.txt": True, "pairs.csv": False, "alternatives.csv": False, "unmatched.csv": False,
        "summary.json": False,
    }  # fmt: skip


def test_a_wrong_run_leaves_the_former_results(folder: Path) -> None:
    assert run(SUGGEST) == 0
    before = {path.name: path.read_bytes() for path in (folder / "result").iterdir()}
    write({"newcomers.csv": EXAMPLE["newcomers.csv"] + "samir,,,,\n"})
    assert run(SUGGEST) == 2
    assert {path.name: path.read_bytes() for path in (folder / "result").iterdir()} == before
    assert sorted(path.name for path in folder.iterdir()) == sorted([*GIVEN, "result"])


def test_folders_on_the_way_are_made(folder: Path) -> None:
    assert run(SUGGEST.replace("result", "runs/today/result")) == 0
    assert len(list((folder / "runs" / "today" / "result").iterdir())) == 4


@pytest.mark.parametrize("verb", ["suggest", "score"])
def test_a_full_disk_is_told_and_leaves_nothing(folder: Path, verb: str) -> None:
    many = "".join(f"n{k:06},de:B1,mon:evening,school,\n" for k in range(3_000))
    write({"newcomers.csv": EXAMPLE["newcomers.csv"] + many})
    write({"asked.csv": "newcomer,mentor\n" + "".join(f"n{k:06},bruno\n" for k in range(3_000))})
    words = {"suggest": SUGGEST, "score": f"{SCORE} --pairs asked.csv"}[verb]
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))  # noqa: E731
    done = subprocess.run(
        [sys.executable, "-B", "-m", "matching", *shlex.split(words)],
        capture_output=True, text=True, check=False, preexec_fn=limit,
        env={**os.environ, "PYTHONPATH": str(README.parents[1])},
    )  # fmt: skip
    name = {"suggest": "result/alternatives.csv", "score": "scored.csv"}[verb]
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"{name}: cannot be written: File too large.\n"
    assert sorted(path.name for path in folder.iterdir()) == sorted(GIVEN)


def test_an_interrupted_run_leaves_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Scorer, "score", interrupt)
    assert run(SUGGEST) == 130
    assert capsys.readouterr().err == "Stopped; nothing was written.\n"
    assert sorted(path.name for path in folder.iterdir()) == sorted(GIVEN)


def test_memory_is_counted_in_megabytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "RSS_UNIT", 1)
    in_kilobytes = stages.peak_mb()
    monkeypatch.undo()
    assert in_kilobytes < 10 < stages.peak_mb()
