"""Small workbooks made to keep a reader busy are refused at once, in little time and memory.

Each is read in a process of its own: what the readers of sheets allocate is seen only there.
"""

import json
import os
import subprocess
import sys

import pytest

from apps.platform.uploads.hooks import UPLOAD_KINDS
from apps.platform.uploads.rules import typed_frame
from apps.platform.uploads.services import read_sheet
from tests.platform.uploads.workbooks import DOCUMENT, MAIN, PACKAGE, packed

pytestmark = pytest.mark.brq("BRQ-0105")
LAYOUT = next(k for k in UPLOAD_KINDS if k.code == "metered-demand").layout
MOST_SECONDS, MOST_MEGABYTES = 1.5, 120
HEADINGS = "".join(
    f'<c r="{"ABCDEF"[n]}1" t="inlineStr"><is><t>{h}</t></is></c>'
    for n, h in enumerate(LAYOUT.headers)
)
HEAD = f'<row r="1">{HEADINGS}</row>'
SHEET = f'<worksheet xmlns="{MAIN}"><sheetData>%s</sheetData></worksheet>'
READER = """
import json, os, resource, sys, time
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rmrcpm.settings")
import django
django.setup()
from apps.platform.uploads.services.reading import first_rows, read_sheet
from apps.platform.uploads.services.text_table import Unreadable
from apps.platform.uploads.hooks import UPLOAD_KINDS
layout = next(k for k in UPLOAD_KINDS if k.code == "metered-demand").layout

def told(what, content):
    if what == "read":
        return [[f.code, f.severity] for f in read_sheet(content, layout).violations]
    try:
        return [len(rows) for rows in first_rows(content)]
    except Unreadable as trouble:
        return trouble.violation.code

def most():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

for line in sys.stdin:
    what, path = json.loads(line)
    if child := os.fork():
        if os.waitpid(child, 0)[1]:
            print("null", flush=True)
        continue
    before, began = most(), time.process_time()
    answer = told(what, open(path, "rb").read())
    took = time.process_time() - began
    print(json.dumps({"told": answer, "seconds": took, "megabytes": most() - before}), flush=True)
    os._exit(0)
"""


@pytest.fixture(scope="module")
def apart(tmp_path_factory):
    """Read a file in a process of its own: what was told, CPU seconds, and growth of memory."""
    place = tmp_path_factory.mktemp("busy") / "file"
    with subprocess.Popen(
        [sys.executable, "-c", READER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.getcwd()},
    ) as reader:

        def go(content, what="read"):
            place.write_bytes(content)
            reader.stdin.write(json.dumps([what, str(place)]) + "\n")
            reader.stdin.flush()
            seen = json.loads(reader.stdout.readline())
            assert seen, "the process did not survive the file"
            return seen

        yield go
        reader.stdin.close()


def book(sheets=1, **changed):
    links = "".join(
        f'<Relationship Id="r{n}" Type="{DOCUMENT}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, sheets + 1)
    )
    named = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="r{n}"/>' for n in range(1, sheets + 1))
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{DOCUMENT}"><sheets>{named}'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{links}'
        f'<Relationship Id="rs" Type="{DOCUMENT}/sharedStrings" Target="sharedStrings.xml"/>'
        "</Relationships>",
        **{f"xl/worksheets/sheet{n}.xml": SHEET % "" for n in range(1, sheets + 1)},
    }
    return packed(parts | {name.replace("__", "/"): text for name, text in changed.items()})


def part(name, text):
    return book(**{name.replace("/", "__"): text})


def listed(parts):
    """A ZIP whose list names a part over and over, of which there is one."""
    one = packed({"a": "x"})
    start, end = one.index(b"PK\x01\x02"), one.index(b"PK\x05\x06")
    entry, last = one[start:end], bytearray(one[end:])
    last[8:12] = (parts % 65536).to_bytes(2, "little") * 2
    last[12:16] = (len(entry) * parts).to_bytes(4, "little")
    return one[:start] + entry * parts + bytes(last)


def shared(texts, cells, name="xl/sharedStrings.xml"):
    """A workbook of shared texts and the rows whose cells name them."""
    table = f'<sst xmlns="{MAIN}">' + "".join(f"<si>{t}</si>" for t in texts) + "</sst>"
    rows = HEAD + "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>{cell}</v></c></row>' for n, cell in enumerate(cells, 2)
    )
    return book(**{name: table, "xl/worksheets/sheet1.xml": SHEET % rows})


def cell_at(reference, rows=HEAD):
    return SHEET % f'{rows}<row r="2"><c r="{reference}"><v>1</v></c></row>'


