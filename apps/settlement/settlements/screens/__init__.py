"""Lists and desks of the settlement."""

from apps.settlement.settlements.screens import late, penalties, results

__all__ = ["late", "penalties", "results"]
