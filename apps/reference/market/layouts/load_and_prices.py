"""Layouts of demand, load, prices and holidays: our own for demand, OASIS columns else."""

from __future__ import annotations

from apps.platform.core.layouts import Field, FieldType, FileLayout
from apps.platform.core.quantity import MW, MWH, USD_PER_MWH
from apps.reference.market.codes import REPEATED_NAMES

REPEATED_HOUR = tuple((text, "25") for text in REPEATED_NAMES)
HOUR_ENDING = Field(
    "hour_ending",
    "HOUR_ENDING",
    FieldType.INTEGER,
    minimum=1,
    maximum=25,
    synonyms=REPEATED_HOUR,
    help="Hour ending 1 to 24 by its place in the day, to 23 or 25 on the days the clock "
    "changes: the second hour from 01:00 of the autumn day is 3. Beside the file it may be "
    "said that hours are numbered by the clock, where that hour is 25 or 02X.",
    example="18",
)
TAC_CODES = ("PGE-TAC", "SCE-TAC", "SDGE-TAC", "VEA-TAC", "MWD-TAC")

DEMAND_ROW = FileLayout(
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
        HOUR_ENDING,
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
            remark=True,
        ),
    ),
    examples=({},),
)

LOAD_ROW = FileLayout(
    name="TAC area load",
    key=("tac_area", "interval_start", "market_run_id"),
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
            remark=True,
        ),
        Field(
            "load_type", "LOAD_TYPE", required=False, optional_column=True, example="0", remark=True
        ),
        Field(
            "opr_dt",
            "OPR_DT",
            FieldType.DATE,
            required=False,
            optional_column=True,
            help="Pacific trade date; checked against the start, which alone says the hour.",
            example="2024-09-04",
            remark=True,
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
            remark=True,
        ),
        Field(
            "opr_interval",
            "OPR_INTERVAL",
            required=False,
            optional_column=True,
            example="0",
            remark=True,
        ),
        Field(
            "market_run_id",
            "MARKET_RUN_ID",
            required=False,
            optional_column=True,
            default="ACTUAL",
            help="ACTUAL. Forecasts (DAM, 2DA, 7DA, RTM) are refused; they are no actual load.",
            example="ACTUAL",
        ),
        Field("tac_area", "TAC_AREA_NAME", max_length=12, aliases=("tac_area",), example="PGE-TAC"),
        Field(
            "label",
            "LABEL",
            required=False,
            optional_column=True,
            example="Total Actual Hourly Integrated Load",
            remark=True,
        ),
        Field(
            "xml_data_item",
            "XML_DATA_ITEM",
            required=False,
            optional_column=True,
            example="SYS_FCST_ACT_MW",
            remark=True,
        ),
        Field("pos", "POS", required=False, optional_column=True, example="3.8", remark=True),
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
            remark=True,
        ),
        Field("group", "GROUP", required=False, optional_column=True, example="1", remark=True),
    ),
    examples=({},),
)

PRICE_ROW = FileLayout(
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
            optional_column=True,
            example="2024-09-04T08:00:00-00:00",
            remark=True,
        ),
        Field("opr_dt", "OPR_DT", FieldType.DATE, help="Pacific trade date.", example="2024-09-04"),
        Field(
            "opr_hr",
            "OPR_HR",
            FieldType.INTEGER,
            minimum=1,
            maximum=25,
            example="1",
            help="Hour ending by its place in the day or as OASIS numbers the autumn day (the "
            "repeated hour is 25); checked against the start, which alone says the hour.",
        ),
        Field(
            "opr_interval",
            "OPR_INTERVAL",
            FieldType.INTEGER,
            minimum=0,
            maximum=12,
            required=False,
            optional_column=True,
            help="0 for hourly prices; 1 to 4 where they are 15-minute, 1 to 12 where 5-minute.",
            example="0",
            default="0",
        ),
        Field("node_id_xml", "NODE_ID_XML", required=False, optional_column=True, remark=True),
        Field("node_id", "NODE_ID", required=False, optional_column=True, remark=True),
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
        Field("xml_data_item", "XML_DATA_ITEM", required=False, optional_column=True, remark=True),
        Field("pnode_resmrid", "PNODE_RESMRID", required=False, optional_column=True, remark=True),
        Field("grp_type", "GRP_TYPE", required=False, optional_column=True, remark=True),
        Field("pos", "POS", required=False, optional_column=True, remark=True),
        Field(
            "price",
            "MW",
            FieldType.DECIMAL,
            quantity=USD_PER_MWH,
            aliases=("PRC", "VALUE"),
            example="35.8087",
            help="In $/MWh. OASIS calls the price column MW in day-ahead files, PRC in 15-minute "
            "ones and VALUE in 5-minute ones.",
        ),
        Field(
            "group", "GROUP", required=False, optional_column=True, whole_numbers=True, remark=True
        ),
    ),
    examples=({},),
)
HOLIDAY_ROW = FileLayout(
    name="holidays",
    key=("day",),
    fields=(
        Field("day", "HOLIDAY", FieldType.DATE, example="2024-09-02"),
        Field("name", "NAME", max_length=80, example="Labor Day"),
        Field("source", "SOURCE", max_length=300, example="NERC holidays"),
    ),
    examples=({},),
)
