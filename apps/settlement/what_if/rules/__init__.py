"""Pure rules of what-ifs."""

from apps.settlement.what_if.rules.changes import Change, changed_book, read_changes

__all__ = ["Change", "changed_book", "read_changes"]
