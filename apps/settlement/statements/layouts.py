"""Layout of an SC's own figures for a statement."""

from __future__ import annotations

from apps.platform.core.layouts import Field, FieldType, FileLayout
from apps.platform.core.quantity import MWH, USD

SHADOW_ROW = FileLayout(
    name="shadow statement",
    key=("charge_code", "resource_id", "tac_area", "contract_no"),
    fields=(
        Field("charge_code", "CHARGE_CODE", max_length=20, example="RMR-ALLOC"),
        Field(
            "resource_id",
            "RESOURCE_ID",
            required=False,
            optional_column=True,
            default="",
            example="SUNSET_2_UNITS",
        ),
        Field(
            "tac_area",
            "TAC_AREA",
            required=False,
            optional_column=True,
            default="",
            example="PGE-TAC",
        ),
        Field(
            "contract_no",
            "CONTRACT_NO",
            required=False,
            optional_column=True,
            default="",
            max_length=40,
            example="",
        ),
        Field(
            "amount",
            "AMOUNT_FULL",
            FieldType.DECIMAL,
            quantity=USD,
            example="12.34",
            help="The full amount, statement sign: positive is a charge.",
        ),
        Field(
            "quantity",
            "QUANTITY",
            FieldType.DECIMAL,
            quantity=MWH,
            required=False,
            optional_column=True,
            example="",
            help="Your quantity, to be shown beside ours.",
        ),
        Field(
            "state",
            "STATE",
            required=False,
            optional_column=True,
            default="",
            max_length=20,
            example="",
            help="HELD: a row of the statement's own CSV that has no amount; it is left out.",
        ),
    ),
    examples=({},),
)
