"""Files as they really come, and files meant to harm: a clear error each, and nothing stored."""

from __future__ import annotations

import io
import resource
import zipfile

import pytest
import xlsxwriter

from apps.platform.uploads.hooks import UPLOAD_KINDS
from apps.platform.uploads.models import DatasetVersion
from apps.platform.uploads.services import sheet_scan
from apps.reference.market.models import MeteredDemand

pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-0105")]
HEAD = ["SC_ID", "TAC_AREA", "TRADE_DATE", "HOUR_ENDING", "MWH"]
ROWS = [["SYN_LSE_BAY", "PGE-TAC", "2024-10-01", str(h), "1.5"] for h in range(1, 25)]


def text(rows, separator=",", end="\n"):
    return end.join(separator.join(row) for row in rows) + end


def book(write, **options):
    target = io.BytesIO()
    made = xlsxwriter.Workbook(target, options)
    write(made)
    made.close()
    return target.getvalue()


def simple(made, rows=None, name=None, top=0):
    sheet = made.add_worksheet(name)
    for number, row in enumerate(rows or [HEAD, *ROWS], start=top):
        sheet.write_row(number, 0, row)
    return sheet


def codes(upload, severity=None):
    found = upload.violations.all()
    return set(
        (found.filter(severity=severity) if severity else found).values_list("code", flat=True)
    )


