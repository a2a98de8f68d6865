from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "backend.imports"
    label = "imports"

    def ready(self) -> None:
        from backend.imports import tasks  # noqa: F401  (registers the job)
