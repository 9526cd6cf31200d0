"""Layouts of market and meter files: our own for demand, OASIS columns for load and prices."""

from __future__ import annotations

from apps.platform.kernel.quantity import COST, MW, MWH, USD_PER_MWH, Quantity
from apps.platform.kernel.records import Field, FieldType, Record

TAC_CODES = ("PGE-TAC", "SCE-TAC", "SDGE-TAC", "VEA-TAC", "MWD-TAC")

DEMAND_ROW = Record(
    name="metered demand",
    key=("sc_id", "tac_area", "trade_date", "hour_ending"),
    fields=(
        Field(
            "sc_id",
            "SC_ID",
            max_length=30,
            help="The scheduling coordinator of the load.",
            example="SYN_LSE_A",
        ),
        Field(
            "tac_area",
            "TAC_AREA",
            max_length=12,
            help="The TAC area the load is in; PGAE-TAC is taken as PGE-TAC.",
            example="PGE-TAC",
        ),
        Field(
            "trade_date",
            "TRADE_DATE",
            FieldType.DATE,
            help="Pacific trade date.",
            example="2024-09-04",
        ),
        Field(
            "hour_ending",
            "HOUR_ENDING",
            FieldType.INTEGER,
            minimum=1,
            maximum=25,
            help="Hour ending 1 to 24; 23 or 25 on the days the clock changes.",
            example="18",
        ),
        Field(
            "mwh",
            "MWH",
            FieldType.DECIMAL,
            quantity=MWH,
            minimum=0,
            help="Metered demand of the hour, as a positive quantity.",
            example="1234.5678",
        ),
        Field(
            "source",
            "SOURCE",
            required=False,
            optional_column=True,
            max_length=300,
            help="Where the figure comes from; starts with SYNTHETIC where it is invented.",
        ),
    ),
    examples=({},),
)

LOAD_ROW = Record(
    name="TAC area load",
    key=("tac_area", "interval_start"),
    fields=(
        Field(
            "interval_start",
            "INTERVALSTARTTIME_GMT",
            FieldType.INSTANT,
            aliases=("interval_start_utc",),
            help="Start of the hour, UTC.",
            example="2024-09-04T07:00:00-00:00",
        ),
        Field(
            "interval_end",
            "INTERVALENDTIME_GMT",
            FieldType.INSTANT,
            required=False,
            optional_column=True,
            aliases=("interval_end_utc",),
            example="2024-09-04T08:00:00-00:00",
        ),
        Field("load_type", "LOAD_TYPE", required=False, optional_column=True, example="0"),
        Field(
            "opr_dt",
            "OPR_DT",
            FieldType.DATE,
            required=False,
            optional_column=True,
            help="Pacific trade date; checked against the start.",
            example="2024-09-04",
        ),
        Field(
            "opr_hr",
            "OPR_HR",
            FieldType.INTEGER,
            required=False,
            optional_column=True,
            minimum=1,
            maximum=25,
            example="1",
        ),
        Field("opr_interval", "OPR_INTERVAL", required=False, optional_column=True, example="0"),
        Field(
            "market_run_id", "MARKET_RUN_ID", required=False, optional_column=True, example="ACTUAL"
        ),
        Field("tac_area", "TAC_AREA_NAME", max_length=12, aliases=("tac_area",), example="PGE-TAC"),
        Field(
            "label",
            "LABEL",
            required=False,
            optional_column=True,
            example="Total Actual Hourly Integrated Load",
        ),
        Field(
            "xml_data_item",
            "XML_DATA_ITEM",
            required=False,
            optional_column=True,
            example="SYS_FCST_ACT_MW",
        ),
        Field("pos", "POS", required=False, optional_column=True, example="3.8"),
        Field(
            "mw",
            "MW",
            FieldType.DECIMAL,
            quantity=MW,
            minimum=0,
            help="Load, average of the hour.",
            example="12883",
        ),
        Field(
            "execution_type",
            "EXECUTION_TYPE",
            required=False,
            optional_column=True,
            example="ACTUAL",
        ),
        Field("group", "GROUP", required=False, optional_column=True, example="1"),
    ),
    examples=({},),
)

PRICE_ROW = Record(
    name="energy price",
    key=("node", "market_run_id", "opr_dt", "opr_hr", "opr_interval", "lmp_type"),
    fields=(
        Field(
            "interval_start",
            "INTERVALSTARTTIME_GMT",
            FieldType.INSTANT,
            example="2024-09-04T07:00:00-00:00",
        ),
        Field(
            "interval_end",
            "INTERVALENDTIME_GMT",
            FieldType.INSTANT,
            required=False,
            example="2024-09-04T08:00:00-00:00",
        ),
        Field("opr_dt", "OPR_DT", FieldType.DATE, help="Pacific trade date.", example="2024-09-04"),
        Field(
            "opr_hr",
            "OPR_HR",
            FieldType.INTEGER,
            minimum=1,
            maximum=25,
            example="1",
            help="Hour ending.",
        ),
        Field(
            "opr_interval",
            "OPR_INTERVAL",
            FieldType.INTEGER,
            minimum=0,
            maximum=12,
            required=False,
            example="0",
            default="0",
        ),
        Field("node_id_xml", "NODE_ID_XML", required=False, optional_column=True),
        Field("node_id", "NODE_ID", required=False, optional_column=True),
        Field("node", "NODE", max_length=60, example="NP15SLAK_5_N001"),
        Field(
            "market_run_id",
            "MARKET_RUN_ID",
            FieldType.CHOICE,
            choices=("DAM", "RUC", "HASP", "RTPD", "RTM", "RTD"),
            example="DAM",
        ),
        Field(
            "lmp_type",
            "LMP_TYPE",
            FieldType.CHOICE,
            choices=("LMP", "MCE", "MCC", "MCL", "MGHG"),
            example="LMP",
            help="The whole price or one of its parts.",
        ),
        Field("xml_data_item", "XML_DATA_ITEM", required=False, optional_column=True),
        Field("pnode_resmrid", "PNODE_RESMRID", required=False, optional_column=True),
        Field("grp_type", "GRP_TYPE", required=False, optional_column=True),
        Field("pos", "POS", required=False, optional_column=True),
        Field(
            "price",
            "MW",
            FieldType.DECIMAL,
            quantity=USD_PER_MWH,
            example="35.8087",
            help="OASIS calls the price column MW; it holds $/MWh.",
        ),
        Field("group", "GROUP", required=False, optional_column=True),
    ),
    examples=({},),
)
HOLIDAY_ROW = Record(
    name="holidays",
    key=("day",),
    fields=(
        Field("day", "HOLIDAY", FieldType.DATE, example="2024-09-02"),
        Field("name", "NAME", max_length=80, example="Labor Day"),
        Field("source", "SOURCE", max_length=300, example="NERC holidays"),
    ),
    examples=({},),
)


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
        Field(
            "hour_ending",
            "HOUR_ENDING",
            FieldType.INTEGER,
            minimum=1,
            maximum=25,
            help="Hour ending by its place in the day.",
            example="18",
        ),
    )


SOURCE = Field(
    "source",
    "SOURCE",
    required=False,
    optional_column=True,
    max_length=300,
    help="Where the figures come from; starts with SYNTHETIC where they are invented.",
)


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
    )


COMMITMENT_ROW = Record(
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
HOUR_ROW = Record(
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
QUARTER_ROW = Record(
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
INTERVAL_ROW = Record(
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
