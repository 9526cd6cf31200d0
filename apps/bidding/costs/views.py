"""Pages of a default energy bid with its formula in numbers, and of a resource's transitions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from apps.bidding.costs import selectors
from apps.bidding.costs.codes import COST_READERS, DAILY_COSTS, REFERENCE_BIDS
from apps.bidding.costs.models import CostViolation, DebSegment, TransitionCost
from apps.platform.accounts.codes import ANALYSTS, ISO_ROLES, SIGNED_IN
from apps.platform.accounts.rules import Viewer
from apps.platform.core.quantity import BTU_PER_KWH, USD_PER_MWH, plain
from apps.platform.runs.hooks import RUN_KINDS
from apps.platform.runs.selectors import runs
from apps.platform.ui.requests import admit, day_of
from apps.platform.ui.step_curve import CurveStep, Picture, step_curve
from apps.reference.masterfile.selectors import configurations, transitions

COST_KINDS = (DAILY_COSTS, REFERENCE_BIDS)
PARTS = (
    ("fuel", "Fuel"),
    ("ghg", "GHG"),
    ("gmc", "GMC"),
    ("vom", "VOM"),
    ("oc", "Opportunity cost"),
)


def drawn(rows: Sequence[DebSegment]) -> Picture | None:
    """Return the picture of a bid, each part of a price stacked; a raise is a part of its own."""
    steps = []
    for row in rows:
        scalar = row.scalar
        parts = [(label, float(getattr(row, name) * scalar)) for name, label in PARTS]
        if row.adjusted:
            parts.append(("Raised to the segment before", float(row.deb - row.before)))
        steps.append(CurveStep(float(row.from_mw), float(row.to_mw), parts))
    return step_curve(steps)


def in_numbers(row: DebSegment) -> str:
    """Return the formula of a step with its numbers put in."""

    def said(value: Decimal | None) -> str:
        return plain(value) if value is not None else "–"

    terms = []
    if row.fuel_price is not None:
        terms.append(f"{said(row.heat_rate)}/1000 × {said(row.fuel_price)}")
    else:
        terms.append(f"average cost {said(row.fuel)}")
    terms += [f"GMC {said(row.gmc)}", f"VOM {said(row.vom)}", f"OC {said(row.oc)}"]
    if row.ghg:
        terms.append(
            f"GHG {said(row.heat_rate)}/1000 × {said(row.emission)} × {said(row.allowance)}"
        )
    return f"({' + '.join(terms)}) × {said(row.scalar)} = {USD_PER_MWH.text(row.before)}"


def heat_in_numbers(row: DebSegment) -> str:
    """Return what the incremental heat rate says of its segment."""
    if row.heat_rate is None:
        return "no heat rate on file"
    return f"{BTU_PER_KWH.text(row.heat_rate)} Btu/kWh over {plain(row.to_mw - row.from_mw)} MW"


def _curves(rows: Sequence[DebSegment]) -> list[dict[str, Any]]:
    return [
        {
            "config": config,
            "picture": drawn(steps),
            "steps": [
                {"row": r, "formula": in_numbers(r), "heat": heat_in_numbers(r)} for r in steps
            ],
        }
        for config, steps in (
            (c, list(found)) for c, found in groupby(rows, key=lambda r: r.config)
        )
    ]


@login_required
def energy_bid(request: HttpRequest, day: str, resource_id: int) -> HttpResponse:
    """Show the default energy bid of a resource on a trade date, drawn and in numbers."""
    viewer = admit(request, COST_READERS)
    rows = list(
        selectors.debs(viewer=viewer)
        .filter(trade_date=day_of(day), resource_id=resource_id)
        .order_by("config", "segment_no")
    )
    if not rows:
        raise Http404("There is no bid of this resource and day, or it is not yours.")
    return _bid_page(request, rows, viewer)


@login_required
def reference_bid(request: HttpRequest, segment_id: int) -> HttpResponse:
    """Show the bid of a published curve that a segment belongs to."""
    viewer = admit(request, SIGNED_IN)
    found = get_object_or_404(selectors.reference_debs(viewer=viewer), pk=segment_id)
    rows = list(
        selectors.reference_debs(viewer=viewer)
        .filter(trade_date=found.trade_date, source=found.source, unit=found.unit)
        .order_by("segment_no")
    )
    return _bid_page(request, rows, viewer)


def _bid_page(request: HttpRequest, rows: list[DebSegment], viewer: Viewer) -> HttpResponse:
    first = rows[0]
    return render(
        request,
        "costs/bid.html",
        {
            "first": first,
            "curves": _curves(rows),
            "run": first.run,
            "lists": "reference-bids" if first.resource_id is None else "default-energy-bids",
        },
    )


@login_required
def transition_graph(request: HttpRequest, day: str, resource_id: int) -> HttpResponse:
    """Show the transitions of a multi-stage resource as a matrix and as a graph."""
    viewer = admit(request, COST_READERS)
    wanted = day_of(day)
    rows = list(
        selectors.transition_costs(viewer=viewer).filter(trade_date=wanted, resource_id=resource_id)
    )
    held = {
        c.config: c
        for c in configurations(viewer=viewer)
        .filter(resource_id=resource_id, effective_date__lte=wanted)
        .order_by("effective_date")
    }
    if not rows and not held:
        raise Http404("There is no such resource and day, or it is not yours.")
    listed = {
        (t.from_config, t.to_config)
        for t in transitions(viewer=viewer).filter(
            resource_id=resource_id, effective_date__lte=wanted
        )
    }
    return render(request, "costs/transitions.html", _graph(rows, held, listed, wanted))


def _graph(
    rows: list[TransitionCost], held: dict[str, Any], listed: set[tuple[str, str]], day: date
) -> dict[str, Any]:
    pmax = {c: held[c].pmax_mw for c in held}
    for row in rows:
        pmax[row.from_config], pmax[row.to_config] = row.from_pmax, row.to_pmax
        listed.add((row.from_config, row.to_config))
    order = sorted(pmax, key=lambda c: (pmax[c], c))
    costs = {(r.from_config, r.to_config): r for r in rows}
    wide = max(760, 150 * len(order))
    place = {c: 80 + i * (wide - 160) / max(len(order) - 1, 1) for i, c in enumerate(order)}
    matrix = [
        {
            "config": source,
            "pmax": pmax[source],
            "mma": held[source].mma_startup if source in held else None,
            "cells": [_cell(source, target, costs, listed) for target in order],
        }
        for source in order
    ]
    most = max((order.index(t) - order.index(s) for s, t in costs), default=1)
    base, edges = 62 + 72 * (most - 1) + 40, []
    for (source, target), row in costs.items():
        a, b = place[source], place[target]
        lift = 62 + 72 * (order.index(target) - order.index(source) - 1)
        edges.append(
            {
                "path": f"M {a:.0f} {base - 11} Q {(a + b) / 2:.0f} {base - lift * 2:.0f} "
                f"{b - 9:.0f} {base - 13}",
                "x": (a + b) / 2,
                "y": base - lift - 10,
                "row": row,
            }
        )
    return {
        "name": rows[0].unit if rows else next(iter(held.values())).resource.code,
        "day": day,
        "matrix": matrix,
        "order": order,
        "edges": edges,
        "wide": wide,
        "base": base,
        "tall": base + 60,
        "name_at": base + 32,
        "mw_at": base + 48,
        "nodes": [{"x": place[c], "config": c, "pmax": pmax[c]} for c in order],
    }


def _cell(
    source: str,
    target: str,
    costs: dict[tuple[str, str], TransitionCost],
    listed: set[tuple[str, str]],
) -> dict[str, Any]:
    row = costs.get((source, target))
    if row is not None:
        return {"kind": "up", "row": row}
    return {"kind": "down" if (source, target) in listed else "none", "row": None}


@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """Show the newest runs of costs and bids, what they found, and let an analyst ask for one."""
    viewer = admit(request, ISO_ROLES)
    kinds_here = sorted(
        (k for k in RUN_KINDS if not k.by_hand), key=lambda k: (k.code != DAILY_COSTS, k.title)
    )
    rows = (
        runs(viewer=viewer)
        .filter(kind__in=[k.code for k in kinds_here])
        .order_by("-trade_date", "-pk")[:30]
    )
    found = list(rows)
    costs = [r.pk for r in found if r.state == "SEALED" and r.kind in COST_KINDS]
    return render(
        request,
        "costs/overview.html",
        {
            "runs": [(r, RUN_KINDS[r.kind].title) for r in found],
            "kinds": kinds_here,
            "violations": violations_of(costs[:2]),
            "may_request": viewer.may(ANALYSTS),
        },
    )


def violations_of(run_ids: list[int]) -> list[Any]:
    """Return how many violations of each code the newest runs have."""
    return list(
        CostViolation.objects.filter(run_id__in=run_ids)
        .values("code", "severity", "trade_date")
        .annotate(count=Count("pk"), example=Min("message"))
        .order_by("-trade_date", "severity", "code")
    )
