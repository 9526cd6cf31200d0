"""Every page of the walk, through the browser's way and the API's."""

from __future__ import annotations

import io
import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from apps.platform.core.tradetime import PACIFIC
from apps.platform.core.words import counted, plural
from apps.platform.runs.models import Run
from apps.platform.uploads.models import Upload
from apps.settlement.statements.models import Statement
from apps.site.home.services import DEMO
from tests.conftest import DAY

pytestmark = pytest.mark.django_db


def test_public_pages_need_no_sign_in_and_others_ask_for_it(client):
    for path in (
        "/",
        "/calculators/",
        "/calculators/cost-shares/",
        "/parameters/",
        "/parameters/rmr.new_tariff_cutoff/",
        "/parameter-values/",
        "/requirements/",
        "/requirements/?state=built&q=load",
        "/registries/",
        "/registries/?registry=uploads.kinds",
        "/registries/?q=metered&page=9",
        "/accounts/login/",
        "/health/live",
        "/api/v1/calculators/",
        "/api/v1/requirements/",
    ):
        assert client.get(path).status_code == 200, path
    for path in ("/upload/", "/uploads/1/", "/trade-dates/", "/statements/1/", "/runs/1/"):
        assert client.get(path).status_code == 302, path
    assert client.get("/nowhere/").status_code == 404
    assert client.get("/api/v1/nowhere/").json()["violations"][0]["code"] == "API-not_found"


def test_pages_of_the_walk_open(as_user, settle):
    run = settle()
    client = as_user("iso.admin")
    statement = Statement.objects.filter(run=run, line_count__gt=0)[0]
    for path in (
        "/",
        "/trade-dates/",
        f"/trade-dates/{DAY}/",
        f"/trade-dates/{DAY}/?run={run.pk}",
        "/trade-dates/2030-01-01/",
        f"/runs/{run.pk}/",
        f"/runs/{run.pk}/allocation/1/",
        f"/statements/{statement.pk}/",
        f"/statements/{statement.pk}/lines/1/",
        "/upload/",
        "/upload/rmr-nqc-efc/",
        "/upload/nqc-list/",
        "/upload/metered-demand/template.csv",
        "/upload/metered-demand/template.xlsx",
        "/parameters/propose/",
    ):
        assert client.get(path).status_code == 200, path
    for path in (
        "/trade-dates/nonsense/",
        "/upload/nonsense/",
        "/statements/999999/",
        f"/statements/{statement.pk}/difference/",
        f"/trade-dates/{DAY}/?run=99999999",
        "/parameters/nonsense/",
    ):
        assert client.get(path).status_code == 404, path


def test_home_shows_what_a_day_charges_besides_capacity(as_user, settle, monkeypatch):
    run = settle()
    client = as_user("iso.admin")

    def row(**totals):
        kept = {
            "RMR-CAP ($)": "-130552.59",
            "RMR-ALLOC ($)": "129721.22",
            "Sum of the day ($)": "0.00",
            **totals,
        }
        monkeypatch.setattr(Run, "totals", property(lambda r: kept, lambda r, v: None))
        page = client.get("/").content.decode()
        cells = re.search(rf'<tr><td class="day"[^>]*>.*?{run.trade_date}.*?</tr>', page)[0]
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", cells)).strip(), cells

    text, cells = row(
        **{"RMR-EXCESS ($)": "831.37", "ED-TR ($)": "-342.64", "ED-TR-ALLOC ($)": "342.64"}
    )
    assert "-130,552.59 129,721.22 RMR-EXCESS 831.37 2 that cancel out 0.00 NEUTRAL" in text
    assert f"/charge-lines/?charge_code=RMR-EXCESS&amp;trade_date_from={DAY}" in cells
    text, _ = row(**{"RMR-ALLOC ($)": "130552.59"})
    assert "-130,552.59 130,552.59 none 0.00 NEUTRAL" in text
    text, _ = row(**{"Sum of the day ($)": "-5.00"})
    assert "-5.00" in text
    assert "NEUTRAL" not in text


