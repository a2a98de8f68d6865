"""What can go wrong before anything is matched; each sentence says what would have been accepted."""

from collections.abc import Iterable


class MatchingError(ValueError):
    """Root of the package's expected failures; `code` is stable, the text is for a developer."""

    code = "matching_error"


class CriteriaError(MatchingError):
    """The criteria themselves cannot be read."""

    code = "criteria_not_understood"


class InputError(MatchingError):
    """A person's row or a pair names something that does not exist or cannot be read."""

    code = "input_not_understood"


class FixedPairError(MatchingError):
    """A pair that the caller fixed is refused, unknown or beyond somebody's capacity."""

    code = "fixed_pair_impossible"


def listing(accepted: Iterable[object]) -> str:
    """Join what would have been accepted, in a stable order, for an error sentence."""
    return ", ".join(sorted(str(item) for item in accepted)) or "nothing"
