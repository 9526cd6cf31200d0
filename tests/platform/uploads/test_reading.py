"""What a file may be, and what is said of one that is something else."""

from __future__ import annotations

import io
import zipfile

import pytest
import xlsxwriter

from apps.platform.uploads import services
from apps.platform.uploads.hooks import UPLOAD_KINDS
from apps.platform.uploads.models import DatasetVersion, Upload
from apps.reference.market.layouts import DEMAND_ROW

pytestmark = pytest.mark.django_db

HEAD = "SC_ID,TAC_AREA,TRADE_DATE,HOUR_ENDING,MWH\n"


def day(count=24, trade_date="2024-10-01", mwh="1.5"):
    return HEAD + "".join(
        f"SYN_LSE_BAY,PGE-TAC,{trade_date},{h},{mwh}\n" for h in range(1, count + 1)
    )


def codes(upload):
    return set(upload.violations.values_list("code", flat=True))


@pytest.mark.turns(3, of=("apps/platform/uploads/",))
@pytest.mark.parametrize("kind", UPLOAD_KINDS, ids=lambda k: k.code)
@pytest.mark.brq("BRQ-0105")
def test_every_kind_reads_its_own_templates(kind, send):
    options = {"as_of": "2019-06-01", "ra_year": "2024"}
    for content in (services.template_csv(kind).encode(), services.template_xlsx(kind)):
        sheet = services.read_sheet(content, kind.layout)
        assert sheet.readable, sheet.violations
        upload = send(kind.code, content, sender="iso.admin", options=options)
        shape = {c for c in codes(upload) if c.startswith("UP-")}
        assert shape <= {"UP-SAME", "UP-ENDS", "UP-STAYS"}, shape


@pytest.mark.parametrize("kind", UPLOAD_KINDS, ids=lambda k: k.code)
def test_a_file_sent_as_another_kind_is_told_where_it_belongs(kind, send):
    other = "rmr-nqc-efc" if kind.code == "metered-demand" else "metered-demand"
    upload = send(other, services.template_csv(kind), sender="iso.admin")
    assert upload.state == "REFUSED"
    (told,) = upload.violations.filter(severity="error")
    assert (told.code, told.line) == ("UP-KIND", 0)
    assert f"({kind.code})" in told.message


def test_a_file_that_only_lacks_a_heading_is_told_which(send):
    upload = send("metered-demand", day().replace("MWH", "KWH"))
    assert codes(upload) == {"UP-MISSING", "UP-EXTRA"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"%PDF-1.7 something", "UP-FORMAT"),
        (b"\x00\x01\x02\x03" * 50, "UP-FORMAT"),
        (HEAD.encode() + b"SYN,\xff\xfe,2024-10-01,1,1\n", "UP-ENCODING"),
        (HEAD.encode(), "UP-NO-ROWS"),
        (b"SC_ID,TAC_AREA\nA,B\n", "UP-MISSING"),
        ((HEAD + "SYN_LSE_BAY,PGE-TAC,2024-10-01,1,1,EXTRA\n").encode(), "UP-RAGGED"),
        ((HEAD + 'SYN_LSE_BAY,"PGE-TAC,2024-10-01,1,1\n').encode(), "UP-CSV"),
        (b"PK\x03\x04 this is no workbook", "UP-XLSX"),
        ((HEAD.replace("MWH", "SC_ID") + "A,B,C,D,E\n").encode(), "UP-TWICE"),
        ((HEAD + "SYN_LSE_BAY,PGE-TAC,2024-10-01,1,1e3\n").encode(), "UP-NUMBER"),
        ((HEAD + 'SYN_LSE_BAY,PGE-TAC,2024-10-01,1,"1,5"\n').encode(), "UP-COMMA"),
        ((HEAD + "SYN_LSE_BAY,PGE-TAC,2024-10-01,1,1.00001\n").encode(), "UP-DECIMALS"),
        ((HEAD + "SYN_LSE_BAY,PGE-TAC,2024-10-01,1,-1\n").encode(), "UP-LOW"),
        ((HEAD + "SYN_LSE_BAY,PGE-TAC,2024-13-01,1,1\n").encode(), "UP-DATE"),
        ((HEAD + "SYN_LSE_BAY,PGE-TAC,9999-12-31,1,1\n").encode(), "UP-DATE-RANGE"),
        ((HEAD + "A" * 5000 + "\x00,PGE-TAC,2024-10-01,1,1\n").encode(), "UP-FORMAT"),
        ((HEAD + "SYN_LSE\x07,PGE-TAC,2024-10-01,1,1\n").encode(), "UP-CONTROL"),
        ((HEAD + "SYN_LSE_BAY,PGE-TAC,2024-10-01,1.5,1\n").encode(), "UP-WHOLE"),
        ((HEAD + "SYN_LSE_BAY,PGE-TAC,2024-10-01,26,1\n").encode(), "UP-HIGH"),
        ((HEAD + "SYN_LSE_BAY,PGE-TAC,2024-10-01,25,1\n").encode(), "MKT-HOUR"),
        ((HEAD + ",PGE-TAC,2024-10-01,1,1\n").encode(), "UP-EMPTY"),
        ((HEAD + "NOBODY,PGE-TAC,2024-10-01,1,1\n").encode(), "MKT-SC"),
        ((HEAD + "SYN_LSE_BAY,XYZ-TAC,2024-10-01,1,1\n").encode(), "MKT-TAC"),
        ((HEAD + "SYN_LSE_BAY,PGE-TAC,2024-10-01,1,1\n" * 2).encode(), "UP-DOUBLE"),
        (
            (
                HEAD + "SYN_LSE_BAY,PGE-TAC,2024-10-01,1,1\nSYN_LSE_BAY,PGAE-TAC,2024-10-01,1,1\n"
            ).encode(),
            "MKT-DOUBLE",
        ),
    ],
)
def test_a_wrong_file_is_refused_with_its_finding_and_nothing_is_stored(content, code, send):
    before = DatasetVersion.objects.count()
    upload = send("metered-demand", content)
    assert upload.state == "REFUSED"
    assert code in codes(upload)
    assert DatasetVersion.objects.count() == before


