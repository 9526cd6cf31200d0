"""Runs on the market's calendar: regimes as data, published dates first, types, what is due."""

from __future__ import annotations

import csv
from datetime import date, timedelta

import pytest

from apps.platform.core.tradetime import PACIFIC
from apps.platform.runs import services as runs
from apps.platform.runs.services import running
from apps.settlement.settlements.rules import RELEASE_TABLE, CalendarRule, runs_of
from apps.settlement.settlements.selectors import calendar_of
from apps.settlement.settlements.services import request_day, settle_due_days
from apps.settlement.statements.models import Statement
from tests.conftest import DAY, ROOT

pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-1201")]


def test_the_table_that_is_loaded_is_the_one_the_calculator_knows():
    with (ROOT / "fixtures" / "reference" / "settlement_runs.csv").open() as source:
        rows = list(csv.DictReader(source))
    read = tuple(
        CalendarRule(
            date.fromisoformat(r["FIRST_TRADE_DATE"]),
            date.fromisoformat(r["LAST_TRADE_DATE"]) if r["LAST_TRADE_DATE"] else None,
            int(r["COUNT"]),
            r["UNIT"],
            r["DISPUTABLE"] != "N",
            int(r["DISPUTE_DAYS"]),
            r["DISPUTABLE"] == "I",
        )
        for r in rows
    )
    assert read == RELEASE_TABLE


def test_a_published_date_wins_over_the_computed_one(load):
    computed = calendar_of([DAY])[DAY]
    assert computed == runs_of(DAY)
    load("settlement-dates", "TRADE_DATE,RUN,DATE,SOURCE\n2024-09-04,T+9B,2024-09-19,notice\n")
    found = {r.run: r for r in calendar_of([DAY])[DAY]}
    assert (found["T+9B"].day, found["T+9B"].published) == (date(2024, 9, 19), True)
    assert found["T+70B"].day == {r.run: r.day for r in computed}["T+70B"]


def test_the_month_end_is_kept_where_the_month_is_shorter():
    found = {r.run: r.day for r in runs_of(date(2021, 3, 31))}
    assert found["T+11M"] == date(2022, 2, 28)


def ask(person, run_type, at):
    run, new = request_day(
        trade_date=DAY, actor=person("iso.analyst"), at=at, reason="test", run_type=run_type
    )
    return runs.execute(run_id=run.pk, at=at), new


def test_a_run_of_the_calendar_is_made_even_where_nothing_changed(settle, person, now):
    first = settle()
    assert first.run_type == "T+9B"
    second, new = ask(person, "T+70B", now)
    assert new
    assert (second.version, second.result_hash) == (2, first.result_hash)
    again, new = ask(person, "T+70B", now)
    assert (again.pk, new) == (second.pk, False)
    runs.publish(run_id=second.pk, actor=person("iso.approver"), at=now)
    assert set(Statement.objects.filter(run=second).values_list("change", flat=True)) == {0}


def test_an_optional_run_and_one_that_does_not_exist(settle, person, now):
    settle()
    found, new = ask(person, "OPTIONAL", now)
    assert (found.run_type, new) == ("OPTIONAL", True)
    with pytest.raises(runs.RunRefused, match=r"no run of type T\+55B"):
        ask(person, "T+55B", now)


def test_the_schedule_asks_for_a_run_when_its_day_has_come(settle_due, load, now):
    """The day's first run is the initial one; when another's day comes, that one is asked for."""
    tomorrow = (now + timedelta(days=1)).astimezone(PACIFIC).date()
    load("settlement-dates", f"TRADE_DATE,RUN,DATE,SOURCE\n2024-09-04,T+24M,{tomorrow},notice\n")
    assert settle_due(now) == ["T+9B"]
    assert settle_due(now) == []
    assert settle_due(now + timedelta(days=2)) == ["T+24M"]
    assert settle_due(now + timedelta(days=2)) == []


