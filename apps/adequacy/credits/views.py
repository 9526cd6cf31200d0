"""Pages of the distribution of a period: who gets what, and what changed between versions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from apps.adequacy.credits import selectors
from apps.adequacy.credits.codes import DISTRIBUTION
from apps.adequacy.credits.filters import period_asked
from apps.adequacy.credits.models import CreditShare, CreditTac, FlexCover, FlexStep
from apps.adequacy.credits.services import missing_for
from apps.platform.accounts.codes import APPROVERS, ISO_ROLES
from apps.platform.core.quantity import plain
from apps.platform.runs.models import Run
from apps.platform.ui.requests import admit, note_reading


@login_required
def periods(request: HttpRequest) -> HttpResponse:
    """Show the periods that credits were distributed for."""
    viewer = admit(request, ISO_ROLES)
    process_of_kind = {code: p for p, code in DISTRIBUTION.items()}
    found: dict[str, Run] = {}
    for run in Run.objects.filter(kind__in=process_of_kind).order_by("-trade_date", "-pk"):
        found.setdefault(selectors.period_of(process_of_kind[run.kind], run.trade_date), run)
    rows = [(p, run, selectors.published_run(p)) for p, run in found.items()]
    return render(request, "credits/periods.html", {"rows": rows, "viewer": viewer})


def sankey(tacs: list[CreditTac], shares: list[CreditShare]) -> dict[str, Any] | None:
    """Return what flows from credits to TAC areas to LSEs, for the picture."""
    links: dict[tuple[str, str], Decimal] = {}
    for t in tacs:
        key = (f"{t.unit} {t.kind}", t.tac)
        links[key] = links.get(key, Decimal(0)) + t.mw
    for s in shares:
        key = (s.tac, s.lse_code)
        links[key] = links.get(key, Decimal(0)) + s.mw
    kept = {k: v for k, v in links.items() if v > 0}
    if not kept or len(kept) > 400:
        return None
    return {
        "kind": "sankey",
        "unit": "MW",
        "nodes": list(dict.fromkeys(n for k in kept for n in k)),
        "links": [{"source": a, "target": b, "value": float(v)} for (a, b), v in kept.items()],
    }


@login_required
def distribution(request: HttpRequest, period: str) -> HttpResponse:
    """Show a distribution: each credit's way to TAC areas and LSEs, with its numbers."""
    viewer = admit(request, ISO_ROLES)
    runs = list(selectors.runs_of(period_asked(period))[:20])
    asked = request.GET.get("run", "")
    run = next((r for r in runs if str(r.pk) == asked), runs[0] if runs else None)
    if run is None:
        lacks = missing_for(period)
        return render(request, "credits/missing.html", {"period": period, "lacks": lacks})
    note_reading(request, f"credit distribution {period}")
    tacs = selectors.tacs_of_run(run)
    shares = list(selectors.shares_of_run(run, viewer).order_by("line_no"))
    by_place: dict[tuple[Any, ...], list[CreditShare]] = {}
    for s in shares:
        by_place.setdefault((s.resource_id, s.kind, s.category, s.tac), []).append(s)
    areas: dict[tuple[Any, ...], list[CreditTac]] = {}
    for t in tacs:
        areas.setdefault((t.resource_id, t.kind, t.category), []).append(t)
    credits = [
        {
            "head": parts[0],
            "total": sum((p.forecast_mw for p in parts), Decimal(0)),
            "areas": [{"row": p, "lses": by_place.get((*key, p.tac), [])} for p in parts],
        }
        for key, parts in areas.items()
    ]
    covers = list(FlexCover.objects.filter(run=run).order_by("line_no"))
    steps: dict[str, list[FlexStep]] = {}
    for step in FlexStep.objects.filter(run=run).order_by("line_no"):
        steps.setdefault(step.lse_code, []).append(step)
    context = {
        "period": period,
        "run": run,
        "runs": runs,
        "credits": credits,
        "sankey": sankey(tacs, shares),
        "by_lse": _by_lse(shares),
        "cascades": [
            {
                "lse": lse,
                "rows": [c for c in covers if c.lse_code == lse],
                "steps": steps.get(lse, []),
            }
            for lse in dict.fromkeys(c.lse_code for c in covers)
        ],
        "may_publish": run.state == "SEALED" and viewer.may(APPROVERS),
        "waiting": run.state in ("REQUESTED", "RUNNING"),
        "draws": True,
    }
    return render(request, "credits/distribution.html", context)


def _by_lse(shares: list[CreditShare]) -> list[tuple[str, Decimal]]:
    found: dict[str, Decimal] = {}
    for s in shares:
        found[s.lse_code] = found.get(s.lse_code, Decimal(0)) + s.mw
    return sorted(found.items(), key=lambda i: (-i[1], i[0]))


@login_required
def comparison(request: HttpRequest, period: str) -> HttpResponse:
    """Show what differs between two versions of a period's distribution."""
    viewer = admit(request, ISO_ROLES)
    sealed = [r for r in selectors.runs_of(period_asked(period))[:20] if r.version]
    if len(sealed) < 2:
        raise Http404("There are no two versions of this period to compare.")
    by_id = {str(r.pk): r for r in sealed}
    new = by_id.get(request.GET.get("new", ""), sealed[0])
    old = by_id.get(request.GET.get("old", ""), sealed[1])
    sides = []
    for run in (old, new):
        sides.append(
            {
                (s.unit, s.kind, s.category or 0, s.tac, s.lse_code): s
                for s in selectors.shares_of_run(run, viewer)
            }
        )
    rows = []
    for key in sorted({*sides[0], *sides[1]}):
        a, b = sides[0].get(key), sides[1].get(key)
        before, after = (a.mw if a else Decimal(0)), (b.mw if b else Decimal(0))
        if before != after:
            rows.append(
                {
                    "key": key,
                    "before": before,
                    "after": after,
                    "more": after - before,
                    "because": because(a, b),
                }
            )
    return render(
        request,
        "credits/comparison.html",
        {
            "period": period,
            "old": old,
            "new": new,
            "runs": sealed,
            "rows": rows,
            "unchanged": len({*sides[0], *sides[1]}) - len(rows),
        },
    )


def because(old: CreditShare | None, new: CreditShare | None) -> str:
    """Say why a part differs between two versions."""
    if old is None:
        return "new"
    if new is None:
        return "no longer"
    if old.share != new.share:
        return f"load share {plain(old.share)} → {plain(new.share)}"
    return "the credit, or the forecasts of its TAC areas, changed"
