"""Pure rules of statements."""

from apps.statements.rules.composition import compose

__all__ = ["compose"]
