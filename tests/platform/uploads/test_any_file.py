"""Any file in one place: its kind by its headings, a wrong kind in one click, what follows."""

import json
import re
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from apps.platform.uploads.hooks import UPLOAD_KINDS, kind
from apps.platform.uploads.models import Upload
from apps.platform.uploads.services import (
    UploadRefused,
    approvers,
    consequences,
    recognise,
    template_csv,
    template_xlsx,
)

pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-0105")]
NQC = "RESOURCE_ID,RA_YEAR,RA_MONTH,NQC_MW,EFC_MW,FLEX_CATEGORY,LOCAL_AREA\n"
DEMAND = "SC_ID,TAC_AREA,TRADE_DATE,HOUR_ENDING,MWH,SOURCE\n" + "".join(
    f"SYN_LSE_BAY,PGE-TAC,2024-09-04,{h},1.5,SYNTHETIC\n" for h in range(1, 25)
)


def file(text, name="file.csv"):
    return SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("each", UPLOAD_KINDS, ids=lambda k: k.code)
def test_the_template_of_each_kind_is_recognised(each, form, person):
    viewer = next(
        v
        for name in ("iso.operator", "iso.contracts", "iso.analyst", "iso.admin")
        if (v := person(name).viewer()).may(each.upload_roles)
    )
    content = template_csv(each).encode() if form == "csv" else template_xlsx(each)
    assert each.code in {k.code for k in recognise(content, viewer).kinds}


def test_a_dropped_file_goes_on_as_its_kind(as_user):
    client = as_user("iso.operator")
    page = client.post("/upload/any/", {"file": file(DEMAND)}, follow=True)
    upload = Upload.objects.latest("pk")
    assert (upload.kind, upload.state) == ("metered-demand", "READY")
    assert page.redirect_chain[-1][0] == f"/uploads/{upload.pk}/"


def test_an_unknown_file_is_told_its_headings_and_nothing_is_kept(as_user):
    before = Upload.objects.count()
    page = as_user("iso.operator").post("/upload/any/", {"file": file("COLOUR,SIZE\nred,1\n")})
    assert page.status_code == 400
    assert "It begins with: COLOUR, SIZE." in page.content.decode()
    nothing = as_user("iso.operator").post("/upload/any/", {})
    assert (nothing.status_code, b"Choose a file, or drop one here." in nothing.content) == (
        400,
        True,
    )
    assert Upload.objects.count() == before


def test_a_file_that_is_nearly_of_a_kind_is_told_what_is_missing(as_user):
    page = as_user("iso.operator").post(
        "/upload/any/", {"file": file("SC_ID,TAC_AREA,TRADE_DATE,MWH\nA,B,2024-09-04,1\n")}
    )
    assert re.search(r"Metered demand</a>: missing HOUR_ENDING", page.content.decode())


def test_a_kind_that_needs_the_ra_year_asks_for_it_with_the_file_in_hand(as_user):
    client, content = as_user("iso.operator"), template_xlsx(kind("nqc-list"))
    page = client.post("/upload/any/", {"file": file(content, "list.xlsx")}).content.decode()
    assert "recognised as NQC list" in page
    kept = re.search(r'name="kept" value="([^"]+)"', page)[1]
    client.post(
        "/upload/nqc-list/", {"kept": kept, "kept_name": "list.xlsx", "option_ra_year": "2027"}
    )
    upload = Upload.objects.latest("pk")
    assert (upload.kind, upload.file_name, upload.options) == (
        "nqc-list",
        "list.xlsx",
        {"ra_year": "2027"},
    )
    assert bytes(upload.content.content) == content
    broken = client.post("/upload/nqc-list/", {"kept": "%%%", "option_ra_year": "2027"})
    assert broken.status_code == 400


def test_a_wrong_kind_offers_the_right_one_in_one_click(send, as_user):
    wrong = send("tac-load", DEMAND)
    assert wrong.state == "REFUSED"
    client = as_user("iso.operator")
    page = client.get(f"/uploads/{wrong.pk}/").content.decode()
    button = r'class="primary">Load as Metered demand<'
    action = re.search(rf'action="([^"]+)">.{{0,400}}?{button}', page)[1]
    assert "Correct here" not in page
    assert "Rejected rows" not in page
    client.post(action)
    right = Upload.objects.latest("pk")
    assert (right.kind, right.state, right.sha256) == ("metered-demand", "READY", wrong.sha256)


def test_the_page_of_a_refused_file_opens_no_file(send, as_user, monkeypatch):
    wrong = send("tac-load", DEMAND)
    assert wrong.preview["fits"] == {"metered-demand": 6}

    def never(*given):
        raise AssertionError("a page looked into the file")

    monkeypatch.setattr("apps.platform.uploads.services.recognising.first_rows", never)
    monkeypatch.setattr("apps.platform.uploads.services.typed_files.typed_sheet", never)
    page = as_user("iso.operator").get(f"/uploads/{wrong.pk}/").content.decode()
    assert "Load as Metered demand" in page


