"""Workbooks written by hand, as programs other than Excel write them."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_DOCUMENT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


@dataclass(frozen=True)
class Failed:
    """A cell that holds an error."""

    word: str


@dataclass(frozen=True)
class Formula:
    """A cell with a formula, and what was stored of its result: a number, or as its type says."""

    text: str
    stored: str | None = None
    type: str = ""


@dataclass(frozen=True)
class Number:
    """A cell that holds a number as a number."""

    text: str


@dataclass(frozen=True)
class Style:
    """How a producer writes: the prefix of its names, its namespace, texts inline or shared."""

    prefix: str = ""
    main: str = MAIN
    shared: bool = False
    references: bool = True
    quote: str = '"'


PRODUCERS = {
    "inline texts": Style(),
    "shared texts": Style(shared=True),
    "prefixed names": Style(prefix="x:"),
    "strict": Style(main=STRICT),
    "no references": Style(references=False),
    "single quotes": Style(quote="'"),
    "prefixed, strict, no references": Style(prefix="ss:", main=STRICT, references=False),
}


def column(number):
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def workbook(sheets, style=None):
    """Return the bytes of a workbook: {name: rows of texts, None, Failed, Formula or Number}."""
    style = style or Style()
    q, texts = style.prefix, []

    def root(name, inner):
        space = f"xmlns:{q[:-1]}" if q else "xmlns"
        r = STRICT_DOCUMENT if style.main == STRICT else DOCUMENT
        done = f'<{q}{name} {space}="{style.main}" xmlns:r="{r}">{inner}</{q}{name}>'
        return '<?xml version="1.0" encoding="UTF-8"?>' + done.replace('"', style.quote)

    pack = {}
    for number, rows in enumerate(sheets.values(), 1):
        body = "".join(
            f"<{q}row"
            + (f' r="{n}"' if style.references else "")
            + ">"
            + "".join(_cell(style, texts, n, c, value) for c, value in enumerate(row, 1))
            + f"</{q}row>"
            for n, row in enumerate(rows, 1)
        )
        pack[f"xl/worksheets/sheet{number}.xml"] = root(
            "worksheet", f"<{q}sheetData>{body}</{q}sheetData>"
        )
    names = "".join(
        f'<{q}sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>'
        for n, name in enumerate(sheets, 1)
    )
    pack["xl/workbook.xml"] = root("workbook", f"<{q}sheets>{names}</{q}sheets>")
    document = STRICT_DOCUMENT if style.main == STRICT else DOCUMENT
    links = [
        (f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)
    ]
    if style.shared:
        links.append(("rIdS", "sharedStrings", "sharedStrings.xml"))
        pack["xl/sharedStrings.xml"] = root(
            "sst", "".join(f"<{q}si><{q}t>{escape(t)}</{q}t></{q}si>" for t in texts)
        )
    pack["xl/_rels/workbook.xml.rels"] = relations(document, links)
    pack["_rels/.rels"] = relations(document, [("rId1", "officeDocument", "xl/workbook.xml")])
    pack["[Content_Types].xml"] = (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" '
        'ContentType="application/xml"/></Types>'
    )
    return packed(pack)


def _cell(style, texts, row, col, value):
    q = style.prefix
    at = f' r="{column(col)}{row}"' if style.references else ""
    if value is None or value == "":
        return "" if style.references else f"<{q}c/>"
    if isinstance(value, Failed):
        return f'<{q}c{at} t="e"><{q}v>{escape(value.word)}</{q}v></{q}c>'
    if isinstance(value, Formula):
        stored = "" if value.stored is None else f"<{q}v>{escape(value.stored)}</{q}v>"
        typed = f' t="{value.type}"' if value.type else ""
        return f"<{q}c{at}{typed}><{q}f>{escape(value.text)}</{q}f>{stored}</{q}c>"
    if isinstance(value, Number):
        return f"<{q}c{at}><{q}v>{value.text}</{q}v></{q}c>"
    if style.shared:
        texts.append(value)
        return f'<{q}c{at} t="s"><{q}v>{len(texts) - 1}</{q}v></{q}c>'
    return f'<{q}c{at} t="inlineStr"><{q}is><{q}t>{escape(value)}</{q}t></{q}is></{q}c>'


def relations(document, links):
    """Return the part that says where others are: (id, kind, target)."""
    rows = "".join(
        f'<Relationship Id="{i}" Type="{document}/{kind}" Target="{target}"/>'
        for i, kind, target in links
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{rows}</Relationships>'


def packed(parts):
    """Return the bytes of a ZIP of named parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as pack:
        for name, content in parts.items():
            pack.writestr(name, content)
    return target.getvalue()
