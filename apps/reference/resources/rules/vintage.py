"""Legacy or new tariff: one derived attribute, never typed in, and what follows from it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from apps.platform.core.calculator import (
    Calculator,
    Day,
    Inputs,
    OneOf,
    Outputs,
    ReadBy,
    field,
    wrong,
)
from apps.platform.core.rulebook import implements
from apps.reference.resources.codes import CreditLabel, Raaim, Vintage

CUTOFF = date(2018, 9, 1)
LABEL_FROM = date(2020, 1, 1)


@implements("BRQ-0025", "BRQ-0035", "BRQ-1205", source="BRS 1.2 sections 6.1.1 and 6.4.1")
def rmr_vintage(*, effective_date: date, cutoff: date) -> Vintage:
    """Decide the vintage of an RMR contract from its effective date.

    effective_date: first day the agreement took effect; an extension keeps it, a re-made contract
    has its own. cutoff: the value of ``rmr.new_tariff_cutoff``. Returns NEW on or after the cutoff.
    Source: BRQ-0025, BRQ-1205. Interpretation: the glossary prints a cutoff of 2019 and the
    requirement one of 2018; the requirement is followed, as a dated parameter.
    """
    return Vintage.NEW if effective_date >= cutoff else Vintage.LEGACY


def credit_label(*, vintage: Vintage, month: date, label_from: date) -> CreditLabel:
    """Return the label of a credit for a month; nothing is relabelled backwards (BRQ-0117).

    month: any day of it. label_from: value of ``rmr.legacy_label_from``.
    """
    legacy = vintage is Vintage.LEGACY and month >= label_from
    return CreditLabel.RMRL if legacy else CreditLabel.RMR


def raaim_of(vintage: Vintage) -> Raaim:
    """Return whether RAAIM measures a contract of this vintage by default (BRQ-0030)."""
    return Raaim.SUBJECT if vintage is Vintage.NEW else Raaim.EXEMPT


def month_of(value: Any) -> date:
    """Read a month written YYYY-MM; the value is its first day."""
    if isinstance(value, str) and len(value) == 7:
        try:
            return date.fromisoformat(f"{value}-01")
        except ValueError:
            pass
    raise wrong("CALC-MONTH", "must be written YYYY-MM, such as 2020-01.")


MONTH_SHAPE = {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$", "x-shape": "YYYY-MM"}


class VintageInputs(Inputs):
    """When a contract took effect, and the month of a credit."""

    effective_date: Day = field("First day the agreement took effect.")
    month: Annotated[date, ReadBy(month_of, MONTH_SHAPE)] = field("The month of a credit.")


class VintageOutputs(Outputs):
    """What follows from the effective date."""

    vintage: Annotated[str, OneOf(*Vintage)] = field("NEW from 2018-09-01.")
    label: Annotated[str, OneOf(*CreditLabel)] = field("RMRL for legacy from 2020-01.")
    raaim: Annotated[str, OneOf(*Raaim)] = field("Legacy is exempt.")


def vintage_of(given: VintageInputs) -> dict[str, Any]:
    """Derive vintage, label and RAAIM with the values of the specification."""
    vintage = rmr_vintage(effective_date=given.effective_date, cutoff=CUTOFF)
    return {
        "vintage": vintage.value,
        "label": credit_label(vintage=vintage, month=given.month, label_from=LABEL_FROM).value,
        "raaim": raaim_of(vintage).value,
    }


VINTAGE = Calculator(
    name="vintage",
    title="RMR vintage",
    meaning="What the effective date of an RMR contract decides: vintage, the label of its credits "
    "in a month, and whether RAAIM measures it.",
    inputs=VintageInputs,
    outputs=VintageOutputs,
    example={"effective_date": "2018-08-31", "month": "2020-01"},
    compute=vintage_of,
    requirements=("BRQ-0025", "BRQ-0030", "BRQ-0035"),
)
