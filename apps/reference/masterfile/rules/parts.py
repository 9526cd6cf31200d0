"""Checks of multi-stage configurations, transitions and curves of one file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from apps.platform.core.violations import Violation

Row = Mapping[str, Any]


def check_configurations(rows: Iterable[Row]) -> list[Violation]:
    """Return configurations whose Pmin exceeds Pmax."""
    return [
        Violation("MSG-PMIN", "PMIN_MW exceeds PMAX_MW.", row["line_no"], "PMIN_MW")
        for row in rows
        if row["pmin_mw"] > row["pmax_mw"]
    ]


def check_transitions(
    rows: Iterable[Row], configurations: Mapping[str, frozenset[str]]
) -> list[Violation]:
    """Return transitions from or to a configuration that is not on file, or to itself.

    configurations: the known configurations by resource ID.
    """
    found = []
    for row in rows:
        known = configurations.get(row["resource_id"], frozenset())
        for name in ("from_config", "to_config"):
            if row[name] not in known:
                found.append(
                    Violation(
                        "MSG-CONFIG",
                        f"{row['resource_id']} has no configuration {row[name]}; "
                        "send the configurations first.",
                        row["line_no"],
                        name.upper(),
                    )
                )
        if row["from_config"] == row["to_config"]:
            found.append(
                Violation(
                    "MSG-SAME",
                    "A transition leads to another configuration.",
                    row["line_no"],
                    "TO_CONFIG",
                )
            )
    return found


def check_points(rows: Iterable[Row]) -> list[Violation]:
    """Return points that are neither heat rate nor cost, or whose MW do not rise with their number.

    Points of one resource and configuration belong together. A point may hold both: the cost then
    makes the bid, the heat rate its allowances (BRQ-0066).
    """
    found = []
    last: dict[tuple[str, str], tuple[int, int]] = {}
    ordered = sorted(rows, key=lambda r: (r["resource_id"], r["config_id"], r["point_no"]))
    for row in ordered:
        if row["heat_rate"] is None and row["cost"] is None:
            found.append(
                Violation(
                    "MF-CURVE",
                    "A point holds a heat rate, a cost, or both.",
                    row["line_no"],
                    "AVG_HEAT_RATE_BTU_KWH",
                )
            )
        key = (row["resource_id"], row["config_id"])
        if key in last and row["mw"] <= last[key][1]:
            found.append(
                Violation(
                    "MF-RISE",
                    f"MW must rise from point {last[key][0]} to point {row['point_no']}.",
                    row["line_no"],
                    "MW",
                )
            )
        last[key] = (row["point_no"], row["mw"])
    return found