LONG = "<r><t>" + "x" * 1_000_000 + "</t></r>"
FULL = "<t>" + "x" * 32_767 + "</t>"
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
    "a text of ten megabytes named by 100 cells": lambda: shared([LONG * 10], [0] * 100),
    "a text of ten megabytes named by 1,000 cells": lambda: shared([LONG * 10], [0] * 1_000),
    "a text of ten megabytes in small runs": lambda: shared(
        [("<r><t>" + "x" * 30_000 + "</t></r>") * 400],
        [0] * 100,
    ),
    "the longest text named by 40,000 cells": lambda: shared([FULL], [0] * 40_000),
    "the same in a part named otherwise": lambda: shared(
        [FULL], [0] * 40_000, "xl/SHAREDstrings.XML"
    ),
    "a thousand of the longest texts, named in turn": lambda: shared(
        [FULL] * 500, [n % 500 for n in range(20_000)]
    ),
    "a text of ten megabytes in its cell": lambda: part(
        "xl/worksheets/sheet1.xml",
        SHEET % f'{HEAD}<row r="2"><c r="A2" t="inlineStr"><is>{LONG * 10}</is></c></row>',
    ),
    "a megabyte as the result of a formula": lambda: part(
        "xl/worksheets/sheet1.xml",
        SHEET % f'{HEAD}<row r="2"><c r="A2" t="str"><v>{"x" * 1_000_000}</v></c></row>',
    ),
    "a list of 20,000 parts": lambda: listed(20_000),
    "a list of 20,000 parts in a ZIP": lambda: packed({"a.xlsx": listed(20_000)}),
    "a deep sheet below every other limit": lambda: part(
        "xl/worksheets/sheet1.xml", SHEET % ("<f>" * 50_000 + "</f>" * 50_000)
    ),
}
WIDE = {
    "a cell far to the right": lambda: part("xl/worksheets/sheet1.xml", cell_at("XFD2")),
    "a cell far to the right and below": lambda: part(
        "xl/worksheets/sheet1.xml", cell_at("XFD1200")
    ),
    "the same in small letters": lambda: part("xl/worksheets/sheet1.xml", cell_at("xfd1048576")),
    "a cell in the last row": lambda: part("xl/worksheets/sheet1.xml", cell_at("F1048576")),
    "far rows, and few cells in them": lambda: part("xl/worksheets/sheet1.xml", cell_at("ALL9000")),
    "fifty sheets, each with one far cell": lambda: book(
        50, **{f"xl/worksheets/sheet{n}.xml": cell_at("XFD1200", "") for n in range(1, 51)}
    ),
}
ODD = {
    "a row number of ten digits": SHEET % '<row r="0001000000"><c><v>1</v></c></row>',
    "a row zero": SHEET % '<row r="0"><c r="A0"><v>1</v></c></row>',
    "a column of four letters": cell_at("ZZZZ2"),
    "a value in two parts": SHEET % (HEAD + '<row r="2"><c r="A2"><v>1<!-- -->0</v></c></row>'),
    "a value of marked text": SHEET
    % (HEAD + '<row r="2"><c r="A2"><v><![CDATA[1]]></v></c></row>'),
    "two values in a cell": SHEET % (HEAD + '<row r="2"><c r="A2"><v>1</v><v>2</v></c></row>'),
    "a value in a value": SHEET % (HEAD + '<row r="2"><c r="A2"><v><v>1</v></v></c></row>'),
    "a text that is not there": SHEET % (HEAD + '<row r="2"><c r="A2" t="s"><v>9</v></c></row>'),
    "a text under a sign": SHEET % (HEAD + '<row r="2"><c r="A2" t="s"><v>+0</v></c></row>'),
}


@pytest.mark.turns(3, of=("apps/platform/uploads/",))
@pytest.mark.parametrize("name", MADE)
def test_a_busy_workbook_is_refused_at_once(name, apart):
    content = MADE[name]()
    assert len(content) < 1_000_000
    seen = apart(content)
    assert seen["told"] == [["UP-SIZE", "error"]]
    assert seen["seconds"] < MOST_SECONDS
    assert seen["megabytes"] < MOST_MEGABYTES


@pytest.mark.turns(3, of=("apps/platform/uploads/",))
@pytest.mark.parametrize("name", WIDE)
def test_a_wide_workbook_is_refused_at_once(name, apart):
    content = WIDE[name]()
    assert len(content) < 60_000
    seen = apart(content)
    assert seen["told"] == [["UP-EXTENT", "error"]]
    assert seen["seconds"] < MOST_SECONDS
    assert seen["megabytes"] < 40


