from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The composition root: commands that span apps live here."""

    name = "backend.config"
    label = "config"
