"""Whole days: the files of ``when`` go in, the files of ``then`` must come out (see README.md)."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db.models import Sum

from apps.settlement.disputes.models import Dispute
from apps.settlement.disputes.services import effect_of
from apps.settlement.settlements.models import (
    AllocationLine,
    CapacityPayment,
    ChargeLine,
    MarketNetting,
    RaaimLine,
    RaaimPool,
)
from apps.settlement.settlements.rules.causes import CAUSES
from apps.settlement.settlements.rules.replaying import replay
from apps.settlement.settlements.services import (
    Recalculation,
    causes_of,
    completeness_of,
    explain_line,
)
from apps.settlement.statements.models import Statement, StatementLine
from apps.settlement.statements.services import document_of, kit_values
from tests.scenarios import world
from tests.scenarios.files import DAY, demand, given, of_day, read, spread, text, written
from tests.scenarios.fingerprints import compare_fingerprints, kept
from tests.scenarios.told import an_opened_contract_is_told, an_sc_is_told_its_share_and_no_more

SCENARIOS = sorted(Path(__file__).parent.glob("given_*"))
STEPS = (("when", "then"), ("when2", "then2"), ("when3", "then3"))
UPLOADS = (
    "resources",
    "contract-terms",
    "msg-configurations",
    "msg-transitions",
    "commitments",
    "market-hours",
    "market-quarters",
    "market-intervals",
    "dispatch-shares",
)
# of each way to share an amount: by the tariff's quantities, over single TAC areas, a penalty
ALWAYS = (
    "given_exceptional_dispatch_shared_by_tariff",
    "given_two_tac_areas_and_a_legacy_unit",
    "given_a_penalty_of_an_area_that_two_share",
)
SOME = ("statements", "totals", "statement-lines")


# a folder is a whole day; its hours are numbered by their place
WHOLE_DAY = {"hours": "PLACE", "covers": "WHOLE"}


def prepare(folder, day, load, person, monkeypatch):
    world.set_parameters(given(folder, "parameters") or [], day, person)
    for kind in UPLOADS:
        rows = given(folder, kind)
        if rows:
            dated = kind in UPLOADS[4:]
            content = written(of_day(spread(rows), day) if dated else rows)
            load(kind, content, sender="iso.admin", options=WHOLE_DAY)
    load_rows = None if (folder / "metered-demand.csv").exists() else given(folder, "load")
    if load_rows:
        content = written(demand(load_rows, day))
        load("metered-demand", content, sender="iso.admin", options=WHOLE_DAY)
    elif (folder / "metered-demand.csv").exists():
        content = (folder / "metered-demand.csv").read_text()
        load("metered-demand", content, sender="iso.admin", options=WHOLE_DAY)
    proxy, transitions = given(folder, "proxy-costs"), given(folder, "transitions")
    if proxy or transitions:
        world.costs(proxy, transitions, day, person, monkeypatch)
    for name, act in (
        ("availability", lambda rows: world.availability(rows, day, person, monkeypatch)),
        ("cost-adders", lambda rows: world.adders(rows, person)),
        ("cpm", lambda rows: world.designate(rows, person)),
        ("price-change", lambda rows: world.change_price(rows, person)),
        ("deficiencies", lambda rows: load("cpm-deficiencies", written(world.deficits(rows)))),
        ("penalties", lambda rows: world.penalise(rows, day, person)),
        ("recoveries", lambda rows: world.recover(rows, day, person)),
        ("approved-costs", lambda rows: world.approve_costs(rows, day, person)),
    ):
        rows = given(folder, name)
        if rows or (rows is not None and name == "availability"):  # its heading alone says a lot
            act(rows)


def seen(run):
    lines = StatementLine.objects.filter(run=run).select_related("statement__sc", "resource")
    return {
        "capacity-payments": [
            {"resource": p.resource.code, "outcome": p.outcome, "amount": text(p.amount)}
            for p in CapacityPayment.objects.filter(run=run).order_by("resource__code")
        ],
        "allocation-lines": [
            {
                "sc": x.sc.code,
                "tac": x.tac_area.code,
                "resource": x.resource.code,
                "amount": text(x.amount),
            }
            for x in AllocationLine.objects.filter(run=run).order_by(
                "sc__code", "tac_area__code", "resource__code"
            )
        ],
        "charge-lines": [
            {
                "charge": x.charge_code,
                "sc": x.sc.code,
                "resource": x.resource.code if x.resource else "",
                "amount": text(x.amount),
            }
            for x in ChargeLine.objects.filter(run=run).order_by(
                "charge_code", "sc__code", "resource__code"
            )
        ],
        "market-netting": [
            {
                "resource": n.resource.code,
                "market": n.market,
                "cost": n.cost,
                "adders": n.adders,
                "revenue": n.revenue,
                "bcr": n.bcr,
                "excess": n.excess,
                "true_up": n.true_up,
            }
            for n in MarketNetting.objects.filter(run=run).order_by("resource__code", "market")
        ],
        "raaim": [
            {
                "resource": r.resource.code,
                "type": r.ra_type,
                "sc": r.sc.code,
                "availability": r.share,
                "charge": r.charge,
                "payment": r.payment,
            }
            for r in RaaimLine.objects.filter(run=run).order_by(
                "resource__code", "ra_type", "sc__code"
            )
        ],
        "raaim-pool": [
            {
                "brought": p.carried_in,
                "charges": p.charges,
                "rate": p.rate,
                "paid": p.paid,
                "carry": p.carried_over,
                "to_load": p.to_load,
            }
            for p in RaaimPool.objects.filter(run=run)
        ],
        "statements": [
            {
                "sc": s.sc.code,
                "charges": text(s.charges),
                "payments": text(s.payments),
                "total": text(s.total),
                "change": text(s.change),
            }
            for s in Statement.objects.filter(run=run)
        ],
        "statement-lines": [
            {
                "sc": x.statement.sc.code,
                "charge": x.charge_code,
                "resource": x.resource.code if x.resource else "",
                "amount": text(x.amount),
                "previous": text(x.previous_amount),
            }
            for x in lines
        ],
        "totals": [{"name": k, "value": v} for k, v in run.totals.items()],
    }


def same(expected, got):
    """Whether a row says what is expected, numbers by value."""
    for name, value in expected.items():
        have = got[name]
        if isinstance(have, Decimal):
            if Decimal(value) != have:
                return False
        elif text(have) != value:
            return False
    return True


def compare(folder, run):
    found = seen(run)
    for path in sorted(folder.glob("*.csv")):
        expected, got = read(path), found[path.stem]
        for row in expected:
            assert any(same(row, g) for g in got), (path.name, row, got)
        if path.stem not in SOME:
            assert len(expected) == len(got), (path.name, got)


def every_line_is_explained(run, person, recalculation):
    """Return the explanation of every line, each of which gives the stored amount."""
    viewer = person("iso.approver").viewer()
    told = {}
    lines = StatementLine.objects.filter(run=run).select_related("statement__sc", "resource")
    for line in lines:
        if line.amount == 0 and line.previous_amount is not None:
            continue
        found = explain_line(
            run=run,
            charge_code=line.charge_code,
            resource_id=line.resource_id,
            sc_id=line.statement.sc_id,
            tac_area_id=line.tac_area_id,
            stored=line.amount,
            viewer=viewer,
            contract_no=line.contract_no,
            recalculation=recalculation,
        )
        assert found.reproduced, (line.charge_code, found.as_dict())
        assert found.steps
        place = (line.statement.sc.code, line.line_no, line.charge_code)
        told[str(place)] = found.as_dict()
    return told


def every_dispute_would_be_borne(run):
    """Granting a line of each charge code would fall on others, to the cent."""
    lines = StatementLine.objects.filter(run=run).exclude(amount=0).select_related("statement")
    first = {line.charge_code: line for line in lines}
    for code, line in first.items():
        case = Dispute(
            statement=line.statement,
            line_no=line.line_no,
            charge_code=code,
            amount=line.amount,
            sc_id=line.statement.sc_id,
        )
        effects = effect_of(case)
        assert sum(e.amount for e in effects) in (0, line.amount)
        if not code.endswith(("ALLOC", "ALLOC-IFM", "ALLOC-RTM")) and not code.startswith("RAAIM"):
            assert effects, code  # somebody pays for what is paid


def every_kit_replays(run, recalculation):
    """Each SC's replay kit, once round through JSON, gives the lines of its statement."""
    for statement in Statement.objects.filter(run=run, line_count__gt=0):
        kit = json.loads(json.dumps(kit_values(statement, recalculation=recalculation)))
        for line in replay(kit):
            assert line.agrees, (statement.sc.code, line)


