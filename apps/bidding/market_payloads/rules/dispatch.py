"""What the market and the operators are told of RMR: flags, instruction types, alerts."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from apps.platform.core.calculator import (
    Amount,
    Calculator,
    Flag,
    Inputs,
    OneOf,
    Outputs,
    field,
)
from apps.platform.core.rulebook import implements
from apps.platform.core.violations import Violation

CD_TYPES = {"1": "CONDITION_1", "2": "CONDITION_2", "NEW": "NEW_TARIFF"}


@implements("BRQ-06a", "BRQ-0700", source="BRS 1.2 sections 6.3.2 and 6.3.3")
def rmr_cd_type(
    *, vintage: str, said: str | None, condition: str | None, resource: str
) -> tuple[str | None, Violation | None]:
    """Return what the markets read of an active RMR resource, or why it is left out.

    vintage decides; said: RMR_CD_TYPE of the Master File; condition: that of a legacy contract.
    """
    if said not in (None, "", "N/A", *CD_TYPES):
        return None, Violation(
            "RMR-E-0600",
            f"Unknown RMR_CD_TYPE {said!r} of {resource}; it is left out.",
            value=str(said),
        )
    if vintage == "NEW":
        return CD_TYPES["NEW"], None
    code = said if said in ("1", "2") else condition
    if code not in ("1", "2"):
        return None, Violation(
            "RMR-E-0600",
            f"No RMR_CD_TYPE of the legacy resource {resource} is on file; it is left out.",
            value="",
        )
    return CD_TYPES[code], None


@implements("BRQ-0761", source="BRS 1.2 section 6.3.3")
def dispatch_flag(*, vintage: str, day_ahead_mw: Decimal, real_time_mw: Decimal) -> bool:
    """Whether the ADS RMR flag is set: legacy, and real-time incremental to day-ahead."""
    return vintage == "LEGACY" and real_time_mw > day_ahead_mw


@implements("BRQ-0720", "BRQ-0750", source="BRS 1.2 section 6.3.3")
def instruction_violation(*, vintage: str | None, instruction: str) -> Violation | None:
    """Return why an exceptional dispatch may not use an instruction type, or None.

    vintage None: no RMR resource (*Interpretation*: RMR types are refused there too).
    """
    if instruction.upper().startswith("RMR") and vintage != "LEGACY":
        return Violation(
            "RMR-E-0750",
            "RMR instruction types are for legacy RMR only.",
            column="instruction",
            value=instruction,
        )
    return None


@implements("BRQ-0740", source="BRS 1.2 section 6.3.3 and 6.2.3")
def cpm_alert(*, vintage: str | None, has_ra_or_cpm: bool) -> bool:
    """Whether the dispatch tool alerts to a CPM designation: never for RMR.

    *Interpretation*: neither for legacy RMR, as RMR of either kind can have no CPM (BRQ-0300).
    """
    return not vintage and not has_ra_or_cpm


@implements("BRQ-06d", "BRQ-0710", source="BRS 1.2 sections 6.3.2 and 6.3.3")
def mitigation(*, vintage: str) -> str:
    """Return how a resource stands in market power mitigation: as any other, or legacy's way."""
    return "LMPM" if vintage == "NEW" else "RMR_PROXY_BID"


class DispatchFlagInputs(Inputs):
    """A resource's vintage, its day-ahead schedule and its real-time dispatch."""

    vintage: Annotated[str, OneOf("NEW", "LEGACY")] = field("By the contract's effective date.")
    day_ahead_mw: Amount = field("Day-ahead schedule.", unit="MW")
    real_time_mw: Amount = field("Real-time dispatch.", unit="MW")


class DispatchFlagOutputs(Outputs):
    """The flag."""

    rmr_flag: Flag = field("Legacy and real-time above day-ahead.")


def flag_of(given: DispatchFlagInputs) -> dict[str, Any]:
    """Return the flag of one dispatch (see ``dispatch_flag``)."""
    flag = dispatch_flag(
        vintage=given.vintage, day_ahead_mw=given.day_ahead_mw, real_time_mw=given.real_time_mw
    )
    return {"rmr_flag": flag}


DISPATCH_FLAG = Calculator(
    name="dispatch-flag",
    title="RMR dispatch flag",
    meaning="Whether the dispatch system marks a real-time dispatch as RMR.",
    inputs=DispatchFlagInputs,
    outputs=DispatchFlagOutputs,
    example={"vintage": "LEGACY", "day_ahead_mw": "30", "real_time_mw": "42"},
    compute=flag_of,
    requirements=("BRQ-0761",),
)
