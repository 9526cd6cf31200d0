"""However many trade dates are looked at, the database is asked as often."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.adequacy.availability.services.timing import outdated_days
from apps.platform.core.tradetime import Span
from apps.settlement.clearing.services.legacy import legacy_on, legacy_over
from apps.settlement.clearing.services.losing import measured
from apps.settlement.settlements.services import holds_on
from tests.scenarios import world
from tests.scenarios.files import DAY as SCENARIO_DAY
from tests.scenarios.files import given, of_day, spread, written
from tests.scenarios.test_scenarios import SCENARIOS, prepare

pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-1215")]
CONDITION_1 = next(p for p in SCENARIOS if p.name == "given_a_legacy_unit_of_condition_1")
JANUARY = list(Span.through(date(2024, 1, 1), date(2024, 1, 31)))
FEW, MORE = JANUARY[1:4], JANUARY[4:16]


def asked(do):
    with CaptureQueriesContext(connection) as found:
        do()
    return len(found)


def test_looking_at_a_month_asks_as_often_for_many_measured_days(calculate, person, as_user):
    client = as_user("iso.analyst")

    def looks():
        now = datetime.now(UTC)
        return [
            asked(lambda: client.get("/availability/?month=2024-01")),
            asked(lambda: holds_on(JANUARY[-1], now)),
            asked(lambda: outdated_days(before=date(2024, 2, 1), at=now)),
        ]

    looks()  # what is kept in memory is read once
    calculate("availability.daily", *FEW)
    few = looks()
    calculate("availability.daily", *MORE)
    assert looks() == few
    assert all(count <= 120 for count in few), few
    world.designate(
        [
            {
                "RESOURCE_ID": "SYN_CEDAR_4_ST",
                "MW": "50",
                "FIRST_DATE": "2024-01-01",
                "LAST_DATE": "2024-01-31",
                "PRICE": "6.31",
            }
        ],
        person,
    )
    assert outdated_days(before=date(2024, 2, 1), at=datetime.now(UTC)) == [*FEW, *MORE]
    # what was read of all outdated days is one query more, and CPM a few
    assert max(now - then for now, then in zip(looks(), few, strict=True)) <= 5


@pytest.mark.brq("BRQ-1401")
def test_what_is_legacy_on_many_days_is_what_it_is_on_each(load, person, monkeypatch):
    prepare(CONDITION_1 / "when", SCENARIO_DAY, load, person, monkeypatch)
    days = list(Span.through(date(2024, 8, 1), date(2025, 12, 31)))
    together = legacy_over(days)
    assert together == {day: legacy_on(day) for day in days}
    assert together[days[0]] != together[SCENARIO_DAY]
    assert asked(lambda: legacy_over(days)) <= 15
    assert legacy_over([]) == {}


@pytest.mark.brq("BRQ-1401")
def test_the_energy_of_a_default_loss_is_read_at_once(load, person, monkeypatch):
    prepare(CONDITION_1 / "when", SCENARIO_DAY, load, person, monkeypatch)

    def looks():
        return asked(
            lambda: measured(date(2025, 7, 1), date(2025, 12, 31), quarters=2, but="NOBODY")
        )

    once = looks()
    rows = spread(given(CONDITION_1 / "when", "market-intervals"))
    for n in range(1, 4):
        day = SCENARIO_DAY + timedelta(days=n)
        load("market-intervals", written(of_day(rows, day)), sender="iso.admin")
    assert looks() == once <= 15
