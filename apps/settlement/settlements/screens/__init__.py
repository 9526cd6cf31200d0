"""Lists and desks of the settlement."""

from apps.settlement.settlements.screens import late, results

__all__ = ["late", "results"]
