"""Whole days: the files of ``when`` go in, the files of ``then`` must come out."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from apps.settlements.models import AllocationLine, CapacityPayment
from apps.statements.models import Statement

SCENARIOS = sorted(Path(__file__).parent.glob("given_*"))
ORDER = ("resources", "contract-terms", "metered-demand")


def read(path):
    with path.open() as source:
        return list(csv.DictReader(source))


def text(value):
    return "" if value is None else str(value)


@pytest.mark.django_db
@pytest.mark.brq("BRQ-1225", "BRQ-1230", "BRQ-1205")
@pytest.mark.parametrize("folder", SCENARIOS, ids=lambda p: p.name)
def test_scenario(folder, load, settle):
    for kind in ORDER:
        load(kind, (folder / "when" / f"{kind}.csv").read_text(), sender="iso.admin")
    days = {r["TRADE_DATE"] for r in read(folder / "when" / "metered-demand.csv")}
    run = settle(date.fromisoformat(days.pop()))
    assert run.state == "PUBLISHED", run.error
    seen = {
        "capacity-payments": [
            {"resource": p.resource.code, "outcome": p.outcome, "amount": text(p.amount)}
            for p in CapacityPayment.objects.filter(run=run).order_by("resource__code")
        ],
        "allocation-lines": [
            {"sc": x.sc.code, "tac": x.tac_area.code, "resource": x.resource.code,
             "amount": text(x.amount)}
            for x in AllocationLine.objects.filter(run=run).order_by(
                "sc__code", "tac_area__code", "resource__code"
            )
        ],
        "statements": [
            {"sc": s.sc.code, "charges": text(s.charges), "payments": text(s.payments),
             "total": text(s.total)}
            for s in Statement.objects.filter(run=run)
        ],
    }  # fmt: skip
    for path in (folder / "then").glob("*.csv"):
        expected, got = read(path), seen[path.stem]
        if path.stem == "statements":
            assert all(row in got for row in expected)
        else:
            assert got == expected, path.name
