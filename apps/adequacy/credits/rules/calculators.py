"""The calculators of credits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Annotated, Any

from annotated_types import Len

from apps.adequacy.credits.rules.cascade import flex_cascade
from apps.adequacy.credits.rules.distribution import STEP, distribute_one
from apps.platform.core.calculator import (
    Amount,
    Calculator,
    Inputs,
    NotNegative,
    Number,
    Outputs,
    Row,
    Violation,
    Whole,
    field,
)
from apps.platform.core.quantity import plain

TOLERANCE = Decimal("0.000001")
ZERO = Decimal(0)


def mw_text(value: Decimal) -> str:
    """Write megawatts with two decimals, or as many as they have."""
    return f"{value:.2f}" if value == value.quantize(STEP) else plain(value)


class CreditDistributionInputs(Inputs):
    """A credit, and the forecasts and shares it is distributed by."""

    credit_mw: Annotated[Decimal, Number(least=0, places=2)] = field(
        "The credit, at most two decimals.", unit="MW"
    )
    tac_forecast_mw: dict[str, NotNegative] = field(
        "CEC forecast of each linked TAC area.", unit="MW"
    )
    load_share: dict[str, dict[str, NotNegative]] = field(
        "By TAC area: the share of each LSE; sums to 1.", unit="share"
    )

    def check(self) -> Iterable[Violation]:
        """Return areas without a forecast or shares, and shares that do not sum to 1."""
        if not self.tac_forecast_mw:
            yield Violation("CALC-EMPTY", "Name at least one TAC area.", column="tac_forecast_mw")
        for tac, forecast in self.tac_forecast_mw.items():
            if forecast == 0:
                yield Violation(
                    "RMR-E-0114B",
                    f"The forecast of {tac} must be above 0.",
                    column=f"tac_forecast_mw.{tac[:40]}",
                )
        for tac in self.load_share:
            if tac not in self.tac_forecast_mw:
                yield Violation(
                    "CALC-UNKNOWN",
                    f"{tac[:40]} has shares but no forecast.",
                    column=f"load_share.{tac[:40]}",
                )
        for tac in self.tac_forecast_mw:
            yield from _shares_of(tac, self.load_share.get(tac, {}))


def _shares_of(tac: str, shares: Mapping[str, Decimal]) -> Iterable[Violation]:
    at, total = f"load_share.{tac[:40]}", sum(shares.values(), ZERO)
    if not shares:
        yield Violation("CALC-MISSING", f"{tac} has no load shares.", column=at)
    elif abs(total - 1) > TOLERANCE:
        yield Violation(
            "RMR-E-0114A", f"The load shares of {tac} sum to {plain(total)}.", column=at
        )


class LseCredit(Row, extra="forbid"):
    """What one LSE gets in one TAC area."""

    tac: str = field("TAC area.")
    lse: str = field("LSE.")
    mw: Amount = field("Its part.", unit="MW")


class CreditDistributionOutputs(Outputs):
    """Who gets how much of the credit."""

    tac_mw: dict[str, Amount] = field("What each TAC area gets.", unit="MW")
    lse: list[LseCredit] = field("None for a share of 0.", unit="MW")


def credit_distribution(given: CreditDistributionInputs) -> dict[str, Any]:
    """Distribute one credit (see ``distribute_one``)."""
    tac, rows = distribute_one(given.credit_mw, given.tac_forecast_mw, given.load_share)
    return {
        "tac_mw": {t: mw_text(v) for t, v in tac.items()},
        "lse": [{"tac": t, "lse": lse, "mw": mw_text(v)} for t, lse, v in rows],
    }


Three = Annotated[list[NotNegative], Len(3, 3)]


class FlexCascadeInputs(Inputs):
    """Obligations and credits of categories 1 to 3."""

    obligation_mw: Three = field("Obligations of categories 1, 2, 3.", unit="MW")
    credit_mw: Three = field("Credits of categories 1, 2, 3.", unit="MW")


class AppliedCredit(Row, extra="forbid"):
    """A credit of one category against an obligation of one."""

    obligation: Annotated[int, Whole(1, 3)] = field("Category of the obligation.")
    credit: Annotated[int, Whole(1, 3)] = field("Category of the credit.")
    mw: Amount = field("What was applied.", unit="MW")


class FlexCascadeOutputs(Outputs):
    """What was applied, and what is unmet or left."""

    applied: list[AppliedCredit] = field("In the order applied.", unit="MW")
    unmet_mw: list[Amount] = field("What of each obligation is unmet.", unit="MW")
    left_mw: list[Amount] = field("What of each credit is left.", unit="MW")


def cascade(given: FlexCascadeInputs) -> dict[str, Any]:
    """Apply flexible credits (see ``flex_cascade``)."""
    done = flex_cascade(given.obligation_mw, given.credit_mw)
    return {
        "applied": [
            {"obligation": a.obligation, "credit": a.credit, "mw": mw_text(a.mw)}
            for a in done.applied
        ],
        "unmet_mw": [mw_text(v) for v in done.unmet],
        "left_mw": [mw_text(v) for v in done.left],
    }


CREDIT_DISTRIBUTION = Calculator(
    name="credit-distribution",
    title="Credit distribution",
    meaning="One credit to TAC areas by demand forecast and to LSEs by load share, 0.01 MW exact.",
    inputs=CreditDistributionInputs,
    outputs=CreditDistributionOutputs,
    example={
        "credit_mw": "49.20",
        "tac_forecast_mw": {"PGE-TAC": "20750", "SCE-TAC": "23100"},
        "load_share": {
            "PGE-TAC": {"LPGE": "0.7", "LMCE": "0.3"},
            "SCE-TAC": {"LSCE": "1"},
        },
    },
    compute=credit_distribution,
    requirements=("BRQ-0114",),
)
FLEX_CASCADE = Calculator(
    name="flex-cascade",
    title="Flexible credit cascade",
    meaning="Flexible credits against obligations, from category 1 down.",
    inputs=FlexCascadeInputs,
    outputs=FlexCascadeOutputs,
    example={"obligation_mw": ["50", "30", "20"], "credit_mw": ["80", "30", "0"]},
    compute=cascade,
    requirements=("BRQ-0121",),
)