def dates(load, now, **days):
    """Publish the days of runs of the trade date, in days from today; the later ones far ahead."""
    today = now.astimezone(PACIFIC).date()
    told = {"T+11M": 300, "T+21M": 600, "T+24M": 700}
    told |= {f"T+{name[1:]}": n for name, n in days.items()}
    rows = [f"{DAY},{run},{today + timedelta(days=n)},notice\n" for run, n in told.items()]
    load("settlement-dates", "TRADE_DATE,RUN,DATE,SOURCE\n" + "".join(rows))


def corrected(load):
    lines = (ROOT / "fixtures/demo/metered_demand_2024-09-04.csv").read_text().splitlines()
    text = "\n".join(lines[:-1]) + "\n"
    load("metered-demand", text, sender="iso.admin", options={"covers": "WHOLE"})


def test_a_run_between_two_of_the_calendar_is_optional(settle, settle_due, load, now):
    dates(load, now, T9B=-1, T70B=5)
    assert settle().run_type == "T+9B"
    corrected(load)
    between = settle()
    assert (between.state, between.run_type) == ("PUBLISHED", "OPTIONAL")
    assert settle_due(now + timedelta(days=4)) == []
    assert settle_due(now + timedelta(days=6)) == ["T+70B"]
    assert settle_due(now + timedelta(days=7)) == []


def test_before_any_day_has_come_a_run_is_the_first_of_the_calendar(settle, load, now):
    dates(load, now, T9B=3, T70B=60)
    first = settle(publish=False)
    assert first.run_type == "T+9B"
    corrected(load)
    again = settle()
    assert (again.run_type, again.version) == ("T+9B", 2)


def test_where_several_days_have_come_the_first_unpublished_is_next(settle, load, now):
    dates(load, now, T9B=-400, T70B=-300, T11M=-10)
    assert settle().run_type == "T+9B"
    corrected(load)
    assert settle().run_type == "T+70B"


def test_an_optional_run_keeps_no_scheduled_one_from_being_made(
    settle, settle_due, person, load, now
):
    dates(load, now, T9B=-1, T70B=1)
    settle()
    later = now + timedelta(days=2)
    assert ask(person, "OPTIONAL", later)[0].run_type == "OPTIONAL"
    assert settle_due(later) == ["T+70B"]


def test_a_run_published_before_its_day_is_not_made_again_by_a_new_release(
    settle, settle_due, person, load, now, monkeypatch
):
    dates(load, now, T9B=-1, T70B=1)
    settle()
    early, _ = ask(person, "T+70B", now)
    runs.publish(run_id=early.pk, actor=person("iso.approver"), at=now)
    monkeypatch.setattr(running, "code_version", lambda: "f" * 64)
    assert settle_due(now + timedelta(days=2)) == []


@pytest.fixture
def settle_due():
    def go(at):
        found = [r for r in settle_due_days(at=at) if r.trade_date == DAY]
        return [runs.execute(run_id=r.pk, at=at).run_type for r in found]

    return go


def test_the_api_asks_for_a_run_of_the_calendar(as_user):
    client = as_user("iso.analyst")
    body = {"trade_date": str(DAY), "run_type": "T+70B", "reason": "by the calendar"}
    asked = client.post("/api/v1/runs/request/", body, content_type="application/json")
    assert asked.status_code == 201
    assert asked.json()["run_type"] == "T+70B"
    wrong = body | {"run_type": "T+1B"}
    refused = client.post("/api/v1/runs/request/", wrong, content_type="application/json")
    assert refused.status_code == 409
    assert "T+70B" in refused.json()["detail"]


def test_no_type_is_published_twice_and_a_jump_says_so(settle, person, load, now):
    first = settle()
    corrected(load)
    second = settle()
    assert (first.run_type, second.run_type, second.version) == ("T+9B", "T+70B", 2)
    jumped, _ = ask(person, "T+21M", now)
    assert (jumped.run_type, jumped.reason) == ("T+21M", "test; jumps over T+11M")
    asked, _ = ask(person, "T+11M", now)
    assert (asked.run_type, asked.reason) == ("T+11M", "test")
