"""Layouts of what the market committed, scheduled and measured of resources."""

from __future__ import annotations

from apps.platform.core.layouts import Field, FieldType, FileLayout
from apps.platform.core.quantity import COST, MW, MWH, USD_PER_MWH, Quantity
from apps.reference.market.layouts.load_and_prices import HOUR_ENDING


def _whose() -> tuple[Field, ...]:
    return (
        Field("resource_id", "RESOURCE_ID", max_length=40, example="SUNSET_2_UNITS"),
        Field(
            "trade_date",
            "TRADE_DATE",
            FieldType.DATE,
            help="Pacific trade date.",
            example="2024-09-04",
        ),
        HOUR_ENDING,
    )


SOURCE = Field(
    "source",
    "SOURCE",
    required=False,
    optional_column=True,
    max_length=300,
    help="Where the figures come from; starts with SYNTHETIC where they are invented.",
    remark=True,
)


# results without these are seldom right
MISSED = {"da_mwh", "da_lmp", "fmm_mwh", "fmm_lmp", "expected_mwh", "metered_mwh", "rtd_lmp"}
MOST, MOST_COST = 1_000_000, 1_000_000_000  # MWh, MW or $/MWh of a row; $ of a row


def _number(
    name: str, header: str, unit: Quantity, text: str, example: str, least: int | None = None
) -> Field:
    """A number that is zero where its column is absent or empty, within what a unit can be."""
    most = MOST_COST if unit is COST else MOST
    return Field(
        name,
        header,
        FieldType.DECIMAL,
        quantity=unit,
        help=text,
        example=example,
        minimum=-most if least is None else least,
        maximum=most,
        required=False,
        optional_column=True,
        default="0",
        missed=name in MISSED,
    )


