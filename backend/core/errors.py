"""Expected failures: a stable code, a status and a sentence that says what happened and what to do now.

Each lives beside the function that raises it; pages show the sentence, the API answers problem+json.
"""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Sentence = str | Promise


class Expected(Exception):
    """A failure that a person can act on. Subclasses set `code`, `sentence` and perhaps `status`."""

    code = "expected"
    status = 409
    sentence: Sentence = _("This did not work. Please try again.")

    def __init__(self, **values: Any) -> None:
        self.values = values
        super().__init__(self.code)

    def __str__(self) -> str:
        return str(self.sentence) % self.values if self.values else str(self.sentence)


class NotAllowed(Expected):
    code = "not_allowed"
    status = 403
    sentence = _("You cannot do this. Ask your coordinator if you think you should.")


class BadInput(Expected):
    code = "bad_input"
    status = 400
    sentence = _("Something in this form is missing or cannot be read.")


def require(allowed: bool, error: type[Expected] = NotAllowed) -> None:
    """Raise `error` unless `allowed`."""
    if not allowed:
        raise error()
