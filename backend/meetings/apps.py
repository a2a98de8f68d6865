from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "backend.meetings"
    label = "meetings"

    def ready(self) -> None:
        from backend.meetings import notices, tasks  # noqa: F401  (register job handlers and kinds of notice)
