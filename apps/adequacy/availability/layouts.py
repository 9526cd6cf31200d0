"""Layouts of assessment hours."""

from __future__ import annotations

from apps.adequacy.availability.codes import EVERY_DAY, WEEKDAYS
from apps.platform.core.layouts import Field, FieldType, FileLayout

INTEGER, DATE = FieldType.INTEGER, FieldType.DATE
HOURS_ROW = FileLayout(
    name="availability assessment hours",
    key=("ra_type", "category", "first_date"),
    fields=(
        Field(
            "ra_type", "RA_TYPE", FieldType.CHOICE, choices=("GENERIC", "FLEX"), example="GENERIC"
        ),
        Field(
            "category", "FLEX_CATEGORY", INTEGER, minimum=1, maximum=3, required=False, example=""
        ),
        Field("first_date", "FIRST_DATE", DATE, example="2024-06-01"),
        Field("last_date", "LAST_DATE", DATE, required=False, example="2025-02-28"),
        Field("first_he", "FIRST_HE", INTEGER, minimum=1, maximum=24, example="17"),
        Field("last_he", "LAST_HE", INTEGER, minimum=1, maximum=24, example="21"),
        Field(
            "day_rule",
            "DAY_RULE",
            FieldType.CHOICE,
            choices=(EVERY_DAY, WEEKDAYS),
            example=WEEKDAYS,
        ),
        Field("source", "SOURCE", max_length=300, example="CPUC table"),
    ),
    examples=({},),
)
