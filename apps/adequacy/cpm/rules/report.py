"""When a designation report is due, as a rule and as a calculator."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any

from apps.adequacy.cpm.codes import TYPES
from apps.platform.core.calculator import (
    Calculator,
    Day,
    Inputs,
    OneOf,
    Outputs,
    field,
)
from apps.platform.core.rulebook import implements


@implements("BRQ-0330", source="BRS 1.2 section 6.2.3")
def report_due(*, selected: date, effective: date, kind: str) -> date | None:
    """Return the day by which the report is posted; None for exceptional dispatch.

    The earlier of 30 days after the selection and the 10th of the month it takes effect.
    *Interpretation*: where that 10th lies before the selection, the 30 days count.
    """
    if kind == "EXCEPTIONAL_DISPATCH":
        return None
    thirty, tenth = selected + timedelta(days=30), effective.replace(day=10)
    return thirty if tenth < selected else min(thirty, tenth)


class CpmReportDueInputs(Inputs):
    """When a designation was selected, when it takes effect, and its type."""

    selected: Day = field("The day it was selected.")
    effective: Day = field("The day it takes effect.")
    type: Annotated[str, OneOf(*TYPES)] = field(f"One of {', '.join(TYPES)}.")


class CpmReportDueOutputs(Outputs):
    """The day the report is due."""

    due: Day | None = field("Null where no report is due.")


def cpm_report_due(given: CpmReportDueInputs) -> dict[str, Any]:
    """Say when a report is due (see ``report_due``)."""
    due = report_due(selected=given.selected, effective=given.effective, kind=given.type)
    return {"due": due.isoformat() if due else None}


CPM_REPORT_DUE = Calculator(
    name="cpm-report-due",
    title="CPM designation report",
    meaning="When the report of a CPM designation is due.",
    inputs=CpmReportDueInputs,
    outputs=CpmReportDueOutputs,
    example={"selected": "2020-07-20", "effective": "2020-08-01", "type": "MONTHLY"},
    compute=cpm_report_due,
    requirements=("BRQ-0330",),
)
