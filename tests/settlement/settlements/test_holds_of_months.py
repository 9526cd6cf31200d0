"""A month's end over days that are not measured, or were measured under other capacity."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from apps.adequacy.availability.codes import DAILY as AVAILABILITY
from apps.adequacy.availability.services import request_due
from apps.platform.audit.services import MoveRefused
from apps.platform.runs import services as runs
from apps.platform.runs.hooks import RUN_KINDS, Read
from apps.platform.runs.models import Run
from apps.reference.market.codes import METERED_DEMAND
from apps.settlement.settlements.models import ChargeLine, RaaimLine
from apps.settlement.settlements.services import (
    day_not_measured,
    holds_on,
    prepare_day,
    settle_due_days,
)
from tests import acts
from tests.conftest import ROOT
from tests.registries import put
from tests.scenarios import world as scenario
from tests.settlement.settlements.test_holds import held_words, published

DEMO = ROOT / "fixtures" / "demo"
pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-1206", "BRQ-1215", "BRQ-1255")]

# the first month of a year: no earlier one is carried into it
JANUARY = [date(2024, 1, n) for n in range(1, 32)]
ASSESSED = [d for d in JANUARY if d.weekday() < 5 and d != date(2024, 1, 1)]


@pytest.fixture(scope="module")
def late_cpm(world):
    """January measured, then 50 MW of CPM designated from the 1st on, after the fact."""
    with world():
        text = (
            (DEMO / "metered_demand_2024-09-05.csv").read_text().replace("2024-09-05", "2024-01-31")
        )
        acts.load("metered-demand", text)
        acts.calculate("availability.daily", *JANUARY)
        scenario.designate(
            [
                {
                    "RESOURCE_ID": "SYN_CEDAR_4_ST",
                    "MW": "50",
                    "FIRST_DATE": "2024-01-01",
                    "LAST_DATE": "2024-01-31",
                    "PRICE": "6.31",
                }
            ],
            acts.person,
        )
        yield


def test_a_month_measured_before_a_designation_is_held_until_it_is_measured_anew(
    late_cpm, settle, calculate, person
):
    end = JANUARY[-1]
    run = settle(end, publish=False)
    assert held_words(run) == {
        "SYN_CEDAR_4_ST": "SYN_CEDAR_4_ST GENERIC in 2024-01: 0 of 22 assessed days measured; "
        "outdated: 2024-01-02 to 2024-01-05, 2024-01-08 to 2024-01-12, 2024-01-15 to 2024-01-19, "
        "2024-01-22 to 2024-01-26 and 3 more days."
    }
    line = RaaimLine.objects.get(run=run, resource__code="SYN_CEDAR_4_ST")
    assert (line.outcome, line.charge, line.payment, line.share) == ("DATA_HOLD", None, None, None)
    assert (line.measured_days, line.assessed_days) == (0, 22)
    others = RaaimLine.objects.filter(run=run).exclude(pk=line.pk)
    assert set(others.values_list("outcome", flat=True)) == {"SETTLED"}
    assert ChargeLine.objects.filter(run=run, charge_code="CPM-SET").count() == 1
    with pytest.raises(MoveRefused, match="SYN_CEDAR_4_ST GENERIC in 2024-01: 0 of 22"):
        published(run, person)

    calculate("availability.daily", *ASSESSED[:5])
    run = settle(end, publish=False)
    assert "5 of 22 assessed days measured" in held_words(run)["SYN_CEDAR_4_ST"]
    assert RaaimLine.objects.get(run=run, outcome="DATA_HOLD").measured_days == 5

    made = prepare_day(holds=run.holds, actor=person("iso.analyst"), at=datetime.now(UTC)).runs
    assert [r.trade_date for r, new in made if new] == ASSESSED[5:]
    for one, _ in made:
        runs.execute(run_id=one.pk, at=datetime.now(UTC))
    run = settle(end)
    assert (run.state, run.holds) == ("PUBLISHED", [])
    line = RaaimLine.objects.get(run=run, resource__code="SYN_CEDAR_4_ST")
    assert (line.outcome, line.owed, line.hours) == ("SETTLED", Decimal("5500"), 110)


def test_the_morning_measures_outdated_days_however_long_ago(late_cpm):
    found = request_due(at=datetime.now(UTC))
    assert [r.trade_date for r in found if r.trade_date.year == 2024] == JANUARY


def only_where_demand_is_known(monkeypatch):
    """Have availability refused on trade dates without metered demand."""
    now = RUN_KINDS[AVAILABILITY]
    reads = (Read(METERED_DEMAND),)
    put(monkeypatch, RUN_KINDS, replace(now, reads=reads))


def requested():
    rows = Run.objects.filter(kind=AVAILABILITY, state="REQUESTED", trade_date__year=2024)
    return sorted(rows.values_list("trade_date", flat=True))


def test_one_refusal_keeps_no_other_calculation_back(late_cpm, person, monkeypatch, as_user):
    at, end = datetime.now(UTC), JANUARY[-1]
    holds = [h.as_dict() for h in holds_on(end, at)]
    only_where_demand_is_known(monkeypatch)
    made = prepare_day(holds=holds, actor=person("iso.analyst"), at=at)
    assert [(r.trade_date, new) for r, new in made.runs] == [(end, True)]
    assert len(made.refused) == 21
    assert made.refused[0] == (
        "Availability (2024-01-02): 2024-01-02 cannot be settled yet; missing: Metered demand."
    )
    assert requested() == [end]
    page = as_user("iso.analyst").post(f"/trade-dates/{end}/prepare/", follow=True).content.decode()
    assert "Requested: Availability (2024-01-31). Settle 2024-01-31 again" in page
    assert "Not requested: Availability (2024-01-02): 2024-01-02 cannot be settled yet" in page
    assert "And 18 more." in page


def test_where_everything_is_refused_it_says_why(late_cpm, person, monkeypatch):
    at = datetime.now(UTC)
    (hold,) = [h.as_dict() for h in holds_on(JANUARY[-1], at)]
    only_where_demand_is_known(monkeypatch)
    first = [hold | {"days": hold["days"][:2]}]
    with pytest.raises(runs.RunRefused, match=r"2024-01-02 cannot .* 2024-01-03 cannot be settled"):
        prepare_day(holds=first, actor=person("iso.analyst"), at=at)
    with pytest.raises(runs.RunRefused, match="Your roles do not allow"):
        prepare_day(holds=[hold], actor=person("iso.operator"), at=at)
    assert requested() == []


def test_a_day_that_failed_keeps_no_other_day_of_its_month_back(late_cpm, person):
    at = datetime.now(UTC)
    run, _ = runs.request(
        kind_code=AVAILABILITY,
        trade_date=ASSESSED[3],
        at=at,
        reason="test",
        actor=person("iso.analyst"),
    )
    assert runs.end_cancelled(run_id=run.pk, actor=person("iso.analyst"), at=at).state == "FAILED"
    mine = [r for r in settle_due_days(at=datetime.now(UTC)) if r.trade_date == JANUARY[-1]]
    assert mine == []
    assert requested() == [day for day in ASSESSED if day != ASSESSED[3]]


def test_the_pages_of_the_month_say_outdated_and_measure(late_cpm, as_user):
    client = as_user("iso.analyst")
    page = client.get("/availability/?month=2024-01").content.decode()
    assert "Not measured, or outdated" in page
    assert "2024-01-02, 2024-01-03, 2024-01-04, 2024-01-05, 2024-01-08 … 22 days" in page
    assert as_user("iso.operator").post("/availability/2024-01/measure/").status_code == 403
    answer = as_user("iso.analyst").post("/availability/2024-01/measure/", follow=True)
    assert "Availability requested for 22 days of 2024-01." in answer.content.decode()
    waiting = Run.objects.filter(kind="availability.daily", state="REQUESTED")
    assert sorted(waiting.values_list("trade_date", flat=True)) == ASSESSED
    for run in waiting:
        runs.execute(run_id=run.pk, at=datetime.now(UTC))
    page = as_user("iso.analyst").get("/availability/?month=2024-01").content.decode()
    assert "Not measured, or outdated" not in page


def test_a_day_that_is_not_measured_is_named_on_the_day_itself(late_cpm, as_user):
    """given a designation after the day was measured; when the day is looked at; then it is said"""
    day, at = ASSESSED[0], datetime.now(UTC)
    (named,) = day_not_measured(day, at)
    assert (named.code, named.resource, named.days) == (
        "AVAILABILITY-DAY",
        "SYN_CEDAR_4_ST",
        (day,),
    )
    assert named.sentence == (
        "SYN_CEDAR_4_ST: availability of 2024-01-02: GENERIC was measured under other capacity, "
        "outages or substitutions. The month's end holds it until then; calculate it."
    )
    assert holds_on(day, at) == []  # nothing of the day rests on it
    page = as_user("iso.analyst").get(f"/trade-dates/{day}/data-quality/").content.decode()
    assert "GENERIC was measured under other capacity" in page
    acts.calculate("availability.daily", day)
    assert day_not_measured(day, datetime.now(UTC)) == []
    assert day_not_measured(JANUARY[-1], at) == []
