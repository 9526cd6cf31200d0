"""Issue statements when a run is published."""

from __future__ import annotations

from datetime import datetime

import pghistory
import polars as pl
from django.db import transaction
from django.urls import reverse

from apps.platform.accounts.models import User
from apps.platform.accounts.rules import Viewer
from apps.platform.accounts.selectors import sc_ids
from apps.platform.audit.services import copy_rows, log_event
from apps.platform.core.explanation import Explanation
from apps.platform.core.money import cents_to_usd
from apps.platform.core.rulebook import implements
from apps.platform.core.words import counted
from apps.platform.notifications.services import tell
from apps.platform.runs.models import Run
from apps.platform.runs.selectors import is_synthetic
from apps.settlement.settlements.selectors import held_by_raaim, result_lines
from apps.settlement.settlements.services import explain_line
from apps.settlement.statements.models import Statement, StatementLine, StatementReceipt
from apps.settlement.statements.rules import compose
from apps.settlement.statements.selectors import line_frame


def explain(*, line: StatementLine, viewer: Viewer) -> Explanation:
    """Explain a statement line the viewer was given; raises Unexplained for one that ended."""
    return explain_line(
        run=line.run,
        charge_code=line.charge_code,
        resource_id=line.resource_id,
        sc_id=line.statement.sc_id,
        tac_area_id=line.tac_area_id,
        contract_no=line.contract_no,
        stored=line.amount,
        viewer=viewer,
    )


class NotNeutral(RuntimeError):
    """The statements of a day do not add up to its control total; nothing is issued."""


@implements("BRQ-1230", "BRQ-1225", "BRQ-1201", source="BRS 1.2 section 6.4.1")
@transaction.atomic
def issue(run: Run, earlier: Run | None, at: datetime) -> None:
    """Issue a statement of a published run to every active SC, those without activity included.

    Lines carry the full amount and the previous version's. Called inside the publishing
    transaction; raises NotNeutral where the statements of the day do not add up to zero and
    what the RAAIM pool carries over from its month.
    """
    lines = compose(result_lines(run=run), line_frame(run=earlier) if earlier else None)
    if int(lines["amount"].sum() or 0) != held_by_raaim(run=run):
        raise NotNeutral(
            f"The statements of {run.trade_date} do not add up to zero and what RAAIM holds."
        )
    synthetic = is_synthetic(run)
    totals = {
        row["sc_id"]: row
        for row in lines.group_by("sc_id")
        .agg(
            pl.col("amount").filter(pl.col("amount") > 0).sum().alias("charges"),
            pl.col("amount").filter(pl.col("amount") < 0).sum().alias("payments"),
            pl.col("amount").sum().alias("total"),
            pl.col("previous_amount").sum().alias("previous"),
            pl.len().alias("lines"),
        )
        .iter_rows(named=True)
    }
    before = (
        {s.sc_id: s for s in Statement.objects.filter(run=earlier)} if earlier is not None else {}
    )
    recipients = sorted(set(sc_ids().values()) | set(totals))
    made = Statement.objects.bulk_create(
        _statement(run, number, sc, totals.get(sc), before.get(sc), at, synthetic)
        for number, sc in enumerate(recipients, start=1)
    )
    keys = {statement.sc_id: statement.pk for statement in made}
    if lines.height:
        copy_rows(
            StatementLine,
            lines.with_columns(
                pl.col("sc_id").replace_strict(keys, return_dtype=pl.Int64).alias("statement_id"),
                pl.lit(run.pk).alias("run_id"),
                pl.lit(run.trade_date).alias("trade_date"),
            ).drop("sc_id"),
        )
    with pghistory.context(user=run.published_by_id, action="issue"):
        StatementReceipt.objects.bulk_create(
            StatementReceipt(
                statement=s,
                sc_id=s.sc_id,
                state=StatementReceipt.STATES.initial,
                opened_by=run.published_by or run.opened_by,
                opened_at=at,
            )
            for s in made
        )
    tell(
        User.objects.filter(is_active=True, party_id__in=keys).exclude(memberships=None),
        topic="statement-issued",
        title=f"Statements of {run.trade_date}, version {run.version}",
        body="A settlement statement has been issued to you.",
        at=at,
        address=reverse("statements"),
    )
    log_event(
        action="statements.day.issued",
        sentence=f"{counted(len(made), 'statement')} of {run} issued with "
        f"{counted(lines.height, 'line')}",
        actor=run.published_by or run.opened_by,
        at=at,
        subject=run,
    )


def _statement(
    run: Run,
    number: int,
    sc: int,
    sums: dict[str, int] | None,
    before: Statement | None,
    at: datetime,
    synthetic: bool,
) -> Statement:
    if run.version is None:
        raise ValueError("Statements are issued of a run that is sealed and numbered.")
    sums = sums or {"charges": 0, "payments": 0, "total": 0, "previous": 0, "lines": 0}
    total = cents_to_usd(sums["total"])
    return Statement(
        run=run,
        trade_date=run.trade_date,
        line_no=number,
        sc_id=sc,
        version=run.version,
        previous=before,
        charges=cents_to_usd(sums["charges"]),
        payments=cents_to_usd(sums["payments"]),
        total=total,
        change=total - before.total if before else None,
        line_count=sums["lines"],
        issued_at=at,
        is_synthetic=synthetic,
    )
