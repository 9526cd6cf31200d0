"""``make bench``: measure sections A to D of the performance targets and write a table.

Each figure is the median of several runs; each ratio is against a baseline measured in the same
run: raw COPY of the same bytes, or the SQL behind a page. What was produced is asserted.
"""

from __future__ import annotations

import io
import os
import resource
import statistics
import sys
import time
from datetime import UTC, date, datetime, timedelta

from rmrcpm.bench.adequacy import adequacy
from rmrcpm.bench.costs import costs
from rmrcpm.bench.load import load
from rmrcpm.bench.sending import people, upload
from rmrcpm.bench.settlement import settlement_day
from rmrcpm.bench.table import ROUNDS, median_of, row, write


def main() -> None:
    """Measure everything and write Markdown and JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rmrcpm.settings")
    os.environ["CELERY_BROKER_URL"] = "memory://"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("prepare", demo=True, stdout=io.StringIO())
    rows: list[dict[str, str]] = []
    parts = [
        metered_demand,
        settlement,
        list_page,
        export,
        workbook,
        payload,
        costs,
        adequacy,
        settlement_day,
    ]
    for word, section in (
        ("--costs", costs),
        ("--adequacy", adequacy),
        ("--settlement", settlement_day),
    ):
        if word in sys.argv:
            write(section())
            return
    if "--load" in sys.argv:
        parts = []
        settle_demo_days()
    for part in (*parts, load):
        rows += part()
    write(rows)


def settle_demo_days():
    """Have statements to browse: settle and publish the demo's two days here."""
    from apps.platform.runs import services as runs
    from apps.settlement.settlements.services import request_day

    sender, approver = people()
    for day in (date(2024, 9, 4), date(2024, 9, 5)):
        now = datetime.now(UTC)
        run, _ = request_day(trade_date=day, actor=sender, at=now, reason="bench")
        runs.execute(run_id=run.pk, at=datetime.now(UTC))
        runs.publish(run_id=run.pk, actor=approver, at=datetime.now(UTC))


