"""What a new version of a dataset changes, row by row, and the fingerprint of its content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from apps.platform.core.layouts import FileLayout
from apps.platform.core.quantity import Quantity

SAMPLE = 50


@dataclass(frozen=True)
class Difference:
    """How a new frame differs from the current one; samples hold at most 50 rows each.

    ``kept``: current rows of parts that the new frame does not name, which stay in force.
    """

    added: int
    removed: int
    changed: int
    unchanged: int
    kept: int = 0
    samples: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


def content_hash(frame: pl.DataFrame, layout: FileLayout) -> str:
    """Return a fingerprint of the typed rows that does not depend on their order in the file."""
    names = [f.name for f in layout.fields]
    # rows alike in all columns may change places; the stable sort is the quicker one
    ordered = frame.select(names).sort(names, nulls_last=False, maintain_order=True)
    return hashlib.sha256(ordered.write_csv().encode()).hexdigest()


def compare(
    new: pl.DataFrame,
    old: pl.DataFrame | None,
    layout: FileLayout,
    *,
    replaces: bool,
    parts: tuple[str, ...] = (),
    sample: int = SAMPLE,
) -> Difference:
    """Return the rows added, removed, changed (with old and new values) and unchanged.

    new, old: typed frames with the record's columns. ``replaces``: rows missing from the new
    frame end; else they stay and are not counted as removed. ``parts``: columns that name a part;
    only rows of parts that the new frame names can end. ``sample``: how many rows of each sort are
    given.
    """
    key = list(layout.key)
    kept = 0
    if old is not None and parts:
        held = old.height
        old = old.join(new.select(parts).unique(), on=list(parts), how="semi", nulls_equal=True)
        kept = held - old.height
    if not layout.unique:
        new = new.unique(subset=key, keep="first", maintain_order=True)
        old = old.unique(subset=key, keep="first") if old is not None else None
    columns = [f.name for f in layout.fields if old is None or f.name in old.columns]
    rest = [c for c in columns if c not in key]
    if old is None or old.is_empty():
        return Difference(
            new.height,
            0,
            0,
            0,
            kept,
            {"added": _rows(new.head(sample), [*key, *rest], layout)},
        )
    old = old.select([*key, *rest])
    joined = new.select(["line_no", *key, *rest]).join(
        old.with_columns(pl.lit(True).alias("__old")),
        on=key,
        how="left",
        suffix="__was",
        nulls_equal=True,
    )
    is_new = pl.col("__old").is_null()
    same = (
        pl.all_horizontal([pl.col(c).eq_missing(pl.col(f"{c}__was")) for c in rest])
        if rest
        else pl.lit(True)
    )
    added = joined.filter(is_new)
    changed = joined.filter(~is_new & ~same)
    removed = (
        old.join(new.select(key), on=key, how="anti", nulls_equal=True) if replaces else old.head(0)
    )
    return Difference(
        added.height,
        removed.height,
        changed.height,
        joined.height - added.height - changed.height,
        kept,
        {
            "added": _rows(added.head(sample), [*key, *rest], layout),
            "removed": _rows(removed.head(sample), [*key, *rest], layout),
            "changed": _changes(changed.head(sample), key, rest, layout),
        },
    )


def shown_value(value: Any, quantity: Quantity | None) -> str:
    """Return a typed value as people write it; ``quantity``: what its stored steps are of."""
    if value is None:
        return ""
    return quantity.text(quantity.from_scaled(value)) if quantity else str(value)


def _rows(frame: pl.DataFrame, columns: list[str], layout: FileLayout) -> list[dict[str, Any]]:
    units = {c: layout.field(c).quantity for c in columns}
    return [
        {"line": row.get("line_no", 0)} | {c: shown_value(row[c], units[c]) for c in columns}
        for row in frame.to_dicts()
    ]


def _changes(
    frame: pl.DataFrame, key: list[str], rest: list[str], layout: FileLayout
) -> list[dict[str, Any]]:
    units = {c: layout.field(c).quantity for c in [*key, *rest]}
    found = []
    for row in frame.to_dicts():
        moved = [
            {
                "column": layout.field(c).header,
                "was": shown_value(row[f"{c}__was"], units[c]),
                "now": shown_value(row[c], units[c]),
            }
            for c in rest
            if row[c] != row[f"{c}__was"]
        ]
        found.append(
            {"line": row["line_no"], "changes": moved}
            | {c: shown_value(row[c], units[c]) for c in key}
        )
    return found
