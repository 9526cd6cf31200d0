"""Pure rules of runs."""

from apps.runs.rules.totals import fingerprint

__all__ = ["fingerprint"]
