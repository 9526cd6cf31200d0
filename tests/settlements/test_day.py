"""The demo's real trade date: neutral, explained, repeatable, versioned."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db.models import Sum

from apps.platform.audit.services import MoveRefused
from apps.platform.parameters import services as parameters
from apps.platform.runs import services as runs
from apps.platform.runs.models import CurrentRun, Run
from apps.platform.runs.selectors import input_changes, stale_cause, unchanged_since
from apps.platform.runs.services import running
from apps.settlement.settlements.models import (
    AllocationLine,
    CapacityPayment,
    ChargeLine,
    MarketNetting,
)
from apps.settlement.settlements.rules.nodes import reliability
from apps.settlement.settlements.services import explain_line, request_day, settle_due_days
from apps.settlement.statements.models import Statement, StatementLine
from apps.site.home.services import DEMO
from tests.conftest import DAY

pytestmark = pytest.mark.django_db
CORRECTED = (DEMO / "try" / "metered_demand_2024-09-04_corrected.csv").read_text


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


def test_asking_twice_gives_the_same_run(settle):
    first = settle()
    assert settle().pk == first.pk
    assert Run.objects.filter(trade_date=DAY).count() == 1


def test_before_and_after_the_click_it_is_said_that_nothing_changed(settle, load, as_user):
    first = settle()
    client = as_user("iso.analyst")
    says = "Nothing that this day is settled from has changed since version 1 was calculated"
    page = client.get(f"/trade-dates/{DAY}/").content.decode()
    assert says in page
    listed = client.get("/trade-dates/").content.decode()
    assert "Nothing has changed; settled again, the numbers are the same." in listed
    # of the same release no run is made; another type of run is made and gives the same numbers
    asked = client.post(
        "/runs/request/", {"trade_date": str(DAY), "run_type": "T+70B"}, follow=True
    )
    assert asked.status_code == 200
    assert (
        "Nothing that 2024-09-04 is settled from has changed since the published version 1: the "
        "numbers will be the same." in asked.content.decode()
    )
    again = Run.objects.get(trade_date=DAY, run_type="T+70B")
    assert unchanged_since(again) == first
    load("metered-demand", CORRECTED())
    page = client.get(f"/trade-dates/{DAY}/").content.decode()
    assert says not in page
    assert "Metered demand, 2024-09-04, version 2 confirmed" in page


@pytest.mark.brq("BRQ-1225", "BRQ-1230")
def test_corrected_demand_makes_the_day_stale_and_then_version_two(settle, load):
    first = settle()
    before = {
        (x.statement.sc_id, x.charge_code, x.resource_id, x.tac_area_id): x.amount
        for x in StatementLine.objects.filter(run=first).select_related("statement")
    }
    load("metered-demand", CORRECTED())
    assert stale_cause(first) == "Metered demand, 2024-09-04, version 2 confirmed"
    second = settle(reason="corrected meters")
    assert (second.version, second.state) == (2, "PUBLISHED")
    assert CurrentRun.objects.get(trade_date=DAY).run_id == second.pk
    assert [c["name"] for c in input_changes(second, first)] == ["market.metered_demand"]
    for line in StatementLine.objects.filter(run=second).select_related("statement"):
        key = (line.statement.sc_id, line.charge_code, line.resource_id, line.tac_area_id)
        assert line.previous_amount == before[key]
    bay = Statement.objects.get(run=second, sc__code="SYN_LSE_BAY")
    assert bay.change == bay.total - bay.previous.total > 0
    assert Statement.objects.filter(run=second).aggregate(s=Sum("change"))["s"] == 0
    assert {
        (x.statement.sc_id, x.charge_code, x.resource_id, x.tac_area_id): x.amount
        for x in StatementLine.objects.filter(run=first).select_related("statement")
    } == before


def test_going_back_to_the_old_numbers_ends_staleness(settle, load):
    first = settle()
    load("metered-demand", CORRECTED())
    assert stale_cause(first)
    load("metered-demand", (DEMO / "metered_demand_2024-09-04.csv").read_text())
    assert stale_cause(first) == ""


def test_another_days_demand_or_an_unrelated_contract_leaves_a_day_alone(settle, load):
    run = settle()
    load("metered-demand", CORRECTED().replace("2024-09-04", "2024-10-07"))
    load(
        "resources",
        "RESOURCE_ID,RESOURCE_NAME,PMAX_MW,TAC_AREA,LOCAL_AREA,SC_ID,EFFECTIVE_FROM,SOURCE\n"
        "OTHER_1,Other,5,PGE-TAC,,SYN_GEN_SOUTH,2024-01-01,test\n",
    )
    assert stale_cause(run) == ""


def test_an_approved_parameter_makes_the_day_stale_and_changes_it(settle, person, now):
    first = settle()
    proposal = parameters.propose(
        name="settlements.capacity_mw_basis",
        text="SUM",
        first_date=DAY,
        last_date=DAY,
        reference="test",
        reason="test",
        actor=person("iso.analyst"),
        at=now,
    )
    with pytest.raises(MoveRefused, match="roles"):
        parameters.approve(proposal_id=proposal.pk, actor=person("iso.analyst"), at=now)
    parameters.approve(proposal_id=proposal.pk, actor=person("iso.approver"), at=now)
    assert "settlements.capacity_mw_basis = SUM" in stale_cause(first)
    second = settle()
    green = CapacityPayment.objects.get(run=second, resource__code="GRNLF2_1_UNIT")
    assert str(green.capacity_mw) == "79.2000"
    assert any(c.get("parameter") for c in input_changes(second, first))


def test_the_proposer_does_not_approve_even_as_administrator(person, now):
    proposal = parameters.propose(
        name="rmr.pmax_tolerance_mw",
        text="1",
        first_date=DAY,
        last_date=None,
        reference="r",
        reason="r",
        actor=person("iso.admin"),
        at=now,
    )
    with pytest.raises(MoveRefused, match="second person"):
        parameters.approve(proposal_id=proposal.pk, actor=person("iso.admin"), at=now)


def test_the_requester_does_not_publish(person, now):
    run, _ = request_day(trade_date=DAY, actor=person("iso.admin"), at=now, reason="x")
    runs.execute(run_id=run.pk, at=now)
    with pytest.raises(MoveRefused, match="second person"):
        runs.publish(run_id=run.pk, actor=person("iso.admin"), at=now)
    assert not Statement.objects.filter(run=run).exists()


def test_an_outdated_sealed_run_is_not_published(settle, load, person, now):
    run = settle(publish=False)
    load("metered-demand", CORRECTED())
    with pytest.raises(MoveRefused, match="inputs of this day have changed"):
        runs.publish(run_id=run.pk, actor=person("iso.approver"), at=now)


@pytest.mark.brq("BRQ-1230")
def test_a_result_that_is_not_neutral_is_kept_to_be_looked_at_but_not_published(
    settle, person, now, monkeypatch
):
    real = reliability.allocate

    def one_cent_too_many(*args, **kwargs):
        parts = real(*args, **kwargs)
        parts[min(parts)] += 1
        return parts

    monkeypatch.setattr(reliability, "allocate", one_cent_too_many)
    run = settle(publish=False)
    assert run.state == "SEALED"
    red = {i["name"]: i["sentence"] for i in run.invariants if not i["passed"]}
    assert "5 resources" in red["RMR neutral by resource"]
    with pytest.raises(MoveRefused, match="red"):
        runs.publish(run_id=run.pk, actor=person("iso.approver"), at=now)
    assert not CurrentRun.objects.filter(run=run).exists()
    assert not StatementLine.objects.filter(run=run).exists()


@pytest.mark.parametrize("position", range(6))
def test_a_fault_at_any_table_leaves_only_the_reason(settle, monkeypatch, position):
    """Whichever table it is at, what was written before is undone, and the day settles later."""
    real, count = running.copy_rows, iter(range(100))

    def disk_full(*args, **kwargs):
        if next(count) == position:
            raise OSError("disk full")
        return real(*args, **kwargs)

    monkeypatch.setattr(running, "copy_rows", disk_full)
    run = settle()
    assert (run.state, run.error) == ("FAILED", "OSError: disk full")
    for model in (CapacityPayment, AllocationLine, ChargeLine, MarketNetting):
        assert not model.objects.filter(run=run).exists()
    monkeypatch.undo()
    assert settle().state == "PUBLISHED"


def test_executing_twice_is_harmless(settle, now):
    run = settle()
    again = runs.execute(run_id=run.pk, at=now)
    assert (again.state, again.result_hash) == ("PUBLISHED", run.result_hash)


def test_a_day_without_demand_is_refused_with_what_is_missing(person, now):
    with pytest.raises(runs.RunRefused, match="missing: Metered demand"):
        request_day(trade_date=date(2023, 1, 1), actor=person("iso.analyst"), at=now, reason="x")
    with pytest.raises(runs.RunRefused, match="roles"):
        request_day(trade_date=DAY, actor=person("iso.operator"), at=now, reason="x")


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


def test_a_run_whose_worker_was_killed_is_computed_on_redelivery(person, now):
    from apps.platform.accounts.selectors import system_user
    from apps.platform.audit.services import transition

    run, _ = request_day(trade_date=DAY, actor=person("iso.analyst"), at=now, reason="x")
    transition(run, action="begin", actor=system_user(), at=now)
    assert runs.execute(run_id=run.pk, at=now).state == "SEALED"
    assert runs.execute(run_id=run.pk, at=now).version == 1


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 12, 31)])
def test_a_date_beyond_reason_is_refused(day, person, now):
    with pytest.raises(runs.RunRefused, match="no trade date"):
        request_day(trade_date=day, actor=person("iso.analyst"), at=now, reason="x")


def test_a_new_release_alone_makes_no_day_due(settle, monkeypatch):
    settle()
    monkeypatch.setattr(running, "code_version", lambda: "f" * 64)
    assert DAY not in {r.trade_date for r in settle_due_days(at=datetime.now(UTC))}


def test_corrected_demand_makes_a_day_due(settle, load):
    settle()
    load("metered-demand", CORRECTED())
    assert DAY in {r.trade_date for r in settle_due_days(at=datetime.now(UTC))}


def test_a_lost_connection_is_tried_again(person, now, monkeypatch):
    from celery.exceptions import Retry
    from django.db import OperationalError

    from apps.platform.jobs.models import Job
    from apps.platform.jobs.tasks import do_job
    from apps.platform.runs import tasks

    run, _ = request_day(trade_date=DAY, actor=person("iso.analyst"), at=now, reason="x")

    def away(**words):
        raise OperationalError("server closed the connection")

    with monkeypatch.context() as broken:
        broken.setattr(runs, "execute", away)
        with pytest.raises(Retry):
            tasks.queue_run(run.pk)
            do_job.delay(job_id=Job.objects.latest("pk").pk)
    do_job.delay(job_id=Job.objects.latest("pk").pk)
    run.refresh_from_db()
    assert run.state == "SEALED"


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
    from apps.platform.kernel.effective import ParameterSet
    from apps.settlement.settlements.services import gathering

    run = settle()
    known = {
        "rmr.new_tariff_cutoff",
        "settlements.capacity_mw_basis",
        "settlements.allocation_step",
    }
    real = gathering.parameter_set

    def as_then(**words):
        found = real(**words)
        return ParameterSet({k: v for k, v in found.values.items() if k in known})

    monkeypatch.setattr(gathering, "parameter_set", as_then)
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
