"""Charge lines, outcomes and datasets of the daily settlement."""

from __future__ import annotations

from enum import StrEnum

DAILY = "settlements.daily"


class ChargeCode(StrEnum):
    """Our own charge codes; the ISO's numbers for them are not public (BRQ-1225, BRQ-1230)."""

    RMR_CAP = "RMR-CAP"
    RMR_ALLOC = "RMR-ALLOC"


CHARGE_TITLES = {
    ChargeCode.RMR_CAP.value: "RMR capacity payment",
    ChargeCode.RMR_ALLOC.value: "RMR cost allocation",
}


class Outcome(StrEnum):
    """How the day of one RMR contract ended."""

    SETTLED = "SETTLED"
    LEGACY = "LEGACY"
    DATA_HOLD = "DATA_HOLD"
    UNALLOCATED_NO_LOAD = "UNALLOCATED_NO_LOAD"
