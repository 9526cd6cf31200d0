"""Layouts of bid files, certified services and use limits."""

from __future__ import annotations

from apps.bidding.bids.codes import LIMIT_TYPES, SERVICES
from apps.platform.core.layouts import Field, FieldType, FileLayout
from apps.platform.core.quantity import MW, USD_PER_MWH, USED

DECIMAL = FieldType.DECIMAL
RESOURCE = Field("resource_id", "RESOURCE_ID", max_length=40, example="GRNLF2_1_UNIT")
PRODUCTS = ("ENERGY", "RUC", *SERVICES, "SELF_SCHED", "START_UP", "MIN_LOAD", "TRANSITION")
BID_ROW = FileLayout(
    name="bids",
    key=(
        "market",
        "resource_id",
        "config_id",
        "trade_date",
        "hour_ending",
        "product",
        "from_mw",
        "to_config",
    ),
    fields=(
        Field("market", "MARKET", FieldType.CHOICE, choices=("DA", "RT"), example="DA"),
        RESOURCE,
        Field(
            "config_id",
            "CONFIG_ID",
            required=False,
            optional_column=True,
            max_length=40,
            default="",
        ),
        Field("trade_date", "TRADE_DATE", FieldType.DATE, example="2026-05-01"),
        Field("hour_ending", "HOUR_ENDING", FieldType.INTEGER, minimum=1, maximum=25, example="1"),
        Field("product", "PRODUCT", FieldType.CHOICE, choices=PRODUCTS, example="ENERGY"),
        Field(
            "from_mw",
            "FROM_MW",
            DECIMAL,
            quantity=MW,
            required=False,
            example="10",
            help="Of a step of energy.",
        ),
        Field(
            "to_mw",
            "MW",
            DECIMAL,
            quantity=MW,
            required=False,
            example="30",
            help="The end of a step, or the MW of a service, RUC or self-schedule.",
        ),
        Field(
            "price",
            "PRICE",
            DECIMAL,
            quantity=USD_PER_MWH,
            required=False,
            example="39.00",
            help="$/MWh, $/MW, or $ a start, run-hour or transition; write 0 for a service at $0.",
        ),
        Field(
            "to_config",
            "TO_CONFIG",
            required=False,
            optional_column=True,
            max_length=40,
            default="",
            help="Of a transition.",
        ),
    ),
    examples=({},),
)
SERVICE_ROW = FileLayout(
    name="certified ancillary services",
    key=("resource_id", "product", "effective"),
    fields=(
        RESOURCE,
        Field("product", "PRODUCT", FieldType.CHOICE, choices=SERVICES, example="SPIN"),
        Field("mw", "CERTIFIED_MW", DECIMAL, quantity=MW, minimum=0, example="15"),
        Field("effective", "EFFECTIVE_DT", FieldType.DATE, example="2024-01-01"),
    ),
    examples=({},),
)
LIMIT_ROW = FileLayout(
    name="use limits",
    key=("resource_id", "limit_type", "first_date"),
    fields=(
        RESOURCE,
        Field("limit_type", "LIMIT_TYPE", FieldType.CHOICE, choices=LIMIT_TYPES, example="STARTS"),
        Field("first_date", "FROM", FieldType.DATE, example="2024-01-01"),
        Field("last_date", "TO", FieldType.DATE, example="2024-12-31"),
        Field(
            "limit",
            "LIMIT",
            DECIMAL,
            quantity=USED,
            minimum=0,
            example="120",
            help="Starts, run hours or MWh.",
        ),
    ),
    examples=({},),
)
USE_ROW = FileLayout(
    name="use against limits",
    key=("resource_id", "limit_type", "trade_date"),
    fields=(
        RESOURCE,
        Field("limit_type", "LIMIT_TYPE", FieldType.CHOICE, choices=LIMIT_TYPES, example="STARTS"),
        Field("trade_date", "TRADE_DATE", FieldType.DATE, example="2024-09-04"),
        Field("used", "USED", DECIMAL, quantity=USED, minimum=0, example="2"),
    ),
    examples=({},),
)
