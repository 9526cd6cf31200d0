"""Signs of life of the background programs."""

from __future__ import annotations

from django.db import models

from apps.platform.accounts.terms import open_table
from apps.platform.audit.models import exempt

open_table("home_heartbeat", "signs of life, on the public health page")

exempt("home.Heartbeat", "one row for each background program, overwritten as it beats")


class Heartbeat(models.Model):
    """When a background program was last seen."""

    name = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()
