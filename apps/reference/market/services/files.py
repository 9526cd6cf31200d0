"""Check and store market and meter files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial

import polars as pl

from apps.platform.accounts.selectors import sc_ids
from apps.platform.audit.services import copy_rows
from apps.platform.core.quantity import MW, MWH
from apps.platform.core.tradetime import Span, TradeDay
from apps.platform.core.violations import Violation
from apps.platform.uploads.hooks import Storing
from apps.platform.uploads.models import Fact
from apps.reference.market.codes import (
    ENERGY_PRICES,
    METERED_DEMAND,
    RESOURCE_INTERVALS,
    RESOURCE_QUARTERS,
    TAC_LOAD,
    WHOLE_ISO,
)
from apps.reference.market.models import EnergyPrice, Holiday, MeteredDemand, TacLoad
from apps.reference.market.rules import (
    check_actual,
    check_hours,
    check_numbering,
    check_price_parts,
    check_published_hour,
    hourly_place,
    numbered_place,
    repeated_hours,
    trade_hours,
    with_place,
)
from apps.reference.market.services.parts import (
    DEMAND_GAPS,
    INTERVAL_GAPS,
    LOAD_GAPS,
    PRICE_GAPS,
    QUARTER_GAPS,
    gaps_left,
)
from apps.reference.resources.selectors import resource_ids, tac_areas
from apps.reference.resources.services import misspelled_codes, unknown_codes, unknown_resources

HOURS_OF_OURS = ("TRADE_DATE", "HOUR_ENDING")


def span_of_day(period: str) -> Span:
    """The one day of a period named by a trade date."""
    day = date.fromisoformat(period)
    return Span.through(day, day)


def period_trade_date(frame: pl.DataFrame, options: Mapping[str, str]) -> pl.Series:
    """Each row belongs to its trade date."""
    return frame["trade_date"].dt.to_string("%Y-%m-%d")


def period_operating_date(frame: pl.DataFrame, options: Mapping[str, str]) -> pl.Series:
    """Each row belongs to its operating date."""
    return frame["opr_dt"].dt.to_string("%Y-%m-%d")


def period_of_load(frame: pl.DataFrame, options: Mapping[str, str]) -> pl.Series:
    """Each row belongs to the Pacific day of its start."""
    return trade_hours(frame, "interval_start")["trade_date"].dt.to_string("%Y-%m-%d")


def check_demand(frame: pl.DataFrame, options: Mapping[str, str]) -> list[Violation]:
    """Check metered demand: known SCs and TAC areas, hours that exist, no alias doubling."""
    areas = tac_areas()
    found = unknown_codes(frame, "sc_id", "SC_ID", set(sc_ids()), "MKT-SC", "active SC")
    found += unknown_codes(frame, "tac_area", "TAC_AREA", set(areas), "MKT-TAC", "TAC area")
    if not found:
        found += _under_two_names(frame, areas)
    found += check_hours(frame, day="trade_date", hour="hour_ending", headers=HOURS_OF_OURS)
    asked = check_numbering(frame, options)
    if asked:
        return found + asked
    return [
        *found,
        *gaps_left(METERED_DEMAND, frame, options, DEMAND_GAPS, hourly_place),
        *repeated_hours(frame, "mwh", "MWh", MWH.scale),
    ]


def _under_two_names(frame: pl.DataFrame, areas: Mapping[str, int]) -> list[Violation]:
    """Return rows whose TAC area stands above under its other name."""
    names = frame["tac_area"].unique().to_list()
    if len({areas[n] for n in names}) == len(names):
        return []
    keyed = frame.with_columns(
        pl.col("tac_area").replace_strict(areas, return_dtype=pl.Int64).alias("__tac")
    )
    again = keyed.filter(
        ~pl.struct("sc_id", "__tac", "trade_date", "hour_ending").is_first_distinct()
    )
    return [
        Violation(
            "MKT-DOUBLE", "The same TAC area stands above under its other name.", line, "TAC_AREA"
        )
        for line in again["line_no"]
    ]


def store_demand(storing: Storing) -> None:
    """Store metered demand of one day by COPY."""
    frame = storing.frame.with_columns(
        pl.col("sc_id").replace_strict(sc_ids(), return_dtype=pl.Int64),
        pl.col("tac_area").replace_strict(tac_areas(), return_dtype=pl.Int64).alias("tac_area_id"),
        pl.lit(storing.version.pk).alias("dataset_version_id"),
    ).drop("tac_area")
    copy_rows(MeteredDemand, frame)


def check_load(frame: pl.DataFrame, options: Mapping[str, str]) -> list[Violation]:
    """Check TAC area load: actual, date and hour agree with the start, no hours missing."""
    hours = trade_hours(frame, "interval_start")
    headers = ("OPR_DT", "OPR_HR")
    found = check_actual(frame)
    # OASIS also tells loads of areas that are not on file; one on file has one name
    known = [*tac_areas(), WHOLE_ISO]
    found += misspelled_codes(frame, "tac_area", "TAC_AREA_NAME", known, "MKT-TAC", "TAC area")
    found += check_published_hour(hours, day="opr_dt", hour="opr_hr", headers=headers)
    return [
        *found,
        *gaps_left(TAC_LOAD, hours, options, LOAD_GAPS, _hour_of_start),
        *repeated_hours(hours, "mw", "MWh", MW.scale),
    ]


def store_load(storing: Storing) -> None:
    """Store TAC area load of one day by COPY."""
    frame = trade_hours(storing.frame, "interval_start").with_columns(
        pl.lit(storing.version.pk).alias("dataset_version_id")
    )
    copy_rows(
        TacLoad,
        frame.select(
            "dataset_version_id",
            "line_no",
            "tac_area",
            "interval_start",
            "trade_date",
            "hour_ending",
            "mw",
        ),
    )


def check_prices(frame: pl.DataFrame, options: Mapping[str, str]) -> list[Violation]:
    """Check prices: date and hour agree with the start, no intervals missing, parts add up."""
    hours = trade_hours(frame, "interval_start")
    headers = ("OPR_DT", "OPR_HR")
    found = check_published_hour(hours, day="opr_dt", hour="opr_hr", headers=headers)
    return [
        *found,
        *gaps_left(ENERGY_PRICES, hours, options, PRICE_GAPS, _interval_of_start),
        *repeated_hours(hours),
        *check_price_parts(frame),
    ]


def _hour_of_start(frame: pl.DataFrame) -> pl.DataFrame:
    return hourly_place(trade_hours(frame, "interval_start"))


def _interval_of_start(frame: pl.DataFrame) -> pl.DataFrame:
    return with_place(trade_hours(frame, "interval_start"), "interval_start")


def store_prices(storing: Storing) -> None:
    """Store prices of one day by COPY."""
    frame = trade_hours(storing.frame, "interval_start").with_columns(
        pl.lit(storing.version.pk).alias("dataset_version_id")
    )
    copy_rows(
        EnergyPrice,
        frame.select(
            "dataset_version_id",
            "line_no",
            "node",
            "market_run_id",
            "lmp_type",
            "interval_start",
            "trade_date",
            "hour_ending",
            "opr_hr",
            "opr_interval",
            "price",
        ),
    )


def owner_of_demand(row: Mapping[str, str]) -> int | None:
    """Return the party whose metered demand a row is."""
    code = row["sc_id"]
    return sc_ids(codes={code}).get(code)


def store_holidays(storing: Storing) -> None:
    """Keep the calendar of holidays."""
    version = pl.lit(storing.version.pk).alias("dataset_version_id")
    copy_rows(Holiday, storing.frame.with_columns(version))


def _result_gaps(frame: pl.DataFrame, options: Mapping[str, str]) -> list[Violation]:
    """Return which intervals are missing of hours that a file names."""
    for column, gaps, dataset in (
        ("quarter", QUARTER_GAPS, RESOURCE_QUARTERS),
        ("interval", INTERVAL_GAPS, RESOURCE_INTERVALS),
    ):
        if column in frame.columns and "event" not in frame.columns:
            place = partial(numbered_place, number=column, each=gaps.each or 1)
            return gaps_left(dataset, frame, options, gaps, place)
    return []


def check_results(frame: pl.DataFrame, options: Mapping[str, str]) -> list[Violation]:
    """Check rows of resources: those we know, hours that exist, and dispatch with its price."""
    found = unknown_resources(frame, "RESOURCE_ID", "MKT-RESOURCE")
    for (day,), part in frame.partition_by("trade_date", as_dict=True).items():
        count = TradeDay(day).hour_count
        beyond = part.filter(pl.col("hour_ending") > count)["line_no"]
        found += [
            Violation("MKT-HOUR", f"{day} has trade hours 1 to {count}.", line, "HOUR_ENDING")
            for line in beyond
        ]
    if "ed_mwh" in frame.columns:
        bare = frame.filter((pl.col("ed_mwh") != 0) & pl.col("ed_reference").is_null())
        found += [
            Violation(
                "MKT-ED",
                "An exceptional dispatch needs its ED_REFERENCE price.",
                line,
                "ED_REFERENCE",
            )
            for line in bare["line_no"]
        ]
    if "intervals" in frame.columns:
        endless = frame.filter((pl.col("event") == "RUN") & pl.col("intervals").is_null())
        found += [
            Violation("MKT-RUN", "A RUN says for how many INTERVALS it lasts.", line, "INTERVALS")
            for line in endless["line_no"]
        ]
    if "self_mwh" in frame.columns:
        more = frame.filter(pl.col("self_mwh") > pl.max_horizontal(pl.col("da_mwh"), pl.lit(0)))
        found += [
            Violation(
                "MKT-SELF", "SELF_MWH is part of DA_MWH and cannot be more.", line, "SELF_MWH"
            )
            for line in more["line_no"]
        ]
    asked = check_numbering(frame, options)
    if asked:
        return found + asked
    return [*found, *_result_gaps(frame, options), *repeated_hours(frame)]


def store_results(model: type[Fact]) -> Callable[[Storing], None]:
    """Return how rows of resources are kept in a model, by COPY."""

    def store(storing: Storing) -> None:
        codes = set(storing.frame["resource_id"].unique())
        copy_rows(
            model,
            storing.frame.with_columns(
                pl.col("resource_id").replace_strict(resource_ids(codes), return_dtype=pl.Int64),
                pl.lit(storing.version.pk).alias("dataset_version_id"),
            ),
        )

    return store
