"""Desks and lists of designations, contracts, prices and payloads."""

from apps.reliability.designations.screens import (
    contracts,
    designating,
    pricing,
    published,
    reviewing,
)

__all__ = ["contracts", "designating", "pricing", "published", "reviewing"]
