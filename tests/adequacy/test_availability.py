"""Availability: exact to the second, hours by date, exemptions, substitution, the payload."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.adequacy.availability import selectors, services
from apps.adequacy.availability.models import AvailabilityHour, AvailabilityNote
from apps.adequacy.availability.rules import (
    Piece,
    assessed_hours,
    availability_share,
    charge_estimate,
    hourly,
    hourly_one,
)
from apps.adequacy.availability.selectors import assessment_table
from apps.platform.core.quantity import MW
from apps.platform.core.tradetime import FAR_MOMENT, TradeDay
from apps.platform.runs import services as runs
from apps.reference.market.selectors import holidays_known
from tests.adequacy import files
from tests.conftest import SHARED

DAY = date(2024, 9, 4)
SPRING, AUTUMN = date(2024, 3, 10), date(2024, 11, 3)
HOURS = SHARED / "ra" / "availability_assessment_hours_2022_2024.csv"


def local(day, hour, minute=0):
    return TradeDay(day).start + timedelta(hours=hour, minutes=minute)


@pytest.mark.brq("BRQ-1215", "BRQ-0216")
def test_the_worked_example():
    out = [Piece(Decimal(30), local(DAY, 17, 20), local(DAY, 18, 40))]
    sub = [Piece(Decimal(10), local(DAY, 0), local(DAY, 24))]
    found = hourly_one(out, sub, Decimal(45), DAY, range(17, 22))
    assert found == {17: 0, 18: Decimal("13.33"), 19: Decimal("13.33"), 20: 0, 21: 0}
    capped = hourly_one(
        [Piece(Decimal(30), local(DAY, 0), None), Piece(Decimal(30), local(DAY, 0), None)],
        [],
        Decimal(45),
        DAY,
        [1],
    )
    assert capped == {1: 45}  # concurrent outages add up, capped at the obligation


def minute_by_minute(outs, exempt, subs, more, owed, pmax, day, hour):
    """The slow oracle: every minute on its own, in fractions."""
    start = TradeDay(day).start + timedelta(hours=hour - 1)
    curtailed = exempted = Fraction(0)
    for minute in range(60):
        at = start + timedelta(minutes=minute)

        def here(pieces, at=at):
            return sum(m for m, a, b in pieces if a <= at and (b is None or b > at))

        debt = owed + here(more)
        slack = max(pmax - debt, 0)
        all_out, counted = here(outs) + here(exempt), here(outs)
        eaten = [min(debt, max(0, v - slack)) for v in (all_out, counted)]
        curtailed += min(debt, max(0, counted - slack - here(subs)))
        exempted += eaten[0] - eaten[1]
    whole = MW.scale // 100
    return [int(v / 60 / whole + Fraction(1, 2)) * whole for v in (curtailed, exempted)]


@st.composite
def pieces(draw, day):
    first = TradeDay(day).start - timedelta(hours=3)
    found = []
    for _ in range(draw(st.integers(0, 3))):
        start = first + timedelta(minutes=draw(st.integers(0, 1700)))
        end = start + timedelta(minutes=draw(st.integers(1, 900)))
        found.append(
            (draw(st.integers(1, 60)) * 2_500, start, end if draw(st.booleans()) else None)
        )
    return found


FRAME = {
    "row": pl.Int64,
    "mw": pl.Int64,
    "starts_at": pl.Datetime(time_zone="UTC"),
    "ends_at": pl.Datetime(time_zone="UTC"),
}


@given(st.data(), st.sampled_from([DAY, SPRING, AUTUMN]))
@pytest.mark.brq("BRQ-1215", "BRQ-0216")
def test_columns_agree_with_every_minute_on_its_own(data, day):
    outs, exempt, subs, more = (data.draw(pieces(day)) for _ in range(4))
    owed = data.draw(st.integers(0, 50)) * 10_000
    pmax = owed + data.draw(st.integers(0, 20)) * 10_000
    outages = pl.concat(
        [
            pl.DataFrame([(0, *p) for p in listed], schema=FRAME, orient="row").with_columns(
                exempt=pl.lit(flag)
            )
            for listed, flag in ((outs, False), (exempt, True))
        ]
    )
    steps = pl.concat(
        [
            pl.DataFrame([(0, *p) for p in listed], schema=FRAME, orient="row").with_columns(
                substituted=pl.col("mw") * (1 - n), more=pl.col("mw") * n
            )
            for n, listed in enumerate((subs, more))
        ]
    )
    found = hourly(
        pl.DataFrame({"row": [0], "obligation": [owed], "pmax": [pmax]}), outages, steps, day
    )
    assert found["hour_ending"].to_list() == list(TradeDay(day).hours)
    for hour in data.draw(st.lists(st.sampled_from(list(TradeDay(day).hours)), max_size=3)):
        row = found.row(hour - 1, named=True)
        expected = minute_by_minute(outs, exempt, subs, more, owed, pmax, day, hour)
        assert [row["curtailed"], row["exempt"]] == expected


@pytest.mark.brq("BRQ-0216")
def test_availability_and_the_estimate_follow_the_rule_book():
    # 100 MW over 105 hours, 10 of them out: 0.904762; new RMR at 220 $/MW-day over 30 days
    share = availability_share(Decimal(10_500), Decimal(1_000))
    assert share == Decimal("0.904762")
    charge = charge_estimate(
        share=Decimal(9500) / Decimal(10500),
        average=Decimal(100),
        lower=Decimal("0.945"),
        monthly_price=Decimal(6600),
    )
    assert charge == Decimal("26557.14")
    assert availability_share(Decimal(0), Decimal(0)) is None


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0216")
def test_assessment_hours_by_date_holiday_and_clock_change():
    table, holidays = assessment_table(FAR_MOMENT), holidays_known(FAR_MOMENT)

    def hours(kind, category, day):
        return assessed_hours(table, kind, category, day, holidays)

    assert hours("GENERIC", None, DAY) == [17, 18, 19, 20, 21]
    assert hours("GENERIC", None, date(2024, 4, 3)) == [18, 19, 20, 21, 22]
    assert hours("GENERIC", None, date(2024, 9, 2)) == []  # Labor Day
    assert hours("GENERIC", None, date(2024, 9, 7)) == []  # a Saturday
    assert hours("FLEX", 1, date(2024, 9, 7)) == list(range(6, 23))
    assert hours("FLEX", 3, date(2024, 9, 7)) == []
    # 05:00 to 22:00 by the clock: the day of 23 hours has it one place earlier, of 25 one later
    assert hours("FLEX", 1, SPRING) == list(range(5, 22))
    assert hours("FLEX", 1, AUTUMN) == list(range(7, 24))


@pytest.mark.django_db
@pytest.mark.skipif(not HOURS.exists(), reason="the shared public files are not here")
@pytest.mark.brq("BRQ-0216")
def test_the_dated_table_is_the_published_one():
    table, holidays = assessment_table(FAR_MOMENT), holidays_known(FAR_MOMENT)
    published = pl.read_csv(HOURS, infer_schema=False)
    published = published.rename({c: c.replace("﻿", "") for c in published.columns})
    flagged = {}
    for start, flag in published.select("START DATETIME", "DEMAND HOUR").iter_rows():
        if flag == "TRUE":
            flagged.setdefault(date.fromisoformat(start[:10]), []).append(int(start[11:13]) + 1)
    assert len(flagged) > 1_000
    for day, hours in flagged.items():
        if day.weekday() < 5 and day not in holidays:
            assert assessed_hours(table, "GENERIC", None, day, holidays) == sorted(set(hours)), day


def calculate(person, day=DAY):
    run, _ = runs.request(
        kind_code="availability.daily",
        trade_date=day,
        actor=person("iso.analyst"),
        at=datetime.now(UTC),
        reason="test",
    )
    run = runs.execute(run_id=run.pk, at=datetime.now(UTC))
    assert run.state == "SEALED", run.error
    return run


SUNSET = (
    "S1",
    "SUNSET_2_UNITS",
    "FORCED",
    "PLANT_TROUBLE",
    "2024-09-04 16:30",
    "2024-09-04 18:00",
    "62",
)


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0030", "BRQ-0216", "BRQ-1215")
def test_a_day_measures_the_new_and_leaves_legacy_out_with_why(
    load, person, capacity, file_plan, as_user
):
    load(
        "outage-report",
        files.report(
            SUNSET,
            (*SUNSET[:1], "BOGUE_1_UNITA1", *SUNSET[2:6], "40"),
            (
                "B1",
                "SYN_BASIN_7_CC",
                "FORCED",
                "PLANT_TROUBLE",
                "2024-09-04 16:00",
                "2024-09-04 17:00",
                "50",
            ),
        ),
    )
    file_plan(files.supply_plan(("SYN_BASIN_7_CC", "100", "20", "9/1/2024", "9/30/2024")))
    run = calculate(person)
    sunset = AvailabilityHour.objects.filter(run=run, unit="SUNSET_2_UNITS").order_by("hour_ending")
    assert [(h.hour_ending, h.obligation_mw, h.curtailed_mw) for h in sunset][:3] == [
        (17, 248, 31),
        (18, 248, 62),
        (19, 248, 0),
    ]
    # RA of 120 MW of 150: what need not be shown goes first, 50 − 30 = 20
    basin = AvailabilityHour.objects.get(run=run, unit="SYN_BASIN_7_CC", hour_ending=17)
    assert (basin.obligation_mw, basin.curtailed_mw, basin.source) == (120, 20, "RA")
    assert not AvailabilityHour.objects.filter(run=run, unit="BOGUE_1_UNITA1").exists()
    note = AvailabilityNote.objects.get(run=run, unit="BOGUE_1_UNITA1")
    assert note.code == "LEGACY"
    flex = AvailabilityHour.objects.filter(run=run, unit="GRNLF2_1_UNIT", ra_type="FLEX")
    assert flex.count() == 17
    client = as_user("sc.sunset")
    page = client.get(f"/availability/2024-09/{sunset[0].resource_id}/GENERIC/").content.decode()
    assert "62 of 248 MW curtailed" in page
    assert "S1" in page
    assert "SYN_BASIN_7_CC" not in client.get("/availability/?month=2024-09").content.decode()
    assert client.get("/availability/2024-09/999999/GENERIC/").status_code == 404


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0215", "BRQ-0216")
def test_substitution_and_exemption_change_the_day_and_make_a_new_payload(load, person, capacity):
    from apps.adequacy.substitutions import services as subs
    from apps.bidding.market_payloads.models import MarketPayload

    load("outage-report", files.report(SUNSET))
    before = datetime(2024, 9, 3, 12, tzinfo=UTC)
    first = calculate(person)
    given = subs.SubstitutionInput(
        outage="S1", substitute="SYN_CEDAR_4_ST", part="GENERIC", mw=Decimal(40)
    )
    case = subs.request_substitution(given=given, actor=person("sc.sunset"), at=before)
    second = calculate(person)
    assert second.pk != first.pk
    hour = AvailabilityHour.objects.get(run=second, unit="SUNSET_2_UNITS", hour_ending=18)
    assert (hour.curtailed_mw, hour.substituted_mw) == (22, 40)
    # the substitute owes what it stands in for, measured on itself
    cedar = AvailabilityHour.objects.filter(run=second, unit="SYN_CEDAR_4_ST").order_by(
        "hour_ending"
    )
    assert [(h.hour_ending, h.obligation_mw, h.source) for h in cedar] == [
        (17, 20, "SUBSTITUTE"),
        (18, 40, "SUBSTITUTE"),
    ]
    exemption = subs.request_exemption(
        given=subs.ExemptionInput("S1", "TRANSMISSION", "line"),
        actor=person("sc.sunset"),
        at=datetime.now(UTC),
    )
    subs.exemption_decide(
        action="approve",
        case_id=exemption.pk,
        actor=person("iso.operator"),
        at=datetime.now(UTC),
        note="agreed",
    )
    third = calculate(person)
    hour = AvailabilityHour.objects.get(run=third, unit="SUNSET_2_UNITS", hour_ending=18)
    assert (hour.curtailed_mw, hour.exempt_mw) == (0, 62)
    payloads = MarketPayload.objects.filter(audience="RAAIM", trade_date=DAY).order_by("version")
    assert [p.version for p in payloads] == [1, 2, 3]
    lines = payloads[0].body.text.splitlines()
    assert lines[0].startswith("RESOURCE_ID,TRADE_DATE,HOUR_ENDING,RA_TYPE")
    assert "SUNSET_2_UNITS,2024-09-04,18,GENERIC,,248,62,0,0" in lines
    assert (
        runs.request(
            kind_code="availability.daily",
            trade_date=DAY,
            reason="again",
            actor=person("iso.analyst"),
            at=datetime.now(UTC),
        )[1]
        is False
    )
    with_choice = services.estimate_month(case.resource_id, "GENERIC", None, before)
    assert with_choice.availability == 1


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0216")
def test_an_exempt_nature_of_work_counts_for_nothing(load, person):
    load("outage-report", files.report((*SUNSET[:3], "TRANSMISSION_INDUCED", *SUNSET[4:])))
    run = calculate(person)
    hour = AvailabilityHour.objects.get(run=run, unit="SUNSET_2_UNITS", hour_ending=18)
    assert (hour.curtailed_mw, hour.exempt_mw) == (0, 62)
    month = selectors.months_of(date(2024, 9, 1), person("iso.admin").viewer())
    sunset = next(r for r in month if r["unit"] == "SUNSET_2_UNITS")
    assert sunset["share"] == 1


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0216")
def test_the_daily_task_asks_only_for_what_changed(person, load):
    at = datetime(2024, 9, 5, 17, tzinfo=UTC)
    asked = services.request_due(at=at)
    assert [r.trade_date.day for r in asked] == [29, 30, 31, 1, 2, 3, 4]
    for run in asked:
        runs.execute(run_id=run.pk, at=datetime.now(UTC))
    assert services.request_due(at=at) == []
    load("outage-report", files.report(SUNSET))
    assert [r.trade_date for r in services.request_due(at=at)] == [DAY]


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0216")
def test_a_day_on_which_nobody_owes_anything_is_empty_and_no_failure(person, load):
    load("outage-report", files.report(SUNSET))
    for day in (date(2031, 1, 2), date(2024, 9, 2)):  # no contract at all; a holiday
        run = calculate(person, day)
        generic = AvailabilityHour.objects.filter(run=run, ra_type="GENERIC")
        assert not generic.exists()
