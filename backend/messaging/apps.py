from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "backend.messaging"
    label = "messaging"

    def ready(self) -> None:
        from backend.messaging import notices  # noqa: F401  (registers the kinds of notices)
