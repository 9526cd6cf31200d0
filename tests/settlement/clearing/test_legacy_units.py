"""Legacy RMR is in no measure of a default loss and in no published or average liability."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from apps.platform.runs.models import Run
from apps.reference.resources.models import Resource
from apps.settlement.clearing.services.inputs import _without_legacy, published_amounts
from apps.settlement.clearing.services.legacy import legacy_increments, legacy_on
from apps.settlement.clearing.services.losing import measured
from apps.settlement.settlements.selectors import result_lines
from apps.settlement.statements.models import Statement
from tests import acts
from tests.scenarios.files import DAY
from tests.scenarios.test_scenarios import SCENARIOS, prepare

CONDITION_1 = next(p for p in SCENARIOS if p.name == "given_a_legacy_unit_of_condition_1")
pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-1400", "BRQ-1401", "BRQ-1402")]


@pytest.fixture(scope="module")
def settled(world):
    with world(), pytest.MonkeyPatch.context() as monkeypatch:
        prepare(CONDITION_1 / "when", DAY, acts.load, acts.person, monkeypatch)
        yield acts.settle(DAY).pk


@pytest.fixture
def run(settled, db):
    return Run.objects.get(pk=settled)


def test_what_its_lines_bill_is_apart_from_what_is_published(run):
    owner = Statement.objects.get(run=run, sc__code="SYN_GEN_SIERRA")
    assert legacy_increments({owner.pk: DAY}) == {owner.pk: -1860}
    found = published_amounts(Statement.objects.filter(run=run).select_related("sc"))
    assert "SYN_GEN_SIERRA" not in found
    assert found["SYN_LSE_BAY"] == [("2025-10-08 v1", Fraction(1116))]


def test_its_lines_are_out_of_an_average_day(run):
    key = Resource.objects.get(code="S_GEN").pk
    assert key in legacy_on(DAY)
    lines = result_lines(run=run)
    assert key in set(lines["resource_id"])
    kept = _without_legacy(lines, legacy_on(DAY))
    assert key not in set(kept["resource_id"])
    assert int(kept["amount"].sum()) == int(lines["amount"].sum()) + 186000


def test_its_energy_is_out_of_a_default_loss(run):
    rows = {
        m.sc: m.mwh
        for m in measured(date(2025, 10, 1), date(2025, 12, 31), quarters=1, but="NOBODY")
    }
    assert "SYN_GEN_SIERRA" not in rows
    assert rows["SYN_LSE_NORTH"] == 24 * 1000
