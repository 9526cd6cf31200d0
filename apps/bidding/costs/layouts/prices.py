"""Layouts of cost files: our own, and those of published prices as they are."""

from __future__ import annotations

from apps.bidding.costs.codes import ORIGINS, AdderKind
from apps.platform.core.layouts import Field, FieldType, FileLayout
from apps.platform.core.quantity import (
    BTU_PER_KWH,
    COST,
    MMBTU,
    MWH,
    TONNE_PER_MMBTU,
    USD_PER_MMBTU,
    USD_PER_MWH,
    USD_PER_TONNE,
)

DECIMAL = FieldType.DECIMAL
MOST = 1_000_000  # of any price, fuel or heat rate; beyond it is a typing error
RESOURCE = Field("resource_id", "RESOURCE_ID", max_length=40, example="GRNLF2_1_UNIT")
CONFIG = Field(
    "config_id",
    "CONFIG_ID",
    required=False,
    optional_column=True,
    max_length=40,
    default="",
    help="Of a multi-stage resource.",
)
TO_CONFIG = Field(
    "to_config",
    "TO_CONFIG",
    required=False,
    optional_column=True,
    max_length=40,
    default="",
    help="Of a transition.",
)

REGION_ROW = FileLayout(
    name="fuel regions",
    key=("region",),
    names_in="region",
    fields=(
        Field("region", "Fuel Region", max_length=20, example="FRPGE2GHG"),
        Field("hub", "Pricing Hub", required=False, max_length=60, example="PG&E Citygate"),
        *(
            Field(name, header, required=False, optional_column=True, max_length=1000)
            for name, header in (
                ("transportation", "Transportation Cost"),
                ("reimbursement", "Fuel Reimbursement Rate"),
            )
        ),
        Field(
            "ghg_credit",
            "Cap & Trade Credit",
            FieldType.CHOICE,
            choices=("Y", "N"),
            required=False,
            example="Y",
        ),
        Field(
            "miscellaneous",
            "Miscellaneous Costs",
            required=False,
            optional_column=True,
            max_length=1000,
        ),
        Field("authority", "Balancing Authority", required=False, max_length=20, example="CISO"),
    ),
    examples=({},),
)


def _wide(name: str, header: str, example: str = "") -> Field:
    return Field(
        name,
        header,
        DECIMAL,
        quantity=USD_PER_MMBTU,
        maximum=MOST,
        required=False,
        optional_column=True,
        example=example,
        blanks=(".",),
    )