def raw_copy(content):
    """COPY the same CSV bytes into a typed table without index or check."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "create temp table bench_raw (sc_id text, tac_area text, trade_date date, "
            "hour_ending int, mwh numeric(14,4))"
        )
        with cursor.cursor.copy("copy bench_raw from stdin (format csv, header)") as copy:
            copy.write(content)
        cursor.execute("drop table bench_raw")


def metered_demand():
    """Metered demand from CSV to confirmed, against a raw COPY of the same bytes."""
    from apps.reference.market.models import MeteredDemand
    from apps.site.home.services import large_day, load_large_day

    first = date(2024, 10, 1)
    sender, approver = people()
    load_large_day(
        day=large_day(trade_date=first), sender=sender, approver=approver, at=datetime.now(UTC)
    )
    found = []
    for days, label in ((1, "21,600"), (12, "259,200")):
        text = large_day(trade_date=first, days=days, rmr=1, resources=1).demand.encode()
        raw, _ = median_of(lambda t=text: raw_copy(t))
        took: list[float] = []
        for number in range(1, ROUNDS + 1):
            start = first + timedelta(days=days * (number + 10))
            fresh = large_day(trade_date=start, days=days, rmr=1, resources=1).demand.encode()
            began = time.perf_counter()
            _, versions = upload("metered-demand", fresh)
            took.append(time.perf_counter() - began)
            assert sum(v.row_count for v in versions) == fresh.count(b"\n") - 1
        mine = statistics.median(took)
        found.append(
            row(
                f"Metered demand, {label} rows, CSV to confirmed",
                mine,
                max(took) - min(took),
                f"raw COPY {raw * 1000:.0f} ms",
                f"{mine / raw:.1f}x",
                "<= 3x",
            )
        )
    assert MeteredDemand.objects.count() > 300_000
    return found


def settlement():
    """D1 capacity and allocation: run requested to sealed, against raw reads and writes."""
    from django.db import connection

    from apps.platform.runs import services as runs
    from apps.platform.uploads.models import DatasetVersion
    from apps.settlement.settlements.models import AllocationLine
    from apps.settlement.settlements.services import request_day

    day = date(2024, 10, 1)
    sender, approver = people()
    version = DatasetVersion.objects.get(dataset="market.metered_demand", period=str(day))
    taken = []
    for number in range(ROUNDS):
        touch_inputs(number)
        began = time.perf_counter()
        run, new = request_day(
            trade_date=day, actor=sender, at=datetime.now(UTC), reason=f"bench {number}"
        )
        run = runs.execute(run_id=run.pk, at=datetime.now(UTC))
        taken.append(time.perf_counter() - began)
        assert new
        assert run.state == "SEALED", run.error
        assert run.totals["Sum of the day ($)"] == "0.00"
    lines = AllocationLine.objects.filter(run=run).count()

    def limit():
        with connection.cursor() as cursor:
            raw = cursor.cursor
            with raw.copy(
                "copy (select * from market_metereddemand where dataset_version_id = "
                f"{version.pk}) to stdout (format binary)"
            ) as copy:
                for _ in copy:
                    pass
            cursor.execute(
                "create temp table bench_lines (like settlements_allocationline including indexes)"
            )
            with raw.copy(
                f"copy (select * from settlements_allocationline where run_id = {run.pk}) "
                "to stdout (format binary)"
            ) as copy:
                data = b"".join(bytes(part) for part in copy)
            began = time.perf_counter()
            with raw.copy("copy bench_lines from stdin (format binary)") as copy:
                copy.write(data)
            cursor.execute("drop table bench_lines")
            return time.perf_counter() - began

    floor, _ = median_of(limit)
    mine = statistics.median(taken)
    published = time.perf_counter()
    runs.publish(run_id=run.pk, actor=approver, at=datetime.now(UTC))
    published = time.perf_counter() - published
    return [
        row(
            f"D1 capacity and allocation, requested to sealed ({lines:,} lines)",
            mine,
            max(taken) - min(taken),
            f"raw read + write {floor * 1000:.0f} ms",
            f"{mine / floor:.1f}x; allowed {1.5 * floor + 0.3:.2f} s",
            "<= 1.5x limit + 0.3 s",
        ),
        row("D1 published, statements of 180 SCs issued", published, 0, "", "", "none set"),
    ]


def touch_inputs(number):
    """Approve a parameter value, so that the next run is a new one and not the same."""
    from apps.platform.parameters import services

    sender, approver = people()
    text = ("MAX", "SUM")[number % 2 == 0]
    proposal = services.propose(
        name="settlements.capacity_mw_basis",
        text=text,
        first_date=date(2024, 10, 1),
        last_date=None,
        reference="bench",
        reason="bench",
        actor=sender,
        at=datetime.now(UTC),
    )
    services.approve(proposal_id=proposal.pk, actor=approver, at=datetime.now(UTC))


def list_page():
    """A filtered, sorted page over more than 100,000 rows, against its own SQL."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from apps.reference.market.models import MeteredDemand

    client = Client(headers={"host": "localhost"})
    client.force_login(people()[0])
    address = "/metered-demand/?tac_area__code=PGE&sort=-mwh&page=3"
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    queries = [q["sql"] for q in seen.captured_queries if "market_metereddemand" in q["sql"]]

    def sql():
        with connection.cursor() as cursor:
            for text in queries:
                cursor.execute(text)
                cursor.fetchall()

    floor, _ = median_of(sql)
    mine, spread = median_of(lambda: client.get(address))
    return [
        row(
            f"List page over {MeteredDemand.objects.count():,} rows, filtered, sorted, paged",
            mine,
            spread,
            f"its SQL {floor * 1000:.0f} ms",
            f"{mine / floor:.2f}x; allowed {(1.5 * floor + 0.04) * 1000:.0f} ms",
            "<= 1.5x SQL + 40 ms",
        )
    ]


def export():
    """CSV export: rows a second, and whether memory stays flat."""
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    client.force_login(people()[0])
    counted = [0]

    def go():
        counted[0] = sum(part.count(b"\n") for part in client.get("/metered-demand.csv")) - 1

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    mine, spread = median_of(go, 3)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return [
        row(
            f"CSV export of {counted[0]:,} rows",
            mine,
            spread,
            f"peak memory grew {grown:.0f} MB",
            f"{counted[0] / mine:,.0f} rows/s",
            ">= 100,000 rows/s, memory flat",
        )
    ]


