"""A statement as a file in one of its forms."""

from __future__ import annotations

from collections.abc import Iterator

from apps.settlement.statements.models import Statement
from apps.settlement.statements.services.documents import pdf_of, written
from apps.settlement.statements.services.kits import kit_of

WHOLE = {"pdf": ("application/pdf", pdf_of), "zip": ("application/zip", kit_of)}


def name_of(statement: Statement, form: str) -> str:
    """Return the file name of a statement in a form."""
    run = f"_{statement.run.run_type}" if statement.run.run_type else ""
    stem = f"statement_{statement.sc.code}_{statement.trade_date}{run}_v{statement.version}"
    return "".join(c if c.isalnum() or c in "-_+" else "_" for c in stem) + f".{form}"


def file_of(statement: Statement, form: str) -> tuple[str, str, bytes | Iterator[bytes]]:
    """Return the file name, media type and content of a statement: JSON, CSV, XML, PDF, or ZIP.

    The first three come in pieces. Raises LookupError for another form.
    """
    name = name_of(statement, form)
    if form in WHOLE:
        media, make = WHOLE[form]
        return name, media, make(statement)
    try:
        media, pieces = written(statement, form)
    except KeyError:
        raise LookupError(f"A statement is not written as {form[:10]}.") from None
    return name, media, (p.encode() for p in pieces)
