"""What lacks an input is held: not zero, not partial, and never published unnoticed."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.platform.audit.services import MoveRefused
from apps.platform.runs import services as runs
from apps.platform.runs.models import Run
from apps.platform.runs.screens import RUNS
from apps.platform.runs.services import verify_chain
from apps.settlement.settlements.models import CapacityPayment, ChargeLine, MarketNetting, RaaimLine
from apps.settlement.settlements.services import (
    completeness_of,
    settle_due_days,
)
from apps.settlement.statements.models import Statement, StatementLine
from tests.conftest import ROOT
from tests.scenarios import world
from tests.scenarios.files import DAY, given
from tests.scenarios.test_scenarios import SCENARIOS, prepare

DEMO = ROOT / "fixtures" / "demo"
UPWARD = next(p for p in SCENARIOS if p.name == "given_an_upward_transition_with_mma")
PROXY = next(p for p in SCENARIOS if p.name == "given_a_commitment_at_the_proxy_cost")
pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-1206", "BRQ-1215", "BRQ-1255")]


@pytest.fixture
def without_costs(load, person, monkeypatch):
    """Load a scenario's day as it is, but for the costs of the day."""

    def go(folder):
        monkeypatch.setattr(world, "costs", lambda *given: None)
        prepare(folder / "when", DAY, load, person, monkeypatch)
        monkeypatch.undo()

    return go


def published(run, person, **words):
    return runs.publish(run_id=run.pk, actor=person("iso.approver"), at=datetime.now(UTC), **words)


def held_words(run):
    return {h["resource"]: h["sentence"] for h in run.holds}


def test_a_transition_without_the_costs_of_its_day_is_held(without_costs, settle, person):
    without_costs(UPWARD)
    run = settle(DAY, publish=False)
    assert run.state == "SEALED"
    (hold,) = run.holds
    assert (hold["code"], hold["resource"]) == ("COSTS-MISSING", "S_MSG")
    assert (hold["kind"], hold["days"]) == ("costs.daily", ["2025-10-08"])
    assert hold["sentence"] == (
        "S_MSG: the costs of 2025-10-08 are not calculated; the MMA of its transitions is taken "
        "from them."
    )
    paid = CapacityPayment.objects.get(run=run, resource__code="S_MSG")
    assert (paid.outcome, paid.amount) == ("DATA_HOLD", None)
    assert paid.sentence == f"Held: {hold['sentence']}"
    assert not ChargeLine.objects.filter(run=run).exists()
    assert not MarketNetting.objects.filter(run=run).exists()
    with pytest.raises(MoveRefused, match="1 part of this run is held without an amount: S_MSG"):
        published(run, person)
    with pytest.raises(MoveRefused, match="held"):
        published(run, person, note="a note is no reason", over_holds="   ")
    run.refresh_from_db()
    assert (run.state, run.over_holds) == ("SEALED", "")
    assert not Statement.objects.filter(run=run).exists()


def test_costs_calculated_afterwards_settle_it(without_costs, settle, person, monkeypatch):
    without_costs(UPWARD)
    held = settle(DAY, publish=False)
    world.costs(None, given(UPWARD / "when", "transitions"), DAY, person, monkeypatch)
    with pytest.raises(MoveRefused, match="have changed"):
        published(held, person, over_holds="in a hurry")
    run = settle(DAY)
    assert (run.state, run.holds, run.version) == ("PUBLISHED", [], 2)
    line = ChargeLine.objects.get(run=run, charge_code="RMR-ADDER")
    assert (line.resource.code, line.amount) == ("S_MSG", Decimal("1000.00"))
    assert CapacityPayment.objects.get(run=run).amount == Decimal("-20000.00")


def test_published_over_a_hold_it_says_why_and_others_are_settled(without_costs, settle, person):
    without_costs(UPWARD)
    run = settle(DAY, publish=False)
    with pytest.raises(MoveRefused):
        runs.publish(run_id=run.pk, actor=run.opened_by, at=datetime.now(UTC), over_holds="me")
    done = published(run, person, over_holds="The market closes; costs follow.")
    assert (done.state, done.over_holds) == ("PUBLISHED", "The market closes; costs follow.")
    assert not StatementLine.objects.filter(run=run, resource__code="S_MSG").exists()
    assert verify_chain()[1] == []
    Run.objects.filter(pk=run.pk).update(over_holds="Something else.")
    assert [b.sentence for b in verify_chain()[1]] == [f"What is recorded of {run} was changed."]


