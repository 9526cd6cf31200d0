"""Section C of the performance targets: credits, outages, availability, plans."""

from __future__ import annotations

import io
import random
import statistics
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from rmrcpm.bench.costs import raw, sealed
from rmrcpm.bench.sending import people, upload
from rmrcpm.bench.table import ROUNDS, median_of, row

YEAR, CREDITS, LSES, UNITS, PLAN_ROWS = 2026, 60, 80, 700, 10_000
AREAS = ("PGE-TAC", "SCE-TAC", "SDGE-TAC", "VEA-TAC", "MWD-TAC")
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "resources"


def fleet():
    """Load resources, contracts of 60 of them, NQC, LSEs, forecasts and shares."""
    from apps.platform.accounts.services import party_ensure

    chance = random.Random(20241122)
    names = [f"ADQ_{i:04}_UNIT" for i in range(UNITS)]
    resources = [
        "RESOURCE_ID,RESOURCE_NAME,PMAX_MW,TAC_AREA,LOCAL_AREA,SC_ID,EFFECTIVE_FROM,SOURCE"
    ]
    terms = [
        "CONTRACT_ID,RESOURCE_ID,EFFECTIVE_DATE,CONDITION,START_DATE,END_DATE,RELIABILITY_SCOPE,"
        "LOCAL_AREA,PRICE_USD_PER_MW_DAY,TAC_AREA,OBLIGATION_TYPE,MW,SOURCE"
    ]
    nqc = [
        "Generator Name,Resource ID,Path Designation,Local Area,JAN,FEB,MAR,APR,MAY,JUN,JUL,"
        "AUG,SEP,OCT,NOV,DEC,Dispatchable,Deliverability Status,Deliverability MW,"
        "Comments"
    ]
    credits = ["RA_YEAR,RESOURCE_ID,CREDIT_KIND,FLEX_CATEGORY,RMR_LABEL,TAC_AREAS,CREDIT_MW"]
    for n, name in enumerate(names):
        resources.append(f"{name},Bench,300,PGE-TAC,SIERRA,SYN_GEN_SIERRA,2023-01-01,SYNTHETIC")
        nqc.append(f"{name},{name},,," + ",".join(["300"] * 12) + ",Y,FC,,")
        if n < CREDITS:
            terms.append(
                f"A-{n},{name},2023-01-01,,{YEAR}-01-01,{YEAR}-12-31,LOCAL,SIERRA,150,"
                "PGE-TAC,GENERIC,300,SYNTHETIC"
            )
            credits.append(f"{YEAR},{name},SYSTEM,,RMR,,{chance.randint(1000, 30000) / 100:.2f}")
    lses = [f"ADQ_LSE_{i:02}" for i in range(LSES)]
    for code in lses:
        party_ensure(code=code, name=f"Synthetic {code}", is_synthetic=True)
    shares = ["RA_YEAR,RA_MONTH,TAC_AREA,LSE_SCID,LOAD_SHARE"]
    forecasts = ["RA_YEAR,RA_MONTH,TAC_AREA,FORECAST_MW"]
    for area in AREAS:
        forecasts.append(f"{YEAR},,{area},{chance.randint(100, 24000)}")
        left = 10**10
        for n, code in enumerate(lses):
            part = left if n == LSES - 1 else chance.randint(0, 2 * 10**10 // LSES)
            part = min(part, left)
            left -= part
            shares.append(f"{YEAR},,{area},{code},{part / 10**10:.10f}")
    for kind, lines, options in (
        ("resources", resources, {}),
        ("contract-terms", terms, {}),
        ("nqc-list", nqc, {"ra_year": str(YEAR)}),
        ("demand-forecasts", forecasts, {}),
        ("load-shares", shares, {}),
        ("rmr-credits-annual", credits, {}),
    ):
        upload(kind, ("\n".join(lines) + "\n").encode(), options=options)
    return names, credits


def adequacy():
    """Credits given out, outages imported, a month of availability, a plan checked."""
    names, credits = fleet()
    return [*_credits(credits), *_outages(names), *_plan(names), *_availability()]


def _credits(lines):
    from apps.adequacy.credits.models import CreditShare
    from apps.platform.runs import services as runs
    from apps.platform.runs.models import Run

    taken = []
    for number in range(ROUNDS):
        changed = [*lines[:1], lines[1].rpartition(",")[0] + f",{100 + number}.25", *lines[2:]]
        upload("rmr-credits-annual", ("\n".join(changed) + "\n").encode())
        asked = Run.objects.filter(kind="credits.annual", trade_date=date(YEAR, 1, 1)).latest("pk")
        began = time.perf_counter()
        run = runs.execute(run_id=asked.pk, at=datetime.now(UTC))
        taken.append(time.perf_counter() - began)
        assert run.state == "SEALED", run.error
    count = CreditShare.objects.filter(run=run).count()
    assert count > CREDITS * len(AREAS) * 12 * (LSES // 2)
    reads = ("select * from credits_loadshare", "select * from credits_demandforecast")
    floor, _ = median_of(lambda: raw(reads, ("credits_creditshare", "credits_credittac"), run.pk))
    mine = statistics.median(taken)
    return [
        row(
            f"{CREDITS} annual credits to {LSES} LSEs in 5 TAC areas, {count:,} rows",
            mine,
            max(taken) - min(taken),
            f"raw read + write {floor * 1000:.0f} ms",
            f"{mine / floor:.1f}x; allowed {1.5 * floor + 0.5:.2f} s",
            "<= 1.5x limit + 0.5 s",
        )
    ]


def _outages(names):
    """The real week where it is at hand; else as many rows of the same shape."""
    path = SHARED / "caiso_cnog_outages_2024-09-01_07.csv"
    content = path.read_bytes() if path.exists() else _report(names, date(2024, 9, 1), 14_262)
    began = time.perf_counter()
    upload("outage-report", content)
    taken = time.perf_counter() - began
    label = "14,262 outage rows" + (" (public report)" if path.exists() else " (made up)")
    return [row(f"{label}, sent to confirmed", taken, 0, "", "", "<= 3 s")]


def _report(names, first, count):
    chance = random.Random(7)
    head = (
        "OUTAGE MRID,RESOURCE NAME,RESOURCE ID,OUTAGE TYPE,NATURE OF WORK,CURTAILMENT START "
        "DATE TIME,CURTAILMENT END DATE TIME,CURTAILMENT MW,RESOURCE PMAX MW,NET QUALIFYING "
        "CAPACITY MW\n"
    )
    rows = []
    for n in range(count):
        start = datetime(first.year, first.month, 1, tzinfo=UTC) + timedelta(
            minutes=chance.randint(0, 43_000)
        )
        end = start + timedelta(minutes=chance.randint(10, 900))
        rows.append(
            f"{900_000 + n},Bench,{names[n % len(names)]},FORCED,PLANT_TROUBLE,"
            f"{start:%Y-%m-%d %H:%M},{end:%Y-%m-%d %H:%M},"
            f"{chance.randint(1, 99)},300,300\n"
        )
    return (head + "".join(rows)).encode()


def _plan(names):
    from apps.adequacy.plans import services as plans

    own = names[CREDITS:]
    taken = []
    for number in range(ROUNDS):
        lines = [
            "Validation Status,Supplier SCID,Resource ID,Local RA MW,System RA MW,Total RA MW,"
            "Start Date,End Date,LSE SCID,Errors and Warnings"
        ]
        for n in range(PLAN_ROWS):
            wrong = n % 100 == 0 and number % 2
            lines.append(
                f",SYN_GEN_SIERRA,{own[n % len(own)]},5,10,{16 if wrong else 15},"
                f"9/1/{YEAR},9/30/{YEAR},ADQ_LSE_{n // len(own):02},"
            )
        sent = io.BytesIO(("\n".join(lines) + "\n").encode())
        sent.name = "plan.csv"
        began = time.perf_counter()
        done = plans.file_plan(
            given=plans.PlanInput(
                "SUPPLY_PLAN", "GENERIC", "MONTHLY", f"{YEAR}-09", "SYN_GEN_SIERRA"
            ),
            actor=people()[0],
            at=datetime.now(UTC),
            file=sent,
        )
        taken.append(time.perf_counter() - began)
        assert done.state == ("REFUSED" if number % 2 else "ACCEPTED"), done.violations[:2]
    return [
        row(
            f"Plan of {PLAN_ROWS:,} rows checked, with row errors in every other",
            statistics.median(taken),
            max(taken) - min(taken),
            "",
            "",
            "<= 3 s",
        )
    ]


def _availability():
    """September: 700 units on plans or RMR, an outage or two each, day by day."""
    from apps.adequacy.availability.models import AvailabilityHour

    names = [f"ADQ_{i:04}_UNIT" for i in range(UNITS)]
    upload("outage-report", _report(names, date(YEAR, 9, 1), 14_000))
    began = time.perf_counter()
    for n in range(30):
        run, _ = sealed("availability.daily", date(YEAR, 9, 1) + timedelta(days=n), "bench")
    taken = time.perf_counter() - began
    hours = AvailabilityHour.objects.filter(trade_date__year=YEAR).count()
    units = AvailabilityHour.objects.filter(run=run).values("resource_id").distinct().count()
    assert units >= UNITS
    return [
        row(
            f"A month of availability of {units} resources, 30 runs requested to sealed, "
            f"{hours:,} hours",
            taken,
            0,
            "",
            "",
            "<= 10 s",
        )
    ]
