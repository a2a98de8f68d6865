# Loaded with Django, so that tasks sent from a web process know the broker.
from backend.config.celery import app as celery_app

__all__ = ["celery_app"]