def test_all_findings_are_collected_with_row_and_column(send):
    text = HEAD + (
        "NOBODY,PGE-TAC,2024-10-01,1,x\nSYN_LSE_BAY,,2024-10-01,99,1\nNOBODY,PGE-TAC,2024-10-01,2,1\n"
    )
    found = list(send("metered-demand", text).violations.values_list("line", "column", "code"))
    assert found == [
        (2, "MWH", "UP-NUMBER"),
        (3, "HOUR_ENDING", "UP-HIGH"),
        (3, "TAC_AREA", "UP-EMPTY"),
        (4, "SC_ID", "MKT-SC"),
    ]


@pytest.mark.parametrize(
    "change",
    [
        lambda t: "\ufeff" + t,
        lambda t: t.replace(",", ";"),
        lambda t: t.replace(",", "\t"),
        lambda t: t.replace("\n", "\r\n"),
        lambda t: t + "\n ,,\n\n",
        lambda t: t.lower().replace("syn_lse_bay", "SYN_LSE_BAY").replace("pge-tac", "PGE-TAC"),
    ],
)
def test_usual_variations_of_a_good_file_are_read(change, send):
    upload = send("metered-demand", change(day()))
    assert upload.state == "READY", list(upload.violations.values_list("message", flat=True))
    assert upload.row_count == 24


def test_a_workbook_reads_like_its_csv(send):
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEAD.strip().split(","))
    for h in range(1, 25):
        sheet.write_row(h, 0, ["SYN_LSE_BAY", "PGE-TAC", "2024-10-01", h, 23.28])
    book.close()
    upload = send("metered-demand", target.getvalue(), name="a.xlsx")
    assert (upload.state, upload.row_count) == ("READY", 24)


def test_a_zip_that_unpacks_too_large_is_not_unpacked(send, monkeypatch):

    from apps.platform.uploads.services import workbook

    monkeypatch.setattr(workbook, "MOST_INFLATED", 1000)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("xl/workbook.xml", "0" * 100_000)
    assert codes(send("metered-demand", target.getvalue())) == {"UP-SIZE"}


@pytest.mark.parametrize(("trade_date", "hours"), [("2024-03-10", 23), ("2024-11-03", 25)])
def test_the_days_the_clock_changes_have_their_own_hours(trade_date, hours, send):
    upload = send("metered-demand", day(hours, trade_date), options={"hours": "PLACE"})
    assert (upload.state, upload.warning_count) == ("READY", 0)
    more = send("metered-demand", day(min(hours + 1, 25), trade_date), options={"hours": "PLACE"})
    assert more.state == ("REFUSED" if hours == 23 else "READY")


