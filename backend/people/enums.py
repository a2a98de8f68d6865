from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class IdentifierKind(TextChoices):
    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")


class Purpose(TextChoices):
    """What a person agrees to, each by itself."""

    PROFILE = "profile", _("We keep your answers to find someone who suits you")
    SHARE = "share", _("We show your answers, without your full name, to the person we suggest")
    CONTACT = "contact", _("We write to you by e-mail")
    CONDUCT = "conduct", _("You keep to the code of conduct")
    TRANSFER = "transfer", _("We pass your answers on to the organisation in your new town")


class Channel(TextChoices):
    """How somebody was spoken to."""

    IN_PERSON = "in_person", _("In person")
    PHONE = "phone", _("By phone")
    MESSAGE = "message", _("By message")
    EMAIL = "email", _("By e-mail")
    ONLINE = "online", _("Online")
    SELF = "self", _("By themselves, on the screen")
