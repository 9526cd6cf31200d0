"""Prices and results by interval: each is read, and those that are missing are named."""

from __future__ import annotations

import pytest

from apps.reference.market.models import EnergyPrice
from tests.platform.uploads.market_files import HEAD, case, demand, said

pytestmark = pytest.mark.django_db


def test_fifteen_minute_prices_are_read(load):
    (version,) = load("energy-prices", case("p07_rtpd_15min_prc_2024-01-17.csv"))
    assert version.row_count == 96
    first = EnergyPrice.objects.filter(dataset_version=version).order_by("line_no")[0]
    assert (str(first.price), first.hour_ending, first.opr_interval) == ("-15.300000", 1, 1)


def five_minute(places=range(12), hours=range(1, 25)):
    head = "INTERVALSTARTTIME_GMT,OPR_DT,OPR_HR,NODE,MARKET_RUN_ID,LMP_TYPE,VALUE,OPR_INTERVAL\n"
    return head + "".join(
        f"2024-01-{17 + (h + 7) // 24}T{(h + 7) % 24:02}:{5 * p:02}:00-00:00,2024-01-17,{h:02},"
        f"TH_NP15_GEN-APND,RTM,LMP,31.5,{p + 1}\n"
        for h in hours
        for p in places
    )


def test_five_minute_prices_are_read(send):
    upload = send("energy-prices", five_minute())
    assert (upload.state, upload.row_count, upload.warning_count) == ("READY", 288, 0)


def test_gaps_are_counted_by_interval(send, load):
    upload = send("energy-prices", case("p08_quarters_missing_2024-01-18.csv"))
    (gap,) = said(upload, "MKT-GAP")
    assert gap == (
        "TH_NP15_GEN-APND RTPD LMP has 92 of 96 quarters of 2024-01-18. Missing: HE02 quarters 2 "
        "to 4; HE08 quarter 3. There is no price for the missing ones."
    )
    upload = send("energy-prices", five_minute(places=[0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11]))
    (gap,) = said(upload, "MKT-GAP")
    assert "has 264 of 288 5-minute intervals of 2024-01-17" in gap
    assert "HE01 interval 4; HE02 interval 4;" in gap
    assert gap.count("interval 4") == 12
    assert "and 12 more" in gap


def test_what_is_on_file_is_no_gap(load, send):
    load("energy-prices", case("p08_quarters_missing_2024-01-18.csv"))
    rows = case("p08_quarters_missing_2024-01-18.csv").decode().splitlines()
    head, two = rows[0], [r for r in rows if ",2,1,TH_NP15" in r]
    patch = [two[0].replace(",2,1,TH", f",2,{q},TH") for q in (2, 3, 4)]
    starts = {2: "09:15", 3: "09:30", 4: "09:45"}
    patch = [
        r.replace("T09:00:00", f"T{starts[q]}:00", 1) for q, r in zip((2, 3, 4), patch, strict=True)
    ]
    upload = send("energy-prices", "\n".join([head, *patch]) + "\n")
    (gap,) = said(upload, "MKT-GAP")
    assert "95 of 96 quarters" in gap
    assert "Missing: HE08 quarter 3." in gap


def test_missing_intervals_of_results_are_named(send):
    head = "RESOURCE_ID,TRADE_DATE,HOUR_ENDING,QUARTER,FMM_MWH,FMM_LMP\n"
    rows = "".join(f"SUNSET_2_UNITS,2024-10-05,{h},{q},5,30\n" for h in (7, 8) for q in (1, 2, 4))
    upload = send("market-quarters", head + rows, sender="iso.admin")
    (gap,) = said(upload, "MKT-GAP")
    assert gap.startswith("SUNSET_2_UNITS has 6 of 8 quarters of 2024-10-05. Missing: HE07 quarter")


def test_gaps_of_one_day_are_filled_by_that_day_alone(load, send):
    """Two days in one file: what stays of one is no matter of the other."""
    days = ("2024-10-01", "2024-10-02")
    load("metered-demand", HEAD + "".join(demand("SYN_LSE_BAY", day=d) for d in days))
    one = demand("SYN_LSE_BAY", hours=range(2, 25), day=days[0], mwh="2")
    upload = send("metered-demand", HEAD + one + demand("SYN_LSE_BAY", day=days[1], mwh="2"))
    assert said(upload, "MKT-GAP") == []
