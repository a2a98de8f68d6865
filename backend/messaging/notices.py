"""What this app tells people of. Phones are shared: neither a name nor a word of a message leaves it."""

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
ANNOUNCEMENT = register(
    Kind(
        code="announcement",
        subject=_("You have a new message"),
        line=_("Your organisation wrote to you."),
        body=_("Your organisation wrote to you. Open the page to read it."),
        action=_("Read the message"),
    )
)
