"""Workbooks with cells as programs other than Excel write them, made as they are asked for."""

from __future__ import annotations

import datetime
import io
from xml.sax.saxutils import escape

import xlsxwriter

from tests.platform.uploads.workbooks import DOCUMENT, MAIN, PACKAGE, column, packed, relations

HEAD = ["RESOURCE_ID", "TRADE_DATE", "HOUR_ENDING", "DA_MWH", "DA_LMP", "AS_REVENUE_USD"]
ROW = ["SUNSET_2_UNITS", "2024-09-06", "1", "60", "41", "120"]
STYLES = (
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/>'
    '</borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0"/>'
    '<xf numFmtId="164"/><xf numFmtId="9"/><xf numFmtId="20"/></cellXfs>'
)


def text(at, words):
    """Return a cell with its text beside it."""
    return f'<c r="{at}" t="inlineStr"><is><t>{escape(words)}</t></is></c>'


def line(number, cells):
    """Return a row of cells, from column A on; a text is written as a text."""
    done = [
        cell.replace("@", f"{column(n)}{number}")
        if cell.startswith("<")
        else text(f"{column(n)}{number}", cell)
        for n, cell in enumerate(cells, 1)
        if cell
    ]
    return f'<row r="{number}">{"".join(done)}</row>'


def row(number, **changed):
    """Return a right row of market results of hour ``number - 1``, with cells changed by column."""
    cells = [*ROW[:2], *(f'<c r="@"><v>{value}</v></c>' for value in (number - 1, 60, 41, 120))]
    return line(number, [changed.get(column(n), cell) for n, cell in enumerate(cells, 1)])


def book(
    rows,
    *,
    shared="",
    before="",
    after="",
    styles=STYLES,
    settings="",
    calculation="",
    state="",
    main=MAIN,
):
    """Return a workbook of one sheet written by hand."""
    opened = f'xmlns="{main}"'
    pack = {
        "xl/worksheets/sheet1.xml": f"<worksheet {opened}>{before}<sheetData>{''.join(rows)}"
        f"</sheetData>{after}</worksheet>",
        "xl/workbook.xml": f'<workbook {opened} xmlns:r="{DOCUMENT}">{settings}<sheets>'
        f'<sheet name="S" sheetId="1"{state} r:id="rId1"/></sheets>{calculation}</workbook>',
        "xl/styles.xml": f"<styleSheet {opened}>{styles}</styleSheet>",
        "_rels/.rels": relations(DOCUMENT, [("rId1", "officeDocument", "xl/workbook.xml")]),
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" '
        'ContentType="application/xml"/></Types>',
    }
    parts = [
        ("rId1", "worksheet", "worksheets/sheet1.xml"),
        ("rId2", "styles", "styles.xml"),
    ]
    if shared:
        parts.append(("rId3", "sharedStrings", "sharedStrings.xml"))
        pack["xl/sharedStrings.xml"] = f"<sst {opened}>{shared}</sst>"
    pack["xl/_rels/workbook.xml.rels"] = relations(DOCUMENT, parts)
    return packed(pack)


def one(**changed):
    """Return a workbook with the headings and one row, changed."""
    return book([line(1, HEAD), row(2, **changed)])


def written(fill, **options):
    """Return what XlsxWriter writes: ``fill`` is given the workbook and its sheet."""
    target = io.BytesIO()
    made = xlsxwriter.Workbook(target, options)
    sheet = made.add_worksheet("S")
    sheet.write_row(0, 0, HEAD)
    sheet.write_row(1, 0, [*ROW[:2], 1, 60, 41, 120])
    sheet.write_row(2, 0, [*ROW[:2], 2, 60, 41, 120])
    fill(made, sheet)
    made.close()
    return target.getvalue()


def dated(made, sheet):
    """Write the date as a spreadsheet counts days, in a form of its own."""
    looks = made.add_format({"num_format": "d-mmm-yy"})
    for number in (1, 2):
        sheet.write_datetime(number, 1, datetime.datetime(2024, 9, 6), looks)


def totalled(made, sheet):
    """Write a table with a total below it."""
    columns = [{"header": heading} for heading in HEAD]
    columns[0] |= {"total_string": "Total"}
    columns[3] |= {"total_function": "sum"}
    sheet.add_table(0, 0, 3, 5, {"columns": columns, "total_row": True})


def second_hidden(made, sheet):
    """Write a second sheet with all headings, and hide it."""
    other = made.add_worksheet("old")
    other.write_row(0, 0, HEAD)
    other.write_row(1, 0, ROW)
    other.hide()


def read_from_hidden(made, sheet):
    """Hide the one sheet that holds the table."""
    other = made.add_worksheet("about")
    other.write(0, 0, "see the other sheet")
    other.activate()
    sheet.hide()
