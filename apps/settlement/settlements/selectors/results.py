"""Reads of settlement results."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from fractions import Fraction
from typing import Any

import polars as pl
from django.db import connection
from django.db.models import Exists, F, OuterRef, QuerySet, Sum
from django.db.models.functions import TruncMonth

from apps.platform.accounts.rules import Viewer
from apps.platform.audit.selectors import copied
from apps.platform.core.datasets import Dataset
from apps.platform.core.money import cents_to_usd, usd_to_cents
from apps.platform.core.tradetime import FAR_MOMENT
from apps.platform.runs.models import CurrentRun, Run, RunInput
from apps.platform.runs.selectors import runs
from apps.platform.uploads.selectors import versions_known_at
from apps.reference.resources.codes import EVER
from apps.settlement.settlements.codes import DAILY, RUN_DATES, RUN_RULES, ChargeCode
from apps.settlement.settlements.models import (
    AllocationLine,
    CapacityPayment,
    ChargeLine,
    ContractPenalty,
    LateCorrection,
    LegacyInvoice,
    MarketNetting,
    RaaimLine,
    RaaimPool,
    RunDate,
    RunRule,
)
from apps.settlement.settlements.rules import CalendarRule, runs_of
from apps.settlement.settlements.rules.chain import charge_codes
from apps.settlement.settlements.rules.netting import MarketDay, MarketNet, net_market


def published_run_ids() -> QuerySet[CurrentRun, Any]:
    """Return the runs that readers of their days see."""
    return CurrentRun.objects.filter(kind=DAILY).values("run_id")


def _published(rows: QuerySet[Any], viewer: Viewer) -> QuerySet[Any]:
    if viewer.is_iso:
        return rows
    if not viewer.is_sc:
        return rows.none()
    return rows.filter(sc_id=viewer.party_id, run_id__in=published_run_ids())


def settled_runs(*, viewer: Viewer) -> QuerySet[Run]:
    """Return every sealed or published settlement run, for the ISO; nobody else sees runs."""
    return runs(viewer=viewer).filter(kind=DAILY, version__isnull=False)


def capacity_payments(*, viewer: Viewer) -> QuerySet[CapacityPayment]:
    """Return payments: all versions for the ISO, an SC's own as published."""
    return _published(CapacityPayment.objects.all(), viewer)


def allocation_lines(*, viewer: Viewer) -> QuerySet[AllocationLine]:
    """Return allocation lines: all versions for the ISO, an SC's own as published."""
    invented = RunInput.objects.filter(run=OuterRef("run"), dataset_version__is_synthetic=True)
    return _published(AllocationLine.objects.annotate(is_synthetic=Exists(invented)), viewer)


def outcomes(*, run: Run) -> list[CapacityPayment]:
    """Return how every contract of a run's day ended."""
    return list(
        CapacityPayment.objects.filter(run=run)
        .select_related("resource", "sc")
        .order_by("outcome", "resource__code")
    )


def cost_by_sc_and_tac(*, run: Run) -> dict[str, Any]:
    """Return allocated dollars by SC (rows) and TAC area (series), for a stacked chart."""
    sums = (
        AllocationLine.objects.filter(run=run)
        .values_list("sc__code", "tac_area__code")
        .annotate(total=Sum("amount"))
    )
    by_sc: dict[str, dict[str, Any]] = defaultdict(dict)
    for sc, tac, total in sums:
        by_sc[sc][tac] = total
    areas = sorted({tac for row in by_sc.values() for tac in row})
    ordered = sorted(by_sc, key=lambda sc: (-sum(by_sc[sc].values()), sc))
    return {"scs": ordered, "areas": areas, "cells": {sc: by_sc[sc] for sc in ordered}}


RESULT_COLUMNS = {
    "sc_id": pl.Int64,
    "charge_code": pl.String,
    "resource_id": pl.Int64,
    "tac_area_id": pl.Int64,
    "contract_no": pl.String,
    "amount": pl.Int64,
}
LINES_OF_RUN = f"""
    select sc_id, '{ChargeCode.RMR_CAP.value}', resource_id, null::bigint, '', amount
    from {CapacityPayment._meta.db_table} where run_id = %s and amount is not null
    union all
    select sc_id, '{ChargeCode.RMR_ALLOC.value}', resource_id, tac_area_id, '', amount
    from {AllocationLine._meta.db_table} where run_id = %s
    union all
    select sc_id, charge_code, resource_id, tac_area_id, contract_no, amount
    from {ChargeLine._meta.db_table} where run_id = %s
"""