def test_missing_hours_are_a_warning(send):
    upload = send("metered-demand", day(20))
    assert (upload.state, codes(upload)) == ("READY", {"MKT-GAP"})


def test_rejected_rows_come_back_in_the_same_layout(send):
    text = day(3) + "NOBODY,PGE-TAC,2024-10-01,4,1\n=cmd(),PGE-TAC,2024-10-01,5,1\n"
    lines = services.rejected_rows(send("metered-demand", text)).splitlines()
    assert lines[0] == "SC_ID,TAC_AREA,TRADE_DATE,HOUR_ENDING,MWH,SOURCE,VIOLATION"
    assert lines[1].startswith("NOBODY,PGE-TAC,2024-10-01,4,1,,MKT-SC SC_ID: There is no")
    assert lines[2].startswith("'=cmd(),")
    assert len(lines) == 3


def test_who_may_not_send_leaves_nothing(person, now):
    before = Upload.objects.count()
    for name in ("sc.bay", "iso.legal", "iso.monitor"):
        with pytest.raises(services.UploadRefused, match="roles do not allow"):
            services.receive(
                kind_code="metered-demand", file_name="x", content=b"x", actor=person(name), at=now
            )
    with pytest.raises(services.UploadRefused, match="empty"):
        services.receive(
            kind_code="metered-demand",
            file_name="x",
            content=b"",
            actor=person("iso.admin"),
            at=now,
        )
    assert Upload.objects.count() == before


def test_the_public_nqc_list_may_repeat_a_resource_without_months(send, load):
    from apps.reference.resources.codes import MONTHS
    from apps.reference.resources.models import NetQualifyingCapacity

    head = [
        "Generator Name",
        "Resource ID",
        "Path 26 Region",
        "Local Area",
        *MONTHS,
        "Dispatchable",
        "Deliverability Status",
        "Deliverability MW",
    ]
    full = ["A", "RES 1", "North", "Sierra", *["1.5"] * 12, "Y", "FC", ""]
    empty = ["A", "RES 1", "North", "Sierra", *[""] * 12, "Y", "FC", ""]
    text = "\n".join(",".join(r) for r in (head, full, empty))
    version = load("nqc-list", text, options={"ra_year": "2030"})[0]
    assert NetQualifyingCapacity.objects.filter(dataset_version=version).count() == 12
    twice = "\n".join(",".join(r) for r in (head, full, full))
    assert codes(send("nqc-list", twice, options={"ra_year": "2031"})) >= {"NQC-DOUBLE"}


def test_a_file_over_the_limit_is_refused_before_it_is_read(as_user, settings):
    from django.core.files.uploadedfile import SimpleUploadedFile

    settings.UPLOAD_MAX_BYTES = 100
    client = as_user("iso.operator")
    before = Upload.objects.count()
    file = SimpleUploadedFile("big.csv", b"x" * 101)
    page = client.post("/upload/metered-demand/", {"file": file})
    assert (page.status_code, "larger than" in page.content.decode()) == (400, True)
    file.seek(0)
    sent = client.post("/api/v1/uploads/send/", {"kind": "metered-demand", "file": file})
    assert (sent.status_code, sent.json()["violations"][0]["code"]) == (413, "UP-SIZE")
    assert Upload.objects.count() == before


def test_blank_rows_above_and_between_keep_the_spreadsheets_numbers(send):
    from apps.platform.uploads.services.reading import raw_row

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet()
    sheet.write_row(2, 1, HEAD.strip().split(","))
    sheet.write_row(3, 1, ["SYN_LSE_BAY", "PGE-TAC", "2024-10-01", 1, 1])
    sheet.write_row(6, 1, ["NOBODY", "PGE-TAC", "2024-10-01", 2, 1])
    book.close()
    upload = send("metered-demand", target.getvalue(), name="a.xlsx")
    assert list(upload.violations.filter(severity="error").values_list("line", "code")) == [
        (7, "MKT-SC")
    ]
    assert dict(raw_row(target.getvalue(), 7, DEMAND_ROW))["SC_ID"] == "NOBODY"
