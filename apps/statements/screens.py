"""Lists of statements and their lines."""

from __future__ import annotations

from apps.accounts.terms import SIGNED_IN
from apps.statements import selectors
from apps.statements.models import Statement, StatementLine
from apps.ui.screens import Column, Screen, link_to, register
from apps.ui.terms import add_to_menu

STATEMENTS = Screen(
    name="statements",
    title="Statements",
    model=Statement,
    select=selectors.statements,
    columns=(
        Column("trade_date", link=link_to("statement", "pk")),
        Column("sc__code", "SC", link=link_to("statement", "pk")),
        "version",
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
    filters=("trade_date", "statement__sc__code", "statement__version", "charge_code",
             "resource__code", "tac_area__code"),
    search=("resource__code", "statement__sc__code"),
    order=("-statement_id", "line_no"),
    roles=SIGNED_IN,
    group="settlement",
    implements=("BRQ-1225", "BRQ-1230"),
)  # fmt: skip
register(STATEMENTS, LINES)
add_to_menu(
    group="Settlement", label="Statements", address="/statements/", roles=SIGNED_IN, order=11
)
add_to_menu(
    group="Settlement", label="Statement lines", address="/statement-lines/", roles=SIGNED_IN,
    order=12,
)  # fmt: skip
