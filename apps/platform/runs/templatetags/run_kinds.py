"""How templates write a kind of run."""

from __future__ import annotations

from django import template

from apps.platform.runs.hooks import kind_title

register = template.Library()
register.filter("run_kind", kind_title)