def result_lines(*, run: Run) -> pl.DataFrame:
    """Return every line of a run as a frame, amounts in whole cents."""
    with connection.cursor() as cursor:
        cursor.execute(LINES_OF_RUN, [run.pk] * 3)
        return pl.DataFrame(cursor.fetchall(), schema=RESULT_COLUMNS, orient="row")


def lines_of_run(run: Run, sc_id: int | None = None) -> pl.DataFrame:
    """Return the lines of a run, or of one SC in it, as a frame, amounts in whole cents.

    All lines come by COPY, which row policies do not let through: for the ISO.
    """
    if sc_id is None:
        return copied(LINES_OF_RUN.replace("%s", str(int(run.pk))), RESULT_COLUMNS).with_columns(
            pl.col("contract_no").fill_null("")
        )
    return result_lines(run=run).filter(pl.col("sc_id") == sc_id)


def charge_lines(*, viewer: Viewer) -> QuerySet[ChargeLine]:
    """Return lines of the other charge codes: all versions for the ISO, an SC's as published."""
    return _published(ChargeLine.objects.all(), viewer)


def nettings(*, viewer: Viewer) -> QuerySet[MarketNetting]:
    """Return market days as netted: all versions for the ISO, an SC's as published."""
    return _published(MarketNetting.objects.all(), viewer)


def raaim_lines(*, viewer: Viewer) -> QuerySet[RaaimLine]:
    """Return RAAIM of a month by resource: all versions for the ISO, an SC's as published."""
    return _published(RaaimLine.objects.all(), viewer)


def raaim_pools(*, viewer: Viewer) -> QuerySet[RaaimPool]:
    """Return the pool by month: all versions for the ISO, the published one for SCs."""
    rows = RaaimPool.objects.all()
    if viewer.is_iso:
        return rows
    return rows.filter(run_id__in=published_run_ids()) if viewer.is_sc else rows.none()


def penalties_of(case_ids: Iterable[int]) -> list[tuple[str, int]]:
    """Return (contract, cents) of the penalties a run's manifest names."""
    rows = ContractPenalty.objects.filter(pk__in=list(case_ids)).order_by("pk")
    return [(p.contract_no, usd_to_cents(p.amount)) for p in rows]


def penalties_on(day: date) -> list[ContractPenalty]:
    """Return the approved penalties of a trade date."""
    rows = ContractPenalty.objects.filter(trade_date=day, state="APPROVED")
    return list(rows.order_by("pk"))


def penalties(*, viewer: Viewer) -> QuerySet[ContractPenalty]:
    """Return negotiated penalties, which the ISO's people see; an SC sees the line."""
    rows = ContractPenalty.objects.select_related("resource", "opened_by")
    return rows if viewer.is_iso else rows.none()


def late_corrections(*, viewer: Viewer) -> QuerySet[LateCorrection]:
    """Return late corrections, which the ISO's people see; an SC sees the statements."""
    rows = LateCorrection.objects.select_related("resource", "opened_by")
    return rows if viewer.is_iso else rows.none()


def legacy_invoices(*, viewer: Viewer) -> QuerySet[LegacyInvoice]:
    """Return invoices of legacy RMR; an SC sees its own."""
    rows = LegacyInvoice.objects.select_related("resource", "sc", "opened_by")
    if viewer.is_iso:
        return rows
    return rows.filter(sc_id=viewer.party_id) if viewer.is_sc else rows.none()


def run_rules(*, viewer: Viewer) -> QuerySet[RunRule]:
    """Return the runs by trade date in their newest version."""
    return _in_force(RunRule.objects.all(), RUN_RULES, FAR_MOMENT)


def run_dates(*, viewer: Viewer) -> QuerySet[RunDate]:
    """Return published dates in their newest version."""
    return _in_force(RunDate.objects.all(), RUN_DATES, FAR_MOMENT)


def _in_force(rows: QuerySet[Any], dataset: Dataset, known_at: datetime) -> QuerySet[Any]:
    kept = versions_known_at(dataset.name, known_at, period=EVER)
    return rows.filter(dataset_version__in=kept)


