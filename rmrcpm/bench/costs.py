"""Section B of the performance targets: costs and bid insertion of the whole ISO fleet."""

from __future__ import annotations

import statistics
import time
from datetime import UTC, date, datetime, timedelta

from rmrcpm.bench.sending import people, upload
from rmrcpm.bench.table import ROUNDS, median_of, row

DAY = date(2024, 10, 1)
FLEET, RMR, MULTI_STAGE, POINTS = 1_200, 40, 120, 9
PAIRS = [(a, b) for a in range(4) for b in range(4) if a != b]  # 12 transitions each
TABLES = ("costs_debsegment", "costs_transitioncost", "costs_commitmentcostline")


def fleet_files():
    """Return (kind, text, options) of every input of the fleet, from a fixed rule."""
    names = [f"FLEET_{i:04}_UNIT" for i in range(FLEET)]
    multi = set(names[:MULTI_STAGE])
    master = [
        "RESOURCE_ID,RESOURCE_NAME,SCID,PMAX_MW,PMIN_MW,MOO_QUALIFIED,RMR_FLAG,RMR_CD_TYPE,"
        "CONTRACT_EFFECTIVE_DT,CONTRACT_END_DT,USE_LIMIT_FLAG,CAR_FLAG,FUEL_TYPE,MSG_FLAG,"
        "ELS_FLAG,LOCAL_AREA,TAC_AREA,FUEL_REGION"
    ]
    points = ["RESOURCE_ID,CONFIG_ID,POINT_NO,MW,AVG_HEAT_RATE_BTU_KWH,AVG_COST_USD_MWH"]
    configurations = [
        "RESOURCE_ID,CONFIG_ID,PMIN_MW,PMAX_MW,STARTUP_FLAG,MMA_STARTUP,MMA_MIN_LOAD,EFFECTIVE_DT"
    ]
    transitions = [
        "RESOURCE_ID,FROM_CONFIG,TO_CONFIG,TRANSITION_TIME_MIN,OC_TRANSITION,EFFECTIVE_DT"
    ]
    inputs = ["RESOURCE_ID,CONFIG_ID,TO_CONFIG,FUEL_MMBTU,AUX_POWER_MWH"]
    terms = [
        "CONTRACT_ID,RESOURCE_ID,EFFECTIVE_DATE,CONDITION,START_DATE,END_DATE,RELIABILITY_SCOPE,"
        "LOCAL_AREA,PRICE_USD_PER_MW_DAY,TAC_AREA,OBLIGATION_TYPE,MW,SOURCE"
    ]
    resources = [
        "RESOURCE_ID,RESOURCE_NAME,PMAX_MW,TAC_AREA,LOCAL_AREA,SC_ID,EFFECTIVE_FROM,SOURCE"
    ]
    for number, name in enumerate(names):
        stage = name in multi
        rmr = "Y" if number % 30 == 0 else "N"
        resources.append(f"{name},Bench,300,PGE-TAC,SIERRA,SYN_GEN_SIERRA,2023-01-01,SYNTHETIC")
        master.append(
            f"{name},Bench,SYN_GEN_SIERRA,300,30,R,{rmr},N/A,,,N,N,GAS,{'Y' if stage else 'N'},N,"
            "SIERRA,,FRPGE2GHG"
        )
        inputs += [
            f"{name},{c},,{100 + number % 50},2"
            for c in ["", *(f"C{i}" for i in range(4 if stage else 0))]
        ]
        if rmr == "Y":
            terms.append(
                f"F-{name},{name},2023-01-01,,2024-01-01,2024-12-31,LOCAL,SIERRA,150,PGE-TAC,"
                "GENERIC,300,SYNTHETIC"
            )
        for config in [f"C{i}" for i in range(4)] if stage else [""]:
            top = 300 if not config else 75 * (int(config[1]) + 1)
            for point in range(POINTS):
                mw = 30 + (top - 30) * point // (POINTS - 1)
                points.append(f"{name},{config},{point + 1},{mw},{9900 - 137 * point},")
            if config:
                configurations.append(
                    f"{name},{config},30,{top},Y,{1000 + 700 * int(config[1])},40,2024-01-01"
                )
        if stage:
            transitions += [f"{name},C{a},C{b},30,,2024-01-01" for a, b in PAIRS]
    as_of = {"as_of": "2024-01-01"}
    return [
        ("resources", resources, {}),
        ("contract-terms", terms, {}),
        ("master-file", master, as_of),
        ("heat-rate-points", points, {}),
        ("msg-configurations", configurations, {}),
        ("msg-transitions", transitions, {}),
        ("commitment-inputs", inputs, as_of),
    ]


def price(day, value):
    """Give the fleet's fuel index a price of a day."""
    upload("fuel-prices", f"FUEL_INDEX,PRICE_DATE,USD_MMBTU\nPGE_CITYGATE,{day},{value}\n".encode())


