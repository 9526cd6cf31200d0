"""The project package: settings, urls, the Celery app. No app imports it."""

from rmrcpm.celery import app as celery_app

__all__ = ["celery_app"]
