"""Signs of life of the background programs."""

from __future__ import annotations

from django.db import models

from apps.platform.accounts.hooks import OPEN_TABLES, OpenTable
from apps.platform.audit.hooks import PLAIN_MODELS, PlainModel

OPEN_TABLES.register(OpenTable("home_heartbeat", "signs of life, on the public health page"))

PLAIN_MODELS.register(
    PlainModel("home.Heartbeat", "one row for each background program, overwritten as it beats")
)


class Heartbeat(models.Model):
    """When a background program was last seen."""

    name = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()
