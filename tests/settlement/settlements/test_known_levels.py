"""A cost approved later changes nothing of what a run was requested with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from apps.bidding.costs.models import ReferenceLevelRequest
from apps.bidding.costs.selectors import granted_levels
from apps.platform.runs import services as runs
from apps.settlement.cost_recovery.models import CostRecoveryRequest
from apps.settlement.cost_recovery.selectors import grants_on
from apps.settlement.settlements.models import MarketNetting
from apps.settlement.settlements.services import holds_on, request_day
from tests.scenarios import world
from tests.scenarios.files import DAY, given
from tests.scenarios.test_scenarios import SCENARIOS, prepare

pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-0095", "BRQ-1206", "BRQ-1275")]
PROXY = next(p for p in SCENARIOS if p.name == "given_a_commitment_at_the_proxy_cost")
GAS = next(p for p in SCENARIOS if p.name == "given_gas_dearer_than_the_basis")
START = {
    "RESOURCE_ID": "S_GEN",
    "MARKET": "RT",
    "COST_TYPE": "START_UP",
    "FIRST_HOUR": "8",
    "LAST_HOUR": "12",
    "APPROVED_USD": "5500",
}


@pytest.fixture
def without_costs(load, person, monkeypatch):
    """A day with a start-up at the proxy cost, whose costs are not calculated."""
    monkeypatch.setattr(world, "costs", lambda *given: None)
    prepare(PROXY / "when", DAY, load, person, monkeypatch)
    monkeypatch.undo()


def grant(person):
    world.approve_costs([START], DAY, person)
    return ReferenceLevelRequest.objects.get()


def test_a_held_run_published_comes_to_the_same_after_a_level_is_granted(
    without_costs, settle, person
):
    run = settle(DAY, publish=False)
    assert [h["code"] for h in run.holds] == ["COSTS-MISSING"]
    runs.publish(
        run_id=run.pk, actor=person("iso.approver"), at=datetime.now(UTC), over_holds="costs follow"
    )
    assert runs.recomputed_hash(run) == run.result_hash
    grant(person)
    assert [h.as_dict() for h in holds_on(DAY, run.known_at)] == run.holds
    assert runs.recomputed_hash(run) == run.result_hash
    assert holds_on(DAY, datetime.now(UTC)) == []  # what is known now is another matter
    again = settle(DAY)
    assert (again.version, again.holds) == (2, [])
    assert MarketNetting.objects.get(run=again).cost == Decimal("5500")


def test_a_level_granted_between_request_and_calculation_is_the_next_runs(
    without_costs, settle, person
):
    run, _ = request_day(
        trade_date=DAY, actor=person("iso.analyst"), at=datetime.now(UTC), reason="test"
    )
    grant(person)
    run = runs.execute(run_id=run.pk, at=datetime.now(UTC))
    assert (run.state, run.error) == ("SEALED", "")
    assert [h["code"] for h in run.holds] == ["COSTS-MISSING"]
    assert "approved actual costs" in runs.what_moved_on(run, datetime.now(UTC))


def test_a_recovery_granted_between_request_and_calculation_is_the_next_runs(
    load, person, settle, monkeypatch
):
    monkeypatch.setattr(world, "recover", lambda *given: None)
    prepare(GAS / "when", DAY, load, person, monkeypatch)
    monkeypatch.undo()
    run, _ = request_day(
        trade_date=DAY, actor=person("iso.analyst"), at=datetime.now(UTC), reason="test"
    )
    world.recover(given(GAS / "when", "recoveries"), DAY, person)
    run = runs.execute(run_id=run.pk, at=datetime.now(UTC))
    assert (run.state, run.error) == ("SEALED", "")
    decided = CostRecoveryRequest.objects.get().decided_at
    assert grants_on(DAY, decided - timedelta(microseconds=1)) == []
    assert len(grants_on(DAY, decided)) == 1


def test_levels_are_known_from_the_moment_of_their_decision(without_costs, person):
    before = datetime.now(UTC)
    case = grant(person)
    assert granted_levels(DAY, before) == []
    assert granted_levels(DAY, case.decided_at - timedelta(microseconds=1)) == []
    assert granted_levels(DAY, case.decided_at) == [case]


@pytest.mark.parametrize("state", ["ACCEPTED", "CAPPED", "APPROVED", "PARTLY_APPROVED"])
def test_no_level_is_in_effect_without_the_moment(without_costs, person, state):
    case = grant(person)
    other = ReferenceLevelRequest.objects.get(pk=case.pk)
    other.pk, other.state, other.decided_at = None, "SUBMITTED", None
    other._state.adding = True
    other.save()
    rows = ReferenceLevelRequest.objects.filter(pk=other.pk)
    with pytest.raises(IntegrityError, match="in_effect_says_since_when"), transaction.atomic():
        rows.update(state=state)
    assert rows.get().state == "SUBMITTED"
