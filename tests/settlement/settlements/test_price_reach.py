"""A price that holds from a day on outdates every day it holds on: costs, bids, settlement."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.bidding.bids.codes import INSERTION
from apps.bidding.costs.codes import DAILY_COSTS
from apps.bidding.costs.services import reach_of_prices
from apps.platform.core.tradetime import FAR_FUTURE, Span
from apps.platform.core.words import counted
from apps.platform.runs.hooks import RESTS_ON
from apps.platform.runs.models import Run, StaleMark
from apps.platform.runs.selectors import stale_cause
from apps.platform.runs.services import has_moved_on, outdated_at
from apps.platform.runs.services.resting import mark_resting
from apps.platform.uploads.hooks import Reaching
from apps.platform.uploads.services import consequences
from apps.settlement.settlements.services import days_taking_costs, holds_on
from tests import acts
from tests.bidding.costs.conftest import costs_on_file, day_on_file  # noqa: F401
from tests.bidding.costs.files import MASTER
from tests.conftest import DAY

pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-1206", "BRQ-1225")]
RATE = "RATE,RESOURCE_ID,EFFECTIVE_DT,USD_MWH\n"
GAS = "FUEL_INDEX,PRICE_DATE,USD_MMBTU\n"
COMMITTED = (
    "RESOURCE_ID,TRADE_DATE,HOUR_ENDING,MARKET,EVENT,COMMITTED_BY,COST_USD\n"
    "GRNLF2_1_UNIT,{},7,IFM,START,ISO,{}\n"
)


def gas(load, text, index="SOCAL_CITYGATE"):
    (version,) = load("fuel-prices", GAS + f"{index},{text}\n")
    return version


def reach(version):
    return reach_of_prices(Reaching(version.dataset, version.period, version))


def days_of(found, kind=DAILY_COSTS):
    return sorted(o.run.trade_date for o in found if o.run.kind == kind)


def after(n):
    return DAY + timedelta(days=n)


def test_a_price_holds_until_the_next_of_its_series(costs_on_file, load):  # noqa: F811
    """given prices of an index; then a file reaches to the next one, of whatever file"""
    assert reach(gas(load, "2024-08-30,2.00")) == Span(date(2024, 8, 30))
    assert reach(gas(load, "2024-08-29,2.05")) == Span(date(2024, 8, 29), date(2024, 8, 30))
    # another index has its own series; the gas file of the same index ends one of the index file
    of_pge = gas(load, "2024-09-02,3.30", "PGE_CITYGATE")
    assert reach(of_pge) == Span(date(2024, 9, 2), date(2024, 9, 4))
    # a version without the distillate of the one before: that ends, and has no price after it
    assert reach(gas(load, "2024-09-01,3.20", "PGE_CITYGATE")) == Span(date(2024, 9, 1))
    (allowance,) = load("allowance-prices", "PRICE_DATE,USD_MTCO2E\n2024-07-01,17\n")
    assert reach(allowance) == Span(date(2024, 7, 1), date(2024, 9, 1))
    head = "RATE,RESOURCE_ID,EFFECTIVE_DT,USD_MWH\n"
    (rate,) = load("cost-rates", head + "GMC,,2024-05-01,0.36\n", sender="iso.admin")
    assert reach(rate).end == FAR_FUTURE


def test_every_day_a_price_holds_on_is_told_of_costs_and_bids(costs_on_file, load, calculate):  # noqa: F811
    """given costs and bids of days; when a price of the first changes; then each of them is told"""
    days = [after(n) for n in range(4)]
    calculate(DAILY_COSTS, *days)
    market = next(iter(INSERTION.values()))
    calculate(market, *days[:2])
    gas(load, f"{after(3)},2.05")  # from the fourth day on another price holds
    calculate(DAILY_COSTS, after(3))
    version = gas(load, f"{DAY},2.00")
    found = outdated_at(Span(DAY), version.known_from)
    assert days_of(found) == days[:3]
    assert days_of(found, market) == days[:2]
    (bids,) = {o.moved for o in found if o.run.kind == market}
    assert bids == ("Daily costs",)


def test_more_days_than_a_month_are_told_in_as_many_queries(costs_on_file, load, calculate):  # noqa: F811
    days = [after(n) for n in range(36)]
    calculate(DAILY_COSTS, *days)
    version = gas(load, f"{DAY},2.00")
    counts = {}
    for span in (Span(DAY, after(3)), Span(DAY)):
        with CaptureQueriesContext(connection) as caught:
            found = outdated_at(span, version.known_from)
        counts[len(found)] = len(caught)
    assert set(counts) == {3, 36}
    assert counts[36] == counts[3]


@pytest.fixture(scope="module")
def published_days(day_on_file, world):  # noqa: F811
    """Three days published, of which the first and the last take a proxy cost from the costs."""
    with world():
        yield [run.pk for run in publish_three()]


@pytest.fixture
def settled(published_days, db):
    """Return the runs of the three days."""
    return [Run.objects.get(pk=key) for key in published_days]


def publish_three():
    acts.calculate(DAILY_COSTS, DAY, after(1), after(2))
    demand = "SC_ID,TAC_AREA,TRADE_DATE,HOUR_ENDING,MWH\n" + "".join(
        f"SYN_LSE_BAY,PGE-TAC,{{0}},{h},1500\n" for h in range(1, 25)
    )
    runs = []
    for n, cost in ((0, ""), (1, "100"), (2, "")):
        acts.load("commitments", COMMITTED.format(after(n), cost), sender="iso.admin")
        if n:
            acts.load("metered-demand", demand.format(after(n)))
        run = acts.settle(after(n), answered="a test")
        assert run.state == "PUBLISHED", (run.state, run.error, run.holds)
        assert not [h for h in run.holds if h["code"].startswith("COSTS")], run.holds
        runs.append(run)
    return runs


def test_published_days_that_take_from_the_costs_go_stale(settled, load, calculate):
    """given published days; when a price changes; then those that take it are stale"""
    days = [r.trade_date for r in settled]
    now = datetime.now(UTC)
    assert days_taking_costs(days, now) == {DAY, after(2)}
    (version,) = load("gas-prices", "date,pge_citygate_usd_mmbtu\n2024-09-04,3.60\n")
    said = f"{version.title} confirmed"
    assert [stale_cause(r) for r in settled] == [said, "", said]
    now = datetime.now(UTC)
    assert [has_moved_on(r, now) for r in settled] == [True, False, True]
    assert [bool(holds_on(d, now)) for d in days] == [True, False, True]
    # the price of before: what was stale by it is what it was again
    load("gas-prices", "date,pge_citygate_usd_mmbtu\n2024-09-04,3.50\n")
    assert [stale_cause(r) for r in settled] == ["", "", ""]


def waiting(send, kind, text, **words):
    """Send a file and leave it; return it with the published days it would outdate."""
    upload = send(kind, text, sender="iso.admin", **words)
    assert upload.state == "READY", list(upload.violations.values_list("line", "message"))
    return upload, [touched.label.rpartition(" ")[2] for touched in consequences(upload)]


PRICE_OF_PGE = "date,pge_citygate_usd_mmbtu\n{},3.60\n"


@pytest.mark.parametrize(
    ("kind", "text", "options", "days"),
    [
        ("gas-prices", PRICE_OF_PGE.format("2024-09-04"), {}, [0, 2]),
        ("gas-prices", PRICE_OF_PGE.format("2024-09-05"), {}, [2]),
        # ends with the price of 2024-09-04, in the file of the same index
        ("fuel-prices", f"{GAS}pge_citygate,2024-09-02,3.30\n", {}, []),
        # the row of before has a price of another index too, which would end
        ("gas-prices", PRICE_OF_PGE.format("2024-08-28"), {}, [0, 2]),
        ("gas-prices", PRICE_OF_PGE.format("2024-09-07"), {}, []),
        ("fuel-prices", f"{GAS}pge_citygate,2024-09-06,3.30\n", {}, [2]),
        ("cost-rates", f"{RATE}VOM,GRNLF2_1_UNIT,2024-09-05,2.90\n", {}, [2]),
        ("master-file", MASTER.replace("49.2,10,R", "49.2,12,R"), {"as_of": "2024-09-05"}, [2]),
    ],
)
def test_a_file_that_waits_names_the_published_days_it_will_outdate(
    settled, send, as_user, kind, text, options, days
):
    """given published days that take costs; when a price waits; then its page lists those days"""
    upload, found = waiting(send, kind, text, options=options)
    assert found == [str(after(n)) for n in days]
    page = as_user("iso.approver").get(f"/uploads/{upload.pk}/").content.decode()
    if not days:
        assert "No published trade date is settled from these periods or from costs" in page
        return
    assert "Confirming may make stale" in page
    assert counted(len(days), "published trade date") in page
    for run in settled:
        assert (f">Daily settlement of {run.trade_date}<" in page) == (str(run.trade_date) in found)


def test_a_list_that_holds_from_a_day_on_outdates_the_days_until_the_next(settled, load):
    """given published days; when a Master File comes; then days until the next are asked"""
    later, changed = {"as_of": "2024-09-06"}, {"as_of": "2024-09-04"}
    load("master-file", MASTER, sender="iso.admin", options=later)
    assert [stale_cause(r) for r in settled] == ["", "", ""]
    (version,) = load(
        "master-file", MASTER.replace("49.2,10,R", "49.2,12,R"), sender="iso.admin", options=changed
    )
    # the first day takes the new Pmin; the third has a Master File of its own
    said = f"{version.title} confirmed"
    assert [stale_cause(r) for r in settled] == [said, "", ""]


def test_days_beyond_what_stands_open_are_counted_with_the_first_and_the_last(
    settled, send, as_user, monkeypatch
):
    monkeypatch.setattr("apps.platform.uploads.views.uploads.MOST_TOUCHED", 1)
    upload, _ = waiting(send, "gas-prices", PRICE_OF_PGE.format("2024-09-04"))
    page = as_user("iso.approver").get(f"/uploads/{upload.pk}/").content.decode()
    said = "2 published trade dates: Daily settlement of {} to Daily settlement of {}."
    assert said.format(DAY, after(2)) in page
    assert "1 more trade date" in page


def test_a_waiting_file_asks_as_often_for_many_days_as_for_few(settled, send):
    counts = []
    for day in ("2024-09-04", "2024-09-05"):
        upload, _ = waiting(send, "gas-prices", PRICE_OF_PGE.format(day))
        with CaptureQueriesContext(connection) as caught:
            consequences(upload)
        counts.append(len(caught))
    assert abs(counts[0] - counts[1]) <= 1  # of two days and of one


def test_what_was_stale_before_did_not_become_so_by_it(settled, load, send, person):
    """given a day stale by a price; when another file moves it too; then it is not among its own"""
    (first,) = load("gas-prices", PRICE_OF_PGE.format("2024-09-04"))
    stale = [t.label.rpartition(" ")[2] for t in consequences(first.upload)]
    assert stale == [str(DAY), str(after(2))]
    (second,) = load("cost-rates", f"{RATE}VOM,GRNLF2_1_UNIT,2024-09-04,2.90\n", sender="iso.admin")
    assert consequences(second.upload) == []
    assert [t.label.rpartition(" ")[2] for t in consequences(first.upload)] == stale
    # demand of the day moves nothing of what the price did, and the day keeps that cause alone
    demand = "SC_ID,TAC_AREA,TRADE_DATE,HOUR_ENDING,MWH\n"
    rows = "".join(f"SYN_LSE_BAY,PGE-TAC,{after(1)},{h},1501\n" for h in range(1, 25))
    (third,) = load("metered-demand", demand + rows)
    assert [t.label.rpartition(" ")[2] for t in consequences(third.upload)] == [str(after(1))]


def test_marking_many_days_takes_as_many_queries_as_few(settled, load):
    (version,) = load("gas-prices", "date,pge_citygate_usd_mmbtu\n2024-09-04,3.60\n")
    at = version.known_from
    counts = []
    for span in (Span(DAY, after(1)), Span(DAY, after(3))):
        with CaptureQueriesContext(connection) as caught:
            mark_resting(span, f"another cause {span.end}", at)
        counts.append(len(caught))
    assert counts[0] == counts[1]
    marked = StaleMark.objects.filter(cause__startswith="another cause")
    assert sorted(m.run.trade_date for m in marked) == [DAY, DAY, after(2)]


def test_what_rests_on_what_is_declared():
    assert {(r.kind, r.on) for r in RESTS_ON} == {
        ("settlements.daily", DAILY_COSTS),
        *((code, DAILY_COSTS) for code in INSERTION.values()),
    }
