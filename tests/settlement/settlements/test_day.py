"""The demo's real trade date: neutral, explained, repeatable."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db.models import Sum

from apps.platform.runs.models import Run
from apps.settlement.settlements.models import (
    AllocationLine,
    CapacityPayment,
)
from apps.settlement.settlements.services import explain_line, settle_due_days
from apps.settlement.statements.models import Statement, StatementLine
from apps.site.home.services import DEMO
from tests.conftest import DAY
from tests.settlement.settlements.corrected_demand import CORRECTED

pytestmark = pytest.mark.django_db


@pytest.mark.brq("BRQ-1225", "BRQ-1230", "BRQ-1210")
def test_new_tariff_is_settled_and_legacy_has_no_line(settle):
    run = settle()
    ended = dict(CapacityPayment.objects.filter(run=run).values_list("resource__code", "outcome"))
    legacy = {c for c, o in ended.items() if o == "LEGACY"}
    assert legacy == {
        "METEC_2_PL1X3",
        "BOGUE_1_UNITA1",
        "YUBACT_6_UNITA1",
        "OAK C_7_UNIT 1",
        "OAK C_7_UNIT 3",
    }
    assert {o for c, o in ended.items() if c not in legacy} == {"SETTLED"}
    assert not StatementLine.objects.filter(resource__code__in=legacy).exists()
    areas = AllocationLine.objects.filter(run=run).values_list("tac_area__code", flat=True)
    assert set(areas) == {"PGE-TAC", "SCE-TAC", "SDGE-TAC", "VEA-TAC", "MWD-TAC"}


@pytest.mark.brq("BRQ-1230")
def test_every_resource_and_the_day_are_neutral_to_the_cent(settle):
    run = settle()
    for payment in CapacityPayment.objects.filter(run=run, outcome="SETTLED"):
        shared = AllocationLine.objects.filter(run=run, resource=payment.resource)
        assert shared.aggregate(s=Sum("amount"))["s"] == -payment.amount
    assert StatementLine.objects.filter(run=run).aggregate(s=Sum("amount"))["s"] == 0
    assert Statement.objects.filter(run=run).aggregate(s=Sum("total"))["s"] == 0
    assert run.totals["Metered demand (MWh)"] == "840094.0000"


@pytest.mark.brq("BRQ-1230")
def test_a_slow_exact_oracle_agrees_on_every_line(settle):
    """From the raw demand rows in fractions, one cell at a time, no shared code."""
    from apps.reference.market.models import MeteredDemand
    from apps.reliability.designations.models import CapacityByTac, RmrContract

    run = settle()
    demand: dict[tuple[int, int], Fraction] = {}
    for row in MeteredDemand.objects.filter(trade_date=DAY):
        key = (row.sc_id, row.tac_area_id)
        demand[key] = demand.get(key, Fraction(0)) + Fraction(row.mwh)
    for payment in CapacityPayment.objects.filter(run=run, outcome="SETTLED"):
        contract = RmrContract.objects.get(contract_no=payment.contract_no)
        mw = {
            c.tac_area_id: Fraction(c.mw)
            for c in CapacityByTac.objects.filter(
                contract_no=payment.contract_no, obligation_type=payment.obligation_type
            )
        }
        exact = {}
        for (sc, tac), mwh in demand.items():
            area = sum(v for (_, t), v in demand.items() if t == tac)
            if contract.scope == "SYSTEM":
                exact[sc, tac] = mwh / sum(demand.values())
            elif tac in mw:
                exact[sc, tac] = mwh / area * mw[tac] / sum(mw.values())
        cents = {k: -Fraction(payment.amount) * 100 * share for k, share in exact.items()}
        for line in AllocationLine.objects.filter(run=run, resource=payment.resource):
            off = Fraction(line.amount) * 100 - cents.pop((line.sc_id, line.tac_area_id))
            assert abs(off) < 1
        assert not cents


def test_the_calendar_requests_what_is_due_and_nothing_twice(settle):
    now = datetime.now(UTC)
    due = settle_due_days(at=now)
    assert {r.trade_date for r in due} >= {DAY, date(2024, 9, 5)}
    settle()
    assert DAY not in {r.trade_date for r in settle_due_days(at=now)}


@pytest.mark.brq("BRQ-1225", "BRQ-1230")
def test_every_line_of_every_statement_explains_itself(settle, person):
    run = settle()
    viewer = person("iso.admin").viewer()
    for line in StatementLine.objects.filter(run=run).select_related("statement"):
        found = explain_line(
            run=run,
            charge_code=line.charge_code,
            resource_id=line.resource_id,
            sc_id=line.statement.sc_id,
            tac_area_id=line.tac_area_id,
            stored=line.amount,
            viewer=viewer,
        )
        assert found.reproduced, found.title
        assert found.steps
        assert found.parameters
        assert all(row.link for row in found.rows)
        if line.charge_code == "RMR-ALLOC":
            mwh = sum(Decimal(r.value.replace(",", "")) for r in found.rows if r.unit == "MWh")
            own = next(o for o in found.operands if o.symbol == "MD(sc, tac)")
            assert mwh == Decimal(own.value.replace(",", ""))


def test_the_result_hash_does_not_depend_on_the_order_of_rows(settle, load):
    first = settle()
    lines = (DEMO / "metered_demand_2024-09-04.csv").read_text().splitlines()
    shuffled = "\n".join([lines[0], *sorted(lines[1:], key=hash)])
    load("metered-demand", CORRECTED())
    load("metered-demand", shuffled)
    Run.objects.filter(pk=first.pk)
    again = settle(reason="same numbers, other order")
    assert again.result_hash == first.result_hash


@pytest.mark.brq("BRQ-1225")
def test_a_day_without_market_results_reads_what_it_always_has(settle):
    """So that a release that reads more makes no published day stale by itself."""
    names = {i.name for i in settle().inputs.all()}
    assert names == {
        "market.metered_demand",
        "RMR contracts",
        "contract prices",
        "capacity by TAC area",
        "SC of each resource",
    }


@pytest.mark.brq("BRQ-1225")
def test_a_line_of_a_run_older_than_a_parameter_is_still_explained(settle, monkeypatch, person):
    """Parameters that came with a later release are not asked where they change nothing."""
    from apps.platform.core.effective import ParameterSet
    from apps.settlement.settlements.services import inputs

    run = settle()
    known = {
        "rmr.new_tariff_cutoff",
        "settlements.capacity_mw_basis",
        "settlements.allocation_step",
    }
    real = inputs.parameter_set

    def as_then(**words):
        found = real(**words)
        return ParameterSet({k: v for k, v in found.values.items() if k in known})

    monkeypatch.setattr(inputs, "parameter_set", as_then)
    line = StatementLine.objects.filter(run=run, charge_code="RMR-ALLOC").first()
    about = {
        "resource_id": line.resource_id,
        "tac_area_id": line.tac_area_id,
        "sc_id": line.statement.sc_id,
        "stored": line.amount,
    }
    found = explain_line(
        run=run, charge_code="RMR-ALLOC", viewer=person("iso.approver").viewer(), **about
    )
    assert found.reproduced
