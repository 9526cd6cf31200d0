"""Pure rules of trials."""

from apps.settlement.trials.rules.changes import Change, changed_book, read_changes

__all__ = ["Change", "changed_book", "read_changes"]
