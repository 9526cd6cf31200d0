"""Layouts of the Master File: resources, multi-stage configurations, transitions, curves."""

from __future__ import annotations

from apps.platform.core.layouts import Field, FieldType, FileLayout
from apps.platform.core.quantity import BTU_PER_KWH, MW, USD, USD_PER_MWH
from apps.reference.resources.codes import LOCAL_AREAS
from apps.reference.resources.layouts import TAC_CODES, TAC_SYNONYMS


def flag(name: str, header: str, help_text: str) -> Field:
    """Return a field that holds Y or N; blank is N."""
    return Field(
        name,
        header,
        FieldType.CHOICE,
        choices=("Y", "N"),
        required=False,
        default="N",
        optional_column=True,
        example="N",
        help=help_text,
    )


MASTER_FILE_ROW = FileLayout(
    name="Master File of resources",
    key=("resource_id",),
    fields=(
        Field("resource_id", "RESOURCE_ID", max_length=40, example="GRNLF2_1_UNIT"),
        Field("resource_name", "RESOURCE_NAME", max_length=120, example="Greenleaf II Cogen"),
        Field("sc_id", "SCID", max_length=30, example="SYN_GEN_SIERRA", help="Supplier SC."),
        Field("pmax_mw", "PMAX_MW", FieldType.DECIMAL, quantity=MW, minimum=0, example="49.2"),
        Field("pmin_mw", "PMIN_MW", FieldType.DECIMAL, quantity=MW, required=False, example="20"),
        Field(
            "moo_qualified",
            "MOO_QUALIFIED",
            FieldType.CHOICE,
            choices=("R", "N", "Y"),
            required=False,
            example="R",
            help="R for RMR; N for an exception.",
        ),
        flag("rmr_flag", "RMR_FLAG", "RMR contract status."),
        Field(
            "rmr_cd_type",
            "RMR_CD_TYPE",
            FieldType.CHOICE,
            choices=("1", "2", "N/A"),
            required=False,
            example="N/A",
            help="Condition of a legacy contract.",
        ),
        Field(
            "contract_effective",
            "CONTRACT_EFFECTIVE_DT",
            FieldType.DATE,
            required=False,
            example="2020-01-01",
        ),
        Field(
            "contract_end", "CONTRACT_END_DT", FieldType.DATE, required=False, example="2024-12-31"
        ),
        flag("use_limit", "USE_LIMIT_FLAG", "Use-limited resource."),
        flag("car", "CAR_FLAG", "Conditionally available resource."),
        Field("fuel_type", "FUEL_TYPE", required=False, max_length=40, example="GAS"),
        flag("msg", "MSG_FLAG", "Multi-stage generating resource."),
        flag("els", "ELS_FLAG", "Extremely long start."),
        Field(
            "local_area",
            "LOCAL_AREA",
            FieldType.CHOICE,
            choices=LOCAL_AREAS,
            required=False,
            example="SIERRA",
        ),
        Field(
            "tac_area",
            "TAC_AREA",
            FieldType.CHOICE,
            choices=TAC_CODES,
            synonyms=TAC_SYNONYMS,
            required=False,
            optional_column=True,
            example="PGE-TAC",
            help="Where there is no local area.",
        ),
        Field(
            "fuel_region",
            "FUEL_REGION",
            required=False,
            optional_column=True,
            max_length=20,
            example="FRPGE2GHG",
        ),
    ),
    examples=({},),
)

CONFIGURATION_ROW = FileLayout(
    name="MSG configurations",
    key=("resource_id", "config_id", "effective"),
    fields=(
        Field("resource_id", "RESOURCE_ID", max_length=40, example="METEC_2_PL1X3"),
        Field("config_id", "CONFIG_ID", max_length=40, example="METEC_1X1"),
        Field("pmin_mw", "PMIN_MW", FieldType.DECIMAL, quantity=MW, example="150"),
        Field("pmax_mw", "PMAX_MW", FieldType.DECIMAL, quantity=MW, minimum=0, example="300"),
        flag("startup", "STARTUP_FLAG", "Whether it can be started into."),
        Field(
            "mma_startup",
            "MMA_STARTUP",
            FieldType.DECIMAL,
            quantity=USD,
            required=False,
            example="1200",
            help="Major maintenance adder of a start, $.",
        ),
        Field(
            "mma_min_load",
            "MMA_MIN_LOAD",
            FieldType.DECIMAL,
            quantity=USD,
            required=False,
            example="40",
            help="Major maintenance adder of an hour at minimum load, $.",
        ),
        Field("effective", "EFFECTIVE_DT", FieldType.DATE, example="2024-01-01"),
    ),
    examples=({},),
)

TRANSITION_ROW = FileLayout(
    name="MSG transitions",
    key=("resource_id", "from_config", "to_config", "effective"),
    fields=(
        Field("resource_id", "RESOURCE_ID", max_length=40, example="METEC_2_PL1X3"),
        Field("from_config", "FROM_CONFIG", max_length=40, example="METEC_1X1"),
        Field("to_config", "TO_CONFIG", max_length=40, example="METEC_2X1"),
        Field(
            "minutes",
            "TRANSITION_TIME_MIN",
            FieldType.INTEGER,
            minimum=0,
            maximum=100000,
            example="60",
        ),
        Field(
            "oc_transition",
            "OC_TRANSITION",
            FieldType.DECIMAL,
            quantity=USD,
            required=False,
            example="0",
            help="Opportunity cost adder of the transition, $.",
        ),
        Field("effective", "EFFECTIVE_DT", FieldType.DATE, example="2024-01-01"),
    ),
    examples=({},),
)

POINT_ROW = FileLayout(
    name="Heat-rate and average-cost points",
    key=("resource_id", "config_id", "point_no"),
    fields=(
        Field("resource_id", "RESOURCE_ID", max_length=40, example="GRNLF2_1_UNIT"),
        Field("config_id", "CONFIG_ID", required=False, max_length=40, default="", example=""),
        Field("point_no", "POINT_NO", FieldType.INTEGER, minimum=1, maximum=11, example="1"),
        Field("mw", "MW", FieldType.DECIMAL, quantity=MW, example="20"),
        Field(
            "heat_rate",
            "AVG_HEAT_RATE_BTU_KWH",
            FieldType.DECIMAL,
            quantity=BTU_PER_KWH,
            minimum=0,
            required=False,
            example="9800",
        ),
        Field(
            "cost",
            "AVG_COST_USD_MWH",
            FieldType.DECIMAL,
            quantity=USD_PER_MWH,
            required=False,
            example="",
            help="Of a resource without a heat rate.",
        ),
    ),
    examples=({},),
)