def calendar_of(days: Iterable[date], known_at: datetime = FAR_MOMENT) -> dict[date, list[Any]]:
    """Return the runs of trade dates by the calendar on file, published dates first."""
    days = list(days)
    table = [
        CalendarRule(
            r.first_date,
            r.last_date,
            r.count,
            r.unit,
            r.disputable != "N",
            r.dispute_days,
            r.disputable == "I",
        )
        for r in _in_force(RunRule.objects.all(), RUN_RULES, known_at)
    ]
    told = _in_force(RunDate.objects.filter(trade_date__in=days), RUN_DATES, known_at)
    published = {(r.trade_date, r.run): r.day for r in told}
    return {day: runs_of(day, table, published) for day in days}


def latest_runs(days: list[date]) -> dict[date, Run]:
    """Return the newest run of each day, failed or not."""
    found = (
        Run.objects.filter(kind=DAILY, trade_date__in=days)
        .order_by("trade_date", "-pk")
        .distinct("trade_date")
    )
    return {run.trade_date: run for run in found}


def current_runs(days: list[date]) -> dict[date, Run]:
    """Return the published run of each day."""
    pointers = CurrentRun.objects.filter(kind=DAILY, trade_date__in=days).select_related("run")
    return {p.trade_date: p.run for p in pointers}


def cost_chart(cost: dict[str, Any]) -> dict[str, Any]:
    """Return a chart description: stacked dollars by SC, one series a TAC area."""
    return {
        "kind": "stacked-bar",
        "unit": "$",
        "categories": cost["scs"][:30],
        "series": [
            {
                "name": area,
                "data": [float(cost["cells"][sc].get(area, 0)) for sc in cost["scs"][:30]],
            }
            for area in cost["areas"]
        ],
    }


def netted_of(resource_id: int, day: date) -> list[MarketNet]:
    """Return what a resource's markets netted to in the published run of a day."""
    rows = MarketNetting.objects.filter(
        run_id__in=published_run_ids(), resource_id=resource_id, trade_date=day, rmr=True
    )
    return [
        net_market(
            MarketDay(
                n.market,
                Fraction(n.cost),
                Fraction(n.adders),
                Fraction(n.revenue),
                Fraction(n.own_cost),
                Fraction(n.own_revenue),
            )
        )
        for n in rows.order_by("line_no")
    ]


def stored_lines(run: Run, code: str) -> pl.DataFrame:
    """Return the lines of a charge code that a run has stored."""
    found = result_lines(run=run).filter(pl.col("charge_code") == code)
    return found.sort("sc_id", "resource_id", "tac_area_id", "contract_no", nulls_last=True)


def held_by_raaim(*, run: Run) -> int:
    """Return the cents by which a run's lines exceed zero: what the pool's carry grew by."""
    pool = RaaimPool.objects.filter(run=run).first()
    return usd_to_cents(pool.carried_over - pool.carried_in) if pool else 0


def sums_by_code(*, run: Run) -> list[dict[str, Any]]:
    """Return each charge code of a run with its charges, payments and sum in dollars."""
    lines = result_lines(run=run)
    amount = pl.col("amount")
    found = lines.group_by("charge_code").agg(
        lines=pl.len(),
        charges=amount.filter(amount > 0).sum(),
        payments=amount.filter(amount < 0).sum(),
        total=amount.sum(),
    )
    return [
        row | {name: cents_to_usd(row[name]) for name in ("charges", "payments", "total")}
        for row in found.sort("charge_code").iter_rows(named=True)
    ]


def titles() -> dict[str, str]:
    """Return the title of each charge code of the chain."""
    return {code: node.title for code, node in charge_codes().items()}


def runs_by_type(days: list[date]) -> dict[tuple[date, str], list[Run]]:
    """Return the runs of trade dates by their type, the newest first; failed ones are left out."""
    rows = Run.objects.filter(kind=DAILY, trade_date__in=days).exclude(state="FAILED")
    found: dict[tuple[date, str], list[Run]] = defaultdict(list)
    for run in rows.order_by("-pk"):
        found[run.trade_date, run.run_type].append(run)
    return dict(found)


def cost_of_rmr(first: date | None, last: date | None) -> list[dict[str, Any]]:
    """Return net RMR cost by month, resource and TAC area from the published days of a span."""
    rows = AllocationLine.objects.filter(run_id__in=published_run_ids())
    rows = rows.filter(trade_date__gte=first) if first else rows
    rows = rows.filter(trade_date__lte=last) if last else rows
    found: Any = (
        rows.annotate(month=TruncMonth("trade_date"))
        .values("month", resource_code=F("resource__code"), area=F("tac_area__code"))
        .annotate(amount=Sum("amount"))
        .order_by("month", "resource_code", "area")
    )
    return list(found)
