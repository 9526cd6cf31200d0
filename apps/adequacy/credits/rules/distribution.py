"""Credits to TAC areas by forecast, to LSEs by load share; 0.01 MW, exact at each step."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import polars as pl

from apps.platform.core.effective import parameter
from apps.platform.core.quantity import SHARE, common_scale, plain
from apps.platform.core.rulebook import implements
from apps.platform.core.shares import split_cents
from apps.platform.core.violations import Violation

SHARE_TOLERANCE = parameter("credits.share_tolerance")
STEP = Decimal("0.01")


def _split(mw: Decimal, weights: Mapping[str, Decimal]) -> dict[str, Decimal]:
    keys = [k for k in weights if weights[k] > 0]
    scaled = dict(zip(keys, common_scale([weights[k] for k in keys]), strict=True))
    parts = split_cents(int(mw / STEP), scaled, larger_first=True)
    return {k: parts[k] * STEP for k in sorted(parts)}


def distribute_one(
    credit_mw: Decimal,
    forecasts: Mapping[str, Decimal],
    shares: Mapping[str, Mapping[str, Decimal]],
) -> tuple[dict[str, Decimal], list[tuple[str, str, Decimal]]]:
    """Distribute one credit: megawatts by TAC area, and (TAC area, LSE, megawatts).

    credit_mw: whole hundredths. Forecasts and shares above 0 count. The plain way, which the
    whole-column one is checked against. Source: BRQ-0114.
    """
    tac = _split(credit_mw, forecasts)
    rows = [(t, lse, mw) for t in tac for lse, mw in _split(tac[t], shares[t]).items()]
    return tac, rows


def largest_remainder(
    frame: pl.DataFrame, *, group: list[str], total: str, weight: str, name: str
) -> pl.DataFrame:
    """Add ``part``: each group's total split by weight, exactly, in whole steps.

    total: whole number, the same on each row of a group. weight: whole numbers above 0. Hundredths
    left over go to the largest remainders, ties to the larger weight, then to the lower name.
    """
    shared = frame.with_columns(__sum=pl.col(weight).sum().over(group)).with_columns(
        part=pl.col(total) * pl.col(weight) // pl.col("__sum"),
        __rest=pl.col(total) * pl.col(weight) % pl.col("__sum"),
    )
    ordered = shared.sort(
        [*group, "__rest", weight, name], descending=[False] * len(group) + [True, True, False]
    )
    left = pl.col(total) - pl.col("part").sum().over(group)
    turn = pl.int_range(pl.len()).over(group)
    return ordered.with_columns(part=pl.col("part") + (turn < left).cast(pl.Int64)).drop(
        "__sum", "__rest"
    )


@implements("BRQ-0114", "BRQ-0116", "BRQ-0117", source="BRS 1.2 section 6.2.1")
def distribute(
    credits: pl.DataFrame, forecasts: pl.DataFrame, shares: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Distribute credits over TAC areas and LSEs, whole columns at a time.

    credits: ``credit_no``, ``hundredths``, ``tac_areas`` (list of codes). forecasts: ``tac``,
    ``forecast`` (whole number). shares: ``tac``, ``lse``, ``share`` (whole number). Returns
    (credit_no, tac, forecast, part) and (credit_no, tac, lse, share, part), parts in hundredths of
    a MW; each step sums to what it splits.
    """
    areas = (
        credits.select("credit_no", "hundredths", tac="tac_areas")
        .explode("tac")
        .join(forecasts.filter(pl.col("forecast") > 0), on="tac")
    )
    tac = largest_remainder(
        areas, group=["credit_no"], total="hundredths", weight="forecast", name="tac"
    ).select("credit_no", "tac", "forecast", "part")
    lses = tac.select("credit_no", "tac", area="part").join(
        shares.filter(pl.col("share") > 0), on="tac"
    )
    lse = largest_remainder(
        lses, group=["credit_no", "tac"], total="area", weight="share", name="lse"
    ).select("credit_no", "tac", "lse", "share", "part")
    return tac, lse


def share_violations(frame: pl.DataFrame, tolerance: Decimal) -> list[Violation]:
    """Return TAC areas and periods whose shares do not sum to 1 (``RMR-E-0114A``).

    frame: ``line_no``, ``ra_year``, ``ra_month``, ``tac_area``, ``share`` in stored steps.
    """
    sums = frame.group_by("ra_year", "ra_month", "tac_area").agg(
        pl.col("share").sum(), pl.col("line_no").min()
    )
    most = int(tolerance * SHARE.scale)
    wrong = sums.filter((pl.col("share") - SHARE.scale).abs() > most).sort("line_no")
    return [
        Violation(
            "RMR-E-0114A",
            f"The load shares of {tac} {year}{f'-{month:02d}' if month else ''} "
            f"sum to {plain(SHARE.from_scaled(total))}, not to 1.",
            line,
            "LOAD_SHARE",
        )
        for year, month, tac, total, line in wrong.iter_rows()
    ]
