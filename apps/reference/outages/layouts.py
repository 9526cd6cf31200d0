"""Layouts of the public outage report and of the nature-of-work table."""

from __future__ import annotations

from apps.platform.core.layouts import Field, FieldType, FileLayout
from apps.platform.core.quantity import MW
from apps.reference.outages.codes import NATURES, OUTAGE_TYPES

DECIMAL, LOCAL = FieldType.DECIMAL, FieldType.LOCAL
MOST_MW = 100_000
REPORT_ROW = FileLayout(
    name="outage report",
    names_in="resource_id",
    key=("mrid", "resource_id", "starts", "ends"),
    fields=(
        Field("mrid", "OUTAGE MRID", max_length=40, example="16040712"),
        Field(
            "resource_name",
            "RESOURCE NAME",
            required=False,
            example="Greenleaf II Cogen",
            remark=True,
        ),
        Field("resource_id", "RESOURCE ID", max_length=40, example="GRNLF2_1_UNIT"),
        Field(
            "outage_type", "OUTAGE TYPE", FieldType.CHOICE, choices=OUTAGE_TYPES, example="FORCED"
        ),
        Field(
            "nature", "NATURE OF WORK", FieldType.CHOICE, choices=NATURES, example="PLANT_TROUBLE"
        ),
        Field("starts", "CURTAILMENT START DATE TIME", LOCAL, example="2024-09-04 06:00"),
        Field(
            "ends",
            "CURTAILMENT END DATE TIME",
            LOCAL,
            required=False,
            help="Blank: not known yet.",
            example="2024-09-04 23:59",
        ),
        Field(
            "curtailed_mw",
            "CURTAILMENT MW",
            DECIMAL,
            quantity=MW,
            minimum=0,
            maximum=MOST_MW,
            example="20.5",
        ),
        Field(
            "pmax_mw",
            "RESOURCE PMAX MW",
            DECIMAL,
            quantity=MW,
            minimum=0,
            maximum=MOST_MW,
            required=False,
            example="49.2",
        ),
        Field(
            "nqc_mw",
            "NET QUALIFYING CAPACITY MW",
            DECIMAL,
            quantity=MW,
            minimum=0,
            maximum=MOST_MW,
            required=False,
            example="49.2",
        ),
        Field("status", "OUTAGE STATUS", required=False, optional_column=True, max_length=40),
        Field("res_type", "RES TYPE", required=False, optional_column=True, max_length=40),
        Field(
            "organisation",
            "MKTORGANIZATION MRID",
            required=False,
            optional_column=True,
            max_length=40,
        ),
        Field("authority", "BAA", required=False, optional_column=True, max_length=40, remark=True),
    ),
    examples=({},),
    unique=False,
)
NATURE_ROW = FileLayout(
    name="nature of work",
    key=("code", "outage_type", "first_date"),
    fields=(
        Field("code", "NATURE_OF_WORK", FieldType.CHOICE, choices=NATURES, example="PLANT_TROUBLE"),
        Field(
            "outage_type", "OUTAGE_TYPE", FieldType.CHOICE, choices=OUTAGE_TYPES, example="FORCED"
        ),
        Field("raaim_exempt", "RAAIM_EXEMPT", FieldType.CHOICE, choices=("Y", "N"), example="N"),
        Field(
            "substitution",
            "SUBSTITUTION_REQUIRED",
            FieldType.CHOICE,
            choices=("Y", "N"),
            example="Y",
        ),
        Field("first_date", "EFFECTIVE_FROM", FieldType.DATE, example="2016-11-01"),
        Field(
            "last_date",
            "EFFECTIVE_TO",
            FieldType.DATE,
            required=False,
            help="Last trade date; blank for no end.",
            example="",
        ),
        Field("source", "SOURCE", max_length=300, example="RA rule book 1.3"),
    ),
    examples=({},),
)
