from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "backend.programmes"
    label = "programmes"
