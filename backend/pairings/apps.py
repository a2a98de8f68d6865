from django.apps import AppConfig


class PairingsConfig(AppConfig):
    name = "backend.pairings"
    label = "pairings"
