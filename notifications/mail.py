"""One notice as one mail: plain text and HTML, in the language of the person who gets it."""

from __future__ import annotations

from email.utils import parseaddr
from smtplib import SMTPRecipientsRefused
from types import TracebackType
from typing import Self

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.utils import timezone, translation

from notifications.directory import Contact, link
from notifications.kinds import kind_of, words
from notifications.models import Delivery


class MailLine:
    """A connection to the mail server for one batch, opened with the first mail, reopened after an error."""

    def __init__(self) -> None:
        self._connection = get_connection()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def send(self, delivery: Delivery, contact: Contact) -> None:
        """Hand one mail to the server. Raises what the server or the line raises."""
        message = compose(delivery, contact)
        try:
            # Without this, Django opens and closes a connection of its own for every mail.
            self._connection.open()
            self._connection.send_messages([message])
        except Exception:
            self._connection.close()
            raise


def compose(delivery: Delivery, contact: Contact) -> EmailMultiAlternatives:
    """The mail for this delivery. Raises UnknownKind when its kind was retired."""
    language = _supported(contact.language)
    with translation.override(language), timezone.override(contact.time_zone):
        notice = delivery.notice
        text = words(kind_of(notice.kind), notice.data)
        preferences = getattr(settings, "NOTIFICATIONS_PREFERENCES_URL", "")
        context = {
            "words": text,
            "name": contact.name,
            "url": link(notice.about_type, notice.about_id, notice.person_id),
            "preferences": preferences,
            "language": language,
            "direction": "rtl" if translation.get_language_bidi() else "ltr",
        }
        message = EmailMultiAlternatives(
            subject=text.subject,
            body=render_to_string("notifications/mail.txt", context).strip() + "\n",
            to=[contact.email or ""],
            headers=_headers(delivery, language, preferences),
        )
        message.attach_alternative(render_to_string("notifications/mail.html", context), "text/html")
    return message


def is_final(error: Exception) -> bool:
    """Whether trying again is pointless: the server says 5xx of this address."""
    return isinstance(error, SMTPRecipientsRefused) and all(
        500 <= code < 600 for code, _answer in error.recipients.values()
    )


def _headers(delivery: Delivery, language: str, preferences: str) -> dict[str, str]:
    headers = {
        "Message-ID": f"<{delivery.public_id}@{_domain()}>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": language,
    }
    return headers | ({"List-Unsubscribe": f"<{preferences}>"} if preferences else {})


def _domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"


def _supported(language: str) -> str:
    try:
        return translation.get_supported_language_variant(language)
    except LookupError:
        return str(settings.LANGUAGE_CODE)
