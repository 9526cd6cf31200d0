"""The settlement calendar by trade date and type, the cost of RMR by month, and the chain drawn."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.platform.accounts.codes import ANALYSTS, ISO_ROLES
from apps.platform.clock.selectors import site_now, site_today
from apps.platform.core.tradetime import PACIFIC
from apps.platform.runs.hooks import RUN_KINDS
from apps.platform.runs.selectors import days_with_input
from apps.platform.ui.requests import admit, day_of
from apps.settlement.settlements import selectors
from apps.settlement.settlements.codes import DAILY, OPTIONAL
from apps.settlement.settlements.rules.chain import NODES, givers, in_order

DAYS_A_PAGE = 31


@login_required
def board(request: HttpRequest) -> HttpResponse:
    """Show every trade date against the runs of its calendar: state, age, what is due."""
    viewer = admit(request, ISO_ROLES)
    now = site_now()
    every = days_with_input(RUN_KINDS[DAILY], now)[::-1]
    page = Paginator(every, DAYS_A_PAGE).get_page(request.GET.get("page"))
    days = list(page.object_list)
    calendar = selectors.calendar_of(days)
    found = selectors.runs_by_type(days)
    columns = list(dict.fromkeys(r.run for day in days for r in calendar[day]))
    newest = {
        day: max(
            (
                r.opened_at.astimezone(PACIFIC).date()
                for (d, _), runs in found.items()
                if d == day
                for r in runs
            ),
            default=None,
        )
        for day in days
    }
    rows = [
        {
            "day": day,
            "cells": [
                _cell(found.get((day, c), []), _at(calendar[day], c), newest[day], now)
                for c in columns
            ],
            "others": found.get((day, OPTIONAL), []) + found.get((day, ""), []),
        }
        for day in days
    ]
    return render(
        request,
        "settlements/board.html",
        {
            "rows": rows,
            "columns": columns,
            "page": page,
            "optional": OPTIONAL,
            "may_request": viewer.may(ANALYSTS),
        },
    )


def _at(calendar: list[Any], column: str) -> Any:
    return next((r for r in calendar if r.run == column), None)


def _cell(runs: list[Any], at: Any, settled: date | None, now: datetime) -> dict[str, Any] | None:
    """Return how a trade date stands with a run of its calendar, None where it has no such run.

    settled: when the day was settled last; a run whose day was over by then is passed, not due.
    """
    if at is None:
        return None
    today = now.astimezone(PACIFIC).date()
    newest = runs[0] if runs else None
    since = newest.published_at or newest.sealed_at or newest.opened_at if newest else None
    return {
        "at": at,
        "run": newest,
        "days": (now - since).days if since else None,
        "due": newest is None and at.day <= today and (settled is None or settled < at.day),
        "left": (at.day - today).days,
    }


@login_required
def cost(request: HttpRequest) -> HttpResponse:
    """Show what RMR cost by month, by resource and by TAC area, from published days."""
    admit(request, ISO_ROLES)
    first, last = (day_of(request.GET[n]) if request.GET.get(n) else None for n in ("from", "to"))
    rows = selectors.cost_of_rmr(first, last)
    months = sorted({row["month"] for row in rows})
    return render(
        request,
        "settlements/cost.html",
        {
            "first": first,
            "last": last,
            "total": sum(row["amount"] for row in rows),
            "charts": [
                (name, label, _stacked(rows, months, name))
                for name, label in (("resource_code", "By resource"), ("area", "By TAC area"))
            ]
            if rows
            else [],
            "rows": rows,
        },
    )


def _stacked(rows: list[dict[str, Any]], months: list[date], name: str) -> dict[str, Any]:
    sums: dict[str, dict[date, Any]] = {}
    for row in rows:
        series = sums.setdefault(row[name], {})
        series[row["month"]] = series.get(row["month"], 0) + row["amount"]
    return {
        "kind": "stacked-bar",
        "unit": "$",
        "title": "Net RMR cost by month",
        "categories": [f"{m:%Y-%m}" for m in months],
        "series": [
            {"name": key, "data": [float(series.get(m, 0)) for m in months]}
            for key, series in sorted(sums.items())
        ],
    }


@login_required
def chain(request: HttpRequest) -> HttpResponse:
    """Draw the chain of calculations from its declarations, and list every node."""
    admit(request, ISO_ROLES)
    ordered = in_order(list(NODES))
    given = givers(ordered)
    asked = request.GET.get("date")
    day = day_of(asked) if asked else site_today()
    rows = [
        {
            "node": node,
            "version": node.version(day) if node.versions else None,
            "before": sorted({given[p][0].code for p in node.reads}),
            "reads": sorted(node.reads.items()),
        }
        for node in ordered
    ]
    return render(
        request,
        "settlements/chain.html",
        {"rows": rows, "graph": drawn(ordered, given), "day": day},
    )


def drawn(ordered: list[Any], given: dict[str, Any]) -> dict[str, Any]:
    """Return a chart description of the graph: depth across, nodes of one depth one below another.

    An input stands just before what reads it first; a node stands near the middle of what it reads.
    """
    before = {n.code: {given[p][0].code for p in n.reads} for n in ordered}
    depth: dict[str, int] = {}
    for node in ordered:
        depth[node.code] = 1 + max((depth[b] for b in before[node.code]), default=-1)
    for node in ordered:
        if node.role == "INPUT":
            readers = [depth[n.code] for n in ordered if node.code in before[n.code]]
            depth[node.code] = min(readers, default=1) - 1
    rows: dict[str, float] = {}
    height: dict[int, int] = {}
    places = []
    for column in sorted(set(depth.values())):
        here = [n for n in ordered if depth[n.code] == column]
        middle = {
            n.code: sum(rows.get(b, 0) for b in before[n.code]) / max(len(before[n.code]), 1)
            for n in here
        }
        here.sort(key=lambda n: (n.role, middle[n.code], n.code))
        height[column] = len(here)
        for row, node in enumerate(here):
            rows[node.code] = row
            places.append(
                {
                    "name": node.code,
                    "title": node.title,
                    "role": node.role,
                    "column": column,
                    "row": row,
                }
            )
    links = {(b, n.code) for n in ordered if n.code != "ROUNDING-ADJ" for b in before[n.code]}
    return {
        "kind": "graph",
        "title": "Calculation graph",
        "nodes": places,
        "heights": [height[c] for c in sorted(height)],
        "links": [{"source": a, "target": b} for a, b in sorted(links)],
    }
