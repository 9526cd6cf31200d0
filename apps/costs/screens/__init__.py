"""Lists and desks of calculated costs."""

from apps.costs.screens import calculated, desks, inputs

__all__ = ["calculated", "desks", "inputs"]
