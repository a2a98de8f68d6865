"""One Django app for every page: it carries the templates, the static files and the template tags."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "backend.web"
    label = "web"