def test_an_event_at_the_proxy_cost_without_costs_is_held_and_not_zero(without_costs, settle):
    without_costs(PROXY)
    run = settle(DAY, publish=False)
    (hold,) = run.holds
    assert hold["sentence"] == (
        "S_GEN: the costs of 2025-10-08 are not calculated; its proxy cost of start-up is taken "
        "from them."
    )
    assert not MarketNetting.objects.filter(run=run, resource__code="S_GEN").exists()
    (usage,) = [c.usage for c in completeness_of(run) if c.usage.name == "commitments"]
    assert [u.reason for u in usage.unused] == [
        "The resource is held: an input of its costs is missing or outdated"
    ]


def test_costs_without_a_proxy_cost_and_outdated_ones_hold_too(
    without_costs, settle, calculate, load
):
    without_costs(PROXY)
    calculate("costs.daily", DAY)
    (hold,) = settle(DAY, publish=False).holds
    assert (hold["code"], hold["kind"], hold["days"]) == ("COSTS-NO-PROXY", "", [])
    assert "hold no proxy cost of start-up" in hold["sentence"]
    load(
        "fuel-prices", "FUEL_INDEX,PRICE_DATE,USD_MMBTU\nJET,2025-10-08,4.10\n", sender="iso.admin"
    )
    (hold,) = settle(DAY, publish=False).holds
    assert (hold["code"], hold["kind"]) == ("COSTS-OUTDATED", "costs.daily")
    assert hold["sentence"].startswith(
        "S_GEN: the costs of 2025-10-08 (v1) are outdated, fuel prices changed since; "
    )


def test_self_committed_and_unqualified_events_and_those_with_a_cost_need_no_costs(
    load, settle, person, monkeypatch
):
    prepare(
        PROXY / "when",
        DAY,
        lambda kind, *a, **k: load(kind, *a, **k) if kind != "commitments" else None,
        person,
        monkeypatch,
    )
    monkeypatch.undo()
    Run.objects.filter(kind="costs.daily").update(trade_date=DAY - timedelta(days=300))
    head = "RESOURCE_ID,TRADE_DATE,MARKET,EVENT,HOUR_ENDING,COMMITTED_BY,CONFIG,FROM_CONFIG,"
    load(
        "commitments",
        head + "QUALIFIED,COST_USD\nS_GEN,2025-10-08,IFM,START,1,SELF,,,Y,\n"
        "S_GEN,2025-10-08,IFM,START,2,ISO,,,N,\nS_GEN,2025-10-08,IFM,START,3,ISO,,,Y,12.50\n"
        "S_GEN,2025-10-08,IFM,TRANSITION,4,ISO,B,A,Y,99\n",
        sender="iso.admin",
    )
    assert settle(DAY, publish=False).holds == []


def test_the_api_answers_409_with_violations(without_costs, settle, as_user):
    without_costs(UPWARD)
    run = settle(DAY, publish=False)
    client = as_user("iso.approver")
    body = {"confirm": "2025-10-08 v1"}
    refused = client.post(f"/api/v1/runs/{run.pk}/publish/", body, content_type="application/json")
    assert refused.status_code == 409
    told = refused.json()
    assert told["code"] == "RUN-HELD"
    assert [f["code"] for f in told["violations"]] == ["RUN-HELD", "COSTS-MISSING"]
    assert told["violations"][1]["value"] == "S_MSG"
    run.refresh_from_db()
    assert run.state == "SEALED"
    body["over_holds"] = "agreed with the owner"
    done = client.post(f"/api/v1/runs/{run.pk}/publish/", body, content_type="application/json")
    assert (done.status_code, done.json()["over_holds"]) == (200, "agreed with the owner")
    assert [h["resource"] for h in done.json()["holds"]] == ["S_MSG"]