def every_change_is_split(run, recalculation):
    """What each cause did adds up to the change of each line, and documents keep their sums."""
    for statement in Statement.objects.filter(run=run).select_related("previous__run"):
        totals = document_of(statement).totals
        assert totals["full"] == statement.total
        if statement.previous:
            assert totals["current"] == statement.change
    earlier = Statement.objects.filter(run=run, previous__isnull=False).first()
    if earlier is not None:
        for row in causes_of(old=earlier.previous.run, new=run).iter_rows(named=True):
            assert sum(row[c] for c in CAUSES) == row["now"] - row["was"]
    for one in completeness_of(run, recalculation=recalculation):
        assert one.usage.used >= 0


@pytest.mark.django_db
@pytest.mark.brq(
    "BRQ-1225",
    "BRQ-1230",
    "BRQ-1205",
    "BRQ-1206",
    "BRQ-1240",
    "BRQ-1255",
    "BRQ-1260",
    "BRQ-1320",
    "BRQ-0056",
    "BRQ-0095",
    "MSIM-2010",
    "MSIM-2020",
    "MSIM-2025",
    "BRQ-1201",
)
@pytest.mark.turns(
    6, always=ALWAYS, of=("apps/settlement/", "apps/platform/core/", "tests/scenarios/")
)
@pytest.mark.parametrize("folder", SCENARIOS, ids=lambda p: p.name)
def test_scenario(folder, load, settle, person, monkeypatch):
    day = DAY
    if (folder / "when" / "day.csv").exists():
        day = date.fromisoformat(read(folder / "when" / "day.csv")[0]["TRADE_DATE"])
    if (folder / "when" / "metered-demand.csv").exists():
        day = date.fromisoformat(read(folder / "when" / "metered-demand.csv")[0]["TRADE_DATE"])
    for when, then in STEPS:
        if not (folder / when).exists():
            break
        prepare(folder / when, day, load, person, monkeypatch)
        run = settle(day, answered="the unit did nothing all day")
        assert run.state == "PUBLISHED", (run.error, run.invariants)
        assert all(i["passed"] for i in run.invariants)
        compare(folder / then, run)
        recalculation = Recalculation(run)
        told = every_line_is_explained(run, person, recalculation)
        compare_fingerprints(folder.name, then, seen(run), told)
        every_kit_replays(run, recalculation)
        every_dispute_would_be_borne(run)
        every_change_is_split(run, recalculation)
        an_sc_is_told_its_share_and_no_more(run, recalculation)
        an_opened_contract_is_told(run, recalculation, person)
        changes = Statement.objects.filter(trade_date=day).values("sc").annotate(s=Sum("change"))
        totals = dict(Statement.objects.filter(run=run).values_list("sc", "total"))
        first = dict(Statement.objects.filter(trade_date=day, version=1).values_list("sc", "total"))
        for row in changes:
            assert first[row["sc"]] + (row["s"] or 0) == totals[row["sc"]]


def test_the_cases_are_many_and_each_asserts_something():
    assert len(SCENARIOS) >= 40
    for folder in SCENARIOS:
        assert (folder / "when").is_dir()
        assert list((folder / "then").glob("*.csv")), folder.name


def test_every_step_has_its_fingerprint():
    steps = {(f.name, then) for f in SCENARIOS for when, then in STEPS if (f / when).exists()}
    assert set(kept()) == steps


def test_the_list_of_cases_is_complete():
    listed = read(Path(__file__).parent / "cases.csv")
    assert [c["case"] for c in listed] == [f.name for f in SCENARIOS]
    sections = {s for c in listed for s in c["sections"].split()}
    assert {"3", "4", "5", "6", "7", "8", "9", "16"} <= sections
    covered = {e for c in listed for e in c["edge_cases"].split()}
    assert {str(n) for n in range(1, 13)} <= covered
