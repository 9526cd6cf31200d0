"""Section D of the performance targets: pages, comparisons and exports of the desk."""

from __future__ import annotations

import random
import statistics
import time

import polars as pl

from rmrcpm.bench.table import row

ROUNDS, MANY = 20, 1_000_000


def timed(action, rounds=ROUNDS):
    """Return the median and the 95th percentile of an action's seconds."""
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        action()
        taken.append(time.perf_counter() - began)
    ordered = sorted(taken)
    return statistics.median(taken), ordered[min(int(len(ordered) * 0.95), len(ordered) - 1)]


def million():
    """Return two sides of a million lines, of which one in a hundred differs."""
    chance = random.Random(8)
    amounts = [chance.randint(-(10**7), 10**7) for _ in range(MANY)]
    side = pl.DataFrame(
        {
            "sc_id": [n % 180 for n in range(MANY)],
            "charge_code": ["RMR-ALLOC"] * MANY,
            "resource_id": [n // 180 for n in range(MANY)],
            "tac_area_id": [n % 5 for n in range(MANY)],
            "contract_no": [""] * MANY,
            "amount": amounts,
        }
    )
    moved = side.with_columns(
        pl.when(pl.int_range(pl.len()) % 100 == 0)
        .then(pl.col("amount") + 7)
        .otherwise(pl.col("amount"))
        .alias("amount")
    )
    return side, moved


def desk(old, new, viewer_user):
    """Measure the desk on two published versions of the ISO-size day."""
    from django.test import Client

    from apps.platform.runs.services import verify_chain
    from apps.settlement.settlements.services.attributing import _split
    from apps.settlement.statements import services
    from apps.settlement.statements.models import Statement, StatementLine
    from apps.settlement.statements.rules import side_by_side

    viewer = viewer_user.viewer()
    largest = Statement.objects.filter(run=new).order_by("-line_count")[0]
    client = Client()
    client.force_login(viewer_user)

    def page():
        answer = client.get(f"/statements/{largest.pk}/", HTTP_HOST="localhost")
        assert answer.status_code == 200, answer.status_code

    def compared():
        found = services.compare(old=old, new=new, viewer=viewer, sc_id=None)
        assert found.differing == 0

    def split():
        _split.cache_clear()
        assert services.why(old=old, new=new, sc_id=None).more == 0

    one, other = million()

    def joined():
        assert side_by_side(one, other).filter(pl.col("change") != 0).height == MANY // 100

    def exported():
        answer = client.get("/statement-lines.csv", HTTP_HOST="localhost")
        assert answer.status_code == 200
        return sum(piece.count(b"\n") for piece in answer.streaming_content) - 1

    shown = timed(page)
    began = time.perf_counter()
    rows = exported()
    seconds = time.perf_counter() - began
    lines = StatementLine.objects.filter(run=new).count()
    kit = timed(lambda: services.kit_of(largest), 3)
    return [
        row(
            f"statement page, {largest.line_count:,} lines, p95",
            shown[1],
            0,
            "median",
            f"{shown[0]:.3f} s",
            "<= 0.3 s for 10,000 lines",
        ),
        row(
            f"comparison of two versions of D1, {lines:,} lines, first page",
            timed(compared, 5)[0],
            0,
            "",
            "",
            "",
        ),
        row(
            "two sides of 1,000,000 lines joined and ordered",
            timed(joined, 3)[0],
            0,
            "",
            "",
            "first page <= 3 s",
        ),
        row("change of D1 split by cause", timed(split, 3)[0], 0, "", "", ""),
        row(f"replay kit of a statement of {largest.line_count:,} lines", kit[0], 0, "", "", ""),
        row(
            f"{rows:,} statement lines as CSV",
            seconds,
            0,
            "rows a second",
            f"{rows / seconds:,.0f}",
            ">= 100,000 a second",
        ),
        row("chain of publications verified", timed(verify_chain, 3)[0], 0, "", "", ""),
    ]
