"""What a user name may look like. Who may make a slip is decided above, where profiles are known."""

import re

from django.utils.translation import gettext_lazy as _

from backend.core.errors import BadInput

# Letters of any script, digits and . _ - between them; one letter at least: it never looks like a number.
_USERNAME = re.compile(r"(?=.*[^\W\d_])[\w](?:[\w.\-]*[\w])?")


class UnfitUsername(BadInput):
    code = "unfit_username"
    sentence = _("Use 3 to 60 letters or digits, with one letter at least. No spaces and no @.")


def is_fit_username(username: str) -> bool:
    return 3 <= len(username) <= 60 and _USERNAME.fullmatch(username) is not None
