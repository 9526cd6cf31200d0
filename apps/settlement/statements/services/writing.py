"""A statement written as JSON, CSV or XML, piece by piece, so that size does not matter."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from apps.platform.core.spreadsheet_text import guarded_row
from apps.settlement.settlements.rules.holds import HeldLine
from apps.settlement.statements.rules.document import FullStatement, Head, Line

NAMESPACE = "urn:rmrcpm:statement:1"
CURRENCY = "USD"
ILLEGAL = {code: None for code in (*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF)}
"""Characters no XML document holds."""
CSV_COLUMNS = (
    "STATEMENT_ID",
    "SC",
    "TRADE_DATE",
    "RUN_TYPE",
    "VERSION",
    "LINE_NO",
    "CHARGE_CODE",
    "PARENT_GROUP",
    "RESOURCE_ID",
    "CONTRACT_NO",
    "TAC_AREA",
    "QUANTITY",
    "UNIT",
    "PRICE",
    "AMOUNT_FULL",
    "AMOUNT_PREVIOUS",
    "AMOUNT_CURRENT",
    "CURRENCY",
    "STATE",
    "HELD_CHARGES",
    "HELD_BECAUSE",
    "HELD_UNTIL",
)
SETTLED, HELD = "SETTLED", "HELD"


def money(value: Decimal | None) -> str | None:
    """Write dollars with their cents; nothing for nothing."""
    return None if value is None else f"{value:.2f}"


def head_words(head: Head) -> dict[str, Any]:
    """Return the head by the names all forms use."""
    return {
        "statement_id": head.statement_id,
        "sc": head.sc,
        "sc_name": head.sc_name,
        "trade_date": head.trade_date.isoformat(),
        "run_type": head.run_type,
        "version": head.version,
        "previous_version": head.previous_version,
        "issued_at": head.issued_at.isoformat(),
        "synthetic": head.synthetic,
    }


def line_words(line: Line) -> dict[str, Any]:
    """Return a line by the names all forms use; absent things are None."""
    quantity, price = line.quantity, line.price
    return {
        "line_no": line.line_no,
        "charge_code": line.charge_code,
        "parent_group": line.parent_group,
        "resource_id": line.resource or None,
        "contract_no": line.contract_no or None,
        "tac_area": line.tac_area or None,
        "quantity": quantity.value if quantity else None,
        "unit": quantity.unit if quantity else None,
        "price": price.value if price else None,
        "amount_full": money(line.full),
        "amount_previous": money(line.previous),
        "amount_current": money(line.current),
        "currency": CURRENCY,
    }


def determinants_of(line: Line) -> list[dict[str, Any]]:
    """Return the determinants of a line; each is a daily value."""
    return [
        {
            "name": d.name,
            "value": d.value,
            "unit": d.unit,
            "interval_number": 1,
            "number_interval": 1,
        }
        for d in line.determinants
    ]


def held_words(held: HeldLine) -> dict[str, Any]:
    """Return held lines by the names all forms use; shares of others' have no resource."""
    return {
        "resource_id": held.resource or None,
        "charge_codes": list(held.charges),
        "because": held.sentence,
        "until": held.until,
    }


def trailer_words(document: FullStatement) -> dict[str, Any]:
    """Return the trailer: how many lines, how many are held, and the sums of those that are not."""
    totals = document.totals
    counts = {"line_count": len(document.lines), "held_count": len(document.held)}
    return (
        counts
        | {"published_over": document.over or None}
        | {f"sum_{name}": money(totals[name]) for name in ("full", "previous", "current")}
    )


def as_json(document: FullStatement) -> Iterator[str]:
    """Write a statement as one JSON object."""
    yield json.dumps(head_words(document.head))[:-1] + ', "lines": ['
    for number, line in enumerate(document.lines):
        words = line_words(line) | {"determinants": determinants_of(line)}
        yield (",\n" if number else "\n") + json.dumps(words)
    held = ",\n".join(json.dumps(held_words(h)) for h in document.held)
    yield (
        '\n], "held_lines": ['
        + held
        + '], "trailer": '
        + json.dumps(trailer_words(document))
        + "}\n"
    )


def as_csv(document: FullStatement) -> Iterator[str]:
    """Write the lines of a statement as CSV, headings first; texts begin no formula.

    Held lines come last: they have neither number nor amount, and STATE says HELD.
    """
    head = document.head
    first = (head.statement_id, head.sc, head.trade_date, head.run_type, head.version)
    yield _row(CSV_COLUMNS)
    for line in document.lines:
        words = line_words(line) | {"state": SETTLED}
        yield _row((*first, *(words.get(c.lower()) for c in CSV_COLUMNS[len(first) :])))
    for held in document.held:
        words = {
            "resource_id": held.resource,
            "state": HELD,
            "held_charges": " ".join(held.charges),
            "held_because": held.sentence,
            "held_until": held.until,
        }
        yield _row((*first, *(words.get(c.lower()) for c in CSV_COLUMNS[len(first) :])))


def _row(values: Any) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(guarded_row(values))
    return text.getvalue()


def as_xml(document: FullStatement) -> Iterator[str]:
    """Write a statement by the schema statement-1.xsd."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f"<statement xmlns={quoteattr(NAMESPACE)}>\n"
    yield "  <head>" + _elements(head_words(document.head)) + "</head>\n"
    for line in document.lines:
        yield "  <line>" + _elements(line_words(line))
        for found in determinants_of(line):
            yield "<billDeterminant>" + _elements(found) + "</billDeterminant>"
        yield "</line>\n"
    for held in document.held:
        yield "  <heldLine>" + _held_elements(held) + "</heldLine>\n"
    yield "  <trailer>" + _elements(trailer_words(document)) + "</trailer>\n</statement>\n"


def _elements(words: dict[str, Any]) -> str:
    parts = []
    for name, value in words.items():
        text = str(value).lower() if isinstance(value, bool) else str(value).translate(ILLEGAL)
        if value is None or (not text and name != "sc_name"):
            continue
        tag = _camel(name)
        parts.append(f"<{tag}>{escape(text)}</{tag}>")
    return "".join(parts)


def _held_elements(held: HeldLine) -> str:
    codes = "".join(_elements({"charge_code": code}) for code in held.charges)
    words = held_words(held)
    return (
        _elements({"resource_id": words["resource_id"]})
        + codes
        + _elements({"because": words["because"], "until": words["until"]})
    )


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


WRITERS: dict[str, tuple[str, Callable[[FullStatement], Iterator[str]]]] = {
    "json": ("application/json", as_json),
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xml": ("application/xml", as_xml),
}
