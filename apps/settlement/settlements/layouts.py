"""Layouts of the settlement calendar's files."""

from __future__ import annotations

from apps.platform.core.layouts import Field, FieldType, FileLayout

RULE_ROW = FileLayout(
    name="settlement runs",
    key=("first_date", "count", "unit"),
    fields=(
        Field(
            "first_date",
            "FIRST_TRADE_DATE",
            FieldType.DATE,
            example="2021-01-01",
            help="First trade date that has this run.",
        ),
        Field(
            "last_date",
            "LAST_TRADE_DATE",
            FieldType.DATE,
            required=False,
            example="",
            help="Last one; empty while it goes on.",
        ),
        Field(
            "count",
            "COUNT",
            FieldType.INTEGER,
            minimum=1,
            maximum=400,
            example="9",
            help="So many business days or months after the trade date.",
        ),
        Field(
            "unit",
            "UNIT",
            FieldType.CHOICE,
            choices=("B", "M"),
            example="B",
            help="B: business days. M: months, rolled to the next business day.",
        ),
        Field(
            "disputable",
            "DISPUTABLE",
            FieldType.CHOICE,
            choices=("Y", "I", "N"),
            example="N",
            help="Y: the full amount. I: the change since the version before. N: not at all.",
        ),
        Field(
            "dispute_days",
            "DISPUTE_DAYS",
            FieldType.INTEGER,
            minimum=0,
            maximum=100,
            example="0",
            help="Business days after publication in which it may be disputed.",
        ),
        Field("source", "SOURCE", max_length=300, example="BPM for Settlements and Billing"),
    ),
    examples=({},),
)
DATE_ROW = FileLayout(
    name="settlement dates",
    key=("trade_date", "run"),
    fields=(
        Field("trade_date", "TRADE_DATE", FieldType.DATE, example="2024-09-04"),
        Field("run", "RUN", max_length=8, example="T+9B"),
        Field("day", "DATE", FieldType.DATE, example="2024-09-17"),
        Field("source", "SOURCE", max_length=300, example="Payments calendar 2024"),
    ),
    examples=({},),
)
