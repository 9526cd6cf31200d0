"""The review of an RA year: its RMR capacity, what it costs, and what stands behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.db.models import QuerySet
from django.urls import reverse

from apps.platform.accounts.rules import Viewer
from apps.platform.core.quantity import MW
from apps.platform.core.tradetime import Span, month_span
from apps.platform.core.words import counted
from apps.platform.ui.fields import QuantityField
from apps.platform.ui.hooks import MENU, MenuItem
from apps.platform.ui.screens import SCREENS, Column, Row, Screen, Summary, link_to
from apps.reliability.designations import selectors
from apps.reliability.designations.codes import DESK_READERS, Backing
from apps.reliability.designations.models import DesignatedCapacity
from apps.reliability.designations.rules import Stretch, most_in_force

MOST_MONTHS = 48
MOST_ROWS = 2_000
FIELDS = ("area", "period", "contract_mw", "cost", "resource_id", "status", "ra_year")


def _stretches(rows: Sequence[Row]) -> list[Stretch]:
    return [
        Stretch(r["area"], Span(r["period"].lower, r["period"].upper), r["contract_mw"])
        for r in rows
        if r["contract_mw"] is not None
    ]


def _days_of(rows: Sequence[Row]) -> Span:
    years = [r["ra_year"] for r in rows]
    return Span(date(min(years), 1, 1), date(max(years) + 1, 1, 1))


def review(rows: QuerySet[Any], viewer: Viewer, query: Mapping[str, str]) -> Summary:
    """Return the years to choose from, and what the rows shown come to (BRQ-0111).

    MW: of the day with most of them in force. Cost: the sum of the rows, each MW × price × days,
    rounded half up to the cent once; a row without a price has none and is counted.
    """
    found = [dict(r) for r in rows.values(*FIELDS)]
    asked = query.get("ra_year", "")
    keep = {n: query[n] for n in ("period_since", "period_until") if query.get(n)}
    years = selectors.ra_years(viewer=viewer)
    context: dict[str, Any] = {
        "years": [(str(y), f"?{urlencode({'ra_year': y} | keep)}", asked == str(y)) for y in years],
        "every": (f"?{urlencode({'ra_year': ''} | keep)}", not asked),
        "asked": asked,
        "since": query.get("period_since", ""),
        "until": query.get("period_until", ""),
    }
    if not found:
        return Summary("designations/_review.html", context)
    day, by_area = most_in_force(_stretches(found), _days_of(found))
    mw = sum(by_area.values(), Decimal(0))
    costs = [r["cost"] for r in found if r["cost"] is not None]
    cost = sum(costs, Decimal(0))
    bare = [r for r in found if r["status"] == Backing.NO_DESIGNATION]
    open_ = [r for r in found if r["status"] == Backing.NO_TERMS]
    context |= {
        "resources": len({r["resource_id"] for r in found}),
        "mw": mw,
        "day": day,
        "cost": cost if costs else None,
        "unpriced": len(found) - len(costs),
        "areas": [
            (
                area,
                mw_of,
                sum((r["cost"] or Decimal(0) for r in found if r["area"] == area), Decimal(0)),
            )
            for area, mw_of in by_area.items()
        ],
        "bare": len({r["resource_id"] for r in bare}),
        "open": len({r["resource_id"] for r in open_}),
    }
    totals = {"resource__code": "Total", "contract_mw": mw, "cost": cost if costs else None}
    return Summary("designations/_review.html", context, totals)


def months_chart(rows: QuerySet[Any], at: datetime) -> dict[str, Any] | None:
    """Return MW by month, stacked by local area: of a month the day with most MW in force."""
    found = [dict(r) for r in rows.values(*FIELDS)[:MOST_ROWS]]
    stretches = _stretches(found)
    if not stretches:
        return None
    span = _days_of(found)
    years = range(span.first.year, span.end.year)
    months = [month_span(y, m) for y in years for m in range(1, 13)][-MOST_MONTHS:]
    by_month = [most_in_force(stretches, month)[1] for month in months]
    areas = sorted(
        {a for found in by_month for a in found},
        key=lambda a: (-sum(found.get(a, Decimal(0)) for found in by_month), a),
    )
    said = f"RA year {years[0]}" if len(years) == 1 else f"RA years {years[0]} to {years[-1]}"
    return {
        "kind": "stacked-column",
        "title": f"RMR capacity by month and local area, {said} (MW)",
        "unit": "MW",
        "categories": [f"{m.first:%Y-%m}" for m in months],
        "series": [
            {"name": area, "data": [float(found.get(area, 0)) for found in by_month]}
            for area in areas
        ],
    }


def newest_year(viewer: Viewer) -> Mapping[str, str]:
    """Return the filter the review opens with: the newest RA year that has capacity on file."""
    years = selectors.ra_years(viewer=viewer)
    return {"ra_year": str(years[0])} if years else {}


def _contract(row: Row) -> str | None:
    number = row.get("contract_no")
    return reverse("rmr-contracts", query={"q": number}) if number else None


def _credits(row: Row) -> str | None:
    query = {"resource__code": row["resource__code"]}
    return reverse("rmr-credits", query=query) if row.get("credits") else None


def _credits_said(row: Row) -> str:
    if not row.get("credits"):
        return "none"
    return f"{counted(row['credits'], 'credit')}, {MW.text(row['credits_mw'])} MW"


REVIEW = Screen(
    name="ra-designations",
    title="Designations by RA year",
    model=DesignatedCapacity,
    select=selectors.designated_capacity,
    columns=(
        Column("resource__code", "Resource ID", link=link_to("resource", "resource_id")),
        Column("contract_no", "Contract", link=_contract),
        "period",
        Column(
            "contract_mw",
            "MW",
            help="Capacity of the contract: the larger of the generic and "
            "the flexible sum; without contract terms that of the designation",
        ),
        Column("nqc_mw", "NQC", help="The least of the row's months on file"),
        Column("efc_mw", "EFC", help="The least of the row's months on file"),
        Column("price", "Price"),
        Column("cost", "Cost", help="MW × price × days of the row"),
        Column(
            "status",
            "Status",
            help="What stands behind the days of the row",
            breaks=True,
            link=link_to("designations-case", "designation_id"),
        ),
        Column(
            "credits",
            "Credits",
            link=_credits,
            text=_credits_said,
            breaks=True,
            help="How many credits on file hold on days of the row, and the most MW of one "
            "process on one day: generic or flexible, whichever is larger",
            computed=models.IntegerField(verbose_name="credits"),
        ),
        Column("area", "Local area", help="System: no local area", shown=False),
        Column("ra_year", shown=False),
        Column("credits_mw", "Credits (MW)", shown=False, computed=QuantityField("MW", "credits")),
        Column(
            "designation_id",
            "Designation",
            shown=False,
            link=link_to("designations-case", "designation_id"),
        ),
        Column("need", "Need", shown=False),
        Column("effective_date", shown=False),
        Column("nonperformance", "Non-performance", shown=False),
        Column("is_synthetic", shown=False),
    ),
    extra=("resource_id",),
    filters=("ra_year", "resource__code", "status", "need", "area"),
    windows=("period",),
    search=("resource__code", "contract_no"),
    order=("-ra_year", "resource__code", "period", "key"),
    roles=DESK_READERS,
    group="contracts",
    intro="RMR capacity of the new tariff: every contract of the year and every designation. "
    "Legacy contracts have no part in substitution and RAAIM and are not listed.",
    chart=months_chart,
    summary=review,
    opens_with=newest_year,
    in_search=False,
    implements=("BRQ-0111",),
    empty="No contract or designation under the new tariff is on file.",
)
SCREENS.register(REVIEW)
MENU.register(
    MenuItem(group="Designation", label=REVIEW.title, name=REVIEW.name, roles=DESK_READERS, order=1)
)
