"""Check and store price files, rates and commitment inputs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import polars as pl

from apps.bidding.costs.layouts import PUBLISHED_INDICES
from apps.bidding.costs.models import (
    AllowancePrice,
    CommitmentInput,
    CostRate,
    FuelPrice,
    FuelRegion,
)
from apps.bidding.costs.rules import registered_cost_violation
from apps.bidding.costs.services.inputs import under_contract_from
from apps.platform.audit.services import copy_rows
from apps.platform.core.violations import Severity, Violation
from apps.platform.uploads.hooks import Storing
from apps.reference.resources.selectors import resource_ids
from apps.reference.resources.services import unknown_resources

QUARTER = re.compile(r"Q([1-4]) (\d{4})")
Options = Mapping[str, str]


def period_of_price(frame: pl.DataFrame, options: Options) -> pl.Series:
    """Each row belongs to the day of its price."""
    return frame["price_date"].dt.to_string("%Y-%m-%d")


def period_of_rate(frame: pl.DataFrame, options: Options) -> pl.Series:
    """Each row belongs to the day its rate begins."""
    return frame["effective"].dt.to_string("%Y-%m-%d")


def quarter_start(text: str) -> date | None:
    """Return the first day of a quarter written ``Q3 2024``, or None."""
    match = QUARTER.fullmatch(text.strip())
    return date(int(match[2]), 3 * int(match[1]) - 2, 1) if match else None


def period_of_auction(frame: pl.DataFrame, options: Options) -> pl.Series:
    """Each row belongs to the first day of its quarter."""
    days = [str(quarter_start(q or "") or "none") for q in frame["quarter"]]
    return pl.Series(days, dtype=pl.String)


def check_gas(frame: pl.DataFrame, options: Options) -> list[Violation]:
    """Name weeks without a price; the one before holds on. A price below 0 is noted."""
    names = [n.lower() for n in PUBLISHED_INDICES]
    told = [n for n in names if frame[n].is_not_null().any()]
    found = []
    for row in frame.iter_rows(named=True):
        for name in told:
            value = row[name]
            if value is None:
                found.append(
                    _note(
                        "COST-BLANK",
                        f"No price of {name.upper()}; the one before holds on.",
                        row["line_no"],
                        name,
                    )
                )
            elif value < 0:
                found.append(
                    Violation(
                        "COST-NEGATIVE",
                        "The price is below 0.",
                        row["line_no"],
                        name,
                        Severity.WARNING,
                    )
                )
    return found


def _note(code: str, message: str, line: int, column: str) -> Violation:
    return Violation(code, message, line, column, Severity.INFO)


def store_gas(storing: Storing) -> None:
    """Keep each price that stands in the row under its index."""
    wide = storing.frame.select(
        "line_no",
        "price_date",
        *(pl.col(n.lower()).alias(n) for n in PUBLISHED_INDICES),
    )
    long = wide.unpivot(
        index=["line_no", "price_date"], variable_name="index", value_name="price"
    ).drop_nulls("price")
    copy_rows(FuelPrice, _versioned(storing, long))


def _versioned(storing: Storing, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.lit(storing.version.pk).alias("dataset_version_id"))


def store_fuel(storing: Storing) -> None:
    """Keep fuel index prices."""
    frame = storing.frame.with_columns(pl.col("index").str.to_uppercase())
    copy_rows(FuelPrice, _versioned(storing, frame))


def check_auctions(frame: pl.DataFrame, options: Options) -> list[Violation]:
    """Check that each quarter is one."""
    return [
        Violation(
            "COST-QUARTER",
            "Quarter Year must be written like Q3 2024.",
            line,
            "Quarter Year",
            value=text or "",
        )
        for line, text in frame.select("line_no", "quarter").iter_rows()
        if quarter_start(text or "") is None
    ]


def store_auctions(storing: Storing) -> None:
    """Keep an auction's settlement price from the first day of its quarter (*Interpretation*)."""
    frame = storing.frame.with_columns(
        pl.Series("price_date", [quarter_start(q) for q in storing.frame["quarter"]], pl.Date)
    ).drop("quarter")
    copy_rows(AllowancePrice, _versioned(storing, frame))


def store_allowances(storing: Storing) -> None:
    """Keep daily allowance prices."""
    copy_rows(AllowancePrice, _versioned(storing, storing.frame))


def check_resources(frame: pl.DataFrame, options: Options) -> list[Violation]:
    """Check that resources are known; a blank one means all."""
    named = frame.filter(pl.col("resource_id").fill_null("") != "")
    return unknown_resources(named, "RESOURCE_ID", "COST-RES")


def check_rates(frame: pl.DataFrame, options: Options) -> list[Violation]:
    """Check rates: GMC is common to all, VOM is of a resource."""
    found = check_resources(frame, options)
    for row in frame.iter_rows(named=True):
        own = bool(row["resource_id"])
        if row["rate"] == "GMC" and own:
            found.append(
                Violation(
                    "COST-GMC",
                    "GMC is the same for all; leave RESOURCE_ID blank.",
                    row["line_no"],
                    "RESOURCE_ID",
                )
            )
    return found


def _keyed(storing: Storing) -> pl.DataFrame:
    codes = {c for c in storing.frame["resource_id"].to_list() if c}
    keys = resource_ids(codes)
    values = [keys.get(c or "") for c in storing.frame["resource_id"].to_list()]
    return _versioned(
        storing, storing.frame.with_columns(pl.Series("resource_id", values, dtype=pl.Int64))
    )


def store_rates(storing: Storing) -> None:
    """Keep rates from their day on."""
    copy_rows(CostRate, _keyed(storing).rename({"effective": "effective_date"}))


def check_regions(frame: pl.DataFrame, options: Options) -> list[Violation]:
    """Name regions without a pricing hub, which price nothing."""
    blank = frame.filter(pl.col("hub").is_null())["line_no"]
    return [
        _note("COST-HUB", "No pricing hub: the region prices nothing.", n, "Pricing Hub")
        for n in blank
    ]


def store_regions(storing: Storing) -> None:
    """Keep the fuel regions."""
    copy_rows(FuelRegion, _versioned(storing, storing.frame))


def check_commitment(frame: pl.DataFrame, options: Options) -> list[Violation]:
    """Check commitment inputs: known resources, proxy cost only for RMR (BRQ-0093)."""
    found = check_resources(frame, options)
    keys = resource_ids(set(frame["resource_id"].to_list()))
    held = under_contract_from(set(keys.values()), date.fromisoformat(options["as_of"]))
    for row in frame.iter_rows(named=True):
        refused = registered_cost_violation(
            rmr=keys.get(row["resource_id"]) in held,
            bases=(row["startup_basis"] or "", row["min_load_basis"] or ""),
            resource=row["resource_id"] or "",
        )
        if refused:
            found.append(
                Violation(
                    refused.code,
                    refused.message,
                    row["line_no"],
                    refused.column,
                    value="REGISTERED",
                )
            )
    return found


def store_commitment(storing: Storing) -> None:
    """Keep commitment inputs."""
    frame = _keyed(storing).with_columns(
        pl.col("config_id").fill_null(""), pl.col("to_config").fill_null("")
    )
    copy_rows(CommitmentInput, frame.rename({"config_id": "config"}))
