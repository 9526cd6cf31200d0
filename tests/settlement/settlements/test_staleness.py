"""What makes a settled trade date stale, and what leaves it alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db.models import Sum

from apps.platform.audit.services import MoveRefused
from apps.platform.parameters import services as parameters
from apps.platform.runs.models import CurrentRun, Run
from apps.platform.runs.selectors import input_changes, stale_cause, unchanged_since
from apps.platform.runs.services import running, staleness
from apps.settlement.settlements.models import (
    CapacityPayment,
)
from apps.settlement.settlements.services import settle_due_days
from apps.settlement.statements.models import Statement, StatementLine
from apps.site.home.services import DEMO
from tests.conftest import DAY
from tests.settlement.settlements.corrected_demand import CORRECTED

pytestmark = pytest.mark.django_db


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


def test_terms_of_payment_outdate_no_settled_day(settle, person, now, monkeypatch):
    """Given a day whose inputs moved on unmarked, a parameter that no amount asks is no cause."""
    run = settle()
    monkeypatch.setattr(staleness, "has_moved_on", lambda run, moment: True)

    def approve(name, text):
        proposal = parameters.propose(
            name=name,
            text=text,
            first_date=DAY,
            last_date=None,
            reference="test",
            reason="test",
            actor=person("iso.analyst"),
            at=now,
        )
        parameters.approve(proposal_id=proposal.pk, actor=person("iso.approver"), at=now)

    approve("statements.payment_days", "5")
    assert stale_cause(run) == ""
    approve("settlements.capacity_mw_basis", "SUM")
    assert stale_cause(run) == "parameter settlements.capacity_mw_basis = SUM"


def test_a_new_release_alone_makes_no_day_due(settle, monkeypatch):
    settle()
    monkeypatch.setattr(running, "code_version", lambda: "f" * 64)
    assert DAY not in {r.trade_date for r in settle_due_days(at=datetime.now(UTC))}


def test_corrected_demand_makes_a_day_due(settle, load):
    settle()
    load("metered-demand", CORRECTED())
    assert DAY in {r.trade_date for r in settle_due_days(at=datetime.now(UTC))}