GOOD = {
    "plain": text([HEAD, *ROWS]).encode(),
    "a mark of UTF-8": b"\xef\xbb\xbf" + text([HEAD, *ROWS]).encode(),
    "UTF-16 as Excel's Unicode text": text([HEAD, *ROWS], "\t").encode("utf-16"),
    "UTF-16 big end first": b"\xfe\xff" + text([HEAD, *ROWS]).encode("utf-16-be"),
    "semicolons": text([HEAD, *ROWS], ";").encode(),
    "tabs": text([HEAD, *ROWS], "\t").encode(),
    "carriage returns": text([HEAD, *ROWS], end="\r\n").encode(),
    "other order": text([row[::-1] for row in [HEAD, *ROWS]]).encode(),
    "other case and blanks": text([[f" {h.lower()} " for h in HEAD], *ROWS]).encode(),
    "blank rows at the end": text([HEAD, *ROWS, *[[""] * 5] * 30]).encode(),
    "blank lines above": b"\n\n" + text([HEAD, *ROWS]).encode(),
    "dates of a spreadsheet": text(
        [HEAD, *([*r[:2], "2024-10-01 00:00:00", *r[3:]] for r in ROWS)]
    ).encode(),
    "dates as Americans write them": text(
        [HEAD, *([*r[:2], "10/1/2024", *r[3:]] for r in ROWS)]
    ).encode(),
    "whole numbers with a point": text(
        [HEAD, *([*r[:3], r[3] + ".0", r[4]] for r in ROWS)]
    ).encode(),
    "a workbook of texts": book(simple),
    "a title above": text(
        [["Demand of October"], ["made on 2024-10-02"], [""], HEAD, *ROWS]
    ).encode(),
    "a title above in a workbook": book(lambda b: simple(b, top=4).write(0, 0, "October")),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_file_as_it_comes_is_read(name, send):
    upload = send("metered-demand", GOOD[name])
    assert (upload.state, upload.row_count) == ("READY", 24), list(
        upload.violations.values("message")
    )
    assert codes(upload) <= {"UP-TITLE", "UP-AGAIN"}
    assert ("UP-TITLE" in codes(upload)) == ("title" in name)


def test_a_row_below_a_title_keeps_its_number_and_can_be_looked_at(load, client, person):
    (version,) = load("metered-demand", GOOD["a title above"])
    row = MeteredDemand.objects.filter(dataset_version=version).order_by("line_no").first()
    assert row.line_no == 5
    client.force_login(person("iso.operator"))
    page = client.get(f"/datasets/{version.pk}/rows/5/").content.decode()
    assert "SYN_LSE_BAY" in page
    assert client.get(f"/datasets/{version.pk}/rows/4/").status_code == 404


def test_dates_and_numbers_of_a_workbook_are_read_as_meant(send):
    from datetime import datetime

    def write(made):
        sheet = made.add_worksheet()
        day = made.add_format({"num_format": "m/d/yyyy"})
        sheet.write_row(0, 0, HEAD)
        for h in range(1, 25):
            sheet.write_row(h, 0, ["SYN_LSE_BAY", "PGE-TAC"])
            sheet.write_datetime(h, 2, datetime(2024, 10, 1), day)
            sheet.write_number(h, 3, h)
            sheet.write_number(h, 4, 23.28)

    upload = send("metered-demand", book(write))
    assert (upload.state, upload.row_count) == ("READY", 24)


def formulas(made):
    sheet = simple(made)
    sheet.write_formula(3, 4, "=1+1", None, 2)


def merged(made):
    simple(made).merge_range(4, 0, 6, 0, "SYN_LSE_BAY")


def title_merged(made):
    simple(made, top=2).merge_range(0, 0, 0, 4, "A title over all columns")


def sheets(made):
    simple(made, [["Notes"], ["nothing"]], "Notes")
    simple(made, None, "Demand")


@pytest.mark.parametrize(
    ("write", "state", "code"),
    [
        (formulas, "REFUSED", "UP-CELL"),  # its writer asks for it to be calculated when opened
        (merged, "REFUSED", "UP-MERGED"),
        (sheets, "READY", "UP-SHEETS"),
        (title_merged, "READY", "UP-TITLE"),
    ],
)
def test_what_a_workbook_hides_is_said(write, state, code, send):
    upload = send("metered-demand", book(write))
    assert (upload.state, code in codes(upload)) == (state, True), codes(upload)
    if write is sheets:
        assert upload.row_count == 24  # the sheet with the headings, not the first one


def bomb(size=600 * 1024 * 1024):
    """A workbook of a few hundred kilobytes that says honestly how large it is inside."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as pack:
        pack.writestr("xl/workbook.xml", "<workbook/>")
        with pack.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            block = b" " * (1 << 20)
            for _ in range(size >> 20):
                part.write(block)
    return target.getvalue()


def changed(content, old, new, part="xl/worksheets/sheet1.xml"):
    """A copy of a workbook with some bytes of one part replaced."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as pack:
        for info in source.infolist():
            data = source.read(info)
            assert info.filename != part or old in data
            pack.writestr(
                info.filename, data.replace(old, new, 1) if info.filename == part else data
            )
    return target.getvalue()


def with_part(content, name):
    target = io.BytesIO(content)
    with zipfile.ZipFile(target, "a") as pack:
        pack.writestr(name, b"\xd0\xcf\x11\xe0 macro")
    return target.getvalue()


def lying(content):
    """A part that unpacks to more than it says."""
    body = bytearray(content)
    with zipfile.ZipFile(io.BytesIO(content)) as pack:
        info = pack.getinfo("xl/worksheets/sheet1.xml")
    for where in (info.header_offset + 22, body.rfind(b"xl/worksheets/sheet1.xml") - 22):
        body[where : where + 4] = (10).to_bytes(4, "little")
    return bytes(body)


PLAIN = book(simple)
DTD = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><worksheet'
BAD = {
    "latin-1": (text([HEAD, *ROWS]).replace("BAY", "BÄY").encode("latin-1"), "UP-ENCODING"),
    "a cut UTF-16": (b"\xff\xfe" + "SC_ID,".encode("utf-16-le") + b"\x00", "UP-ENCODING"),
    "a renamed PDF": (b"%PDF-1.7\n" + text([HEAD, *ROWS]).encode(), "UP-FORMAT"),
    "an old Excel file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "UP-FORMAT"),
    "another ZIP": (with_part(b"", "readme.txt"), "UP-FORMAT"),
    "macros": (with_part(PLAIN, "xl/vbaProject.bin"), "UP-MACRO"),
    "a truncated workbook": (PLAIN[: len(PLAIN) // 2], "UP-XLSX"),
    "a workbook cut at its end": (PLAIN[:-30], "UP-XLSX"),
    "a lying size": (lying(PLAIN), "UP-XLSX"),
    "entities": (changed(PLAIN, b"<worksheet", DTD), "UP-XLSX"),
    "entities in the texts": (
        changed(PLAIN, b"<sst", DTD.replace(b"<worksheet", b"<sst"), "xl/sharedStrings.xml"),
        "UP-XLSX",
    ),
    "a cell at the edge of the world": (changed(PLAIN, b'r="E5"', b'r="XFD1048576"'), "UP-EXTENT"),
    "a heading twice": (text([[*HEAD, "MWH"], *([*r, "2"] for r in ROWS)]).encode(), "UP-TWICE"),
    "a formula for a number": (text([HEAD, [*ROWS[0][:4], "=1+1"]]).encode(), "UP-NUMBER"),
    "no headings": (text(ROWS).encode(), "UP-MISSING"),
    "only blank rows": (b"\n" * 500, "UP-FORMAT"),
    "a page of HTML": (b"<html><body>Sign in</body></html>", "UP-FORMAT"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_hostile_file_is_refused_with_its_violation(name, send):
    content, code = BAD[name]
    before = (DatasetVersion.objects.count(), MeteredDemand.objects.count())
    upload = send("metered-demand", content)
    assert (upload.state, codes(upload, "error")) == ("REFUSED", {code})
    assert all(m.endswith(".") for m in upload.violations.values_list("message", flat=True))
    assert (DatasetVersion.objects.count(), MeteredDemand.objects.count()) == before


def test_a_zip_bomb_is_refused_in_little_memory(send):
    content = bomb()
    assert len(content) < 4 * 1024 * 1024
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert codes(send("metered-demand", content)) == {"UP-SIZE"}
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert grown < 64, f"{grown:.0f} MB"


def test_two_hundred_megabytes_are_refused_before_they_are_read(client, person):
    class Endless(io.RawIOBase):
        given = 0

        def readable(self):
            return True

        def read(self, size=-1):
            self.given += max(size, 0)
            return b"x" * max(size, 0)

    client.force_login(person("iso.operator"))
    for address, words in (
        ("/upload/metered-demand/", b"Too large"),
        ("/api/v1/uploads/send/", b"UP-SIZE"),
    ):
        body = Endless()
        response = client.generic(
            "POST",
            address,
            b"",
            "multipart/form-data; boundary=x",
            **{"CONTENT_LENGTH": str(200 * 1024 * 1024), "wsgi.input": body},
        )
        assert (response.status_code, words in response.content) == (413, True)
        assert body.given == 0


def test_the_same_file_twice_is_said_and_changes_nothing(load, send):
    content = text([HEAD, *ROWS])
    load("metered-demand", content)
    again = send("metered-demand", content)
    assert "UP-AGAIN" in codes(again)
    assert again.preview["periods"][0]["same"] is True


@pytest.mark.turns(4, of=("apps/platform/uploads/",))
@pytest.mark.parametrize("kind", UPLOAD_KINDS, ids=lambda k: k.code)
def test_every_kind_says_what_is_wrong_with_a_strange_file(kind, send):
    for content in (b"%PDF-1.7", b"a,b\n1,2\n", PLAIN[:200], bomb(401 * 1024 * 1024)):
        upload = send(
            kind.code,
            content,
            sender="iso.admin",
            options={"as_of": "2019-06-01", "ra_year": "2024"},
        )
        assert upload.state == "REFUSED"
        assert codes(upload, "error")


@pytest.mark.parametrize("risky", ["=1+1", "@SUM(A1)", "+cmd|x", "-cmd", "\t=1", "=HYPERLINK(1)"])
def test_no_export_lets_a_spreadsheet_run_a_cell(risky, client, person, now):
    from apps.platform.audit.services import log_event

    log_event(action="test.formula", sentence=risky, actor=person("iso.admin"), at=now)
    log_event(action="test.plain", sentence="-5", actor=person("iso.admin"), at=now)
    log_event(action="test.words", sentence="-5 and +3", actor=person("iso.admin"), at=now)
    client.force_login(person("iso.admin"))
    content = b"".join(client.get("/events.csv?action=test&cols=sentence")).decode()
    assert f"'{risky}" in content
    assert "\n-5\n" in content.replace("\r", "")
    assert "'-5 and +3" in content  # only a plain number may begin with a sign
    pack = zipfile.ZipFile(io.BytesIO(client.get("/events.xlsx?action=test").content))
    assert b"<f>" not in pack.read("xl/worksheets/sheet1.xml")


def test_the_guard_against_far_cells_can_fail(monkeypatch, send):
    monkeypatch.setattr(sheet_scan, "MOST_CELLS", 10)
    assert codes(send("metered-demand", PLAIN)) == {"UP-EXTENT"}
