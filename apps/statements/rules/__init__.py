"""Pure rules of statements."""

from apps.statements.rules.comparing import side_by_side, summed
from apps.statements.rules.composition import compose
from apps.statements.rules.document import Determinant, Document, Head, Line

__all__ = ["Determinant", "Document", "Head", "Line", "compose", "side_by_side", "summed"]