def test_a_run_says_in_words_what_it_read(as_user, settle):
    run = settle()
    run.inputs.model.objects.create(run=run, name="cost adders", term_ids=[], content_hash="x")
    page = as_user("iso.admin").get(f"/runs/{run.pk}/").content.decode()
    known = run.known_at.astimezone(PACIFIC).strftime("%Y-%m-%d %H:%M")
    assert f"<td>cost adders</td><td>as known {known}</td>" in page
    assert "<td>RMR contracts</td><td>10</td>" in page
    assert "<td>Metered demand</td>" in page
    assert "<td>neutral in sum</td>" in page
    assert "market.metered_demand" not in page


@pytest.mark.brq("BRQ-0105")
def test_an_upload_in_the_browser_from_sending_to_confirming(client, person):
    client.force_login(person("iso.operator"))
    text = (DEMO / "rmr_nqc_efc_2024.csv").read_text().replace("49.20", "49.10", 1)
    sent = client.post(
        "/upload/rmr-nqc-efc/", {"file": SimpleUploadedFile("nqc.csv", text.encode())}
    )
    upload = Upload.objects.latest("pk")
    assert sent.url == f"/uploads/{upload.pk}/"
    page = client.get(sent.url).content.decode()
    assert "1 changed" in page
    assert "second person" in page
    client.post(f"/uploads/{upload.pk}/confirm/")
    upload.refresh_from_db()
    assert upload.state == "READY"
    client.force_login(person("iso.approver"))
    done = client.post(
        f"/uploads/{upload.pk}/confirm/", {"reason": "as published"}, follow=True
    ).content.decode()
    upload.refresh_from_db()
    assert upload.state == "CONFIRMED"
    (version,) = upload.versions.all()
    assert version.title == f"NQC and EFC of RMR resources, 2024, version {version.version}"
    assert f"Confirmed: {version.title}." in done
    assert "resources.rmr_nqc_efc" not in done
    listed = client.get("/uploads/").content.decode()
    assert 'data-name="Kind">NQC/EFC of RMR resources</td>' in listed
    assert ">rmr-nqc-efc<" not in listed
    versions = client.get("/dataset-versions/").content.decode()
    assert 'data-name="Dataset">NQC and EFC of RMR resources</td>' in versions
    assert "49.10" in client.get("/nqc/?resource__code=GRNLF2&ra_month=1").content.decode()


def test_a_refused_upload_shows_rows_and_gives_them_back(client, person):
    client.force_login(person("iso.operator"))
    content = (DEMO / "try" / "metered_demand_with_errors.csv").read_bytes()
    client.post("/upload/metered-demand/", {"file": SimpleUploadedFile("bad.csv", content)})
    upload = Upload.objects.latest("pk")
    page = client.get(f"/uploads/{upload.pk}/").content.decode()
    assert upload.state == "REFUSED"
    assert "Nothing was loaded" in page
    assert "HOUR_ENDING must not be above 25" in page
    back = client.get(f"/uploads/{upload.pk}/rejected.csv").content.decode()
    assert back.splitlines()[0].endswith(",VIOLATION")
    assert client.get(f"/uploads/{upload.pk}/file").content == content


def test_the_same_walk_through_the_api(client, person, settle):
    settle()
    client.force_login(person("iso.operator"))
    content = (DEMO / "try" / "metered_demand_2024-09-04_corrected.csv").read_bytes()
    sent = client.post(
        "/api/v1/uploads/send/",
        {"kind": "metered-demand", "file": SimpleUploadedFile("c.csv", content)},
    )
    assert sent.status_code == 201
    upload = sent.json()
    assert (upload["state"], upload["row_count"]) == ("READY", 336)
    refused = client.post(f"/api/v1/uploads/{upload['id']}/confirm/")
    assert refused.status_code == 409
    client.force_login(person("iso.approver"))
    done = client.post(f"/api/v1/uploads/{upload['id']}/confirm/").json()
    assert done["versions"] == ["market.metered_demand 2024-09-04 v2"]
    client.force_login(person("iso.analyst"))
    asked = client.post("/api/v1/runs/request/", {"trade_date": str(DAY), "reason": "meters"})
    assert asked.status_code == 201
    run = asked.json()["id"]
    from datetime import UTC, datetime

    from apps.platform.runs.services import execute

    execute(run_id=run, at=datetime.now(UTC))
    typed = {"confirm": f"{DAY} v2"}
    assert client.post(f"/api/v1/runs/{run}/publish/", typed).status_code == 409
    client.force_login(person("iso.approver"))
    for wrong in ({}, {"confirm": f"{DAY} v1"}):
        assert client.post(f"/api/v1/runs/{run}/publish/", wrong).status_code in (400, 409)
    assert client.post(f"/api/v1/runs/{run}/publish/", typed).json()["version"] == 2
    client.force_login(person("sc.bay"))
    mine = client.get("/api/v1/statements/?version=2").json()["results"]
    assert [m["sc__code"] for m in mine] == ["SYN_LSE_BAY"]
    difference = client.get(f"/api/v1/statements/{mine[0]['id']}/difference/").json()
    assert difference["causes"][0]["now"] == "market.metered_demand 2024-09-04 v2"
    assert difference["lines"]
    explained = client.get(
        f"/api/v1/statements/{mine[0]['id']}/lines/{difference['lines'][0]['line_no']}/explain/"
    ).json()
    assert explained["reproduced"] is True
    page = client.get(reverse("statement-difference", args=[mine[0]["id"]])).content.decode()
    assert "v1" in page
    assert "v2" in page


