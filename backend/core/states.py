"""States without a library: an enum, a table of transitions, and one function that walks it."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from backend.core.errors import Expected

# {verb: {state before: state after}}
Transitions = Mapping[str, Mapping[str, str]]


class WrongState(Expected):
    """The thing has moved on since the page was opened."""

    code = "wrong_state"
    sentence = _("This has changed in the meantime. Reload the page to see how it stands now.")


def next_state(transitions: Transitions, *, verb: str, state: str) -> str:
    """The state after `verb`. Raises WrongState when it is not open to `state`."""
    try:
        return transitions[verb][state]
    except KeyError:
        raise WrongState(verb=verb, state=state) from None


def verbs_from(transitions: Transitions, state: str) -> tuple[str, ...]:
    return tuple(verb for verb, moves in transitions.items() if state in moves)
