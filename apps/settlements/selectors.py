"""Reads of settlement results."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

import polars as pl
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet, Sum

from apps.accounts.rules import Viewer
from apps.runs.models import CurrentRun, Run, RunInput
from apps.settlements.models import AllocationLine, CapacityPayment
from apps.settlements.terms import DAILY, ChargeCode


def published_run_ids() -> QuerySet[CurrentRun, Any]:
    """Return the runs that readers of their days see."""
    return CurrentRun.objects.filter(kind=DAILY).values("run_id")


def capacity_payments(*, viewer: Viewer) -> QuerySet[CapacityPayment]:
    """Return payments: all versions for the ISO, an SC's own as published."""
    rows = CapacityPayment.objects.all()
    if viewer.is_iso:
        return rows
    if not viewer.is_sc:
        return rows.none()
    return rows.filter(sc_id=viewer.party_id, run_id__in=published_run_ids())


def allocation_lines(*, viewer: Viewer) -> QuerySet[AllocationLine]:
    """Return allocation lines: all versions for the ISO, an SC's own as published."""
    invented = RunInput.objects.filter(run=OuterRef("run"), dataset_version__is_synthetic=True)
    rows = AllocationLine.objects.annotate(is_synthetic=Exists(invented))
    if viewer.is_iso:
        return rows
    if not viewer.is_sc:
        return rows.none()
    return rows.filter(sc_id=viewer.party_id, run_id__in=published_run_ids())


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
    "sc_id": pl.Int64, "charge_code": pl.String, "resource_id": pl.Int64, "tac_area_id": pl.Int64,
    "amount": pl.Int64,
}  # fmt: skip


def result_frames(*, run: Run) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the payments and the allocation of a run as frames, amounts in whole cents."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select sc_id, %s, resource_id, null::bigint, amount "
            f"from {CapacityPayment._meta.db_table} where run_id = %s and amount is not null",
            [ChargeCode.RMR_CAP.value, run.pk],
        )
        payments = pl.DataFrame(cursor.fetchall(), schema=RESULT_COLUMNS, orient="row")
        cursor.execute(
            "select sc_id, %s, resource_id, tac_area_id, amount "
            f"from {AllocationLine._meta.db_table} where run_id = %s",
            [ChargeCode.RMR_ALLOC.value, run.pk],
        )
        allocation = pl.DataFrame(cursor.fetchall(), schema=RESULT_COLUMNS, orient="row")
    return payments, allocation


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
            {"name": area,
             "data": [float(cost["cells"][sc].get(area, 0)) for sc in cost["scs"][:30]]}
            for area in cost["areas"]
        ],
    }  # fmt: skip