def test_api_refusals_are_violations(client, person):
    client.force_login(person("iso.operator"))
    file = SimpleUploadedFile("c.csv", b"x")
    cases = [
        (client.post("/api/v1/uploads/send/", {"kind": "none", "file": file}), 400),
        (client.post("/api/v1/uploads/send/", {"kind": "metered-demand"}), 400),
        (client.post("/api/v1/runs/request/", {"trade_date": "x"}), 403),
        (client.get("/api/v1/uploads/999999/"), 404),
    ]
    for response, status in cases:
        assert response.status_code == status
        assert response.json()["violations"][0]["message"]
    client.force_login(person("sc.bay"))
    denied = client.post("/api/v1/uploads/send/", {"kind": "metered-demand", "file": file})
    assert denied.status_code == 403


def test_a_parameter_changes_with_two_people_in_the_browser(client, person):
    client.force_login(person("iso.analyst"))
    form = {
        "name": "rmr.pmax_tolerance_mw",
        "text": "abc",
        "first_date": "2024-01-01",
        "reference": "r",
        "reason": "r",
    }
    assert client.post("/parameters/propose/", form).status_code == 400
    sent = client.post("/parameters/propose/", form | {"text": "0.02"})
    assert sent.status_code == 302
    client.post(f"{sent.url}approve/")
    client.force_login(person("iso.approver"))
    assert "Approve" in client.get(sent.url).content.decode()
    client.post(f"{sent.url}approve/", {"note": "fine"})
    assert "0.02" in client.get("/parameters/rmr.pmax_tolerance_mw/").content.decode()


def test_a_day_settles_from_the_page(client, person):
    client.force_login(person("iso.analyst"))
    sent = client.post("/runs/request/", {"trade_date": "2024-09-05"})
    run = Run.objects.latest("pk")
    assert sent.url == f"/runs/{run.pk}/"
    for bad in ("", "x", "2030-01-01"):
        assert client.post("/runs/request/", {"trade_date": bad}).url == "/trade-dates/"


def test_the_schema_is_whole(client, person):
    client.force_login(person("iso.admin"))
    schema = json.loads(client.get("/api/v1/schema.json").content)
    paths = schema["paths"]
    assert "/api/v1/uploads/send/" in paths
    assert "/api/v1/metered-demand/" in paths
    assert "/api/v1/calculators/{name}/" in paths


def test_pages_send_strict_headers(client):
    headers = client.get("/").headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"


def run_command(*words):
    out = io.StringIO()
    try:
        call_command(*words, stdout=out)
        status = 0
    except CommandError as refusal:
        status = refusal.returncode
    except SystemExit as end:
        status = end.code
    return status, out.getvalue()


