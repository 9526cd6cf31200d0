"""Desks and lists of designations, contracts, prices and payloads."""

from apps.reliability.designations.screens import contracts, designating, pricing, reviewing

__all__ = ["contracts", "designating", "pricing", "reviewing"]
