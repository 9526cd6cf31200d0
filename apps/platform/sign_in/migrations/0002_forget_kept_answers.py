"""Forget every kept answer: those of token_make held a secret in clear, and no row says whose."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def forget(apps: Any, _editor: Any) -> None:
    """Delete all; what is lost is that a write of the last day may be sent again once."""
    apps.get_model("sign_in", "IdempotentReply").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("sign_in", "0001_initial")]
    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