@pytest.mark.brq("BRQ-0105", "BRQ-1230")
def test_the_walk_on_the_command_line(db, tmp_path):
    back = tmp_path / "back.csv"
    bad = str(DEMO / "try" / "metered_demand_with_errors.csv")
    status, text = run_command(
        "upload", "metered-demand", bad, "--as", "iso.operator", "--rejected", str(back)
    )
    assert (status, json.loads(text)["state"]) == (2, "REFUSED")
    assert back.read_text().splitlines()[0].endswith("VIOLATION")
    assert run_command("upload", "metered-demand", "--template")[1].startswith("SC_ID,TAC_AREA")
    assert run_command("upload", "nothing", "--template")[0] == 2
    settle = ["settle", str(DAY), "--as", "iso.analyst", "--publish-as", "iso.approver"]
    assert json.loads(run_command(*settle)[1])["state"] == "PUBLISHED"
    good = str(DEMO / "try" / "metered_demand_2024-09-04_corrected.csv")
    words = ["upload", "metered-demand", good, "--as", "iso.operator", "--reason", "x"]
    assert json.loads(run_command(*words, "--confirm-as", "iso.operator")[1])["refusal"]
    words[2] = good
    status, text = run_command(*words, "--confirm-as", "iso.approver")
    assert json.loads(text)["versions"] == ["market.metered_demand 2024-09-04 v2"]
    assert json.loads(run_command(*settle)[1])["version"] == 2
    mine = ["statement", "SYN_LSE_BAY", str(DAY), "--as", "sc.bay"]
    shown = json.loads(run_command(*mine)[1])
    assert (shown["version"], len(shown["lines"])) == (2, 2)
    assert json.loads(run_command(*mine, "--version-no", "1")[1])["version"] == 1
    assert json.loads(run_command(*mine, "--difference")[1])["causes"]
    assert json.loads(run_command(*mine, "--line", "1")[1])["reproduced"] is True
    assert run_command(*mine, "--line", "99")[0] == 2
    assert run_command("statement", "SYN_LSE_NORTH", str(DAY), "--as", "sc.bay")[0] == 2
    assert run_command("statement", "SYN_LSE_BAY", str(DAY), "--as", "nobody")[0] == 2
    assert "rmr.new_tariff_cutoff = 2018-09-01" in run_command("parameter", "list")[1]
    propose = [
        "parameter",
        "propose",
        "rmr.pmax_tolerance_mw",
        "0.5",
        "--from",
        "2024-01-01",
        "--reference",
        "r",
        "--reason",
        "r",
        "--as",
        "iso.analyst",
    ]
    number = run_command(*propose)[1].split()[1]
    assert run_command("parameter", "approve", number, "--as", "iso.analyst")[0] == 2
    assert "APPROVED" in run_command("parameter", "approve", number, "--as", "iso.approver")[1]


def test_a_parameter_changes_with_two_people_through_the_api(client, person):
    client.force_login(person("iso.analyst"))
    body = {
        "name": "rmr.pmax_tolerance_mw",
        "text": "0.03",
        "first_date": "2024-01-01",
        "reference": "r",
        "reason": "r",
    }
    path = "/api/v1/parameter-proposals/"
    for wrong in ({"text": "x"}, {"name": "none"}, {"first_date": "9999-12-31"}):
        refused = client.post(f"{path}new/", body | wrong)
        assert (refused.status_code, bool(refused.json()["violations"])) == (400, True)
    number = client.post(f"{path}new/", body).json()["id"]
    assert client.post(f"{path}{number}/approve/").status_code == 409
    client.force_login(person("iso.approver"))
    assert client.post(f"{path}{number}/approve/").json()["state"] == "APPROVED"
    held = client.get("/api/v1/parameter-values/?name=pmax_tolerance").json()["results"]
    assert [v["text"] for v in held if v["known"]["until"] is None] == ["0.01", "0.03"]


def open_groups(html):
    return re.findall(r'<details class="menu-group" open><summary>([^<]+)', html)


def test_a_long_menu_shows_where_one_is_and_a_short_one_all(as_user):
    long = as_user("iso.admin").get("/default-energy-bids/").content.decode()
    assert open_groups(long) == ["Today", "Costs"]
    assert open_groups(as_user("iso.admin").get("/").content.decode()) == ["Today"]
    detail = as_user("iso.admin").get("/trade-dates/2024-09-04/").content.decode()
    assert open_groups(detail) == ["Today", "Settlement"]


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("credit entry", "credit entries"),
        ("dispatch", "dispatches"),
        ("day", "days"),
        ("default loss", "default losses"),
        ("price change", "price changes"),
    ],
)
def test_what_waits_is_told_in_the_right_number(one, many):
    assert plural(one) == many
    assert (counted(1, one), counted(0, one)) == (f"1 {one}", f"0 {many}")


def test_a_form_that_was_opened_before_a_sign_in_is_told_so_in_our_words():
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "iso.admin"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "This page was too old to send" in page
    assert "Nothing was done." in page
    assert "DEBUG" not in page
