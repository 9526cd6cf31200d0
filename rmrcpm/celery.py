"""The Celery application; all work goes through the queue ``calc`` so far."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rmrcpm.settings")

app = Celery("rmrcpm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
