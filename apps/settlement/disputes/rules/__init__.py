"""Pure rules of disputes."""

from apps.settlement.disputes.rules.parameters import OPTIONAL_DAYS, PLACEHOLDER_DAYS
from apps.settlement.disputes.rules.windows import Window, disputed_amount, window_of

__all__ = ["OPTIONAL_DAYS", "PLACEHOLDER_DAYS", "Window", "disputed_amount", "window_of"]
