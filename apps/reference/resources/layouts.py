"""Layouts of resource files: our own, and two that the ISO publishes."""

from __future__ import annotations

from apps.platform.core.layouts import Field, FieldType, FileLayout
from apps.platform.core.quantity import MW
from apps.reference.resources.codes import LOCAL_AREAS, MONTHS

SOURCE = Field(
    "source",
    "SOURCE",
    help="Where the figures of the row come from; starts with SYNTHETIC where they are invented.",
    max_length=300,
    example="CAISO curtailed and non-operational generator report 2024-09",
)
TAC_CODES = ("PGE-TAC", "SCE-TAC", "SDGE-TAC", "VEA-TAC", "MWD-TAC")
TAC_SYNONYMS = (("PGAE-TAC", "PGE-TAC"),)

RESOURCE_ROW = FileLayout(
    name="resource",
    key=("resource_id", "effective_from"),
    fields=(
        Field(
            "resource_id",
            "RESOURCE_ID",
            help="The resource, blanks inside included.",
            max_length=40,
            example="GRNLF2_1_UNIT",
        ),
        Field("resource_name", "RESOURCE_NAME", max_length=120, example="Greenleaf II Cogen"),
        Field(
            "pmax_mw",
            "PMAX_MW",
            FieldType.DECIMAL,
            quantity=MW,
            minimum=0,
            places=2,
            help="Greatest output in the Master File.",
            example="49.2",
        ),
        Field(
            "pmin_mw",
            "PMIN_MW",
            FieldType.DECIMAL,
            quantity=MW,
            places=2,
            required=False,
            optional_column=True,
            help="Least output in the Master File.",
            example="20",
        ),
        Field(
            "tac_area",
            "TAC_AREA",
            FieldType.CHOICE,
            choices=TAC_CODES,
            synonyms=TAC_SYNONYMS,
            help="The TAC area the resource is in.",
            example="PGE-TAC",
        ),
        Field(
            "local_area",
            "LOCAL_AREA",
            FieldType.CHOICE,
            choices=LOCAL_AREAS,
            required=False,
            help="Local capacity area, blank for none.",
            example="SIERRA",
        ),
        Field(
            "sc_id",
            "SC_ID",
            max_length=30,
            help="The resource's scheduling coordinator.",
            example="SYN_GEN_A",
        ),
        Field(
            "effective_from",
            "EFFECTIVE_FROM",
            FieldType.DATE,
            help="First trade date of these attributes.",
            example="2024-01-01",
        ),
        Field(
            "effective_to",
            "EFFECTIVE_TO",
            FieldType.DATE,
            required=False,
            optional_column=True,
            help="Last trade date, blank for no end.",
            example="",
        ),
        SOURCE,
    ),
    examples=({},),
)

CAPABILITY_ROW = FileLayout(
    name="generating capability list",
    key=("resource_id",),
    names_in="resource_id",
    fields=(
        Field("classification", "CLASSIFICATION", required=False, example="Participating Unit"),
        Field("qf", "QF", required=False, max_length=3, example="N"),
        Field(
            "agg_type",
            "RESOURCE_AGG_TYPE",
            required=False,
            max_length=3,
            example="N",
            help="Y: a member of an aggregate.",
        ),
        Field("parent_id", "PARENT_RESOURCE_ID", required=False, max_length=40),
        Field("resource_id", "RESOURCE_ID", max_length=40, example="GRNLF2_1_UNIT"),
        Field("resource_type", "RESOURCE_TYPE", required=False, max_length=20, example="GEN"),
        Field(
            "unit_name", "GEN_UNIT_NAME", required=False, example="GREENLEAF II COGEN", remark=True
        ),
        Field(
            "net_dependable_mw",
            "NET_DEPENDABLE_CAPACITY",
            FieldType.DECIMAL,
            quantity=MW,
            required=False,
            example="49.5",
        ),
        Field(
            "nameplate_mw",
            "NAMEPLATE_CAPACITY",
            FieldType.DECIMAL,
            quantity=MW,
            required=False,
            example="63.8",
        ),
        Field("pto_area", "PTO_AREA", required=False, max_length=20, example="PGAE"),
        Field(
            "unit_type", "UNIT_TYPE", required=False, max_length=40, example="COMBUSTION TURBINE"
        ),
        Field(
            "energy_source", "ENERGY_SOURCE", required=False, max_length=40, example="NATURAL GAS"
        ),
        Field("zone", "ZONE", required=False, max_length=10, example="NP15"),
        Field("commercial_date", "COD", FieldType.DATE, required=False, example="1989-10-12"),
        Field("river_system", "RIVER_SYSTEM", required=False, optional_column=True),
        Field("baa_id", "BAA_ID", required=False, max_length=20, example="CISO"),
        Field("udc", "UDC", required=False, max_length=20, example="PGAE"),
    ),
    examples=({},),
)

