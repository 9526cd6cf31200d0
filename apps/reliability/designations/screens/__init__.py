"""Desks and lists of designations, contracts, prices and payloads."""

from apps.reliability.designations.screens import (
    contracts,
    designating,
    ending,
    pricing,
    published,
    reviewing,
)

__all__ = ["contracts", "designating", "ending", "pricing", "published", "reviewing"]