def test_what_holds_no_row_to_correct_offers_no_correction(send, as_user):
    upload = send("metered-demand", b"%PDF-1.7")
    page = as_user("iso.operator").get(f"/uploads/{upload.pk}/").content.decode()
    assert "Correct" not in page
    assert "Rejected rows" not in page
    rows = send("metered-demand", DEMAND.replace(",24,1.5", ",24,x"))
    page = as_user("iso.operator").get(f"/uploads/{rows.pk}/").content.decode()
    assert "Correct here" in page


def test_only_who_may_send_a_kind_is_offered_it(send, as_user, person):
    wrong = send("tac-load", DEMAND)
    before = Upload.objects.count()
    client = as_user("iso.contracts")
    assert not person("iso.contracts").viewer().may(kind("metered-demand").upload_roles)
    assert "Load as" not in client.get(f"/uploads/{wrong.pk}/").content.decode()
    client.post(f"/uploads/{wrong.pk}/as/metered-demand/")
    assert Upload.objects.count() == before


def test_a_file_that_waits_names_who_may_approve_and_what_it_touches(send, settle, as_user, now):
    run = settle()
    upload = send("metered-demand", DEMAND)
    names = [p.username for p in approvers(upload, now)]
    assert "iso.approver" in names
    assert "iso.operator" not in names
    assert [(found.label, found.stale) for found in consequences(upload)] == [
        ("Daily settlement of 2024-09-04", False)
    ]
    page = as_user("iso.operator").get(f"/uploads/{upload.pk}/").content.decode()
    assert "Waiting for approval by a second person" in page
    assert "iso.approver" in page
    assert f'href="/runs/{run.pk}/"' in page


def test_after_confirming_it_says_what_became_stale(send, settle, as_user, person, now):
    from apps.platform.uploads import services

    settle()
    upload = send("metered-demand", DEMAND)
    upload, _ = services.confirm(
        upload_id=upload.pk,
        actor=person("iso.approver"),
        at=now,
        reason="one SC only",
        acknowledged=services.one_reason(upload, "one SC only"),
    )
    assert [found.stale for found in consequences(upload)] == [True]
    page = as_user("iso.approver").get(f"/uploads/{upload.pk}/").content.decode()
    assert "Became stale by it" in page
    assert "Daily settlement of 2024-09-04" in page
    again = settle(publish=False)
    waiting = as_user("iso.approver").get(f"/uploads/{upload.pk}/").content.decode()
    assert ">STALE<" in waiting
    assert f"calculated again since, version {again.version} waits to be published" in waiting
    settle()
    page = as_user("iso.approver").get(f"/uploads/{upload.pk}/").content.decode()
    assert "Became stale by it" in page
    assert "Daily settlement of 2024-09-04" in page
    assert f"calculated again since, version {again.version} is published" in page
    assert ">STALE<" not in page
    assert "No published day became stale" not in page


def test_the_upload_page_finds_kinds_by_their_words_and_shows_the_last_sent_first(send, as_user):
    send("metered-demand", DEMAND)
    client = as_user("iso.operator")
    page = client.get("/upload/").content.decode()
    assert page.index("Choose any file") < page.index("Uploaded by you lately")
    assert page.index("Uploaded by you lately") < page.index("Find a kind")
    found = client.get("/upload/?q=flex_category").content.decode()
    assert "NQC/EFC of RMR resources" in found
    assert "Fuel index prices" not in found
    assert "No kind of file matches" in client.get("/upload/?q=zzz").content.decode()


def test_programs_and_the_command_line_need_not_name_the_kind(as_user, tmp_path):
    answer = as_user("iso.operator").post("/api/v1/uploads/send/", {"file": file(DEMAND)})
    assert (answer.status_code, answer.json()["kind"]) == (201, "metered-demand")
    refused = as_user("iso.operator").post("/api/v1/uploads/send/", {"file": file("A,B\n1,2\n")})
    assert (refused.status_code, refused.json()["code"]) == (400, "UP-KIND")
    sent = tmp_path / "any.csv"
    sent.write_text(DEMAND)
    out = StringIO()
    call_command("upload", "auto", str(sent), actor="iso.operator", stdout=out)
    assert json.loads(out.getvalue())["state"] == "READY"
    sent.write_text("A,B\n1,2\n")
    with pytest.raises(CommandError, match="no kind of file"):
        call_command("upload", "auto", str(sent), actor="iso.operator")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "year", ["0202455", "20240", "02024", "٢٠٢٤", "1999", "2101", "2024.0", ""]
)
def test_a_year_is_four_digits(year, send):
    before = Upload.objects.count()
    with pytest.raises(UploadRefused, match="RA year is needed"):
        send("nqc-list", "Resource ID\nX_1_A\n", options={"ra_year": year})
    assert Upload.objects.count() == before
