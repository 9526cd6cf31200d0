"""Files that are taken for tables but are none: the one sentence that helps."""

from __future__ import annotations

import io
import lzma
import re
import zipfile
import zlib
from dataclasses import dataclass

LOOKED_AT = 4_000
WORDS_SHOWN = 120
# what the table of a ZIP file may unpack to: at most, at least, and how many times the file's size
MOST_UNPACKED = 100 * 1024 * 1024
UNPACKED_AT_LEAST = 20 * 1024 * 1024
UNPACKED_PER_BYTE = 60
PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body|table|div|script)\b", re.I)
HIDDEN = re.compile(r"<(script|style|title)\b.*?(?:</\1>|$)", re.I | re.S)
# as a whole page is sent in pieces, one may begin with any of these
PIECE = re.compile(
    r"\s*<(?:p|h[1-6]|br|hr|a|b|center|font|meta|title|span|style|pre|ul|form)\b", re.I
)
TAG = re.compile(r"<[^>]*>?")
EXCEL_2003 = "urn:schemas-microsoft-com:office:spreadsheet"
REPORT = re.compile(r"<(?:\w+:)?OASISReport\b")
ERROR_REPLY = re.compile(r"<(?:\w+:)?(?:ERR_DESC|faultstring)\b[^>]*>\s*([^<]{1,200})", re.I)
JSON = re.compile(r"\s*[\[{]\s*[\[{\"\]}]")
ARCHIVED_PAGE = re.compile(r"(?:From|MIME-Version|Content-Type):[^\n]*\n", re.I)
SAVE = "Save it as CSV or XLSX and send that."
PICTURE = "This is a picture, not a table. Send the file that it shows."
OLD_EXCEL = "This is an old Excel file (XLS). Save it as XLSX and send that."
# by the first bytes of a file
SIGNS = (
    (b"%PDF-", f"This is a PDF document, not a table. {SAVE}"),
    (b"\x89PNG", PICTURE),
    (b"\xff\xd8\xff", PICTURE),
    (b"GIF8", PICTURE),
    (b"\x1f\x8b", "This is a packed file (GZIP). Unpack it and send what is in it."),
    (b"7z\xbc\xaf", "This is a packed file (7z). Unpack it and send what is in it."),
    (b"Rar!", "This is a packed file (RAR). Unpack it and send what is in it."),
    (b"PAR1", f"This is a Parquet file. {SAVE}"),
    *(
        (sign, OLD_EXCEL)
        for sign in (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
    ),
    (b"\x09\x08", OLD_EXCEL),
    (b"{\\rtf", f"This is a text document (RTF), not a table. {SAVE}"),
)
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    OSError,
    EOFError,
    NotImplementedError,
    ValueError,
)
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LOCKED = "EncryptedPackage".encode("utf-16-le")
TABLES = (".csv", ".xlsx", ".tsv", ".xml")


def foreign(content: bytes) -> str:
    """Return what a file is that is no text and no workbook we read, or nothing."""
    if content.startswith(OLD_OFFICE):
        if LOCKED in content:
            return "The workbook is protected by a password. Save it without one."
        return OLD_EXCEL
    return next((said for sign, said in SIGNS if content.startswith(sign)), "")


def not_a_text_table(text: str) -> str:
    """Return what a text is that is no table of rows and columns, or nothing."""
    if not text.strip():
        return "The file holds nothing but blanks."
    if text.lstrip().startswith("<"):
        return not_a_table(text[:LOOKED_AT].encode())
    if JSON.match(text):
        words = " ".join(text[:LOOKED_AT].split())
        return f"This is JSON, not a table. It says: {words[:WORDS_SHOWN]!r}. {SAVE}"
    if ARCHIVED_PAGE.match(text) and "<html" in text[: 10 * LOOKED_AT].lower():
        return f"This is a saved web page, not a table. {SAVE}"
    return ""


def not_a_table(content: bytes) -> str:
    """Return what a file that begins with ``<`` is where it is no plain XML table, or nothing.

    Known: web pages, whatever name they were saved under; spreadsheets of Excel 2003; a market
    system's reply that it has no data, and its reports in XML.
    """
    text = content[:LOOKED_AT].decode("utf-8-sig", errors="replace")
    if PAGE.search(text) or PIECE.match(text):
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
    if REPORT.search(text):
        return "This is an OASIS report as XML. Ask for it as CSV (resultformat=6) and send that."
    return ""


@dataclass(frozen=True)
class Unpacked:
    """The one table of a ZIP file, or why there is none to read; both blank for a workbook."""

    name: str = ""
    content: bytes = b""
    trouble: str = ""


def unpacked(content: bytes, most: int = 0) -> Unpacked:
    """Return the one table that a ZIP file holds, or which files to take out of it.

    most: how many bytes of a text to unpack, where its beginning is enough.
    """
    room = min(MOST_UNPACKED, max(UNPACKED_AT_LEAST, UNPACKED_PER_BYTE * len(content)))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return _table_in(parts, room, most)
    except DAMAGED:
        return Unpacked()  # the reader of workbooks says that it is damaged


def _table_in(parts: zipfile.ZipFile, room: int, most: int) -> Unpacked:
    names = [p.filename for p in parts.infolist() if not p.is_dir()]
    if not names or any(name in ("[Content_Types].xml", "xl/workbook.xml") for name in names):
        return Unpacked(trouble=_office(names))
    if "content.xml" in names and "mimetype" in names:
        return Unpacked(trouble="This is an OpenDocument file. Save it as XLSX and send that.")
    tables = [n for n in names if n.lower().endswith(TABLES) and not n.startswith("__MACOSX/")]
    shown = ", ".join(name[-80:] for name in tables[:3])
    if not tables:
        inside = ", ".join(name[-80:] for name in names[:3])
        return Unpacked(
            trouble=f"This is a ZIP file with {inside} in it, which is no table we read. Send a "
            "CSV or XLSX file."
        )
    if len(tables) > 1:
        count = len(tables)
        return Unpacked(
            trouble=f"This is a ZIP file with {count} files in it, such as {shown}. Send each."
        )
    part = parts.getinfo(tables[0])
    if part.flag_bits & 1:
        return Unpacked(
            trouble=f"This is a ZIP file with {shown} in it, under a password. Take it out and "
            "send that."
        )
    with parts.open(part) as stream:
        if most and not part.filename.lower().endswith(".xlsx"):
            return Unpacked(part.filename, stream.read(most))
        found = stream.read(room + 1)
    if len(found) > room:
        return Unpacked(
            trouble=f"This is a ZIP file with {shown} in it, which is too large to unpack here. "
            "Take it out and send it in parts."
        )
    return Unpacked(part.filename, found)


def _office(names: list[str]) -> str:
    """Return what a file of an office program is that is no XLSX workbook, or nothing."""
    if any(name.startswith("word/") for name in names):
        return f"This is a text document (DOCX), not a table. {SAVE}"
    if any(name.startswith("ppt/") for name in names):
        return f"This is a presentation (PPTX), not a table. {SAVE}"
    if "xl/workbook.bin" in names:
        return "This is a binary workbook (XLSB). Save it as XLSX and send that."
    return ""
