"""What is named in one place is there in the other: jobs, notices, verbs."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from backend.core import jobs
from backend.core.states import WrongState, next_state
from backend.meetings.enums import (
    EVENING_MOVES,
    EXPENSE_MOVES,
    GOAL_MOVES,
    MEETING_MOVES,
    EveningState,
    ExpenseState,
    GoalState,
    MeetingState,
)
from backend.pairings.enums import (
    OFFER_MOVES,
    PAIRING_MOVES,
    SUGGESTION_MOVES,
    TRANSFER_MOVES,
    OfferState,
    PairingState,
    SuggestionState,
    TransferState,
)
from backend.programmes.enums import ENROLMENT_MOVES, EnrolmentState
from notifications.api import kinds

ROOT = Path(__file__).resolve().parents[2]
CODE = sorted(ROOT.glob("backend/**/*.py"))
MACHINES = {
    "enrolment": (ENROLMENT_MOVES, EnrolmentState),
    "suggestion": (SUGGESTION_MOVES, SuggestionState),
    "offer": (OFFER_MOVES, OfferState),
    "pairing": (PAIRING_MOVES, PairingState),
    "meeting": (MEETING_MOVES, MeetingState),
    "evening": (EVENING_MOVES, EveningState),
    "goal": (GOAL_MOVES, GoalState),
    "expense": (EXPENSE_MOVES, ExpenseState),
    "transfer": (TRANSFER_MOVES, TransferState),
}
# States in which something begins or ends on its own account.
FIRST = {"registered", "applied", "proposed", "asking_first", "active", "planned", "open", "sent", "asking"}


def literals_of(call: str) -> set[str]:
    """The first argument of every call that ends with `call`, where it is written out."""
    found = set()
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == call and node.args:
                name = node.args[0]
                if isinstance(name, ast.Constant):
                    found.add(str(name.value))
    return found


def test_every_job_that_is_asked_for_has_a_handler() -> None:
    asked = literals_of("jobs.later") | literals_of("later")
    assert asked
    assert sorted(asked - jobs.HANDLERS.keys()) == [], "Register it with @jobs.handler in the app's tasks.py."


def test_every_handler_is_asked_for() -> None:
    asked = literals_of("jobs.later") | literals_of("later")
    ours = {name for name, handler in jobs.HANDLERS.items() if handler.__module__.startswith("backend.")}
    assert sorted(ours - asked) == [], "Nothing asks for this job: take it out."


@pytest.mark.parametrize("machine", MACHINES)
def test_every_pair_of_state_and_verb_is_decided(machine: str) -> None:
    """It moves to a known state, or WrongState says no; nothing else can happen."""
    moves, states = MACHINES[machine]
    for verb in moves:
        for state in states:
            if state in moves[verb]:
                assert next_state(moves, verb=verb, state=state) in states.values
            else:
                with pytest.raises(WrongState):
                    next_state(moves, verb=verb, state=state)


@pytest.mark.parametrize("machine", MACHINES)
def test_every_state_is_reached(machine: str) -> None:
    moves, states = MACHINES[machine]
    reached = {after for table in moves.values() for after in table.values()} | FIRST
    assert {str(state) for state in states} <= reached, "No verb leads there: add one, or take the state out."


@pytest.mark.parametrize("machine", MACHINES)
def test_no_verb_is_without_an_action(machine: str) -> None:
    moves, _states = MACHINES[machine]
    unused = [verb for verb in moves if not _is_used(verb)]
    assert unused == [], "Write the action, or take the verb out of the table."


def _is_used(verb: str) -> bool:
    elsewhere = (path for path in CODE if path.name not in {"enums.py", "words.py"})
    return any(f'"{verb}"' in path.read_text() for path in elsewhere)


LANGUAGES = [code for code, _name in settings.LANGUAGES]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_notice_has_its_texts(language: str) -> None:
    catalogue = ROOT / "backend" / "locale" / language / "LC_MESSAGES" / "django.po"
    if language != settings.LANGUAGE_CODE and not catalogue.with_suffix(".mo").exists():
        pytest.skip("no catalogue yet")
    with translation.override(settings.LANGUAGE_CODE):
        english = {kind.code: _texts(kind) for kind in kinds()}
    with translation.override(language):
        spoken = {kind.code: _texts(kind) for kind in kinds()}
    assert english
    for code, texts in spoken.items():
        for name, text in texts.items():
            assert text.strip(), f"{code}: {name} is empty in {language}."
            same = text == english[code][name]
            assert language == settings.LANGUAGE_CODE or not same, (
                f"{code}: translate {name} into {language}."
            )
            assert _holes(text) == _holes(english[code][name]), (
                f"{code}: {name} fills other words in {language}."
            )


def _texts(kind: object) -> dict[str, str]:
    return {name: _plain(getattr(kind, name)) for name in ("subject", "line", "body", "action")}


def _plain(text: object) -> str:
    """The text with its holes; one that counts is asked for several."""
    # A lazy text that counts is empty until it is given a number.
    return str(text) or str(text % _Several(count=5))  # type: ignore[operator]


class _Several(dict[str, object]):
    """A number for the plural; every other hole stays one."""

    def __missing__(self, hole: str) -> str:
        return f"%({hole})s"


def _holes(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)", text))
