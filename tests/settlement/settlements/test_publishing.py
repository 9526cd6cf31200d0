"""Who publishes a run of a trade date, and which run is never published."""

from __future__ import annotations

import pytest

from apps.platform.audit.services import MoveRefused
from apps.platform.parameters import services as parameters
from apps.platform.runs import services as runs
from apps.platform.runs.models import CurrentRun
from apps.settlement.settlements.rules.nodes import reliability
from apps.settlement.settlements.services import request_day
from apps.settlement.statements.models import Statement, StatementLine
from tests.conftest import DAY
from tests.settlement.settlements.corrected_demand import CORRECTED

pytestmark = pytest.mark.django_db


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
