"""Lists of statements and their lines."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.urls import reverse

from apps.platform.accounts.codes import SIGNED_IN
from apps.platform.accounts.models import User
from apps.platform.audit.services import plain_move
from apps.platform.ui.hooks import MENU, MenuItem
from apps.platform.ui.screens import SCREENS, BulkAction, Column, Screen, link_to
from apps.platform.ui.workflow import WORKFLOWS, CaseFact, Transition, Workflow
from apps.settlement.statements import selectors
from apps.settlement.statements.codes import RECEIVERS
from apps.settlement.statements.models import Statement, StatementLine, StatementReceipt

STATEMENTS = Screen(
    name="statements",
    title="Statements",
    model=Statement,
    select=selectors.statements,
    columns=(
        Column("trade_date", link=link_to("statement", "pk")),
        Column("sc__code", "SC", link=link_to("statement", "pk")),
        "version",
        Column("run__run_type", "Run"),
        "charges",
        "payments",
        "total",
        "change",
        "line_count",
        "issued_at",
        Column("is_synthetic", "Synthetic"),
    ),
    filters=("trade_date", "sc__code", "version"),
    search=("sc__code",),
    order=("-trade_date", "sc__code", "-version"),
    roles=SIGNED_IN,
    group="settlement",
    intro="Positive amounts are charges to the SC, negative ones payments to it.",
    empty="No statement yet. Statements are issued when a settled trade date is published.",
    implements=("BRQ-1225", "BRQ-1230"),
)
LINES = Screen(
    name="statement-lines",
    in_search=False,
    title="Statement lines",
    model=StatementLine,
    select=selectors.statement_lines,
    columns=(
        "trade_date",
        Column("statement__sc__code", "SC"),
        Column("statement__version", "Version"),
        Column("line_no", "Line", link=link_to("statement-line", "statement_id", "line_no")),
        "charge_code",
        Column("resource__code", "Resource ID"),
        Column("tac_area__code", "TAC area"),
        Column("contract_no", shown=False),
        Column("amount", link=link_to("statement-line", "statement_id", "line_no")),
        "previous_amount",
        Column("statement__is_synthetic", "Synthetic"),
    ),
    extra=("statement_id",),
    filters=(
        "trade_date",
        "statement__sc__code",
        "statement__version",
        "charge_code",
        "resource__code",
        "tac_area__code",
    ),
    search=("resource__code", "statement__sc__code"),
    order=("-statement_id", "line_no"),
    roles=SIGNED_IN,
    group="settlement",
    implements=("BRQ-1225", "BRQ-1230"),
)


def _moved(action: str) -> Any:
    def perform(key: str, actor: User, at: datetime, reason: str) -> None:
        own = selectors.receipts(viewer=actor.viewer()).get(pk=int(key))
        plain_move(model=StatementReceipt, action=action, case_id=own.pk, actor=actor, at=at)

    return perform


QUEUE = Screen(
    name="statement-queue",
    title="Statement queue",
    model=StatementReceipt,
    select=selectors.receipts,
    columns=(
        Column("statement__trade_date", "Trade date", link=link_to("statement", "statement_id")),
        Column("sc__code", "SC", link=link_to("statement", "statement_id")),
        Column("statement__version", "Version"),
        Column("statement__run__run_type", "Run"),
        Column("state", link=link_to("statement-queue-case", "pk")),
        Column("statement__total", "Total"),
        Column("statement__change", "Change"),
        Column("statement__line_count", "Lines"),
        Column("opened_at", "Issued"),
    ),
    extra=("statement_id",),
    filters=("state", "statement__trade_date", "sc__code", "statement__run__run_type"),
    search=("sc__code",),
    order=("-opened_at", "-pk"),
    roles=SIGNED_IN,
    group="settlement",
    intro="Every statement waits here until its SC acknowledges it; archived ones stay readable.",
    empty="The queue is empty. A statement comes in when a trade date is published.",
    actions=(
        BulkAction("acknowledge", "Acknowledge", RECEIVERS, _moved("acknowledge")),
        BulkAction("archive", "Archive", RECEIVERS, _moved("archive")),
    ),
    implements=("BRQ-1201",),
)
RECEIPTS = Workflow(
    name="statement-queue",
    noun="queued statement",
    model=StatementReceipt,
    select=selectors.receipts,
    roles=SIGNED_IN,
    heading=lambda r: str(r.statement),
    facts=lambda r, viewer: [
        CaseFact(
            "Statement", str(r.statement), address=reverse("statement", args=[r.statement_id])
        ),
        CaseFact("SC", r.sc.code),
        CaseFact("Run", r.statement.run.run_type),
        CaseFact("Total", r.statement.total, "USD"),
        CaseFact("Change", r.statement.change, "USD"),
    ],
    steps={
        action: Transition(partial(plain_move, model=StatementReceipt, action=action))
        for action in ("acknowledge", "archive", "restore")
    },
    links=lambda r, viewer: [("Open the statement", reverse("statement", args=[r.statement_id]))],
    implements=("BRQ-1201",),
)
WORKFLOWS.register(RECEIPTS)
SCREENS.register(STATEMENTS, LINES, QUEUE)
for label, name, order in (
    ("Statement queue", "statement-queue", 11),
    ("Statements by month", "statement-months", 14),
    ("Invoice weeks", "invoice-weeks", 15),
    ("Compare", "compare", 17),
):
    MENU.register(
        MenuItem(group="Settlement", label=label, name=name, roles=SIGNED_IN, order=order)
    )
MENU.register(
    MenuItem(group="Settlement", label="Statements", name="statements", roles=SIGNED_IN, order=11)
)
MENU.register(
    MenuItem(
        group="Settlement",
        label="Statement lines",
        name="statement-lines",
        roles=SIGNED_IN,
        order=12,
    )
)
