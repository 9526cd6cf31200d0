"""Lists and desks of the settlement."""

from apps.settlements.screens import late, results

__all__ = ["late", "results"]
