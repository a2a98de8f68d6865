from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "backend.people"
    label = "people"

    def ready(self) -> None:
        from backend.people import notices  # noqa: F401  (register kinds of notice)