def workbook():
    """An XLSX of 10,000 NQC/EFC rows: received, read, checked, previewed."""
    import xlsxwriter

    from apps.platform.uploads import services
    from apps.site.home.services import large_day

    count = 834
    day = large_day(trade_date=date(2031, 1, 1), rmr=count)
    upload("contract-terms", day.contracts.encode())
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet()
    head = ("RESOURCE_ID", "RA_YEAR", "RA_MONTH", "NQC_MW", "EFC_MW", "FLEX_CATEGORY", "LOCAL_AREA")
    sheet.write_row(0, 0, head)
    codes = [line.split(",")[0] for line in day.resources.splitlines()[1 : count + 1]]
    cells = [(code, 2031, month, 5.25, "", "", "") for code in codes for month in range(1, 13)]
    for number, cell in enumerate(cells[:10_000], start=1):
        sheet.write_row(number, 0, cell)
    book.close()
    sender, _ = people()

    def go():
        now = datetime.now(UTC)
        sent = services.receive(
            kind_code="rmr-nqc-efc",
            file_name="b.xlsx",
            content=target.getvalue(),
            actor=sender,
            at=now,
        )
        sent = services.read(upload_id=sent.pk, actor=sender, at=now)
        assert (sent.state, sent.row_count) == ("READY", 10_000)

    mine, spread = median_of(go)
    return [
        row("XLSX of 10,000 NQC/EFC rows, read, checked, previewed", mine, spread, "", "", "<= 2 s")
    ]


def payload():
    """Publish 24 months of payload of 40 resources, and again at another price."""
    from django.db import connection

    from apps.reliability.designations.models import CapacityPayload
    from apps.reliability.designations.services import publish_payloads

    names = [f"PAYLOAD_{i:02}_UNIT" for i in range(40)]
    head = "RESOURCE_ID,RESOURCE_NAME,PMAX_MW,TAC_AREA,LOCAL_AREA,SC_ID,EFFECTIVE_FROM,SOURCE\n"
    lines = [f"{n},Bench,100,PGE-TAC,SIERRA,SYN_GEN_SIERRA,2023-01-01,SYNTHETIC" for n in names]
    upload("resources", (head + "\n".join(lines) + "\n").encode())

    def terms(price):
        head = (
            "CONTRACT_ID,RESOURCE_ID,EFFECTIVE_DATE,CONDITION,START_DATE,END_DATE,"
            "RELIABILITY_SCOPE,LOCAL_AREA,PRICE_USD_PER_MW_DAY,TAC_AREA,OBLIGATION_TYPE,MW,SOURCE\n"
        )
        lines = [
            f"B-{n},{n},2023-01-01,,{y}-01-01,{y}-12-31,LOCAL,SIERRA,{price},PGE-TAC,{k},100,"
            "SYNTHETIC"
            for n in names
            for y in (2023, 2024)
            for k in ("GENERIC", "FLEX")
        ]
        return (head + "\n".join(lines) + "\n").encode()

    upload("contract-terms", terms("150"))
    records = 40 * 2 * 731
    rows = CapacityPayload.objects.filter(contract_no__startswith="B-PAYLOAD")
    assert rows.count() == records
    taken = []
    for number in range(3):
        began = time.perf_counter()
        upload("contract-terms", terms(f"{151 + number}"))
        taken.append(time.perf_counter() - began)
    assert rows.filter(version=4).count() == records
    actor = people()[0]
    nothing, spread = median_of(
        lambda: publish_payloads(actor=actor, at=datetime.now(UTC), cause="bench"), 3
    )

    def raw():
        table = CapacityPayload._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(f"create temp table if not exists raw_payload (like {table})")
            cursor.execute("truncate raw_payload")
            cursor.execute(f"insert into raw_payload select * from {table} where version = 4")

    bare, _ = median_of(raw, 3)
    middle = statistics.median(taken)
    return [
        row(
            f"24 months of payload of 40 resources re-published ({records:,} records), file read "
            "to payload written",
            middle,
            max(taken) - min(taken),
            f"insert of the same rows {bare * 1000:,.0f} ms",
            f"{middle / bare:.1f}x",
            "one run",
        ),
        row("Nothing due: payload compared", nothing, spread, "", "", "none set"),
    ]


if __name__ == "__main__":
    main()
