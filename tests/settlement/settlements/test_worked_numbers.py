"""The worked numbers of the settlement rule book, through the calculators."""

from __future__ import annotations

import json

import pytest

from apps.site.calculators.services import calculate


def ask(name, **body):
    return calculate(name=name, text=json.dumps(body))


def market(name, cost, adders, revenue):
    return {"market": name, "cost_usd": cost, "adders_usd": adders, "revenue_usd": revenue}


@pytest.mark.brq("BRQ-1225", "BRQ-1255", "MSIM-2010")
@pytest.mark.parametrize(
    ("revenue", "adder", "excess", "bcr", "net"),
    [
        ("44500", "3900.00", "2300.00", "0.00", "15800.00"),
        ("40000", "1700.00", "0.00", "0.00", "20300.00"),
        ("35000", "0.00", "0.00", "-3300.00", "22000.00"),
    ],
)
def test_capacity_netting(revenue, adder, excess, bcr, net):
    got = ask(
        "capacity-netting", base_usd="22000.00", markets=[market("IFM", "42200", "3900", revenue)]
    )
    assert got == {
        "rmr_cap_usd": "-22000.00",
        "rmr_adder_usd": adder,
        "rmr_excess_usd": excess,
        "bcr_usd": {"IFM": bcr},
        "net_capacity_usd": net,
    }


@pytest.mark.brq("BRQ-1255")
def test_ruc_costs_belong_to_the_test_with_real_time():
    got = ask(
        "capacity-netting", base_usd="22000", markets=[market("RUCRTM", "11040", "1290", "9200")]
    )
    assert got["bcr_usd"] == {"RUCRTM": "-550.00"}
    assert (got["rmr_adder_usd"], got["rmr_excess_usd"]) == ("0.00", "0.00")


@pytest.mark.brq("BRQ-1255")
def test_an_adder_larger_than_its_cost_is_capped():
    got = ask("capacity-netting", base_usd="0", markets=[market("IFM", "100", "300", "50")])
    assert got["rmr_adder_usd"] == "50.00"
    assert got["bcr_usd"]["IFM"] == "0.00"


@pytest.mark.brq("BRQ-1210", "BRQ-1225")
def test_daily_capacity_pays_the_larger_type_once():
    rows = [
        {"tac": "PGE-TAC", "type": "GENERIC", "mw": "70"},
        {"tac": "SCE-TAC", "type": "GENERIC", "mw": "30"},
        {"tac": "PGE-TAC", "type": "FLEX", "mw": "80.5"},
    ]
    got = ask("daily-capacity", price_usd_per_mw_day="220.123456", rows=rows)
    assert got == {"capacity_mw": "100", "rmr_cap_usd": "-22012.35"}


@pytest.mark.brq("BRQ-1255")
@pytest.mark.parametrize(
    ("metered", "factor", "step"),
    [("80", "0.750000", 5), ("96", "1.000000", 3), ("14", "0.000000", 2), ("-1", "0.000000", 2)],
)
def test_meaf(metered, factor, step):
    got = ask(
        "meaf",
        expected_mwh="100",
        da_schedule_mwh="120",
        min_load_mwh="20",
        metered_mwh=metered,
        regulation_mwh="0",
        tolerance_mwh="5",
        performance_mwh="5",
    )
    assert got == {"meaf": factor, "step": step}


@pytest.mark.brq("BRQ-1255")
@pytest.mark.parametrize(
    ("expected", "schedule", "minimum", "metered", "factor", "step"),
    [
        ("20", "20", "20", "80", "1.000000", 4),
        ("10", "40", "20", "0", "1.000000", 6),
        ("0", "40", "20", "0", "1.000000", 7),
        ("0", "40", "20", "3", "0.000000", 7),
        ("0", "0", "0", "0", "0.000000", 7),
    ],
)
def test_meaf_at_its_edges(expected, schedule, minimum, metered, factor, step):
    got = ask(
        "meaf",
        expected_mwh=expected,
        da_schedule_mwh=schedule,
        min_load_mwh=minimum,
        metered_mwh=metered,
        regulation_mwh="0",
        tolerance_mwh="5",
        performance_mwh="5",
    )
    assert got == {"meaf": factor, "step": step}


def month(carry="0.00", **short):
    return ask(
        "raaim-month",
        ra_price_usd_kw_month="3.79",
        days=30,
        assessment_hours=105,
        carry_usd=carry,
        resources=[
            {"id": "SHORT", "kind": "RA", "mw": "100", "curtailed_mwh": "1000"} | short,
            {"id": "FULL", "kind": "CPM", "mw": "200", "curtailed_mwh": "0"},
            {
                "id": "NEAR",
                "kind": "RMR",
                "mw": "50",
                "curtailed_mwh": "26.25",
                "contract_price_usd_mw_day": "220",
            },
        ],
    )


@pytest.mark.brq("BRQ-1240", "MSIM-2020")
def test_raaim_month_pays_out_what_it_charges():
    got = month()
    assert got["pool_usd"] == "15250.24"
    assert got["rate_usd_mw_month"] == "4357.21"
    assert [r["payment_usd"] for r in got["resources"]] == ["0.00", "-13071.63", "-2178.61"]
    assert [r["charge_usd"] for r in got["resources"]] == ["15250.24", "0.00", "0.00"]
    assert got["carry_usd"] == "0.00"
    assert got["resources"][0]["availability"] == "0.904762"


