"""Lists and desks of calculated costs."""

from apps.bidding.costs.screens import calculated, desks, inputs

__all__ = ["calculated", "desks", "inputs"]
