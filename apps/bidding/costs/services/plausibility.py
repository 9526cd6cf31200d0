"""What is asked of prices of fuel and allowances before they are confirmed."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from apps.bidding.costs.layouts import PUBLISHED_INDICES
from apps.bidding.costs.models import AllowancePrice, FuelPrice
from apps.bidding.costs.rules.parameters import PLAUSIBLE_PRICE_FACTOR
from apps.platform.core.quantity import USD_PER_MMBTU, USD_PER_TONNE
from apps.platform.core.violations import Violation
from apps.platform.parameters.selectors import value_on
from apps.platform.ui.fields import stored
from apps.platform.uploads.hooks import Judged, PlausibilityCheck
from apps.platform.uploads.rules import Limits, Measure, unlike
from apps.platform.uploads.selectors import in_force

CODE, TITLE = "PL-PRICE", "Unlike the last price on file"
LEAST = Decimal(0)
THAN = "the last price on file before it"


def _fuel(given: Judged, rows: pl.DataFrame, header: str) -> list[Violation]:
    before = FuelPrice.objects.annotate(in_force=in_force()).filter(
        in_force=True, price_date__lt=given.day, index__in=rows["index"].unique().to_list()
    )
    last = before.order_by("index", "-price_date").distinct("index")
    found = list(last.values_list("index", stored("price")))
    then = pl.DataFrame(found, schema={"index": pl.String, "price": pl.Int64}, orient="row")
    return unlike(
        rows,
        then,
        Measure("price", USD_PER_MMBTU, header, ("index",)),
        Limits(value_on(PLAUSIBLE_PRICE_FACTOR, given.day), LEAST),
        code=CODE,
        than=THAN,
        zero_tells=False,
    )


def _gas_said(given: Judged) -> list[Violation]:
    rows = given.frame.select(
        "line_no", *(pl.col(n.lower()).alias(n) for n in PUBLISHED_INDICES)
    ).unpivot(index=["line_no"], variable_name="index", value_name="price")
    return _fuel(given, rows.drop_nulls("price"), "")


def _fuel_said(given: Judged) -> list[Violation]:
    rows = given.frame.with_columns(pl.col("index").str.to_uppercase())
    return _fuel(given, rows, given.layout.field("price").header)


def _allowance_said(given: Judged) -> list[Violation]:
    last = (
        AllowancePrice.objects.annotate(in_force=in_force())
        .filter(in_force=True, price_date__lt=given.day)
        .order_by("-price_date")
        .values_list(stored("price"), flat=True)[:1]
    )
    what = pl.lit("Allowance").alias("what")
    then = pl.DataFrame({"price": list(last)}, schema={"price": pl.Int64}).with_columns(what)
    return unlike(
        given.frame.with_columns(what),
        then,
        Measure("price", USD_PER_TONNE, given.layout.field("price").header, ("what",)),
        Limits(value_on(PLAUSIBLE_PRICE_FACTOR, given.day), LEAST),
        code=CODE,
        than=THAN,
        zero_tells=False,
    )


GAS_CHECKS = (PlausibilityCheck(CODE, TITLE, _gas_said),)
FUEL_CHECKS = (PlausibilityCheck(CODE, TITLE, _fuel_said),)
ALLOWANCE_CHECKS = (PlausibilityCheck(CODE, TITLE, _allowance_said),)
