from django.apps import AppConfig


class SafeguardingConfig(AppConfig):
    name = "backend.safeguarding"
    label = "safeguarding"
