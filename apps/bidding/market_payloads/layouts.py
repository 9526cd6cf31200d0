"""The layout of schedules and dispatch."""

from __future__ import annotations

from apps.platform.core.layouts import Field, FieldType, FileLayout
from apps.platform.core.quantity import MW
from apps.reference.market.layouts import HOUR_ENDING

DISPATCH_ROW = FileLayout(
    name="day-ahead schedules and dispatch",
    key=("resource_id", "trade_date", "hour_ending", "interval"),
    fields=(
        Field("resource_id", "RESOURCE_ID", max_length=40, example="METEC_2_PL1X3"),
        Field("trade_date", "TRADE_DATE", FieldType.DATE, example="2024-09-04"),
        HOUR_ENDING,
        Field(
            "interval",
            "INTERVAL",
            FieldType.INTEGER,
            minimum=0,
            maximum=12,
            required=False,
            optional_column=True,
            default="0",
            example="0",
            help="0: the hour.",
        ),
        Field("day_ahead_mw", "DAY_AHEAD_MW", FieldType.DECIMAL, quantity=MW, example="30"),
        Field("real_time_mw", "REAL_TIME_MW", FieldType.DECIMAL, quantity=MW, example="42"),
    ),
    examples=({},),
)
