"""Check and store forecasts, load shares and flexible obligations."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from apps.adequacy.credits.models import DemandForecast, FlexObligation, LoadShare
from apps.adequacy.credits.rules import SHARE_TOLERANCE, share_violations
from apps.platform.accounts.selectors import sc_ids
from apps.platform.audit.services import copy_rows
from apps.platform.core.effective import ParameterMissing
from apps.platform.core.tradetime import FAR_MOMENT, Span, month_span
from apps.platform.core.violations import Violation
from apps.platform.parameters.selectors import parameter_set
from apps.platform.uploads.hooks import Storing
from apps.reference.resources.selectors import tac_areas
from apps.reference.resources.services import span_of_year, unknown_codes

Options = Mapping[str, str]


def period_of_rows(frame: pl.DataFrame, options: Options) -> pl.Series:
    """Each row belongs to its month, or to its year where it names none."""
    year = pl.col("ra_year").cast(pl.String)
    if "ra_month" not in frame.columns:
        return frame.select(year).to_series()
    month = pl.concat_str(year, pl.lit("-"), pl.col("ra_month").cast(pl.String).str.zfill(2))
    return frame.select(
        pl.when(pl.col("ra_month").is_null()).then(year).otherwise(month).alias("period")
    ).to_series()


def span_of_period(period: str) -> Span:
    """The days of a year written 2024, or of a month written 2024-09."""
    if len(period) == 4:
        return span_of_year(period)
    year, month = period.split("-")
    return month_span(int(year), int(month))


def check_forecasts(frame: pl.DataFrame, options: Options) -> list[Violation]:
    """Check that forecasts are above 0 (``RMR-E-0114B``)."""
    wrong = frame.filter(pl.col("forecast_mw") <= 0)
    return [
        Violation("RMR-E-0114B", f"The forecast of {tac} must be above 0.", line, "FORECAST_MW")
        for line, tac in wrong.select("line_no", "tac_area").iter_rows()
    ]


def _lses(frame: pl.DataFrame) -> list[Violation]:
    return unknown_codes(frame, "lse", "LSE_SCID", set(sc_ids()), "CRD-LSE", "active LSE")


def check_shares(frame: pl.DataFrame, options: Options) -> list[Violation]:
    """Check that LSEs are known and that shares of a TAC area and period sum to 1."""
    found = _lses(frame)
    if frame.is_empty():
        return found
    year = frame["ra_year"].to_list()[0]
    day = month_span(year, 1).first
    try:
        tolerance = parameter_set(
            parameters=(SHARE_TOLERANCE,), span=Span.through(day, day), known_at=FAR_MOMENT
        ).at(SHARE_TOLERANCE, day)
    except ParameterMissing as trouble:
        return [*found, Violation("CRD-PARAMETER", str(trouble))]
    return found + share_violations(frame, tolerance)


def check_obligations(frame: pl.DataFrame, options: Options) -> list[Violation]:
    """Check that LSEs are known."""
    return _lses(frame)


def _keyed(storing: Storing) -> pl.DataFrame:
    frame = storing.frame.with_columns(pl.lit(storing.version.pk).alias("dataset_version_id"))
    if "tac_area" in frame.columns:
        frame = frame.with_columns(
            pl.col("tac_area")
            .replace_strict(tac_areas(), return_dtype=pl.Int64)
            .alias("tac_area_id")
        ).drop("tac_area")
    if "lse" in frame.columns:
        frame = frame.with_columns(
            pl.col("lse").replace_strict(sc_ids(), return_dtype=pl.Int64).alias("lse_id")
        ).drop("lse")
    return frame


def store_forecasts(storing: Storing) -> None:
    """Keep demand forecasts."""
    copy_rows(DemandForecast, _keyed(storing))


def store_shares(storing: Storing) -> None:
    """Keep load shares."""
    copy_rows(LoadShare, _keyed(storing))


def store_obligations(storing: Storing) -> None:
    """Keep flexible obligations."""
    copy_rows(FlexObligation, _keyed(storing))
