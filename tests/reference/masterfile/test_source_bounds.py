"""A source of the Master File is bounded in size and time, and leads to no other host."""

from __future__ import annotations

import contextlib
import gzip
import threading
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from apps.reference.masterfile.services import SourceTrouble, source_of, sources

DAY = date(2024, 9, 4)
pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-0100")]


class Answer(BaseHTTPRequestHandler):
    """A source that redirects, sends without end, or packs what it sends."""

    asked: list[str] = []

    def do_GET(self):
        self.asked.append(self.path)
        where = {"/other": "http://localhost:9/x.csv", "/same": "/found", "/loop": "/loop"}
        if target := where.get(self.path):
            self.send_response(302)
            self.send_header("Location", target)
            self.end_headers()
            return
        body = b"A,B\n" if self.path == "/found" else b"x" * 300_000
        self.send_response(200)
        if self.path == "/packed":
            body = gzip.compress(body)
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        with contextlib.suppress(OSError):  # the asker has heard enough
            self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def address():
    server = HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_redirect_on_the_same_host_is_followed(address):
    (found,) = source_of(f"{address}/same").fetch(DAY)
    assert (found.name, found.content) == ("same", b"A,B\n")


def test_a_redirect_to_another_host_is_refused_and_not_asked(address):
    with pytest.raises(SourceTrouble, match="redirects to another host, localhost"):
        source_of(f"{address}/other").fetch(DAY)


def test_redirects_without_end_are_refused(address):
    Answer.asked.clear()
    with pytest.raises(SourceTrouble, match="redirects more than 3 times"):
        source_of(f"{address}/loop").fetch(DAY)
    assert Answer.asked == ["/loop"] * 4


@pytest.mark.parametrize("path", ["/large", "/packed"])
def test_more_bytes_than_a_master_file_has_are_refused(path, address, monkeypatch):
    monkeypatch.setattr(sources, "MOST_BYTES", 200_000)
    with pytest.raises(SourceTrouble, match="sends more than"):
        source_of(f"{address}{path}").fetch(DAY)


def test_a_source_that_takes_too_long_is_left(address, monkeypatch):
    monkeypatch.setattr(sources, "MOST_SECONDS", -1)
    with pytest.raises(SourceTrouble, match="takes more than"):
        source_of(f"{address}/large").fetch(DAY)


@pytest.mark.parametrize(
    ("before", "target", "fine"),
    [
        ("http://a.example/x", "https://a.example/y", True),
        ("https://a.example/x", "http://a.example/y", False),
        ("https://a.example/x", "https://a.example:444/y", False),
        ("https://a.example/x", "//b.example/y", False),
        ("https://a.example/x", "file:///etc/passwd", False),
        ("https://a.example/x", "https://a.example@b.example/y", False),
    ],
)
def test_where_a_redirect_may_lead(before, target, fine):
    source = source_of(before)
    if fine:
        assert source._led_to(before, target).startswith("https://a.example/")
    else:
        with pytest.raises(SourceTrouble):
            source._led_to(before, target)


def test_a_folder_of_too_many_bytes_is_refused(tmp_path, monkeypatch):
    (tmp_path / "a.csv").write_bytes(b"x" * 600)
    (tmp_path / "b.csv").write_bytes(b"x" * 600)
    assert len(source_of(str(tmp_path)).fetch(DAY)) == 2
    monkeypatch.setattr(sources, "MOST_BYTES", 1_000)
    with pytest.raises(SourceTrouble, match="hold more than"):
        source_of(str(tmp_path)).fetch(DAY)
