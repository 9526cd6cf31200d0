"""What the API and the commands answer of statements."""

from apps.settlement.statements.serializers.comparisons import (
    PublicationPreviewSerializer,
    RunCausesSerializer,
    StatementCompareSerializer,
    StatementShadowSerializer,
)
from apps.settlement.statements.serializers.explanations import LineExplainSerializer
from apps.settlement.statements.serializers.statements import (
    InvoiceWeekSerializer,
    StatementChangesSerializer,
    StatementDifferenceSerializer,
    StatementMonthSerializer,
    StatementShowSerializer,
)

__all__ = [
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
]
