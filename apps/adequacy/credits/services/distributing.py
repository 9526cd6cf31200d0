"""The distribution of a period: what it reads, how it computes, when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import polars as pl

from apps.adequacy.credits.codes import (
    ANNUAL_CREDITS,
    DISTRIBUTION,
    FORECASTS,
    MONTHLY_CREDITS,
    OBLIGATIONS,
    SHARES,
)
from apps.adequacy.credits.models import (
    CreditShare,
    CreditTac,
    DemandForecast,
    FlexCover,
    FlexObligation,
    FlexStep,
    LoadShare,
)
from apps.adequacy.credits.rules import distribute, flex_cascade
from apps.adequacy.credits.selectors import (
    credits_for,
    first_day,
    period_of,
    process_of,
    version_for,
)
from apps.platform.accounts.models import User
from apps.platform.accounts.selectors import system_user
from apps.platform.core.quantity import MW
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import FAR_MOMENT
from apps.platform.runs import services as run_services
from apps.platform.runs.hooks import Computed, DatedInput, Invariant, RunContext
from apps.platform.runs.models import Run
from apps.platform.runs.rules import fingerprint
from apps.platform.ui.fields import stored

HUNDREDTH = MW.scale // 100  # stored steps in 0.01 MW
INPUTS = (FORECASTS, SHARES, OBLIGATIONS)


def terms_of(process: str) -> Callable[[date, datetime], list[DatedInput]]:
    """Return what names the inputs of a process."""

    def terms(day: date, known_at: datetime) -> list[DatedInput]:
        period = period_of(process, day)
        found = []
        for dataset in INPUTS:
            version = version_for(dataset.name, period, known_at)
            found.append(
                DatedInput(
                    dataset.title,
                    [version.pk] if version else [],
                    version.content_hash if version else "",
                )
            )
        credits = credits_for(process, day, known_at)
        said = [
            (c.resource.code, c.kind, c.category, c.label, c.tac_areas, str(c.mw)) for c in credits
        ]
        return [*found, DatedInput("RMR credits", [c.pk for c in credits], fingerprint(said))]

    return terms


def missing_for(period: str) -> list[str]:
    """Return what a distribution of a period lacks as known now."""
    found = [
        d.title for d in (FORECASTS, SHARES) if version_for(d.name, period, FAR_MOMENT) is None
    ]
    if not credits_for(process_of(period), first_day(period), FAR_MOMENT):
        found.append("RMR credits")
    return found


def request_distribution(*, period: str, actor: User, at: datetime, reason: str) -> Run | None:
    """Ask for the distribution of a period as known now, in the system's name.

    Returns None where an input is still missing.
    """
    if missing_for(period):
        return None
    run, _ = run_services.request(
        kind_code=DISTRIBUTION[process_of(period)],
        trade_date=first_day(period),
        actor=system_user(),
        at=at,
        reason=f"{reason} ({actor.username})"[:300],
    )
    return run


def input_changed(version: Any, actor: User, at: datetime) -> None:
    """Ask for the distributions that a new dataset version changes."""
    names = {d.name for d in (*INPUTS, ANNUAL_CREDITS, MONTHLY_CREDITS)}
    if version.dataset not in names:
        return
    periods = [version.period]
    if len(version.period) > 4 and version.dataset != MONTHLY_CREDITS.name:
        periods.append(version.period[:4])  # the annual process may read this month
    for period in periods:
        request_distribution(period=period, actor=actor, at=at, reason=f"{version.title} confirmed")


@implements("BRQ-0114", "BRQ-0116", "BRQ-0117", "BRQ-0121", source="BRS 1.2 section 6.2.1")
def distribute_period(context: RunContext) -> Computed:
    """Distribute the credits of a period and fill flexible obligations with them."""
    process = next(p for p, code in DISTRIBUTION.items() if code == context.run.kind)
    day, known = context.trade_date, context.known_at
    period = period_of(process, day)
    forecast = version_for(FORECASTS.name, period, known)
    share = version_for(SHARES.name, period, known)
    credits = credits_for(process, day, known)
    if forecast is None or share is None or not credits:
        raise RuntimeError("The distribution lacks forecasts, load shares or credits.")
    forecasts, shares = forecasts_of(forecast), shares_of(share)
    heads = _heads(credits, forecasts)
    tac, lse = distribute(heads, forecasts, shares)
    months = range(1, 13) if process == "ANNUAL" else (day.month,)
    writes: list[tuple[Any, pl.DataFrame]] = [
        (CreditTac, _tac_rows(heads, tac, process)),
        (CreditShare, _lse_rows(heads, lse, shares, process, day.year, list(months))),
    ]
    cover, steps = _cascades(period, day, known, heads, lse)
    writes += [(FlexStep, steps), (FlexCover, cover)]
    total = int(heads["hundredths"].sum())
    return Computed(
        writes=[
            (
                model,
                frame.with_row_index("line_no", offset=1).with_columns(
                    pl.lit(day).alias("trade_date")
                ),
            )
            for model, frame in writes
        ],
        totals={
            "credits": f"{heads.height:,}",
            "MW": f"{Decimal(total) / 100:,.2f}",
            "LSEs": f"{lse['lse'].n_unique():,}",
            "rows": f"{writes[1][1].height:,}",
        },
        invariants=_invariants(heads, tac, lse),
    )


def forecasts_of(version: Any) -> pl.DataFrame:
    """Return the demand forecast of each TAC area of a version, in stored steps."""
    rows = DemandForecast.objects.filter(dataset_version=version).values_list(
        "tac_area__code", stored("forecast_mw")
    )
    return pl.DataFrame(list(rows), schema={"tac": pl.String, "forecast": pl.Int64}, orient="row")


def shares_of(version: Any) -> pl.DataFrame:
    """Return the load share of each LSE in each TAC area of a version, in stored steps."""
    rows = LoadShare.objects.filter(dataset_version=version).values_list(
        "tac_area__code", "lse__code", "lse_id", stored("share")
    )
    schema = {"tac": pl.String, "lse": pl.String, "lse_id": pl.Int64, "share": pl.Int64}
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def areas_of(tac_areas: str, forecasts: pl.DataFrame) -> list[str]:
    """Return the TAC areas of a credit as it is kept; ALL: those with a forecast."""
    return sorted(forecasts["tac"].to_list()) if tac_areas == "ALL" else tac_areas.split(";")


def _heads(credits: list[Any], forecasts: pl.DataFrame) -> pl.DataFrame:
    rows = [
        (
            n,
            c.resource_id,
            c.resource.code,
            c.kind,
            c.category or None,
            c.label,
            MW.to_scaled(c.mw) // HUNDREDTH,
            areas_of(c.tac_areas, forecasts),
        )
        for n, c in enumerate(credits, 1)
    ]
    return pl.DataFrame(
        rows,
        orient="row",
        schema={
            "credit_no": pl.Int64,
            "resource_id": pl.Int64,
            "unit": pl.String,
            "kind": pl.String,
            "category": pl.Int64,
            "label": pl.String,
            "hundredths": pl.Int64,
            "tac_areas": pl.List(pl.String),
        },
    )


HEAD = ["process", "kind", "category", "label", "resource_id", "unit", "tac"]


def _tac_rows(heads: pl.DataFrame, tac: pl.DataFrame, process: str) -> pl.DataFrame:
    joined = tac.join(heads.drop("tac_areas"), on="credit_no").sort("credit_no", "tac")
    return joined.select(
        pl.lit(process).alias("process"),
        *HEAD[1:],
        (pl.col("hundredths") * HUNDREDTH).alias("credit_mw"),
        pl.col("forecast").alias("forecast_mw"),
        (pl.col("part") * HUNDREDTH).alias("mw"),
    )


def _lse_rows(
    heads: pl.DataFrame,
    lse: pl.DataFrame,
    shares: pl.DataFrame,
    process: str,
    year: int,
    months: list[int],
) -> pl.DataFrame:
    keys = shares.select("lse", "lse_id").unique()
    joined = (
        lse.join(heads.drop("tac_areas"), on="credit_no")
        .join(keys, on="lse")
        .join(pl.DataFrame({"ra_month": months}, schema={"ra_month": pl.Int64}), how="cross")
        .sort("ra_month", "credit_no", "tac", "lse")
    )
    return joined.select(
        pl.lit(process).alias("process"),
        *HEAD[1:],
        "lse_id",
        pl.col("lse").alias("lse_code"),
        pl.lit(year, pl.Int64).alias("ra_year"),
        "ra_month",
        "share",
        (pl.col("part") * HUNDREDTH).alias("mw"),
    )


def _cascades(
    period: str, day: date, known: datetime, heads: pl.DataFrame, lse: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    process = process_of(period)
    version = version_for(OBLIGATIONS.name, period, known)
    flex = lse.join(
        heads.filter(pl.col("kind") == "FLEX").select("credit_no", "category"), on="credit_no"
    )
    flex = flex.group_by("lse", "category").agg(pl.col("part").sum())
    held = {(name, category): Decimal(part) / 100 for name, category, part in flex.iter_rows()}
    month = None if process == "ANNUAL" else day.month
    cover, steps = [], []
    rows = FlexObligation.objects.filter(dataset_version=version).select_related("lse")
    for row in rows.order_by("lse__code"):
        need = [row.c1_mw, row.c2_mw, row.c3_mw]
        credit = [held.get((row.lse.code, c), Decimal(0)) for c in (1, 2, 3)]
        done = flex_cascade(need, credit)
        head = (row.lse_id, row.lse.code, process, day.year, month)
        steps += [(*head, a.obligation, a.credit, MW.to_scaled(a.mw)) for a in done.applied]
        cover += [
            (*head, c + 1, *(MW.to_scaled(v[c]) for v in (need, credit, done.unmet, done.left)))
            for c in range(3)
        ]
    names: dict[str, Any] = {
        "lse_id": pl.Int64,
        "lse_code": pl.String,
        "process": pl.String,
        "ra_year": pl.Int64,
        "ra_month": pl.Int64,
    }
    covers = {n: pl.Int64 for n in ("category", "need_mw", "credit_mw", "unmet_mw", "left_mw")}
    applied = {n: pl.Int64 for n in ("obligation", "credit", "mw")}
    return (
        pl.DataFrame(cover, schema=names | covers, orient="row"),
        pl.DataFrame(steps, schema=names | applied, orient="row"),
    )


def _invariants(heads: pl.DataFrame, tac: pl.DataFrame, lse: pl.DataFrame) -> list[Invariant]:
    by_credit = tac.group_by("credit_no").agg(pl.col("part").sum())
    first = heads.join(by_credit, on="credit_no", how="left").filter(
        pl.col("part").fill_null(0) != pl.col("hundredths")
    )
    by_area = lse.group_by("credit_no", "tac").agg(given=pl.col("part").sum())
    second = tac.join(by_area, on=["credit_no", "tac"], how="left").filter(
        pl.col("given").fill_null(0) != pl.col("part")
    )
    names = ", ".join(first["unit"].to_list()[:3])
    return [
        Invariant(
            "TAC areas sum to the credit",
            first.is_empty(),
            f"{first.height} of {heads.height} credits are not given out whole to TAC areas"
            + (f": {names}; their TAC areas have no forecast." if names else "."),
        ),
        Invariant(
            "LSEs sum to the TAC area",
            second.is_empty(),
            f"{second.height} of {tac.height} parts of TAC areas are not given out whole to "
            "LSEs" + ("; a TAC area has no load shares." if second.height else "."),
        ),
    ]
