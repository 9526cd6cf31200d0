"""Layout of what exceptional dispatch is shared by, where that is not metered demand."""

from __future__ import annotations

from apps.platform.core.layouts import Field, FieldType, FileLayout
from apps.platform.core.quantity import WEIGHT
from apps.reference.market.codes import SHARE_BASES
from apps.reference.market.layouts.market_results import SOURCE

MOST_WEIGHT = 1_000_000_000_000  # $ of a revenue requirement
DISPATCH_SHARE_ROW = FileLayout(
    name="Shares of exceptional dispatch",
    key=("trade_date", "basis", "resource_id", "sc_id"),
    fields=(
        Field(
            "trade_date",
            "TRADE_DATE",
            FieldType.DATE,
            help="Pacific trade date.",
            example="2024-09-04",
        ),
        Field(
            "basis",
            "BASIS",
            choices=tuple(SHARE_BASES),
            help="MEASURED_DEMAND: the energy of all dispatch is shared by it. "
            "TRANSMISSION_OWNER: uplift of other than emergency types goes to the transmission "
            "owners of the dispatched resource's territory.",
            example="TRANSMISSION_OWNER",
        ),
        Field(
            "resource_id",
            "RESOURCE_ID",
            max_length=40,
            required=False,
            optional_column=True,
            help="The dispatched resource, of TRANSMISSION_OWNER only; blank: every resource "
            "without rows of its own.",
            example="SUNSET_2_UNITS",
        ),
        Field(
            "sc_id",
            "SC_ID",
            max_length=24,
            help="Who bears: the SC with the demand, or the transmission owner as an SC.",
            example="SYN_LSE_BAY",
        ),
        Field(
            "quantity",
            "QUANTITY",
            FieldType.DECIMAL,
            quantity=WEIGHT,
            minimum=0,
            maximum=MOST_WEIGHT,
            help="MWh of the day's measured demand, or $ of the yearly revenue requirement.",
            example="1250000",
        ),
        SOURCE,
    ),
    examples=({},),
)