@pytest.mark.brq("BRQ-1240")
def test_raaim_of_rmr_is_charged_at_its_contract_price():
    got = month(kind="RMR", contract_price_usd_mw_day="220")
    assert got["resources"][0]["charge_usd"] == "26557.14"


@pytest.mark.brq("BRQ-1240")
def test_raaim_cap_holds_back_the_rest():
    got = month(carry="34749.76")
    assert got["pool_usd"] == "50000.00"
    assert got["carry_usd"] == "10205.00"
    assert got["rate_usd_mw_month"] == "11370.00"


@pytest.mark.brq("BRQ-1240")
def test_legacy_is_not_assessed_and_the_bounds_are_strict():
    got = ask(
        "raaim-month",
        ra_price_usd_kw_month="3.79",
        days=30,
        assessment_hours=100,
        carry_usd="0.00",
        resources=[
            {"id": "OLD", "kind": "RMRL", "mw": "100", "curtailed_mwh": "5000"},
            {"id": "LOWER", "kind": "RA", "mw": "100", "curtailed_mwh": "550"},
            {"id": "UPPER", "kind": "RA", "mw": "100", "curtailed_mwh": "150"},
        ],
    )
    assert {r["charge_usd"] for r in got["resources"]} == {"0.00"}
    assert {r["payment_usd"] for r in got["resources"]} == {"0.00"}
    assert got["resources"][0]["availability"] is None


@pytest.mark.brq("BRQ-1240")
def test_raaim_pool_carries_through_the_year():
    rows = [
        ("2024-01", "100.00", "40.00"),
        ("2024-02", "0.00", "80.00"),
        ("2024-12", "30.00", "10.00"),
    ]
    got = ask(
        "raaim-pool",
        months=[{"month": m, "charges_usd": c, "payable_at_cap_usd": p} for m, c, p in rows],
    )
    assert got["months"] == [
        {"month": "2024-01", "payment_usd": "-40.00", "carry_usd": "60.00"},
        {"month": "2024-02", "payment_usd": "-60.00", "carry_usd": "0.00"},
        {"month": "2024-12", "payment_usd": "-10.00", "carry_usd": "20.00"},
    ]
    assert got["year_end_residue_usd"] == "20.00"


@pytest.mark.brq("BRQ-1260")
@pytest.mark.parametrize(
    ("lmp", "rmr", "energy", "uplift"),
    [
        ("30", False, "-300.00", "-120.00"),
        ("30", True, "-300.00", "-100.00"),
        ("55", True, "-550.00", "0.00"),
    ],
)
def test_exceptional_dispatch(lmp, rmr, energy, uplift):
    got = ask(
        "exceptional-dispatch",
        mwh="10",
        lmp_usd=lmp,
        reference_usd="42",
        oc_energy_usd="2",
        rmr=rmr,
    )
    assert got == {"energy_usd": energy, "uplift_usd": uplift}


@pytest.mark.brq("BRQ-1320")
@pytest.mark.parametrize(
    ("mw", "price", "days", "of", "amount"),
    [
        ("50", "6.31", 30, 30, "-315500.00"),
        ("50", "6.31", 10, 30, "-105166.67"),
        ("80", "6.31", 30, 31, "-488516.13"),
        ("80", "6.90", 30, 31, "-534193.55"),
    ],
)
def test_cpm_amount(mw, price, days, of, amount):
    got = ask("cpm-amount", mw=mw, price_usd_kw_month=price, days_designated=days, days_in_month=of)
    assert got == {"amount_usd": amount}


@pytest.mark.brq("BRQ-1201")
@pytest.mark.parametrize(
    ("day", "runs"),
    [
        (
            "2020-01-15",
            "2020-01-21 2020-02-03 2020-04-03 2020-10-15 2021-07-15 2022-10-17 2023-01-17",
        ),
        ("2021-01-15", "2021-01-29 2021-04-27 2021-12-15 2022-10-17 2023-01-17"),
    ],
)
def test_settlement_calendar(day, runs):
    got = ask("settlement-calendar", trade_date=day)["runs"]
    assert [r["date"] for r in got] == runs.split()
    assert not got[0]["disputable"]
    assert not got[-1]["disputable"]
    assert all(r["disputable"] for r in got[1:-1])


@pytest.mark.brq("BRQ-1201")
@pytest.mark.parametrize(
    ("day", "add", "result"),
    [
        ("2021-11-17", 10, "2021-12-03"),  # Thanksgiving and the day after
        ("2021-12-22", 2, "2021-12-27"),  # Christmas on a Saturday, observed on Friday
        ("2021-12-30", 1, "2022-01-03"),  # New Year's Day on a Saturday, observed on New Year's Eve
        ("2020-06-18", 1, "2020-06-19"),  # before Juneteenth was a holiday
        ("2022-06-17", 1, "2022-06-21"),
        ("2022-06-21", -1, "2022-06-17"),
    ],
)
def test_business_days(day, add, result):
    assert ask("business-days", date=day, add=add) == {"date": result}
