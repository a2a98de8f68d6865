from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    name = "backend.profiles"
    label = "profiles"

    def ready(self) -> None:
        from backend.profiles import notices  # noqa: F401  (registers the kinds of notices)
