"""Legacy or new tariff: one derived attribute, never typed in, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from apps.platform.kernel.calculator import Calculator, Document, Port
from apps.platform.kernel.rulebook import implements
from apps.reference.resources.terms import CreditLabel, Raaim, Vintage

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


def vintage_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """Derive vintage, label and RAAIM with the values of the specification."""
    document = Document.open(body, known=("effective_date", "month"))
    effective, month = document.day("effective_date"), _month(document)
    document.close()
    vintage = rmr_vintage(effective_date=effective, cutoff=CUTOFF)
    return {
        "vintage": vintage.value,
        "label": credit_label(vintage=vintage, month=month, label_from=LABEL_FROM).value,
        "raaim": raaim_of(vintage).value,
    }


def _month(document: Document) -> date:
    value = document.get("month")
    if isinstance(value, str) and len(value) == 7:
        try:
            return date.fromisoformat(f"{value}-01")
        except ValueError:
            pass
    if "month" in document.body:
        document.findings.add(
            "CALC-MONTH", "month must be written YYYY-MM, such as 2020-01.", column="month"
        )
    return LABEL_FROM


VINTAGE = Calculator(
    name="vintage",
    title="RMR vintage",
    meaning="What the effective date of an RMR contract decides: vintage, the label of its credits "
    "in a month, and whether RAAIM measures it.",
    inputs=(
        Port("effective_date", "date", "", "First day the agreement took effect."),
        Port("month", "YYYY-MM", "", "The month of a credit."),
    ),
    outputs=(
        Port("vintage", "LEGACY or NEW", "", "NEW from 2018-09-01."),
        Port("label", "RMR or RMRL", "", "RMRL for legacy from 2020-01."),
        Port("raaim", "EXEMPT or SUBJECT", "", "Legacy is exempt."),
    ),
    example={"effective_date": "2018-08-31", "month": "2020-01"},
    compute=vintage_of,
    requirements=("BRQ-0025", "BRQ-0030", "BRQ-0035"),
)
