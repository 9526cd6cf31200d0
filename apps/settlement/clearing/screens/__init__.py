"""Lists and desks of clearing and credit."""

from apps.settlement.clearing.screens import credit, money

__all__ = ["credit", "money"]