@pytest.mark.parametrize("name", ODD)
def test_a_sheet_that_readers_would_read_differently_is_refused(name):
    found = read_sheet(part("xl/worksheets/sheet1.xml", ODD[name]), LAYOUT).violations
    assert [f.code for f in found] == ["UP-XLSX"]


def two_sheets(first, second):
    return (
        f'<workbook xmlns="{MAIN}" xmlns:r="{DOCUMENT}"><sheets>{first}{second}</sheets></workbook>'
    )


@pytest.mark.parametrize(
    "sheets",
    [
        ('<sheet name="S" r:id="r1"/>', '<sheet name="S" r:id="r2"/>'),
        ('<sheet name="S" r:id="r1" id="r2"/>', ""),
    ],
)
def test_sheets_that_cannot_be_told_apart_are_refused(sheets):
    content = book(
        2,
        **{"xl/workbook.xml": two_sheets(*sheets), "xl/worksheets/sheet1.xml": cell_at("B1048576")},
    )
    assert [f.code for f in read_sheet(content, LAYOUT).violations] == ["UP-XLSX"]


def test_two_parts_of_one_name_are_refused():
    content = book(**{"xl/worksheets/SHEET1.xml": cell_at("B1048576")})
    assert [f.code for f in read_sheet(content, LAYOUT).violations] == ["UP-XLSX"]


@pytest.mark.turns(3, of=("apps/platform/uploads/",))
@pytest.mark.parametrize("name", [*MADE, *WIDE])
def test_the_kind_of_a_busy_workbook_is_looked_for_in_little_time(name, apart):
    seen = apart((MADE | WIDE)[name](), "recognise")
    assert seen["seconds"] < MOST_SECONDS
    assert seen["megabytes"] < MOST_MEGABYTES


@pytest.mark.turns(2, of=("apps/platform/uploads/",))
@pytest.mark.parametrize("texts", ["inlineStr", "s"])
def test_an_honest_large_workbook_is_recognised_by_its_first_rows(texts, apart):
    """Two million cells: the sheet is never unpacked to its end to know its kind."""
    table = "".join(f"<si><t>{h}</t></si>" for h in [*LAYOUT.headers, "SYN_LSE_BAY"])
    head = (
        HEAD
        if texts == "inlineStr"
        else '<row r="1">'
        + "".join(f'<c r="{"ABCDEF"[n]}1" t="s"><v>{n}</v></c>' for n in range(6))
        + "</row>"
    )
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>6</v></c>'
        + "".join(f'<c r="{c}{n}"><v>{n * 17 % 9973}</v></c>' for c in "BCDE")
        + "</row>"
        for n in range(2, 400_000)
    )
    content = book(
        **{
            "xl/worksheets/sheet1.xml": SHEET % (head + rows),
            "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{table}</sst>',
        }
    )
    assert len(content) > 5_000_000
    seen = apart(content, "recognise")
    assert seen["told"] == [25]
    assert seen["seconds"] < 0.5
    assert seen["megabytes"] < 20


def test_the_longest_text_of_a_cell_and_texts_named_often_are_read():
    content = shared([FULL, "<t>SYN_LSE_BAY</t>"], [0, *[1] * 5_000])
    sheet = read_sheet(content, LAYOUT)
    assert not sheet.violations
    assert sheet.frame["sc_id"].str.len_chars().to_list()[:2] == [32_767, 11]
    assert sheet.frame.height == 5_001


def test_a_nul_written_as_an_escape_is_a_control_character():
    """No database holds a NUL: it must not come out of a workbook, whatever it is stored in."""
    content = shared(["<t>SYN_x0000_BAY</t>"], [0])
    sheet = read_sheet(content, LAYOUT)
    assert sheet.frame["sc_id"].to_list() == ["SYN\x01BAY"]
    _, found = typed_frame(sheet.frame, LAYOUT)
    assert ("UP-CONTROL", "SC_ID") in {(f.code, f.column) for f in found}


def test_rows_that_are_all_wrong_are_counted_not_judged():
    head = ",".join(LAYOUT.headers)
    content = (head + "\n" + "a\n" * 300_000).encode()
    sheet = read_sheet(content, LAYOUT)
    _, found = typed_frame(sheet.frame, LAYOUT)
    assert any(f.code == "UP-MANY" and f.line == 0 for f in found)
    assert len(found) < 150_000


@pytest.mark.django_db
def test_three_hundred_thousand_wrong_rows_are_a_refusal(send):
    upload = send("metered-demand", ",".join(LAYOUT.headers) + "\n" + "a\n" * 300_000)
    assert upload.state == "REFUSED"
    assert upload.violations.filter(code="UP-MANY").exists()
