"""What each kind of file is held against, and why some are held against nothing."""

from __future__ import annotations

import pytest

from apps.platform.uploads.hooks import UPLOAD_KINDS
from tests.platform.uploads.test_plausibility import (
    codes,
    shown,
)


def test_every_kind_with_checks_asks_two_people_or_says_so():
    with_checks = [k for k in UPLOAD_KINDS if k.plausible]
    assert len(with_checks) >= 15
    assert all(c.code.startswith("PL-") for k in with_checks for c in k.plausible)


LISTS = "a public list as printed; what is settled of it is checked beside RMR NQC and terms"
MODELS = "public model data; only runs that nobody settles read them"
RIGHTS = "rights and obligations of a year, each shown by its own checks"
WITHOUT_CHECKS = {
    "assessment-hours": "hours, no amounts",
    "capability-list": LISTS,
    "capow-generators": MODELS,
    "certified-services": RIGHTS,
    "cpm-deficiencies": RIGHTS,
    "cpm-facts": "facts that a person reads one by one",
    "demand-forecasts": RIGHTS,
    "epa-heat-rates": MODELS,
    "flex-obligations": RIGHTS,
    "former-resource-ids": "names and the days they changed, no amounts",
    "fuel-regions": "names, no amounts",
    "holidays": "days, no amounts",
    "load-shares": "shares have to add up to one",
    "nature-of-work": "names, no amounts",
    "outage-report": LISTS,
    "rmr-credits-annual": RIGHTS,
    "rmr-credits-monthly": RIGHTS,
    "rmr-facts": "facts that a person reads one by one",
    "settlement-dates": "days, no amounts",
    "settlement-runs": "days, no amounts",
    "use-limits": RIGHTS,
    "use-readings": RIGHTS,
    "wecc-curves": MODELS,
}


def test_every_kind_without_checks_has_its_reason():
    assert {k.code for k in UPLOAD_KINDS if not k.plausible} == set(WITHOUT_CHECKS)


@pytest.mark.parametrize(
    ("column", "was", "now"),
    [
        ("BID_COST_USD", "1920", "1920000"),
        ("SELF_COST_USD", "500", "500000"),
        ("AS_REVENUE_USD", "300", "-300000"),
        ("RUC_MW", "20", "2000"),
        ("RUC_PRICE", "5", "500"),
        ("RUC_BID", "5", "500"),
    ],
)
@pytest.mark.parametrize("then", ["2024-10-05", "2024-09-28"])
def test_every_amount_of_market_hours_is_compared(send, load, column, was, now, then):
    head = f"RESOURCE_ID,TRADE_DATE,HOUR_ENDING,{column}\n"
    load("market-hours", f"{head}SUNSET_2_UNITS,{then},7,{was}\n", sender="iso.admin")
    text = f"{head}SUNSET_2_UNITS,2024-10-05,7,{now}\n"
    found = shown(send("market-hours", text, sender="iso.admin"))
    code = "PL-BEFORE" if then == "2024-10-05" else "PL-WEEK"
    assert (code, column) in {(v.code, v.column) for v in found}


def test_a_column_that_was_filled_last_week_and_is_zero_is_asked_about(send, load):
    head = "RESOURCE_ID,TRADE_DATE,HOUR_ENDING,DA_MWH,DA_LMP"
    row = "SUNSET_2_UNITS,{},7,100,30"
    text = f"{head},BID_COST_USD\n{row.format('2024-09-28')},1920\n"
    load("market-hours", text, sender="iso.admin")
    upload = send("market-hours", f"{head}\n{row.format('2024-10-05')}\n", sender="iso.admin")
    assert [(v.code, v.column) for v in shown(upload)] == [("PL-WEEK", "BID_COST_USD")]


@pytest.mark.parametrize(
    ("kind", "head", "row", "was", "now", "options"),
    [
        (
            "commitments",
            "RESOURCE_ID,TRADE_DATE,HOUR_ENDING,MARKET,EVENT,COMMITTED_BY,COST_USD",
            "SUNSET_2_UNITS,2024-10-05,1,IFM,START,ISO,{}",
            "12450",
            "1245000",
            {},
        ),
        (
            "cost-rates",
            "RATE,RESOURCE_ID,EFFECTIVE_DT,USD_MWH",
            "GMC,,2031-01-01,{}",
            "0.45",
            "45",
            {},
        ),
        (
            "heat-rate-points",
            "RESOURCE_ID,CONFIG_ID,POINT_NO,MW,AVG_HEAT_RATE_BTU_KWH,AVG_COST_USD_MWH",
            "SUNSET_2_UNITS,,1,20,{},",
            "9500",
            "95000",
            {},
        ),
        (
            "dispatches",
            "RESOURCE_ID,TRADE_DATE,HOUR_ENDING,DAY_AHEAD_MW,REAL_TIME_MW",
            "SUNSET_2_UNITS,2024-10-05,1,{},30",
            "30",
            "3000",
            {},
        ),
    ],
)
def test_kinds_with_money_are_compared(send, load, kind, head, row, was, now, options):
    load(kind, f"{head}\n{row.format(was)}\n", sender="iso.admin", options=options)
    upload = send(kind, f"{head}\n{row.format(now)}\n", sender="iso.admin", options=options)
    said = [(v.line, v.column, v.message) for v in upload.violations.all()]
    assert "PL-BEFORE" in codes(upload), said


def test_a_rate_is_held_against_the_one_before_it(send, load):
    head = "RATE,RESOURCE_ID,EFFECTIVE_DT,USD_MWH\n"
    load("cost-rates", head + "GMC,,2031-01-01,0.45\n", sender="iso.admin")
    upload = send("cost-rates", head + "GMC,,2031-02-01,45\n", sender="iso.admin")
    assert codes(upload) == ["PL-EARLIER"]


def test_a_share_of_dispatch_is_held_against_the_version_and_the_week_before(send, load):
    head = "TRADE_DATE,BASIS,RESOURCE_ID,SC_ID,QUANTITY\n"
    row = "{},TRANSMISSION_OWNER,SUNSET_2_UNITS,SYN_LSE_BAY,{}\n"
    load("dispatch-shares", head + row.format("2031-03-04", 1250000))
    assert codes(send("dispatch-shares", head + row.format("2031-03-04", 1300000))) == []
    assert codes(send("dispatch-shares", head + row.format("2031-03-04", 1250))) == ["PL-BEFORE"]
    assert codes(send("dispatch-shares", head + row.format("2031-03-11", 1250))) == ["PL-WEEK"]
