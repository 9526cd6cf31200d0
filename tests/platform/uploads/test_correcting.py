"""Pasting cells, correcting rejected rows in the browser, and every change of a file."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import pytest

from apps.platform.uploads import services
from apps.platform.uploads.hooks import UPLOAD_KINDS
from apps.platform.uploads.models import Upload
from tests.platform.uploads.test_hostile import HEAD, ROWS, text

pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-0105")]


def broken(send):
    rows = [list(r) for r in ROWS]
    rows[2][4] = "1,5"
    rows[5][0] = "NOBODY"
    return send("metered-demand", text([HEAD, *rows], ";"))


def test_cells_pasted_from_a_spreadsheet_are_a_file_like_any_other(as_user):
    client = as_user("iso.operator")
    done = client.post("/upload/metered-demand/", {"pasted": text([HEAD, *ROWS], "\t", "\r\n")})
    upload = Upload.objects.latest("pk")
    assert done["Location"] == f"/uploads/{upload.pk}/"
    assert (upload.state, upload.file_name, upload.row_count) == ("READY", "pasted.tsv", 24)
    nothing = client.post("/upload/metered-demand/", {"pasted": "  "})
    assert nothing.status_code == 400
    assert "paste cells below" in nothing.content.decode()


def test_rejected_rows_are_mended_in_the_browser(send, as_user):
    upload = broken(send)
    client = as_user("iso.operator")
    page = client.get(f"/uploads/{upload.pk}/correct/").content.decode()
    assert 'name="cell-4-mwh" value="1,5"' in page
    assert "is not a clear number" in page
    done = client.post(
        f"/uploads/{upload.pk}/correct/",
        {"cell-4-mwh": "1.5", "cell-7-sc_id": "SYN_LSE_BAY", "cell-2-mwh": "999"},
    )
    corrected = Upload.objects.latest("pk")
    assert done["Location"] == f"/uploads/{corrected.pk}/"
    assert (corrected.state, corrected.row_count, corrected.corrects_id) == ("READY", 24, upload.pk)
    assert corrected.file_name == "file (corrected).csv"
    content = bytes(corrected.content.content).decode()
    assert "SYN_LSE_BAY,PGE-TAC,2024-10-01,3,1.5" in content
    assert content.count(",1.5") == 24  # a row that was right is not changed from here
    upload.refresh_from_db()
    assert upload.state == "REFUSED"
    assert "NOBODY" in bytes(upload.content.content).decode()


def test_a_row_is_left_out_and_what_is_still_wrong_is_said_again(send, as_user):
    upload = broken(send)
    client = as_user("iso.operator")
    client.post(f"/uploads/{upload.pk}/correct/", {"cell-4-mwh": "one", "drop": ["7"]})
    corrected = Upload.objects.latest("pk")
    assert (corrected.state, corrected.row_count) == ("REFUSED", 23)
    assert set(corrected.violations.values_list("code", flat=True)) >= {"UP-NUMBER"}


def test_nothing_changed_nothing_sent(send, as_user):
    upload = broken(send)
    client = as_user("iso.operator")
    page = client.post(f"/uploads/{upload.pk}/correct/", {"cell-4-mwh": "1,5", "drop": "x"})
    assert (page.status_code, "Nothing was changed" in page.content.decode()) == (400, True)
    assert Upload.objects.latest("pk") == upload
    assert (
        as_user("iso.legal").post(f"/uploads/{upload.pk}/correct/", {"drop": ["7"]}).status_code
        == 400
    )


def test_a_mended_upload_is_confirmed_by_another_person(send, as_user, person, now):
    upload = broken(send)
    as_user("iso.operator").post(f"/uploads/{upload.pk}/correct/", {"drop": ["4", "7"]})
    corrected = Upload.objects.latest("pk")
    with pytest.raises(services.ConfirmRefused):
        services.confirm(upload_id=corrected.pk, actor=person("iso.operator"), at=now)
    if corrected.state == "READY":
        services.confirm(
            upload_id=corrected.pk, actor=person("iso.approver"), at=now, reason="two hours missing"
        )


def test_every_change_of_a_file_is_shown_and_exported(load, send, as_user):
    load("metered-demand", text([HEAD, *ROWS]))
    rows = [list(r) for r in ROWS]
    for hour in range(20):
        rows[hour][4] = str(2 + hour)
    rows[23][1] = "SCE-TAC"
    upload = send("metered-demand", text([HEAD, *rows]))
    client = as_user("iso.approver")
    page = client.get(f"/uploads/{upload.pk}/changes/?change=changed")
    assert page.context["counts"] == {"all": 22, "changed": 20, "added": 1, "removed": 1}
    assert page.context["page"].paginator.count == 20
    assert "1.5000" in page.content.decode()
    content = client.get(f"/uploads/{upload.pk}/changes/?form=csv").content.decode()
    lines = list(csv.DictReader(io.StringIO(content)))
    assert len(lines) == 22
    assert lines[0]["COLUMN"] == "MWH"
    assert (lines[0]["WAS"], lines[0]["NOW"]) == ("1.5000", "2.0000")
    assert [r["CHANGE"] for r in lines].count("removed") == 1


def test_the_page_of_rejected_rows_names_each_column_as_the_file_does(send, as_user):
    upload = broken(send)
    page = as_user("iso.operator").get(f"/uploads/{upload.pk}/correct/").content.decode()
    layout = UPLOAD_KINDS["metered-demand"].layout
    heads = re.findall(r"<th(?: class=\"num\")?>(\w+)", page)
    assert heads == ["Row", *layout.headers, "Leave"]


@pytest.mark.parametrize("kind", UPLOAD_KINDS, ids=lambda k: k.code)
def test_the_page_of_a_kind_names_every_column_of_its_layout(kind, as_user):
    page = unescape(as_user("iso.admin").get(f"/upload/{kind.code}/").content.decode())
    assert [h for h in kind.layout.headers if h not in page] == []


def test_the_page_begins_at_the_first_faulty_cell_and_errors_lead_to_theirs(send, as_user):
    upload = broken(send)
    client = as_user("iso.operator")
    page = client.get(f"/uploads/{upload.pk}/correct/").content.decode()
    (begins,) = re.findall(r"<input[^>]*autofocus[^>]*>", page)
    assert 'id="cell-4-mwh"' in begins
    assert 'aria-invalid="true"' in begins
    said = client.get(f"/uploads/{upload.pk}/").content.decode()
    assert f'href="/uploads/{upload.pk}/correct/#cell-7-sc_id"' in said


def test_the_same_error_of_many_rows_is_said_once_with_its_count(send, as_user):
    rows = [list(r) for r in ROWS]
    for row in rows:
        row[4] = "x"
    upload = send("metered-demand", text([HEAD, *rows]))
    assert upload.error_count == 24
    page = as_user("iso.operator").get(f"/uploads/{upload.pk}/").content.decode()
    table = page.split("<h2>Violations</h2>")[1].split("</table>")[0]
    assert table.count("<tr>") == 2
    assert "24 times" in table
    assert "and 19 more" in table
    each = as_user("iso.operator").get(f"/uploads/{upload.pk}/?each=1").content.decode()
    assert each.split("<h2>Violations</h2>")[1].split("</table>")[0].count("<tr>") == 25


def test_a_count_of_one_is_written_in_the_singular(send, as_user):
    rows = [list(r) for r in ROWS]
    rows[3][4] = "x"
    upload = send("metered-demand", text([HEAD, *rows]))
    page = as_user("iso.operator").get(f"/uploads/{upload.pk}/").content.decode()
    assert "24 rows read, 1 error." in page


def test_a_cell_is_filled_with_what_its_text_may_mean_by_one_click(send, as_user):
    rows = [list(r) for r in ROWS]
    rows[2][4], rows[5][0], rows[6][4] = "12,450", "SYN_LSE_BAAY", "9"
    upload = send("metered-demand", text([HEAD, *rows], ";"))
    client, address = as_user("iso.operator"), f"/uploads/{upload.pk}/correct/"
    page = client.get(address).content.decode()
    offered = re.findall(r'name="use" value="([\w-]+)" data-meant="([\w.]+)"', page)
    assert offered == [
        ("4-mwh-0", "12.450"),
        ("4-mwh-1", "12450"),
        ("7-sc_id-0", "SYN_LSE_BAY"),
    ]
    kept = {"cell-4-mwh": "77", "drop": ["8"], "use": "7-sc_id-0"}
    again = client.post(address, kept)
    assert again.status_code == 200
    assert Upload.objects.latest("pk") == upload  # nothing is sent by it
    said = again.content.decode()
    assert 'name="cell-7-sc_id" value="SYN_LSE_BAY"' in said
    assert 'name="cell-4-mwh" value="77"' in said  # what was typed before stays
    client.post(address, {"cell-4-mwh": "12450", "cell-7-sc_id": "SYN_LSE_BAY"})
    corrected = Upload.objects.latest("pk")
    assert corrected.corrects == upload
    assert "SYN_LSE_BAY,PGE-TAC,2024-10-01,3,12450" in bytes(corrected.content.content).decode()
    for odd in ("7-sc_id-9", "x", "7-no-0", "999999999-mwh-0"):
        assert client.post(address, {"use": odd}).status_code == 400


def test_after_a_click_the_page_begins_at_the_next_wrong_cell(send, as_user):
    upload = broken(send)
    page = as_user("iso.operator").post(f"/uploads/{upload.pk}/correct/", {"use": "4-mwh-0"})
    (begins,) = re.findall(r"<input[^>]*autofocus[^>]*>", page.content.decode())
    assert 'id="cell-7-sc_id"' in begins


def test_a_text_wrong_in_many_rows_is_corrected_in_all_of_them_at_once(send, as_user, monkeypatch):
    monkeypatch.setattr("apps.platform.uploads.services.correcting.MOST_ROWS", 3)
    rows = [list(r) for r in ROWS]
    for row in rows[4:14]:
        row[0] = "syn_lse_bay"
    rows[1][0] = "NOBODY"
    upload = send("metered-demand", text([HEAD, *rows]))
    client, address = as_user("iso.operator"), f"/uploads/{upload.pk}/correct/"
    page = client.get(address).content.decode()
    assert 'value="sc_id-6"' in page
    assert "10 rows" in page
    client.post(address, {"replace": "sc_id-6", "cell-3-sc_id": "SYN_LSE_BAY", "cell-7-sc_id": "X"})
    content = bytes(Upload.objects.latest("pk").content.content).decode()
    assert content.count("SYN_LSE_BAY,") == 23
    assert content.count("X,PGE-TAC") == 1  # what is typed in a cell goes before


def test_enter_in_a_cell_does_not_press_a_button_beside_one(send, as_user):
    """A browser presses the first button of a form by Enter; it has to be the one that uploads."""
    upload = broken(send)
    page = as_user("iso.operator").get(f"/uploads/{upload.pk}/correct/").content.decode()
    form = page.split("data-correct>")[1]
    assert re.findall(r"<button[^>]*>", form)[0] == (
        '<button class="skip" tabindex="-1" aria-hidden="true">'
    )


def test_who_sent_a_file_is_not_offered_to_acknowledge_its_warnings(load, send, as_user):
    load("metered-demand", text([HEAD, *ROWS]))
    rows = [list(r) for r in ROWS]
    for row in rows:
        row[4] = "1500"
    upload = send("metered-demand", text([HEAD, *rows]))
    own = as_user("iso.operator").get(f"/uploads/{upload.pk}/").content.decode()
    other = as_user("iso.approver").get(f"/uploads/{upload.pk}/").content.decode()
    assert 'name="acknowledge-' in other
    assert 'name="acknowledge-' not in own
    assert "Warnings for who confirms" in own
    assert "Review and confirm" in other
    assert 'class="primary"' not in own.split("<main")[1].split("</main>")[0]


def test_what_blocks_stands_first_and_each_severity_says_how_many(send, as_user):
    rows = [list(r) for r in ROWS]
    rows[20][0] = "NOBODY"
    upload = send("metered-demand", text([HEAD, *rows[1:]]))
    page = as_user("iso.operator").get(f"/uploads/{upload.pk}/").content.decode()
    table = page.split("<h2>Violations</h2>")[1].split("</table>")[0]
    assert table.index("tag-error") < table.index("tag-warning")
    assert "errors (1)" in table
    assert "uploads.upload" not in page.split("<main")[1]  # no internal name of a step
