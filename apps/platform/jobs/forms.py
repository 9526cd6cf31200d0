"""The form of a scheduled task."""

from __future__ import annotations

from typing import Any

from django import forms
from django_celery_beat.validators import (
    day_of_month_validator,
    day_of_week_validator,
    hour_validator,
    minute_validator,
    month_of_year_validator,
)

from apps.platform.ui.form_fields import WholeField


class ScheduleForm(forms.Form):
    """When a task runs: clock times in Pacific time, or every so many seconds."""

    enabled = forms.BooleanField(required=False, label="Runs by itself")
    every = WholeField(
        required=False,
        min_value=5,
        max_value=86_400,
        label="Every (seconds)",
        help_text="Leave blank to use the clock times below.",
    )
    minute = forms.CharField(required=False, validators=[minute_validator], initial="0")
    hour = forms.CharField(required=False, validators=[hour_validator], initial="*")
    day_of_week = forms.CharField(required=False, validators=[day_of_week_validator], initial="*")
    day_of_month = forms.CharField(required=False, validators=[day_of_month_validator], initial="*")
    month_of_year = forms.CharField(
        required=False, validators=[month_of_year_validator], initial="*"
    )
    reason = forms.CharField(max_length=300, help_text="Kept with the change.")

    def clean(self) -> dict[str, Any]:
        """Blank clock fields stand for any; a blank minute for the full hour."""
        data = super().clean() or {}
        for name in ("hour", "day_of_week", "day_of_month", "month_of_year"):
            data[name] = data.get(name) or "*"
        data["minute"] = data.get("minute") or "0"
        return data
