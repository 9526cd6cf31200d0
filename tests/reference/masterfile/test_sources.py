"""Where the Master File comes from: names, XML, addresses, by hand."""

import threading
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from apps.reference.masterfile import services
from apps.reference.masterfile.models import (
    MasterFileRecord,
    Retrieval,
)
from apps.reference.masterfile.services.retrieving import day_of
from tests.reference.masterfile.files import DAY, HEAD, text

pytestmark = pytest.mark.django_db


def test_xml_says_the_same_as_csv(retrieve):
    rows = [
        dict(zip(HEAD.strip().split(","), line.split(","), strict=True))
        for line in text().splitlines()[1:]
    ]
    body = "".join(
        "<Resource>" + "".join(f"<{k}>{v}</{k}>" for k, v in row.items()) + "</Resource>"
        for row in rows
    )
    done = retrieve(
        f'<?xml version="1.0"?><MasterFile xmlns="urn:x">{body}</MasterFile>',
        name="masterfile-2024-09-04.xml",
    )
    assert [e.outcome for e in done] == ["CONFIRMED"], done[0].sentence
    assert MasterFileRecord.objects.filter(resource__code="OAK C_7_UNIT 1").exists()


@pytest.mark.parametrize(
    "content",
    [
        '<!DOCTYPE x [<!ENTITY a "b">]><x><y><RESOURCE_ID>&a;</RESOURCE_ID></y></x>',
        "<x><y>",
        "<x/>",
        "<" * 1000,
        "<x>" + "<y/>" * 10 + "</x>",
        "<x><y>" + "<z/>" * 3000 + "</y></x>",
        "<x>" + "<y>" * 3000 + "</y>" * 3000 + "</x>",
        '<?xml version="1.0" encoding="nonsense"?><x/>',
    ],
)
def test_hostile_xml_is_refused_and_never_an_error_of_ours(retrieve, content):
    assert [e.outcome for e in retrieve(content, name="master.xml")] == ["REFUSED"]


def test_files_of_unknown_name_are_passed_over_once(retrieve, folder):
    assert [e.outcome for e in retrieve("x", name="readme.csv")] == ["PASSED_OVER"]
    assert retrieve() == []
    (folder / "notes.txt").write_text("x")
    assert retrieve() == []


def test_an_address_is_asked_too_and_its_troubles_are_said(now):
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            found = "2024-09-04" in self.path
            self.send_response(200 if found else 404 if "2024-09-05" in self.path else 503)
            self.end_headers()
            if found:
                self.wfile.write(text().encode())

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        address = f"http://127.0.0.1:{server.server_port}/masterfile-{{day}}.csv"
        source = services.source_of(address)
        done = services.retrieve(source=source, day=DAY, at=now)
        assert [e.outcome for e in done] == ["CONFIRMED"], done[0].sentence
        assert services.retrieve(source=source, day=date(2024, 9, 5), at=now) == []
        with pytest.raises(services.SourceTrouble, match="503"):
            services.retrieve(source=source, day=date(2024, 9, 6), at=now)
    finally:
        server.shutdown()
        server.server_close()
    with pytest.raises(services.SourceTrouble, match="does not answer"):
        services.retrieve(source=source, day=DAY, at=now)


def test_the_day_is_in_the_name_where_it_is():
    assert day_of("mf_20240905.csv", DAY) == date(2024, 9, 5)
    assert day_of("mf-2024-13-45.csv", DAY) == DAY
    assert day_of("mf.csv", DAY) == DAY


def test_it_is_retrieved_by_hand_in_browser_api_and_on_the_command_line(
    as_user, folder, settings, capsys, django_capture_on_commit_callbacks
):
    from django.core.management import call_command

    settings.MASTERFILE_SOURCE = str(folder)
    (folder / "masterfile-2024-09-04.csv").write_text(text())
    client = as_user("iso.operator")
    assert client.get("/master-file-retrieve/").status_code == 200
    answer = client.post("/master-file-retrieve/", {"day": "2024-09-04"})
    assert answer.status_code == 302
    queued = client.post("/api/v1/master-file-retrieve/", {}, content_type="application/json")
    assert queued.status_code == 202
    call_command("masterfile", "retrieve", "--day", "2024-09-04")
    call_command("masterfile", "check", "--day", "2024-09-04")
    said = capsys.readouterr().out
    assert "Master File of 2024-09-04, 10 contracts on 2024-09-04\n" in said
    assert "1 new files" in said or Retrieval.objects.count() == 1
    assert client.get("/master-file/").content.decode().count("GRNLF2_1_UNIT") >= 1
