"""What colleagues say to each other about a suggestion."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.core.actor import Actor
from backend.core.database import refusing
from backend.core.errors import BadInput, require
from backend.pairings.models import Suggestion, SuggestionComment
from backend.pairings.rules import may_comment

LONGEST = 2000


class CommentIsEmpty(BadInput):
    code = "comment_is_empty"
    sentence = _("Write a few words first.")


class CommentTooLong(BadInput):
    code = "comment_too_long"
    sentence = _("This is too long. Please write less than 2,000 letters.")


class CommentKnownElsewhere(BadInput):
    """The id of a form belongs to another comment: nothing a page of ours would send."""

    code = "comment_known_elsewhere"


@transaction.atomic
def comment_on_suggestion(
    *, suggestion_id: int, text: str, client_id: UUID, actor: Actor, now: datetime
) -> SuggestionComment:
    """Write something for colleagues. The same `client_id` again is the same comment.

    Raises NotAllowed, CommentIsEmpty, CommentTooLong.
    """
    suggestion = Suggestion.objects.select_related("programme", "mentor__profile", "newcomer__profile").get(
        pk=suggestion_id
    )
    require(may_comment(actor, suggestion))
    text = text.strip()
    require(bool(text), CommentIsEmpty)
    require(len(text) <= LONGEST, CommentTooLong)
    # Race: a form is sent twice. The second finds the first by its id, or the database refuses it.
    with refusing(CommentKnownElsewhere, constraint="public_id"):
        comment, _made = SuggestionComment.objects.get_or_create(
            public_id=client_id,
            suggestion=suggestion,
            by_id=actor.acting_person_id,
            defaults={"at": now, "text": text},
        )
    return comment
