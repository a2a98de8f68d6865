"""What the command line says when it cannot go on: where, what was wrong, what would have been accepted."""

from pathlib import Path

import pytest

from matching.cli import main
from tests.matching.test_cli import (
    EXAMPLE,
    GIVEN,
    HOMES,
    LEARN,
    PLACE,
    REPORT,
    SCORE,
    SUGGEST,
    as_table,
    run,
    write,
)

CRITERIA = EXAMPLE["criteria.toml"]
MENTORS = EXAMPLE["mentors.csv"]
NEWCOMERS = EXAMPLE["newcomers.csv"]
PAIRS = "newcomer,mentor,fit\namina,bruno,6.5\n"
DECISIONS = "newcomer,mentor,outcome\namina,bruno,1\n"
WAITING = '\n[[criterion]]\nname = "waiting"\nkind = "waiting"\nnewcomer = "wish"\nper = 10\n'
Files = dict[str, str | bytes]

# What is typed, which files differ from the example, and the sentence.
WRONG: list[tuple[str, Files, str]] = [
    # criteria
    (
        SUGGEST.replace("criteria.toml", "none.toml"),
        {},
        "none.toml: cannot be read: No such file or directory.",
    ),
    (SUGGEST, {"criteria.toml": b"name = '\xff'"}, "criteria.toml: not UTF-8; save the file as UTF-8."),
    (
        SUGGEST,
        {"criteria.toml": "[columns"},
        "criteria.toml: The criteria are not TOML: Expected ']' at the end of a table declaration "
        "(at end of document)",
    ),
    (
        SUGGEST,
        {"criteria.toml": CRITERIA.replace('"topics"\nkind', '"fit"\nkind')},
        "criteria.toml: the criterion 'fit' is named like a column of the results; expected another name.",
    ),
    (
        SUGGEST,
        {"criteria.toml": CRITERIA.replace('"topics"\nkind', '"hours "\nkind')},
        "criteria.toml: the criterion 'hours ' is named like the criterion 'hours'; expected another name.",
    ),
    (
        SUGGEST,
        {"criteria.toml": CRITERIA + WAITING},
        "criteria.toml: the criterion 'waiting' counts days up to which day? expected --as-of DATE, as "
        "--as-of 2026-11-01, or as_of in the file.",
    ),
    # people
    (
        SUGGEST,
        {"mentors.csv": MENTORS.replace("places", "place")},
        "mentors.csv: no column 'places'; the columns are: gender, hours, id, languages, place, topics.",
    ),
    (
        SUGGEST,
        {"mentors.csv": MENTORS.replace(",m,2", ",m,two")},
        "mentors.csv, line 2, column places: 'two' is not known; accepted: a number, as 12 or 49.38.",
    ),
    (
        SUGGEST,
        {"mentors.csv": MENTORS.replace(",", ";").replace(";m;2", ";m;2,0")},
        "mentors.csv, line 2, column places: '2,0' is not known; accepted: a number, as 12 or 49.38.",
    ),
    (
        SUGGEST,
        {"newcomers.csv": NEWCOMERS.replace("de:A2", "de:good")},
        "newcomers.csv, line 4, column languages: 'uk:native de:good' is not known; accepted: language:level "
        "with a level of A1, A2, B1, B2, C1, C2, native.",
    ),
    (
        SUGGEST,
        {"newcomers.csv": NEWCOMERS + "amina,,,,\n"},
        "newcomers.csv, line 6: the identifier 'amina' is there twice; each person needs one of their own.",
    ),
    (
        SUGGEST,
        {"newcomers.csv": NEWCOMERS + "zoe,\n"},
        "newcomers.csv, line 6: 2 cells; expected 5, as in the header.",
    ),
    (
        SUGGEST,
        {"newcomers.csv": NEWCOMERS + 'zoe,,,,"'},
        "newcomers.csv, line 6: unexpected end of data; expected every quote closed.",
    ),
    (
        SUGGEST,
        {"newcomers.csv": NEWCOMERS.encode() + b"z\xe9,,,,\n"},
        "newcomers.csv, line 6: not UTF-8; save the file as UTF-8 CSV.",
    ),
    # lists of pairs
    (
        f"{SUGGEST} --forbidden p.csv",
        {"p.csv": "newcomer,mentor\namina,bruno\nwho,bruno\n"},
        "p.csv, line 3, column newcomer: 'who' is not known; accepted: an identifier of newcomers.csv.",
    ),
    (
        f"{SUGGEST} --fixed p.csv",
        {"p.csv": "newcomer,mentor\namina,amina\n"},
        "p.csv, line 2, column mentor: 'amina' is not known; accepted: an identifier of mentors.csv.",
    ),
    (
        f"{SUGGEST} --fixed p.csv",
        {"p.csv": "newcomer,mentor\n,bruno\n"},
        "p.csv, line 2, column newcomer: '' is not known; accepted: an identifier.",
    ),
    (
        f"{SUGGEST} --fixed p.csv",
        {"p.csv": "newcomer,mentor\nolena,bruno\n"},
        "p.csv: The fixed pair of mentor 'bruno' and newcomer 'olena' cannot be kept: it is refused by "
        "gender.",
    ),
    (
        f"{SUGGEST} --fixed p.csv",
        {"p.csv": "newcomer,mentor\nolena,ilse\namina,ilse\n"},
        "p.csv: The fixed pair of mentor 'ilse' and newcomer 'olena' cannot be kept: it is beyond the "
        "capacity of 'ilse'.",
    ),
    (
        f"{SCORE} --pairs p.csv",
        {"p.csv": "newcomer,mentor\namina,bruno\nolena,ilse\namina , bruno\n"},
        "p.csv, line 4: 'amina' and 'bruno' are also in line 2; expected each pair once.",
    ),
    (
        f"{SCORE} --pairs p.csv",
        {"p.csv": "newcomer\namina\n"},
        "p.csv, line 1: no column 'mentor'; the columns are: newcomer.",
    ),
    (f"{SCORE} --pairs p.csv", {"p.csv": ""}, "p.csv, line 1: no header; expected the names of the columns."),
    # decisions and models
    (
        f"{SUGGEST} --decisions d.csv",
        {"d.csv": DECISIONS + "amina,ilse,yes\n"},
        "d.csv, line 3, column outcome: 'yes' is not known; accepted: 0 or 1.",
    ),
    (
        f"{LEARN} --decisions d.csv",
        {"d.csv": "newcomer,mentor,outcome,mentor_answer\namina,bruno,1,maybe\n"},
        "d.csv, line 2, column mentor_answer: 'maybe' is not known; accepted: 0, 1 or nothing.",
    ),
    (
        f"{LEARN} --decisions d.csv",
        {"d.csv": "newcomer,mentor,outcome,mentor_answer\namina,bruno,1,0\n"},
        "d.csv, line 2: amina and bruno: accepted, though one of them said no.",
    ),
    (
        f"{LEARN} --decisions d.csv",
        {"d.csv": "newcomer,mentor,outcome\nwho,bruno,1\namina,who,0\n"},
        "d.csv: 2 of 2 decisions are about people who are not in the files of people; expected identifiers "
        "of both files.",
    ),
    (f"{SUGGEST} --model model", {"model": b"\xff"}, "model: not UTF-8; expected a file that `learn` wrote."),
    # tables
    (
        SUGGEST,
        {"criteria.toml": as_table("trust")},
        "The criterion 'trust' is of kind table; expected --table trust=FILE.csv.",
    ),
    (
        f"{SUGGEST} --table trust=t.csv",
        {"t.csv": "newcomer,mentor,value\n"},
        "--table trust=t.csv: given for no such criterion; accepted once each: nothing.",
    ),
    (
        f"{SUGGEST} --table trust=t.csv --table trust=t.csv",
        {"criteria.toml": as_table("trust"), "t.csv": "newcomer,mentor,value\n"},
        "--table trust=t.csv: given twice; accepted once each: trust.",
    ),
    *(
        (
            f"{SUGGEST} --table trust=t.csv",
            {"criteria.toml": as_table("trust"), "t.csv": f"newcomer;mentor;value\namina;bruno;{value}\n"},
            f"t.csv, line 2, column value: {value!r} is not known; accepted: a number, as 12 or 49.38.",
        )
        for value in ("", "nan", "inf", "1,5", "much")
    ),
    (
        f"{SUGGEST} --table trust=t.csv",
        {"criteria.toml": as_table("trust"), "t.csv": "newcomer,mentor,value\nwho,bruno,1\n"},
        "t.csv, line 2, column newcomer: 'who' is not known; accepted: an identifier of newcomers.csv.",
    ),
    # households
    (
        PLACE,
        {"p.csv": "id,beds\np1,3\n"},
        "p.csv, line 1: no column 'school'; the columns are: beds, id.",
    ),
    (
        PLACE,
        {"h.csv": HOMES["h.csv"] + "h4,-1,0\n"},
        "h.csv, line 5, column beds: '-1' is not known; accepted: a number, 0 or more.",
    ),
    (
        PLACE,
        {"h.csv": HOMES["h.csv"] + "h4,1,\n"},
        "h.csv, line 5, column school: '' is not known; accepted: a number, 0 or more.",
    ),
    (
        PLACE,
        {"h.csv": HOMES["h.csv"] + "h1,1,1\n"},
        "h.csv, line 5, column id: 'h1' is also in line 2; expected each identifier once.",
    ),
    (
        PLACE,
        {"f.csv": HOMES["f.csv"] + "h1,p3,1\n"},
        "f.csv, line 7, column place: 'p3' is not known; accepted: an identifier of p.csv.",
    ),
    (
        f"{PLACE} --batch 2",
        {},
        "--batch needs --futures OLD_H.csv,OLD_F.csv: households who came before, and their fits.",
    ),
    (
        f"{PLACE} --batch 0 --futures h.csv,f.csv",
        {},
        "The number for 'batch' is 0; accepted: 1 or more.",
    ),
    (
        f"{PLACE} --futures p.csv,f.csv",
        {},
        "f.csv, line 2, column household: 'h1' is not known; accepted: an identifier of p.csv.",
    ),
    # reports
    (
        f"{REPORT} --groups colour",
        {},
        "Nobody has a column 'colour'; the columns are: gender, hours, id, languages, places, topics, wish.",
    ),
    (
        f"{REPORT} --groups wish --as-of 2026-11-01",
        {},
        "--as-of: which column says since when? Expected --criteria with a kind waiting.",
    ),
    (
        f"{REPORT} --groups wish --as-of 2026-11-01 --criteria criteria.toml",
        {"criteria.toml": CRITERIA + WAITING},
        "newcomers.csv, line 4, column wish: 'f!' is not known; accepted: a day, as 2026-05-12.",
    ),
    (
        f"{REPORT} --groups wish --unmatched u.csv",
        {"u.csv": "newcomer,feasible\nfarid,1\nolena,0\n"},
        "u.csv: no row for 'samir', who has no pair; expected one for each such.",
    ),
    # results
    (
        SUGGEST.replace("result", "mentors.csv"),
        {},
        "mentors.csv: cannot be written: File exists.",
    ),
    (
        f"{SCORE.replace('scored.csv', 'pairs.csv')} --pairs pairs.csv",
        {},
        "pairs.csv: is read and would be written; expected another --out.",
    ),
    (
        f"{SUGGEST.replace('result', '.')} --fixed pairs.csv",
        {},
        "pairs.csv: is read and would be written; expected another --out.",
    ),
    (
        f"{SCORE.replace('scored.csv', '.')} --pairs pairs.csv",
        {},
        ".: is there and is not a plain file; expected another --out.",
    ),
    (
        f"{SCORE.replace('scored.csv', '/dev/null')} --pairs pairs.csv",
        {},
        "/dev/null: is there and is not a plain file; expected another --out.",
    ),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The README's example, and small files for the other verbs."""
    monkeypatch.chdir(tmp_path)
    write({name: EXAMPLE[name] for name in GIVEN} | HOMES | {"pairs.csv": PAIRS})
    return tmp_path


@pytest.mark.parametrize(("words", "files", "sentence"), WRONG, ids=[sentence for *_, sentence in WRONG])
def test_the_sentence_says_where_and_what_would_do(
    folder: Path, capsys: pytest.CaptureFixture[str], words: str, files: Files, sentence: str
) -> None:
    for name, content in files.items():
        Path(name).write_bytes(content if isinstance(content, bytes) else content.encode())
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert run(words) == 2
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", sentence + "\n")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "the following arguments are required: suggest|learn|score|place|report"),
        (f"{SUGGEST} --as-of 1.11.2026", "'1.11.2026' is not a day; expected one as 2026-11-01"),
        (f"{SUGGEST} --table trust", "'trust' names no table; expected NAME=FILE, as trust=trust.csv"),
        (f"{SUGGEST} --alternatives -1", "'-1' is not a whole number, 0 or more"),
        (f"{SUGGEST} --objective both", "invalid choice: 'both' (choose from 'fit', 'coverage')"),
        (f"{PLACE} --futures h.csv", "'h.csv' is not two files; expected as old_households.csv,old_fits.csv"),
        (f"{REPORT} --groups ,", "no name is given; expected names with commas between them"),
        (SUGGEST.replace("--criteria", "--crit"), "the following arguments are required: --criteria"),
    ],
)
def test_options_say_what_they_accept(capsys: pytest.CaptureFixture[str], words: str, sentence: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(words)
    assert stopped.value.code == 2
    assert sentence in capsys.readouterr().err


def test_a_model_of_other_criteria_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write({"d.csv": DECISIONS})
    assert run(f"{LEARN} --decisions d.csv") == 0
    write({"criteria.toml": CRITERIA.replace('"topics"\nkind', '"themes"\nkind')})
    capsys.readouterr()
    assert run(f"{SUGGEST} --model model.json") == 2
    assert "criteria that are gone: topics. Learn again." in capsys.readouterr().err
    write({"model.json": "{}"})
    assert run(f"{SUGGEST} --model model.json") == 2
    assert capsys.readouterr().err.startswith("model.json: ")


def test_a_folder_that_cannot_be_written_is_told_before_any_work(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = SUGGEST.replace("result", "/proc/result").replace("mentors.csv", "none.csv")
    assert run(words) == 2
    assert capsys.readouterr().err.startswith("/proc/result: cannot be written: ")


def test_a_folder_in_the_place_of_a_result_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "result" / "pairs.csv").mkdir(parents=True)
    assert main(SUGGEST.split()) == 2
    assert capsys.readouterr().err == (
        "result/pairs.csv: is there and is not a plain file; expected another --out.\n"
    )
