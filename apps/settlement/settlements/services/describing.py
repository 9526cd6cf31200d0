"""What the nodes of a chain gave for one resource, in words and numbers for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from fractions import Fraction
from typing import Any

import polars as pl

from apps.platform.core.explanation import CalculationStep
from apps.platform.core.formula import written
from apps.platform.core.quantity import COST, MWH, USD, USD_PER_MWH, dollars, in_dollars
from apps.platform.core.words import counted
from apps.settlement.settlements.rules.chain import NODES, Node, givers, in_order
from apps.settlement.settlements.rules.energy_adjustment import FACTOR
from apps.settlement.settlements.rules.lines import exact

PLAIN = {"line_no", "resource_id", "sc_id", "hour_ending", "interval", "quarter", "row"}
ENERGY = ("mwh", "ruc_mw")
CASES = ("IN-CPM",)  # inputs that no file row shows, told as steps
PRICES = ("lmp", "price", "bid", "reference")


def ancestors(code: str) -> list[Node]:
    """Return the pre-calculations a node rests on, in the order they are calculated."""
    chain = list(NODES)
    given = givers(chain)
    by_code = {n.code: n for n in chain}
    wanted: set[str] = set()
    waiting = [code]
    while waiting:
        for port in by_code[waiting.pop()].reads:
            giver = given[port][0].code
            if giver not in wanted:
                wanted.add(giver)
                waiting.append(giver)
    return [n for n in in_order(chain) if n.code in wanted and (n.role == "PC" or n.code in CASES)]


def steps_of(
    node: Node, book: Mapping[str, Any], resource_id: int, day: Any
) -> list[CalculationStep]:
    """Return what a pre-calculation gave for a resource, one step for each port that has any."""
    found = []
    for port in node.gives:
        words = figures(book.get(port.name), resource_id)
        if words:
            formula = node.version(day).formula if node.versions else "as on file"
            found.append(
                CalculationStep(
                    f"{node.code} {node.title}",
                    formula,
                    port.meaning,
                    words,
                    "",
                    node.source,
                    ", ".join(node.requirements),
                )
            )
    return found


def figures(value: Any, resource_id: int) -> str:
    """Return the figures of a port that belong to a resource as one sentence; empty for none."""
    if isinstance(value, pl.DataFrame):
        return _of_frame(value, resource_id)
    if isinstance(value, dict) and resource_id in value:
        return "; ".join(_of_record(one) for one in value[resource_id])
    if isinstance(value, list):
        own = [row for row in value if getattr(row, "resource_id", None) == resource_id]
        return "; ".join(_of_record(one) for one in own)
    return ""


def _of_record(one: Any) -> str:
    if not is_dataclass(one) or isinstance(one, type):
        return ""
    parts = []
    for name, value in asdict(one).items():
        if isinstance(value, Fraction):
            parts.append(f"{_name(name)} {written(value)}")
        elif isinstance(value, str) and value:
            parts.append(value)
        elif name == "prices":
            days = Counter(price for _, price in value)
            parts += [
                f"{counted(count, 'day')} at {written(p)} $/kW-month" for p, count in days.items()
            ]
    return ", ".join(parts)


def _of_frame(frame: pl.DataFrame, resource_id: int) -> str:
    if "resource_id" not in frame.columns:
        return ""
    own = frame.filter(pl.col("resource_id") == resource_id)
    if own.is_empty():
        return ""
    parts = [f"{own.height} rows"] if own.height > 1 else []
    for name, kind in own.schema.items():
        if kind == pl.Int128:
            parts.append(f"{_name(name)} {in_dollars(written(exact(int(own[name].sum()))))}")
        elif name in ("meaf", "rtpm"):
            mean = Fraction(int(own[name].sum()), own.height * FACTOR)
            parts.append(f"{_name(name)} {written(mean, 8)} on average")
        elif name == "cents":
            parts.append(f"{_name(name)} {dollars(USD.from_scaled(int(own[name].sum())))}")
    return ", ".join(parts)


def _name(column: str) -> str:
    names = {
        "own_cost": "self-scheduled cost",
        "own_revenue": "self-scheduled revenue",
        "bcr": "uplift",
        "true_up": "adder part",
        "cents": "uplift",
        "meaf": "MEAF",
        "rtpm": "RTPM",
    }
    return names.get(column, column.replace("_", " "))


def row_words(row: Mapping[str, Any]) -> str:
    """Return what an input row says, with units, for the list of uploaded rows."""
    parts = []
    for name, value in row.items():
        if value in (None, "", 0) or name in PLAIN:
            continue
        if not isinstance(value, int):
            parts.append(str(value))
        elif name.endswith("mwh") or name in ENERGY:
            parts.append(f"{_name(name)} {MWH.text(MWH.from_scaled(value))}")
        elif any(word in name for word in PRICES) and not name.endswith("cost"):
            parts.append(f"{_name(name)} {USD_PER_MWH.text(USD_PER_MWH.from_scaled(value))}")
        elif "cost" in name or "revenue" in name:
            parts.append(f"{_name(name)} {dollars(COST.from_scaled(value), COST)}")
        else:
            parts.append(f"{_name(name)} {value}")
    return ", ".join(parts)
