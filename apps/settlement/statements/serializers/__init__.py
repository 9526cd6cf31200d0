"""What the API and the commands answer of statements."""

from apps.settlement.statements.serializers.comparisons import (
    PublicationPreviewSerializer,
    RunCausesSerializer,
    StatementCompareSerializer,
    StatementShadowSerializer,
)
from apps.settlement.statements.serializers.explanations import LineExplainSerializer
from apps.settlement.statements.serializers.statements import (
    HeldLineOfDaySerializer,
    InvoiceWeekSerializer,
    StatementChangesSerializer,
    StatementDifferenceSerializer,
    StatementMonthSerializer,
    StatementShowSerializer,
    held_of_days,
)

__all__ = [
    "HeldLineOfDaySerializer",
    "InvoiceWeekSerializer",
    "LineExplainSerializer",
    "PublicationPreviewSerializer",
    "RunCausesSerializer",
    "StatementChangesSerializer",
    "StatementCompareSerializer",
    "StatementDifferenceSerializer",
    "StatementMonthSerializer",
    "StatementShadowSerializer",
    "StatementShowSerializer",
    "held_of_days",
]
