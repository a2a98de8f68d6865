"""An unfinished sign-up: kept on the server at every step, resumed on another device with a code."""

import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from backend.core.classes import classes
from backend.core.crypto import EncryptedTextField, blind_index
from backend.core.errors import Expected
from backend.core.models import Base
from backend.people.slips import ALPHABET, LENGTH, plain_code

KEPT = timedelta(days=14)
Answers = dict[str, Any]


class DraftGone(Expected):
    """Deleted, too old, or never made: the answer is the same."""

    code = "draft_gone"
    status = 410
    sentence = _("We have no answers for this code. They are deleted after 14 days. Please start again.")


class Draft(Base):
    """Answers of somebody who has no account yet, as {step: {field: value}}."""

    code_index = models.CharField(max_length=64, unique=True)
    answers_json = EncryptedTextField(default="{}")
    # Set once it was sent: sending twice finds it and changes nothing.
    profile = models.ForeignKey("profiles.Profile", models.CASCADE, null=True, related_name="+")
    changed_at = models.DateTimeField()

    data_classes = classes(A="id public_id created_at profile changed_at", C="code_index answers_json")

    class Meta:
        ordering = ["id"]

    @property
    def answers(self) -> Answers:
        read: Answers = json.loads(self.answers_json)
        return read


def begin_draft(*, answers: Mapping[str, Any], now: datetime) -> tuple[Draft, str]:
    """Keep the first answers; returns the draft and the code that finds it again."""
    code = "".join(secrets.choice(ALPHABET) for _letter in range(LENGTH))
    draft = Draft.objects.create(
        code_index=_index(code), answers_json=json.dumps(dict(answers)), changed_at=now, created_at=now
    )
    return draft, code


def draft_of(*, code: str, now: datetime) -> Draft:
    """The draft with this code. Raises DraftGone."""
    found = Draft.objects.filter(code_index=_index(plain_code(code)), changed_at__gt=now - KEPT).first()
    if found is None:
        raise DraftGone
    return found


@transaction.atomic
def keep_answers(*, draft_id: int, step: str, values: Mapping[str, Any], now: datetime) -> Draft:
    """Keep the answers of one step. Raises DraftGone."""
    draft = lock_draft(draft_id)  # race: two devices at once; each step keeps its last answer
    draft.answers_json = json.dumps(draft.answers | {step: dict(values)})
    draft.changed_at = now
    draft.save(update_fields=["answers_json", "changed_at"])
    return draft


def lock_draft(draft_id: int) -> Draft:
    draft = Draft.objects.select_for_update().filter(pk=draft_id).first()
    if draft is None:
        raise DraftGone
    return draft


def delete_draft(*, draft_id: int) -> None:
    """At the person's own wish; what was sent already stays."""
    Draft.objects.filter(pk=draft_id).delete()


def forget_drafts(*, now: datetime) -> int:
    """Delete what nobody touched for 14 days; returns how many."""
    deleted, _by_model = Draft.objects.filter(changed_at__lte=now - KEPT).delete()
    return deleted


def _index(code: str) -> str:
    return blind_index(code, scope="draft")
