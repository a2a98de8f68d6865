from django.apps import AppConfig


class PairingsConfig(AppConfig):
    name = "backend.pairings"
    label = "pairings"

    def ready(self) -> None:
        from backend.pairings import notices, tasks  # noqa: F401  (register job handlers and kinds of notice)