def sealed(kind, day, reason):
    """Request and compute a run; return it and the seconds it took."""
    from apps.platform.runs import services as runs

    began = time.perf_counter()
    run, new = runs.request(
        kind_code=kind, trade_date=day, actor=people()[0], at=datetime.now(UTC), reason=reason
    )
    run = runs.execute(run_id=run.pk, at=datetime.now(UTC))
    assert new
    assert run.state == "SEALED", run.error
    return run, time.perf_counter() - began


def raw(reads, tables, run_id):
    """Copy inputs out and the same results in, without index or check; return the seconds."""
    from django.db import connection

    began = time.perf_counter()
    with connection.cursor() as cursor:
        copy = cursor.cursor.copy
        for text in reads:
            with copy(f"copy ({text}) to stdout (format binary)") as out:
                for _ in out:
                    pass
        for table in tables:
            with copy(
                f"copy (select * from {table} where run_id = {run_id}) to stdout (format binary)"
            ) as out:
                data = b"".join(bytes(part) for part in out)
            cursor.execute(f"create temp table bench_rows (like {table})")
            with copy("copy bench_rows from stdin (format binary)") as into:
                into.write(data)
            cursor.execute("drop table bench_rows")
    return time.perf_counter() - began


def costs():
    """Costs of 1,200 resources and insertion for 40, requested to sealed; days of a year."""
    from apps.bidding.bids.models import BidHour
    from apps.bidding.costs.models import CommitmentCostLine, DebSegment, TransitionCost

    for kind, lines, options in fleet_files():
        upload(kind, ("\n".join(lines) + "\n").encode(), options=options)
    upload(
        "fuel-regions",
        b"Fuel Region,Pricing Hub,Cap & Trade Credit,Balancing Authority\n"
        b"FRPGE2GHG,PG&E Citygate,Y,CISO\n",
    )
    upload(
        "cost-rates",
        b"RATE,RESOURCE_ID,EFFECTIVE_DT,USD_MWH\nGMC,,2024-01-01,0.35\n"
        b"VOM,,2024-01-01,2.80\nPOWER,,2024-01-01,40\n",
    )
    upload("allowance-prices", b"PRICE_DATE,USD_MTCO2E\n2024-09-01,30.24\n")
    taken = []
    for number in range(ROUNDS):
        price(DAY, f"{3 + number / 10:.2f}")
        run, seconds = sealed("costs.daily", DAY, f"bench {number}")
        taken.append(seconds)
    counts = [
        m.objects.filter(run=run).count() for m in (DebSegment, TransitionCost, CommitmentCostLine)
    ]
    assert counts[0] >= (FLEET - MULTI_STAGE + 4 * MULTI_STAGE) * (POINTS - 1)
    assert counts[1] >= MULTI_STAGE * 6
    reads = (
        "select * from masterfile_curvepoint",
        "select * from masterfile_msgtransition",
        "select * from masterfile_msgconfiguration",
        "select * from masterfile_masterfilerecord",
    )
    floor, _ = median_of(lambda: raw(reads, TABLES, run.pk))
    mine = statistics.median(taken)
    found = [
        row(
            f"Costs of {FLEET:,} resources, requested to sealed ({counts[0]:,} bid segments, "
            f"{counts[1]:,} transitions, {counts[2]:,} commitment costs)",
            mine,
            max(taken) - min(taken),
            f"raw read + write {floor * 1000:.0f} ms",
            f"{mine / floor:.1f}x; allowed {1.5 * floor + 0.3:.2f} s",
            "<= 1.5x limit + 0.3 s",
        ),
    ]
    days = 10
    began = time.perf_counter()
    for n in range(1, days + 1):
        sealed("costs.daily", DAY + timedelta(days=n), "bench year")
    each = (time.perf_counter() - began) / days
    found.append(
        row(
            f"A year of daily costs, from {days} days ({each:.2f} s each)",
            each * 365,
            0,
            "",
            "",
            "<= 300 s",
        )
    )
    taken = []
    for number in range(ROUNDS):
        price(DAY, f"{4 + number / 10:.2f}")
        sealed("costs.daily", DAY, f"bench bids {number}")
        inserted, seconds = sealed("bids.insertion_da", DAY, f"bench {number}")
        taken.append(seconds)
    hours = BidHour.objects.filter(run=inserted, inserted=True).count()
    assert hours >= RMR * 24
    reads = (
        f"select * from costs_debsegment where run_id = {run.pk}",
        "select * from masterfile_masterfilerecord",
    )
    floor, _ = median_of(lambda: raw(reads, ("bids_bidhour", "bids_bidrow"), inserted.pk))
    mine = statistics.median(taken)
    found.append(
        row(
            f"Bid insertion, {hours:,} resource hours, requested to sealed, payload made",
            mine,
            max(taken) - min(taken),
            f"raw read + write {floor * 1000:.0f} ms",
            f"{mine / floor:.1f}x; allowed {1.5 * floor + 0.3:.2f} s",
            "<= 1.5x limit + 0.3 s",
        )
    )
    return found
