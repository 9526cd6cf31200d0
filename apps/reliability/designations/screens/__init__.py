"""Desks and lists of designations, contracts, prices and payloads."""

from apps.reliability.designations.screens import (
    contracts,
    designating,
    disclosing,
    ending,
    pricing,
    published,
    reviewing,
)

__all__ = [
    "contracts",
    "designating",
    "disclosing",
    "ending",
    "pricing",
    "published",
    "reviewing",
]
