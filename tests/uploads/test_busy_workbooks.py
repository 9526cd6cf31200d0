"""Small workbooks made to keep a reader busy are refused at once, in little time and memory."""

import time
import tracemalloc

import pytest

from apps.uploads.rules import typed_frame
from apps.uploads.services import read_sheet
from apps.uploads.terms import kinds
from tests.uploads.workbooks import DOCUMENT, MAIN, packed

pytestmark = pytest.mark.brq("BRQ-0105")
RECORD = next(k for k in kinds() if k.code == "metered-demand").record
MOST_SECONDS, MOST_BYTES = 1.0, 60 * 1024 * 1024
LINKS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{DOCUMENT}/sharedStrings" Target="sharedStrings.xml"/>'
    "</Relationships>"
)
BOOK = (f'<workbook xmlns="{MAIN}" xmlns:r="{DOCUMENT}"><sheets><sheet name="S" sheetId="1" '
        'r:id="r1"/></sheets></workbook>')  # fmt: skip
SHEET = f'<worksheet xmlns="{MAIN}"><sheetData>%s</sheetData></worksheet>'


def book(**changed):
    parts = {"xl/workbook.xml": BOOK, "xl/_rels/workbook.xml.rels": LINKS,
             "xl/worksheets/sheet1.xml": SHEET % ""}  # fmt: skip
    return packed(parts | {name.replace("__", "/"): text for name, text in changed.items()})


def part(name, text):
    return book(**{name.replace("/", "__"): text})


MADE = {
    "a million elements, each in the last": lambda: part("xl/workbook.xml", "<a>" * 1_000_000),
    "five million elements in a row": lambda: part(
        "xl/workbook.xml", "<r>" + "<a/>" * 5_000_000 + "</r>"
    ),
    "relationships without end": lambda: part(
        "xl/_rels/workbook.xml.rels", "<r>" + "<a/>" * 3_000_000 + "</r>"
    ),
    "a sheet of blanks": lambda: part("xl/worksheets/sheet1.xml", SHEET % (" " * 390_000_000)),
    "a sheet of empty elements": lambda: part(
        "xl/worksheets/sheet1.xml", SHEET % ("<a/>" * 4_000_000)
    ),
    "a sheet of nested elements": lambda: part("xl/worksheets/sheet1.xml", "<a>" * 4_000_000),
    "four million shared texts": lambda: part(
        "xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">' + "<si/>" * 4_000_000 + "</sst>"
    ),
    "styles without end": lambda: part("xl/styles.xml", "<s>" + "<a/>" * 4_000_000 + "</s>"),
}


@pytest.mark.parametrize("name", MADE)
def test_a_busy_workbook_is_refused_at_once(name):
    content = MADE[name]()
    assert len(content) < 1_000_000
    tracemalloc.start()
    began = time.process_time()
    sheet = read_sheet(content, RECORD)
    took = time.process_time() - began
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [f.code for f in sheet.findings] == ["UP-SIZE"]
    assert took < MOST_SECONDS
    assert most < MOST_BYTES


def test_a_deep_sheet_below_every_other_limit_is_refused():
    deep = SHEET % ("<f>" * 50_000 + "</f>" * 50_000)
    assert {f.code for f in read_sheet(part("xl/worksheets/sheet1.xml", deep), RECORD).findings} & {
        "UP-SIZE", "UP-XLSX"}  # fmt: skip


def test_rows_that_are_all_wrong_are_counted_not_judged():
    head = ",".join(RECORD.headers)
    content = (head + "\n" + "a\n" * 300_000).encode()
    sheet = read_sheet(content, RECORD)
    _, found = typed_frame(sheet.frame, RECORD)
    assert any(f.code == "UP-MANY" and f.line == 0 for f in found)
    assert len(found) < 150_000


@pytest.mark.django_db
def test_three_hundred_thousand_wrong_rows_are_a_refusal(send):
    upload = send("metered-demand", ",".join(RECORD.headers) + "\n" + "a\n" * 300_000)
    assert upload.state == "REFUSED"
    assert upload.findings.filter(code="UP-MANY").exists()
