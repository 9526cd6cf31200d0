"""The table of a plain XML file, read row by row."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import ParseError

import defusedxml
import defusedxml.ElementTree
import polars as pl

from apps.platform.uploads.services.sheet_scan import LOOKED_AT
from apps.platform.uploads.services.text_table import MOST_HEADINGS, Table, Unreadable

MOST_XML_ROWS = 200_000
MOST_XML_CELLS = 2_000


def xml_table(content: bytes) -> Table:
    """Return the rows of a plain XML file: its children are rows, their children are cells.

    Names are read without their namespace; declarations of entities are refused. Read row by row,
    so that a file made to fill the memory ends at its first oversized row.
    """
    try:
        rows = list(itertools.islice(_xml_rows(content), MOST_XML_ROWS + 1))
    except (defusedxml.DefusedXmlException, ParseError, ValueError, LookupError) as trouble:
        raise Unreadable("UP-XML", f"This is not a readable XML file: {trouble}.") from trouble
    if len(rows) > MOST_XML_ROWS:
        raise Unreadable("UP-XML", f"The file has more than {MOST_XML_ROWS} rows.")
    names = list(dict.fromkeys(name for row in rows for name in row))
    if len(names) > MOST_HEADINGS:
        raise Unreadable("UP-WIDE", f"The rows have more than {MOST_HEADINGS} different cells.")
    table = [names, *([row.get(name) for name in names] for row in rows)]
    columns = [f"column_{i + 1}" for i in range(len(names))]
    return Table(pl.DataFrame(table, schema=dict.fromkeys(columns, pl.String), orient="row"), 0, [])


def first_xml_names(content: bytes) -> list[str]:
    """Return the names of the cells in the first rows of a plain XML file."""
    try:
        rows = list(itertools.islice(_xml_rows(content), LOOKED_AT))
    except (defusedxml.DefusedXmlException, ParseError, ValueError, LookupError) as trouble:
        raise Unreadable("UP-XML", f"This is not a readable XML file: {trouble}.") from trouble
    return list(dict.fromkeys(name for row in rows for name in row))


def _xml_rows(content: bytes) -> Iterator[dict[str, str]]:
    """Yield the rows, each forgotten once it is read; raises ValueError for an oversized one."""
    depth = elements = 0
    root: Any = None
    events = defusedxml.ElementTree.iterparse(
        io.BytesIO(content), events=("start", "end"), forbid_dtd=True
    )
    for event, element in events:
        if event == "start":
            root = element if root is None else root
            depth, elements = depth + 1, elements + 1
            if elements > MOST_XML_CELLS:
                raise ValueError(f"a row has more than {MOST_XML_CELLS} cells")
            continue
        depth -= 1
        if depth == 1:
            yield {cell.tag.rpartition("}")[2]: (cell.text or "") for cell in element}
            root.clear()
            elements = 0
