"""Layouts of forecasts, load shares, flexible obligations and credits."""

from __future__ import annotations

from apps.adequacy.credits.codes import KINDS, LABELS
from apps.platform.core.layouts import Field, FieldType, FileLayout
from apps.platform.core.quantity import MW, SHARE

DECIMAL, INTEGER = FieldType.DECIMAL, FieldType.INTEGER
TAC_CODES = ("PGE-TAC", "SCE-TAC", "SDGE-TAC", "VEA-TAC", "MWD-TAC")
YEAR = Field("ra_year", "RA_YEAR", INTEGER, minimum=1998, maximum=2199, example="2024")
MONTH = Field("ra_month", "RA_MONTH", INTEGER, minimum=1, maximum=12, example="9")
MAYBE_MONTH = Field(
    "ra_month",
    "RA_MONTH",
    INTEGER,
    minimum=1,
    maximum=12,
    required=False,
    help="Blank: for the annual process.",
    example="9",
)
TAC = Field(
    "tac_area",
    "TAC_AREA",
    FieldType.CHOICE,
    choices=TAC_CODES,
    synonyms=(("PGAE-TAC", "PGE-TAC"),),
    example="PGE-TAC",
)
LSE = Field("lse", "LSE_SCID", max_length=30, example="SYN_LSE_BAY")


def _mw(name: str, header: str, example: str) -> Field:
    return Field(
        name, header, DECIMAL, quantity=MW, places=2, minimum=0, maximum=100_000, example=example
    )


FORECAST_ROW = FileLayout(
    name="CEC demand forecast",
    key=("ra_year", "ra_month", "tac_area"),
    fields=(
        YEAR,
        MAYBE_MONTH,
        TAC,
        Field(
            "forecast_mw",
            "FORECAST_MW",
            DECIMAL,
            quantity=MW,
            minimum=0,
            maximum=1_000_000,
            example="20750",
        ),
    ),
    examples=({},),
)
SHARE_ROW = FileLayout(
    name="LSE load shares",
    key=("ra_year", "ra_month", "tac_area", "lse"),
    fields=(
        YEAR,
        MAYBE_MONTH,
        TAC,
        LSE,
        Field("share", "LOAD_SHARE", DECIMAL, quantity=SHARE, minimum=0, maximum=1, example="1"),
    ),
    examples=({},),
)
OBLIGATION_ROW = FileLayout(
    name="flexible obligations",
    key=("ra_year", "ra_month", "lse"),
    fields=(
        YEAR,
        MAYBE_MONTH,
        LSE,
        _mw("c1_mw", "CATEGORY_1_MW", "50"),
        _mw("c2_mw", "CATEGORY_2_MW", "30"),
        _mw("c3_mw", "CATEGORY_3_MW", "20"),
    ),
    examples=({},),
)
CREDIT_FIELDS = (
    Field("resource_id", "RESOURCE_ID", max_length=40, example="GRNLF2_1_UNIT"),
    Field("kind", "CREDIT_KIND", FieldType.CHOICE, choices=tuple(KINDS), example="LOCAL"),
    Field("category", "FLEX_CATEGORY", INTEGER, minimum=1, maximum=3, required=False, example=""),
    Field("label", "RMR_LABEL", FieldType.CHOICE, choices=LABELS, example="RMR"),
    Field(
        "tac_areas",
        "TAC_AREAS",
        required=False,
        max_length=80,
        help="With semicolons between; blank: of a local credit the TAC area of its local "
        "area, else all.",
        example="PGE-TAC",
    ),
    _mw("credit_mw", "CREDIT_MW", "49.2"),
    Field(
        "override_reason",
        "OVERRIDE_REASON",
        required=False,
        max_length=300,
        optional_column=True,
        help="Why the credit is right although kind, category, TAC areas, NQC or EFC do not "
        "allow it, or are not on file. Above Pmax no reason helps.",
        example="",
    ),
)
KEY = ("resource_id", "kind", "category")
ANNUAL_ROW = FileLayout(
    name="annual RMR credits",
    key=("ra_year", *KEY),
    fields=(YEAR, *CREDIT_FIELDS),
    examples=({},),
)
MONTHLY_ROW = FileLayout(
    name="monthly RMR credits",
    key=("ra_year", "ra_month", *KEY),
    fields=(YEAR, MONTH, *CREDIT_FIELDS),
    examples=({},),
)