PUBLIC_NQC_ROW = FileLayout(
    name="public NQC list",
    key=("resource_id",),
    names_in="resource_id",
    unique=False,
    fields=(
        Field(
            "generator_name",
            "Generator Name",
            required=False,
            example="GREENLEAF II COGEN",
            remark=True,
        ),
        Field("resource_id", "Resource ID", max_length=40, example="GRNLF2_1_UNIT"),
        Field(
            "path_designation",
            "Path Designation",
            required=False,
            max_length=20,
            aliases=("Path 26 Region",),
            example="North",
        ),
        Field("local_area", "Local Area", required=False, max_length=60, example="Sierra"),
        *(
            Field(
                month.lower(),
                month,
                FieldType.DECIMAL,
                quantity=MW,
                required=False,
                example="49.2",
                help=f"Net qualifying capacity of {month.title()}.",
            )
            for month in MONTHS
        ),
        Field("dispatchable", "Dispatchable", required=False, max_length=10, example="Y"),
        Field(
            "deliverability", "Deliverability Status", required=False, max_length=20, example="FC"
        ),
        Field("deliverable_mw", "Deliverability MW", required=False, max_length=20),
        Field(
            "comments",
            "Comments",
            required=False,
            optional_column=True,
            max_length=300,
            remark=True,
        ),
    ),
    examples=({},),
)

NQC_BY_MONTH_ROW = FileLayout(
    name="NQC and Pmax by month",
    key=("resource_id", "month", "nqc_mw", "pmax_mw"),
    names_in="resource_id",
    fields=(
        Field("resource_id", "RESOURCE ID", max_length=40, example="GRNLF2_1_UNIT"),
        Field(
            "resource_name",
            "RESOURCE NAME",
            required=False,
            example="Greenleaf II Cogen",
            remark=True,
        ),
        Field("month", "MONTH", max_length=7, example="2024-09"),
        Field("pmax_mw", "RESOURCE PMAX MW", FieldType.DECIMAL, quantity=MW, example="49.2"),
        Field(
            "nqc_mw", "NET QUALIFYING CAPACITY MW", FieldType.DECIMAL, quantity=MW, example="49.2"
        ),
        Field("first_seen", "FIRST SEEN", FieldType.DATE, example="2024-09-01"),
        Field("last_seen", "LAST SEEN", FieldType.DATE, example="2024-09-30"),
        Field(
            "outage_rows",
            "OUTAGE ROWS",
            FieldType.INTEGER,
            minimum=0,
            maximum=1000000,
            example="12",
        ),
    ),
    examples=({},),
)
EFC_ROW = FileLayout(
    name="EFC list",
    key=("resource_id", "ra_year", "ra_month"),
    names_in="resource_id",
    fields=(
        Field("resource_id", "RESOURCE_ID", max_length=40, example="GRNLF2_1_UNIT"),
        Field("ra_year", "RA_YEAR", FieldType.INTEGER, minimum=1998, maximum=2199, example="2024"),
        Field("ra_month", "RA_MONTH", FieldType.INTEGER, minimum=1, maximum=12, example="9"),
        Field(
            "efc_mw",
            "EFC_MW",
            FieldType.DECIMAL,
            quantity=MW,
            places=2,
            minimum=0,
            maximum=100_000,
            example="30",
        ),
        Field(
            "flex_category",
            "FLEX_CATEGORY",
            FieldType.INTEGER,
            minimum=1,
            maximum=3,
            required=False,
            example="1",
        ),
    ),
    examples=({},),
)

FORMER_ID_ROW = FileLayout(
    name="former ID",
    key=("former_id",),
    fields=(
        Field(
            "former_id",
            "FORMER_ID",
            max_length=40,
            help="What the resource was called; no resource on file has this ID.",
            example="GREENLF_2_UNIT",
        ),
        Field(
            "resource_id",
            "RESOURCE_ID",
            max_length=40,
            help="What it is called now.",
            example="GRNLF2_1_UNIT",
        ),
        Field("renamed_on", "RENAMED_ON", FieldType.DATE, example="2023-06-01"),
        Field(
            "reason",
            "REASON",
            max_length=300,
            help="Where that is said.",
            example="Master File notice of 2023-05-12",
        ),
    ),
    examples=({},),
)