def test_pages_name_what_is_missing_and_calculate_it(without_costs, settle, as_user, person):
    without_costs(UPWARD)
    run = settle(DAY, publish=False)
    page = as_user("iso.approver").get(f"/runs/{run.pk}/").content.decode()
    assert "S_MSG: the costs of 2025-10-08 are not calculated" in page
    assert "Publish over the holds" in page
    assert "<td>Daily costs, 1 day</td>" in page
    analyst = as_user("iso.analyst")
    page = analyst.get("/trade-dates/2025-10-08/").content.decode()
    assert "S_MSG: the costs of 2025-10-08 are not calculated" in page
    assert "Calculate what is missing for 2025-10-08" in page
    assert as_user("iso.operator").post("/trade-dates/2025-10-08/prepare/").status_code == 403
    assert not Run.objects.filter(kind="costs.daily", trade_date=DAY).exists()
    answer = as_user("iso.analyst").post("/trade-dates/2025-10-08/prepare/", follow=True)
    said = "Requested: Availability (2025-10-08), Daily costs (2025-10-08)."
    assert said in answer.content.decode()
    made = Run.objects.get(kind="costs.daily", trade_date=DAY)
    assert made.opened_by == person("iso.analyst")
    assert as_user("iso.analyst").post("/trade-dates/nonsense/prepare/").status_code == 404


def test_a_bulk_action_does_not_publish_over_a_hold(without_costs, settle, person):
    without_costs(UPWARD)
    run = settle(DAY, publish=False)
    (publish,) = RUNS.actions
    with pytest.raises(MoveRefused, match="held"):
        publish.perform(str(run.pk), person("iso.approver"), datetime.now(UTC), "all at once")
    run.refresh_from_db()
    assert run.state == "SEALED"


def test_the_command_line_says_it_and_exits_with_3(without_costs):
    without_costs(UPWARD)
    out = StringIO()
    words = ("settle", "2025-10-08", "--as", "iso.analyst", "--publish-as", "iso.approver")
    with pytest.raises(CommandError) as trouble:
        call_command(*words, stdout=out)
    assert trouble.value.returncode == 3
    assert "2025-10-08 v1 is not published: 1 part of this run is held without an amount." in str(
        trouble.value
    )
    assert "manage.py run costs.daily 2025-10-08 --as USER --wait" in str(trouble.value)
    told = json.loads(out.getvalue())
    assert (told["state"], [h["code"] for h in told["holds"]]) == ("SEALED", ["COSTS-MISSING"])
    out = StringIO()
    with pytest.raises(CommandError, match="1 part of this run is held") as trouble:
        call_command("run", "settlements.daily", "2025-10-08", "--as", "iso.analyst", "--wait")
    assert trouble.value.returncode == 3  # the same calculation by its general command
    call_command(*words, "--over-holds", "agreed", stdout=out)
    run = Run.objects.get(pk=json.loads(out.getvalue())["run"])
    assert (run.state, run.over_holds) == ("PUBLISHED", "agreed")


def test_the_schedule_requests_the_costs_first_and_settles_afterwards(without_costs, now):
    without_costs(UPWARD)
    mine = [r for r in settle_due_days(at=datetime.now(UTC)) if r.trade_date == DAY]
    assert mine == []
    costs = Run.objects.get(kind="costs.daily", trade_date=DAY)
    assert costs.state == "REQUESTED"
    runs.execute(run_id=costs.pk, at=datetime.now(UTC))
    (run,) = [r for r in settle_due_days(at=datetime.now(UTC)) if r.trade_date == DAY]
    assert runs.execute(run_id=run.pk, at=datetime.now(UTC)).holds == []


def test_a_month_never_measured_is_held_by_resource(load, settle):
    text = (DEMO / "metered_demand_2024-09-05.csv").read_text().replace("2024-09-05", "2024-01-31")
    load("metered-demand", text)
    run = settle(date(2024, 1, 31), publish=False)
    codes = {(h["resource"], h["details"]["month"]["ra_type"]): h["code"] for h in run.holds}
    assert codes == {
        ("GRNLF2_1_UNIT", "FLEX"): "AVAILABILITY-MISSING",
        ("GRNLF2_1_UNIT", "GENERIC"): "AVAILABILITY-MISSING",
        ("SUNSET_2_UNITS", "GENERIC"): "AVAILABILITY-MISSING",
        ("SYN_HARBOR_1_GT", "GENERIC"): "AVAILABILITY-MISSING",
        ("SYN_MESA_2_CC", "GENERIC"): "AVAILABILITY-MISSING",
        ("SYN_PLAYA_3_ST", "GENERIC"): "AVAILABILITY-MISSING",
    }
    assert held_words(run)["SUNSET_2_UNITS"].startswith(
        "SUNSET_2_UNITS GENERIC in 2024-01: 0 of 22 assessed days measured; not measured: "
    )
    assert RaaimLine.objects.filter(run=run).count() == 6
    assert set(RaaimLine.objects.filter(run=run).values_list("charge", flat=True)) == {None}