PUBLISHED_INDICES = ("PGE_CITYGATE", "SOCAL_CITYGATE", "HENRY_HUB")
GAS_ROW = FileLayout(
    name="published gas prices",
    key=("price_date",),
    fields=(
        Field("price_date", "date", FieldType.DATE, example="2024-09-04"),
        _wide("pge_citygate", "pge_citygate_usd_mmbtu", "2.64"),
        _wide("socal_citygate", "socal_citygate_usd_mmbtu", "2.11"),
        _wide("henry_hub", "DHHNGSP"),
    ),
    examples=({},),
)
FUEL_ROW = FileLayout(
    name="fuel index prices",
    key=("index", "price_date"),
    fields=(
        Field("index", "FUEL_INDEX", max_length=60, example="DISTILLATE"),
        Field("price_date", "PRICE_DATE", FieldType.DATE, example="2024-09-04"),
        Field(
            "price",
            "USD_MMBTU",
            DECIMAL,
            quantity=USD_PER_MMBTU,
            minimum=0,
            maximum=MOST,
            example="17.25",
        ),
    ),
    examples=({},),
)
AUCTION_ROW = FileLayout(
    name="allowance auctions",
    key=("quarter",),
    fields=(
        Field("auction", "Joint Auction", max_length=40, example="Joint Auction 40"),
        Field("quarter", "Quarter Year", max_length=7, example="Q3 2024"),
        Field(
            "price",
            "Current Auction Settlement Price",
            DECIMAL,
            quantity=USD_PER_TONNE,
            minimum=0,
            maximum=MOST,
            example="$30.24 ",
        ),
        Field(
            "reserve",
            "Auction Reserve Price",
            DECIMAL,
            quantity=USD_PER_TONNE,
            minimum=0,
            maximum=MOST,
            required=False,
            example="$24.04 ",
        ),
    ),
    examples=({},),
)
ALLOWANCE_ROW = FileLayout(
    name="allowance prices",
    key=("price_date",),
    fields=(
        Field("price_date", "PRICE_DATE", FieldType.DATE, example="2024-09-04"),
        Field(
            "price",
            "USD_MTCO2E",
            DECIMAL,
            quantity=USD_PER_TONNE,
            minimum=0,
            maximum=MOST,
            example="32.10",
        ),
    ),
    examples=({},),
)
RATE_ROW = FileLayout(
    name="rates",
    key=("rate", "resource_id", "effective"),
    fields=(
        Field("rate", "RATE", FieldType.CHOICE, choices=("GMC", "VOM", "POWER"), example="GMC"),
        Field(
            "resource_id",
            "RESOURCE_ID",
            required=False,
            max_length=40,
            default="",
            help="Blank: of every resource.",
        ),
        Field("effective", "EFFECTIVE_DT", FieldType.DATE, example="2024-01-01"),
        Field(
            "amount",
            "USD_MWH",
            DECIMAL,
            quantity=USD_PER_MWH,
            minimum=0,
            maximum=MOST,
            example="0.35",
        ),
    ),
    examples=({},),
)
BASES = ("PROXY", "REGISTERED")
COMMITMENT_ROW = FileLayout(
    name="commitment cost inputs",
    key=("resource_id", "config_id", "to_config"),
    fields=(
        RESOURCE,
        CONFIG,
        TO_CONFIG,
        Field(
            "fuel",
            "FUEL_MMBTU",
            DECIMAL,
            quantity=MMBTU,
            minimum=0,
            maximum=MOST,
            required=False,
            example="120",
            help="Of a start, or of a transition where TO_CONFIG is given.",
        ),
        Field(
            "power_mwh",
            "AUX_POWER_MWH",
            DECIMAL,
            quantity=MWH,
            minimum=0,
            maximum=MOST,
            required=False,
            optional_column=True,
            example="2",
        ),
        Field(
            "min_load_heat_rate",
            "MIN_LOAD_HEAT_RATE_BTU_KWH",
            DECIMAL,
            quantity=BTU_PER_KWH,
            minimum=0,
            maximum=MOST,
            required=False,
            optional_column=True,
            help="Blank: that of the first point of the curve.",
        ),
        Field(
            "emission",
            "CO2E_MT_MMBTU",
            DECIMAL,
            quantity=TONNE_PER_MMBTU,
            minimum=0,
            maximum=MOST,
            required=False,
            optional_column=True,
            example="0.053165",
        ),
        Field(
            "ghg_obligation",
            "GHG_OBLIGATION",
            FieldType.CHOICE,
            choices=("Y", "N"),
            required=False,
            optional_column=True,
            default="Y",
            example="Y",
        ),
        Field(
            "startup_basis",
            "STARTUP_BASIS",
            FieldType.CHOICE,
            choices=BASES,
            required=False,
            optional_column=True,
            default="PROXY",
            example="PROXY",
        ),
        Field(
            "min_load_basis",
            "MIN_LOAD_BASIS",
            FieldType.CHOICE,
            choices=BASES,
            required=False,
            optional_column=True,
            default="PROXY",
            example="PROXY",
        ),
    ),
    examples=({},),
)
ADDER_ROW = FileLayout(
    name="cost adders",
    key=("resource_id", "kind", "config_id", "to_config", "first_date"),
    fields=(
        RESOURCE,
        Field(
            "kind",
            "ADDER",
            FieldType.CHOICE,
            choices=tuple(k.value for k in AdderKind),
            example="MMA_START_UP",
        ),
        CONFIG,
        TO_CONFIG,
        Field("amount", "AMOUNT_USD", DECIMAL, quantity=COST, maximum=1000 * MOST, example="1500"),
        Field("origin", "ORIGIN", FieldType.CHOICE, choices=ORIGINS, example="NEGOTIATED"),
        Field("first_date", "EFFECTIVE_FROM", FieldType.DATE, example="2024-01-01"),
        Field("last_date", "EFFECTIVE_TO", FieldType.DATE, required=False, example="2024-12-31"),
        Field("reference", "SOURCE", max_length=300, example="Agreement of 2023-12-01"),
    ),
    examples=({},),
)
