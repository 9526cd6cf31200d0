"""How templates write a charge code."""

from __future__ import annotations

from django import template

from apps.settlement.settlements.selectors import titles

register = template.Library()


@register.filter
def charge(code: str) -> str:
    """Write a charge code with its title."""
    title = titles().get(code)
    return f"{code} {title}" if title else code
