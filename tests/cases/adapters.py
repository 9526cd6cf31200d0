"""How a case written as plain YAML becomes the call of a rule."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from apps.platform.core.calculator import CALCULATORS
from apps.settlement.settlements.rules import CapacityRow, ContractDay


def capacity_day(rule, given):
    contract = ContractDay(
        "RES",
        date.fromisoformat(given["effective"]),
        Decimal(given["price"]) if given.get("price") else None,
        [CapacityRow(t, k, Decimal(mw)) for t, k, mw in given["rows"]],
        given.get("sc", "SC_G"),
    )
    done = rule(
        contract,
        cutoff=date.fromisoformat(given.get("cutoff", "2018-09-01")),
        basis=given.get("basis", "MAX"),
    )
    return {
        "outcome": done.outcome,
        "capacity_mw": str(done.capacity_mw),
        "amount_cents": done.amount_cents,
    }


def allocate(rule, given):
    load = {tuple(cell.split("/")): mwh for cell, mwh in given["load"].items()}
    return rule(
        given["net_cents"],
        scope=given["scope"],
        tac_mw=given.get("tac_mw", {}),
        load=load,
        step=given.get("step", "ONE_STEP"),
    )


def rmr_vintage(rule, given):
    return rule(**{k: date.fromisoformat(v) for k, v in given.items()})


def calculated(rule, given):
    """Calculate as page and API do: by the calculator that has the rule."""
    (calculator,) = [c for c in CALCULATORS if c.compute is rule]
    return calculator.calculate(given)


capacity_allocation = cost_shares = calculated
