"""The calculators of credits."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from apps.adequacy.credits.rules.cascade import flex_cascade
from apps.adequacy.credits.rules.distribution import STEP, distribute_one
from apps.platform.kernel.calculator import Calculator, Document, Port
from apps.platform.kernel.quantity import plain

TOLERANCE = Decimal("0.000001")
ZERO = Decimal(0)


def mw_text(value: Decimal) -> str:
    """Write megawatts with two decimals, or as many as they have."""
    return f"{value:.2f}" if value == value.quantize(STEP) else plain(value)


def _forecasts(document: Document) -> dict[str, Decimal]:
    found = {}
    for tac, value in document.mapping("tac_forecast_mw").items():
        at = f"tac_forecast_mw.{str(tac)[:40]}"
        found[str(tac)] = document.number(value, at, minimum=ZERO)
        if isinstance(value, str) and found[str(tac)] == 0:
            document.findings.add(
                "RMR-E-0114B", f"The forecast of {tac} must be above 0.", column=at
            )
    if not found and "tac_forecast_mw" in document.body:
        document.findings.add("CALC-EMPTY", "Name at least one TAC area.", column="tac_forecast_mw")
    return found


def _shares(document: Document, areas: Mapping[str, Decimal]) -> dict[str, dict[str, Decimal]]:
    given = document.mapping("load_share")
    found: dict[str, dict[str, Decimal]] = {}
    for tac in given:
        if tac not in areas:
            document.findings.add(
                "CALC-UNKNOWN",
                f"{str(tac)[:40]} has shares but no forecast.",
                column=f"load_share.{str(tac)[:40]}",
            )
    for tac in areas:
        rows = given.get(tac)
        if not isinstance(rows, dict) or not rows:
            document.findings.add(
                "CALC-MISSING", f"{tac} has no load shares.", column=f"load_share.{tac}"
            )
            continue
        found[tac] = {
            str(lse): document.number(value, f"load_share.{tac}.{str(lse)[:40]}", minimum=ZERO)
            for lse, value in rows.items()
        }
        total = sum(found[tac].values(), ZERO)
        if abs(total - 1) > TOLERANCE:
            document.findings.add(
                "RMR-E-0114A",
                f"The load shares of {tac} sum to {plain(total)}.",
                column=f"load_share.{tac}",
            )
    return found


def credit_distribution(body: Mapping[str, Any]) -> dict[str, Any]:
    """Distribute one credit (see ``distribute_one``)."""
    document = Document.open(body, known=("credit_mw", "tac_forecast_mw", "load_share"))
    mw = document.number(document.get("credit_mw"), "credit_mw", minimum=ZERO)
    if mw != mw.quantize(STEP):
        document.findings.add(
            "CALC-DECIMALS", "credit_mw holds at most 2 decimals.", column="credit_mw"
        )
    forecasts = _forecasts(document)
    shares = _shares(document, forecasts)
    document.close()
    tac, rows = distribute_one(mw, forecasts, shares)
    return {
        "tac_mw": {t: mw_text(v) for t, v in tac.items()},
        "lse": [{"tac": t, "lse": lse, "mw": mw_text(v)} for t, lse, v in rows],
    }


def _three(document: Document, name: str) -> list[Decimal]:
    rows = document.rows(name)
    if len(rows) != 3 and name in document.body:
        document.findings.add(
            "CALC-SHAPE", f"{name} holds three numbers, of categories 1 to 3.", column=name
        )
        return [ZERO] * 3
    return [document.number(v, f"{name}[{n}]", minimum=ZERO) for n, v in enumerate(rows, 1)]


def cascade(body: Mapping[str, Any]) -> dict[str, Any]:
    """Apply flexible credits (see ``flex_cascade``)."""
    document = Document.open(body, known=("obligation_mw", "credit_mw"))
    obligation, credit = _three(document, "obligation_mw"), _three(document, "credit_mw")
    document.close()
    done = flex_cascade(obligation, credit)
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
    inputs=(
        Port("credit_mw", "number", "MW", "The credit, at most two decimals."),
        Port("tac_forecast_mw", "object", "MW", "CEC forecast of each linked TAC area."),
        Port("load_share", "object", "share", "By TAC area: the share of each LSE; sums to 1."),
    ),
    outputs=(
        Port("tac_mw", "object", "MW", "What each TAC area gets."),
        Port("lse", "list", "MW", "tac, lse, mw; none for a share of 0."),
    ),
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
    inputs=(
        Port("obligation_mw", "list", "MW", "Obligations of categories 1, 2, 3."),
        Port("credit_mw", "list", "MW", "Credits of categories 1, 2, 3."),
    ),
    outputs=(
        Port("applied", "list", "MW", "obligation, credit, mw, in the order applied."),
        Port("unmet_mw", "list", "MW", "What of each obligation is unmet."),
        Port("left_mw", "list", "MW", "What of each credit is left."),
    ),
    example={"obligation_mw": ["50", "30", "20"], "credit_mw": ["80", "30", "0"]},
    compute=cascade,
    requirements=("BRQ-0121",),
)
