"""Lists of availability."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from apps.adequacy.availability import selectors
from apps.adequacy.availability.codes import READERS
from apps.adequacy.availability.models import AssessmentHours, AvailabilityHour, AvailabilityNote
from apps.platform.ui.hooks import MENU, MenuItem
from apps.platform.ui.screens import SCREENS, Column, Row, Screen, link_to


def _month_page(row: Row) -> str:
    return reverse(
        "heat-map", args=[f"{row['trade_date']:%Y-%m}", row["resource_id"], row["ra_type"]]
    )


COMMON: dict[str, Any] = {"roles": READERS, "group": "results", "in_search": False}
HOURS = Screen(
    name="availability-hours",
    title="Availability by hour",
    model=AvailabilityHour,
    select=selectors.hours,
    columns=(
        "trade_date",
        "hour_ending",
        Column("unit", "Resource", link=_month_page),
        "ra_type",
        "category",
        "source",
        "obligation_mw",
        "curtailed_mw",
        "exempt_mw",
        "substituted_mw",
        Column("pmax_mw", shown=False),
        Column("sc__code", "SC"),
    ),
    extra=("resource_id",),
    filters=("trade_date", "unit", "ra_type", "source", "sc__code"),
    search=("unit",),
    order=("-trade_date", "unit", "ra_type", "hour_ending"),
    implements=("BRQ-0216", "BRQ-1215"),
    intro="RAAIM pre-calculation: assessed hours, exact to the second, rounded once at 0.01 MW.",
    empty="No availability has been calculated yet.",
    **COMMON,
)
NOTES = Screen(
    name="availability-exceptions",
    title="Not measured",
    model=AvailabilityNote,
    select=selectors.notes,
    columns=("trade_date", "unit", "ra_type", "code", "message", Column("sc__code", "SC")),
    filters=("trade_date", "unit", "ra_type", "code"),
    search=("unit",),
    order=("-trade_date", "unit", "ra_type"),
    implements=("BRQ-0030", "BRQ-0216"),
    intro="Resources that RAAIM leaves out, and why.",
    empty="Every obligation of the calculated days is measured.",
    **COMMON,
)
TABLE = Screen(
    name="assessment-hours",
    title="Assessment hours",
    model=AssessmentHours,
    select=selectors.assessment_hours,
    columns=(
        "ra_type",
        "category",
        "first_date",
        "last_date",
        "first_he",
        "last_he",
        "day_rule",
        "source",
        Column(
            "line_no", "Row in file", link=link_to("uploaded-row", "dataset_version_id", "line_no")
        ),
    ),
    extra=("dataset_version_id",),
    filters=("ra_type", "category"),
    search=("source",),
    order=("ra_type", "category", "first_date"),
    roles=READERS,
    group="inputs",
    in_search=False,
    implements=("BRQ-0216",),
    intro="Availability assessment hours by date; a new file of the whole table changes them.",
)
SCREENS.register(HOURS, NOTES, TABLE)
for position, (label, name) in enumerate(
    (
        ("Availability", "availability"),
        ("Availability by hour", "availability-hours"),
        ("Not measured", "availability-exceptions"),
    )
):
    MENU.register(
        MenuItem(group="Adequacy", label=label, name=name, roles=READERS, order=70 + position)
    )
MENU.register(
    MenuItem(
        group="Inputs", label="Assessment hours", name="assessment-hours", roles=READERS, order=74
    )
)
