"""Files that are taken for tables but are none: the one sentence that helps."""

from __future__ import annotations

import io
import re
import zipfile

LOOKED_AT = 4_000
WORDS_SHOWN = 120
PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body|table|div|script)\b", re.I)
HIDDEN = re.compile(r"<(script|style|title)\b.*?(?:</\1>|$)", re.I | re.S)
TAG = re.compile(r"<[^>]*>?")
EXCEL_2003 = "urn:schemas-microsoft-com:office:spreadsheet"
ERROR_REPLY = re.compile(r"<(?:\w+:)?ERR_DESC>\s*([^<]{1,200})", re.I)


def not_a_table(content: bytes) -> str:
    """Return what a file that begins with ``<`` is where it is no plain XML table, or nothing.

    Known: web pages, whatever name they were saved under; spreadsheets of Excel 2003; a market
    system's reply that it has no data.
    """
    text = content[:LOOKED_AT].decode("utf-8", errors="replace")
    if PAGE.search(text):
        words = " ".join(TAG.sub(" ", HIDDEN.sub(" ", text)).split())
        told = f" It says: {words[:WORDS_SHOWN]!r}." if words else ""
        return f"This is a web page, not a table.{told} Download the file itself, as CSV or XLSX."
    if EXCEL_2003 in text:
        return "This is a spreadsheet in the XML form of Excel 2003. Save it as XLSX and send that."
    if refused := ERROR_REPLY.search(text):
        return (
            f"This is a reply without data: {refused[1].strip()!r}. Ask for the report again "
            "and send what it returns."
        )
    return ""


def packed_file(content: bytes) -> str:
    """Return which file to take out of a ZIP that is no workbook, or nothing for a workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names = [p.filename for p in parts.infolist() if not p.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return ""  # the reader of workbooks says that it is damaged
    if not names or any(name in ("[Content_Types].xml", "xl/workbook.xml") for name in names):
        return ""
    tables = [n for n in names if n.lower().endswith((".csv", ".xlsx", ".tsv", ".txt", ".xml"))]
    shown = ", ".join(name[-80:] for name in tables[:3])
    if len(tables) == 1:
        return f"This is a ZIP file with {shown} in it. Take it out and send that."
    if tables:
        return f"This is a ZIP file with {len(tables)} files in it, such as {shown}. Send each."
    return "This is a ZIP file without a table in it. Send a CSV or XLSX file."
