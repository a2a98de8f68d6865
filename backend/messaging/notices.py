"""What this app tells people of. Neither a name nor a word of the message leaves the page: phones are shared."""

from django.utils.translation import gettext_lazy as _

from notifications.api import Kind, register

MESSAGE_WAITING = register(
    Kind(
        code="message_waiting",
        subject=_("You have a new message"),
        line=_("You have a new message."),
        body=_("You have a new message. Open the page to read it."),
        action=_("Read the message"),
    )
)
