"""A statement as a document a person or a machine takes away."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from apps.platform.core.quantity import USD
from apps.platform.core.rulebook import implements
from apps.platform.ui.pdf import pdf
from apps.settlement.settlements.selectors import (
    determinants_of,
    held_of_sc,
    published_over,
    titles,
)
from apps.settlement.statements.models import Statement
from apps.settlement.statements.rules import Determinant, FullStatement, Head, Line
from apps.settlement.statements.selectors import line_values
from apps.settlement.statements.services.writing import WRITERS

MOST_ON_PAPER = 2_000  # lines of a PDF; the other forms hold them all


@implements("BRQ-1201", "BRQ-1202", source="settlement rule book 1.5 and 11.6")
def document_of(statement: Statement) -> FullStatement:
    """Return a statement with every line in full, before, and as billed now, and what is held."""
    run, sc = statement.run, statement.sc
    rests = determinants_of(run, sc.pk)
    lines = [
        Line(
            number,
            code,
            resource or "",
            contract,
            area or "",
            amount,
            previous,
            tuple(Determinant(*d) for d in rests.get((code, resource_id, area_id, contract), ())),
        )
        for (
            number,
            code,
            resource_id,
            resource,
            area_id,
            area,
            contract,
            amount,
            previous,
        ) in line_values(statement)
    ]
    head = Head(
        statement.pk,
        sc.code,
        sc.name,
        statement.trade_date,
        run.run_type,
        statement.version,
        statement.previous.version if statement.previous else None,
        statement.issued_at,
        statement.is_synthetic,
    )
    held, over = held_of_sc(run=run, sc_id=sc.pk), published_over(run, in_full=False)
    return FullStatement(head, lines, held, over)


def written(statement: Statement, form: str) -> tuple[str, Iterator[str]]:
    """Return the media type and the pieces of a statement as JSON, CSV or XML.

    Raises KeyError for another form.
    """
    media, writer = WRITERS[form]
    return media, writer(document_of(statement))


def pdf_of(statement: Statement) -> bytes:
    """Return a statement as a tagged PDF: sums by charge code, what is held, then its lines."""
    document = document_of(statement)
    head, names = document.head, titles()
    run = f", run {head.run_type}" if head.run_type else ""
    made = "INVENTED DATA. " if head.synthetic else ""
    more = len(document.lines) - MOST_ON_PAPER
    return pdf(
        "statement",
        {
            "title": f"Settlement statement {head.sc}, {head.trade_date}, version {head.version}",
            "below": f"{made}{head.sc_name}{run}, issued {head.issued_at:%Y-%m-%d %H:%M} UTC. "
            "Positive amounts are charges to the SC, negative ones payments to it. "
            f"{document.over}".strip(),
            "sum_headings": ["Charge", "Lines", "Full ($)", "Previous ($)", "Billed now ($)"],
            "sums": _sums(document, names),
            "held_said": _held_said(document),
            "held_headings": ["Held", "Charges without an amount", "Because", "Until"],
            "held": [
                [h.resource or "Shares", " ".join(h.charges), h.sentence, h.until]
                for h in document.held
            ],
            "headings": [
                "Line",
                "Charge",
                "Resource",
                "Contract",
                "TAC area",
                "Quantity",
                "Full ($)",
                "Previous ($)",
                "Billed now ($)",
            ],
            "lines": [_paper(line) for line in document.lines[:MOST_ON_PAPER]],
            "more": f"{more} more lines stand in the CSV, JSON and XML forms." if more > 0 else "",
        },
    )


def _held_said(document: FullStatement) -> str:
    if not document.held:
        return ""
    return (
        f"This statement is not complete: its sums are {document.without}, charged or paid in a "
        "later version once what they wait for is there."
    )


def _sums(document: FullStatement, names: dict[str, str]) -> list[list[str]]:
    by_code: dict[str, list[Line]] = {}
    for line in document.lines:
        by_code.setdefault(line.charge_code, []).append(line)
    rows = [
        [
            f"{code} {names.get(code, '')}".strip(),
            str(len(lines)),
            _usd(sum((x.full for x in lines), Decimal(0))),
            _usd(sum((x.previous or Decimal(0) for x in lines), Decimal(0))),
            _usd(sum((x.current for x in lines), Decimal(0))),
        ]
        for code, lines in sorted(by_code.items())
    ]
    totals = document.totals
    whole = [_usd(totals[n]) for n in ("full", "previous", "current")]
    label = f"Total, {document.without}" if document.held else "Total"
    return [*rows, [label, str(len(document.lines)), *whole]]


def _paper(line: Line) -> list[str]:
    quantity = f"{line.quantity.value} {line.quantity.unit}" if line.quantity else ""
    previous = "" if line.previous is None else _usd(line.previous)
    return [
        str(line.line_no),
        line.charge_code,
        line.resource,
        line.contract_no,
        line.tac_area,
        quantity,
        _usd(line.full),
        previous,
        _usd(line.current),
    ]


def _usd(value: Decimal) -> str:
    return USD.text(value)