COMMITMENT_ROW = FileLayout(
    name="commitments",
    key=("resource_id", "trade_date", "market", "event", "hour_ending", "interval", "config"),
    fields=(
        *_whose(),
        Field(
            "market",
            "MARKET",
            FieldType.CHOICE,
            choices=("IFM", "RUC", "RTM"),
            help="The market that made the commitment.",
            example="IFM",
        ),
        Field(
            "event",
            "EVENT",
            FieldType.CHOICE,
            choices=("START", "RUN", "TRANSITION"),
            help="A start-up, a run at minimum load, or a transition.",
            example="START",
        ),
        Field(
            "interval",
            "INTERVAL",
            FieldType.INTEGER,
            minimum=1,
            maximum=12,
            default="1",
            required=False,
            optional_column=True,
            help="First 5-minute interval of the hour.",
            example="1",
        ),
        Field(
            "intervals",
            "INTERVALS",
            FieldType.INTEGER,
            minimum=1,
            maximum=300,
            required=False,
            optional_column=True,
            help="How many 5-minute intervals a RUN lasts.",
            example="",
        ),
        Field(
            "committed",
            "COMMITTED_BY",
            FieldType.CHOICE,
            choices=("ISO", "SELF", "ED"),
            help="SELF recovers no commitment cost; ED is an exceptional dispatch.",
            example="ISO",
        ),
        Field(
            "from_config",
            "FROM_CONFIG",
            max_length=40,
            required=False,
            optional_column=True,
            default="",
            help="Configuration left by a transition.",
        ),
        Field(
            "config",
            "CONFIG",
            max_length=40,
            required=False,
            optional_column=True,
            default="",
            help="Configuration started, run or reached.",
        ),
        Field(
            "qualified",
            "QUALIFIED",
            FieldType.CHOICE,
            choices=("Y", "N"),
            required=False,
            optional_column=True,
            default="Y",
            help="N: it did not happen as instructed.",
            example="Y",
        ),
        Field(
            "cost",
            "COST_USD",
            FieldType.DECIMAL,
            quantity=COST,
            minimum=0,
            required=False,
            optional_column=True,
            help="$ a start, an hour or a transition; the proxy cost of the day where it is empty.",
            example="5000",
        ),
        SOURCE,
    ),
    examples=({},),
)
HOUR_ROW = FileLayout(
    name="hourly market results",
    key=("resource_id", "trade_date", "hour_ending"),
    fields=(
        *_whose(),
        _number("da_mwh", "DA_MWH", MWH, "Day-ahead energy schedule.", "100"),
        _number("self_mwh", "SELF_MWH", MWH, "Of it, self-scheduled.", "0", 0),
        _number("min_load_mwh", "MIN_LOAD_MWH", MWH, "Minimum-load energy.", "40", 0),
        _number(
            "bid_cost",
            "BID_COST_USD",
            COST,
            "Bid cost of energy above minimum load, less self-schedules.",
            "1920",
        ),
        _number(
            "self_cost",
            "SELF_COST_USD",
            COST,
            "Self-scheduled energy at its default energy bid without opportunity cost.",
            "0",
        ),
        _number("da_lmp", "DA_LMP", USD_PER_MWH, "Day-ahead price.", "44.50"),
        _number("as_revenue", "AS_REVENUE_USD", COST, "Ancillary services, net of no-pay.", "0"),
        _number("as_bid_cost", "AS_BID_COST_USD", COST, "Their bid cost.", "0", 0),
        _number("ruc_mw", "RUC_MW", MW, "RUC award.", "0", 0),
        _number("ruc_price", "RUC_PRICE", USD_PER_MWH, "RUC price.", "0"),
        _number("ruc_bid", "RUC_BID", USD_PER_MWH, "RUC bid.", "0"),
        SOURCE,
    ),
    examples=({},),
)
QUARTER_ROW = FileLayout(
    name="15-minute market results",
    key=("resource_id", "trade_date", "hour_ending", "quarter"),
    fields=(
        *_whose(),
        Field(
            "quarter",
            "QUARTER",
            FieldType.INTEGER,
            minimum=1,
            maximum=4,
            example="1",
            help="Quarter of the hour.",
        ),
        _number("fmm_mwh", "FMM_MWH", MWH, "FMM instructed imbalance energy.", "2.5"),
        _number("bid_cost", "BID_COST_USD", COST, "Its bid cost.", "100"),
        _number("fmm_lmp", "FMM_LMP", USD_PER_MWH, "FMM price.", "48"),
        _number("as_revenue", "AS_REVENUE_USD", COST, "Ancillary services, net of no-pay.", "0"),
        _number("as_bid_cost", "AS_BID_COST_USD", COST, "Their bid cost.", "0", 0),
        SOURCE,
    ),
    examples=({},),
)
INTERVAL_ROW = FileLayout(
    name="5-minute energy",
    key=("resource_id", "trade_date", "hour_ending", "interval"),
    fields=(
        *_whose(),
        Field(
            "interval",
            "INTERVAL",
            FieldType.INTEGER,
            minimum=1,
            maximum=12,
            example="1",
            help="5-minute interval of the hour.",
        ),
        _number("expected_mwh", "EXPECTED_MWH", MWH, "Expected energy.", "8.3333"),
        _number("metered_mwh", "METERED_MWH", MWH, "Metered energy.", "8.3333"),
        _number("regulation_mwh", "REGULATION_MWH", MWH, "Regulation energy.", "0"),
        _number("min_load_mwh", "MIN_LOAD_MWH", MWH, "Minimum-load energy online.", "3.3333", 0),
        _number(
            "rtd_mwh",
            "RTD_MWH",
            MWH,
            "RTD instructed imbalance energy, exceptional dispatch apart.",
            "0",
        ),
        _number("bid_cost", "BID_COST_USD", COST, "Its bid cost.", "0"),
        _number("rtd_lmp", "RTD_LMP", USD_PER_MWH, "RTD price.", "50"),
        _number("ed_mwh", "ED_MWH", MWH, "Exceptional dispatch energy.", "0"),
        Field(
            "ed_reference",
            "ED_REFERENCE",
            FieldType.DECIMAL,
            quantity=USD_PER_MWH,
            required=False,
            optional_column=True,
            help="Bid, default or negotiated price of the dispatch, with its opportunity cost.",
        ),
        Field(
            "ed_type",
            "ED_TYPE",
            max_length=12,
            required=False,
            optional_column=True,
            help="Instruction type, such as SYSEMR or TMODEL.",
        ),
        SOURCE,
    ),
    examples=({},),
)
