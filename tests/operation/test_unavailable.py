"""A full disk, a slow one, a database out of connections: a clear page, one line, nothing lost."""

from __future__ import annotations

import gc
import os
import random
import subprocess
import tempfile
import threading
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InterfaceError, OperationalError, connection, connections
from django.test import Client

from apps.platform.ui.unavailable import (
    AWAY,
    DISK_FULL,
    NO_CONNECTION,
    TOO_SLOW,
    unavailable_because,
)
from apps.platform.uploads.services import ReadingBusy
from tests.reliability.retirements.papers import PAPER
from tests.site.operations.conftest import written  # noqa: F401  (a fixture)

JSON_OF = "application/problem+json"


def database_said(text, state=None):
    """Return a fault as Django raises it: the driver's own, with its state, is its cause."""
    trouble = OperationalError(text)
    trouble.__cause__ = psycopg.OperationalError(text)
    trouble.__cause__.sqlstate = state
    return trouble


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (database_said("could not extend file", "53100"), DISK_FULL),
        (database_said("could not write: No space left on device"), DISK_FULL),
        (OperationalError("ERROR: canceling statement due to statement timeout"), TOO_SLOW),
        (OSError(28, "No space left on device"), DISK_FULL),
        (OSError(122, "Disk quota exceeded"), DISK_FULL),
        (database_said("FATAL:  sorry, too many clients already"), NO_CONNECTION),
        (database_said("FATAL:  remaining connection slots are reserved"), NO_CONNECTION),
        (database_said('FATAL:  too many connections for database "x"'), NO_CONNECTION),
        (database_said("x", "53300"), NO_CONNECTION),
        (database_said("canceling statement due to statement timeout", "57014"), TOO_SLOW),
        (database_said("canceling statement due to lock timeout", "55P03"), TOO_SLOW),
        (database_said("connection timeout expired"), TOO_SLOW),
        (database_said("server closed the connection unexpectedly"), AWAY),
        (InterfaceError("connection already closed"), AWAY),
        (OSError(2, "No such file"), None),
        (ValueError("ours"), None),
        (None, None),
    ],
)
def test_each_fault_is_told_for_what_it_is(trouble, kind):
    assert unavailable_because(trouble) == kind


def test_a_fault_of_ours_that_follows_one_of_the_database_is_ours():
    try:
        try:
            raise OperationalError("away")
        except OperationalError:
            raise KeyError("ours")  # noqa: B904
    except KeyError as trouble:
        assert unavailable_because(trouble) is None
    wrapped = RuntimeError("could not")
    wrapped.__cause__ = OSError(28, "No space left on device")
    assert unavailable_because(wrapped) == DISK_FULL


def test_what_is_busy_says_so_itself():
    found = unavailable_because(ReadingBusy())
    assert (found.code, found.heading) == ("UP-BUSY", "Busy")
    assert found.sentence.startswith("Other files are being read.")


@contextmanager
def small_disk(folder, size="3m"):
    """A disk of a few megabytes; skipped where the machine allows no mount."""
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "tmpfs", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"this machine mounts no tmpfs: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)


@contextmanager
def superuser():
    s = connection.settings_dict
    with psycopg.connect(
        host=s["HOST"], user="postgres", dbname=s["NAME"], autocommit=True
    ) as server:
        yield server


@pytest.fixture
def request_case(committed, user):
    from apps.settlement.cost_recovery import services

    return services.file_request(
        given=services.RecoveryInput("REPAIR", "SUNSET_2_UNITS", "2024-09-04 4.50 seal", "broke"),
        actor=user("sc.sunset"),
        at=datetime.now(UTC),
    )


# more than the pages of a table that was used before may have free, and nothing to compress
LARGE = PAPER + random.Random(1).randbytes(400_000)


def send(client, case, **more):
    address = f"/documents/cost-recovery-requests/{case.pk}/"
    return client.post(address, {"document": SimpleUploadedFile("a.pdf", LARGE)}, **more)


def told_once(written, code):  # noqa: F811
    """One line for the fault, none with a trace, one for the request."""
    loud = [x for x in written.lines if x["level"] == "ERROR"]
    assert [x["message"].partition(":")[0] for x in loud] == [code]
    assert not any("trace" in x for x in written.lines)
    of_request = [x for x in written.of(loud[0]["request_id"]) if x["logger"] == "rmrcpm.requests"]
    assert [x["status"] for x in of_request] == [503]


@pytest.mark.brq("BRQ-1265")
@pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts a small disk")
def test_a_disk_of_the_database_that_is_really_full(
    request_case,
    browser,
    written,  # noqa: F811
    tmp_path_factory,
):
    """The bytes of documents lie on a small disk of their own, which something else has filled."""
    from apps.platform.audit.models import AuditEvent
    from apps.platform.documents.models import Document, DocumentContent

    client = browser("sc.sunset")
    with small_disk(tmp_path_factory.mktemp("full") / "disk") as disk:
        try:
            with superuser() as server:
                server.execute(f"create tablespace small location '{disk}'")
                server.execute("alter table documents_documentcontent set tablespace small")
                toast = server.execute(
                    "select reltoastrelid::regclass from pg_class "
                    "where oid = 'documents_documentcontent'::regclass"
                ).fetchone()[0]
                assert toast
            filler = disk / "filler"
            with filler.open("wb") as file, pytest.raises(OSError, match="No space"):
                while True:
                    file.write(b"x" * 65536)
                    file.flush()
            before = AuditEvent.objects.count()
            answer = send(client, request_case)
            page = answer.content.decode()
            assert (answer.status_code, answer["Retry-After"]) == (503, "5")
            assert "The disk is full" in page
            assert "Nothing was half stored" in page
            assert answer["X-Request-ID"] in page
            told_once(written, "DISK-FULL")
            assert (Document.objects.count(), AuditEvent.objects.count()) == (0, before)
            assert client.get("/cost-recovery-requests/").status_code == 200  # reads go on
            filler.unlink()
            assert send(client, request_case).status_code == 302
            kept = DocumentContent.objects.get()
            assert bytes(kept.content) == LARGE
        finally:
            connections.close_all()
            with superuser() as server:
                server.execute("alter table documents_documentcontent set tablespace pg_default")
                server.execute("drop tablespace if exists small")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts a small disk")
def test_a_disk_of_the_web_server_that_is_really_full(
    committed,
    browser,
    written,  # noqa: F811
    settings,
    caplog,
    tmp_path_factory,
):
    """A large file is kept on disk while it comes in; there is no room for it."""
    from apps.platform.uploads.models import Upload

    client, before = browser("iso.operator"), Upload.objects.count()
    rows = b"SC_ID,TRADE_DATE\n" + b"x,2024-09-04\n" * 400_000
    with small_disk(tmp_path_factory.mktemp("web") / "disk", size="1m") as disk:
        settings.FILE_UPLOAD_TEMP_DIR = str(disk)
        for address, header in (("/upload/any/", {}), ("/api/v1/uploads/send/", {})):
            answer = client.post(
                address, {"file": SimpleUploadedFile("demand.csv", rows)}, headers=header
            )
            assert answer.status_code == 503, answer.content[:300]
            if answer["Content-Type"].startswith(JSON_OF):
                assert answer.json()["code"] == "DISK-FULL"
        del answer
        client.exc_info = None
        caplog.clear()
        gc.collect()
        # what had come in goes before its disk does: the records of the log still hold it, and a
        # file that is closed without its disk tells so in the middle of whatever runs then
        for left in gc.get_objects():
            if type(left) is tempfile._TemporaryFileCloser:
                with suppress(OSError):  # what is still to be written finds no room
                    left.close()
    assert Upload.objects.count() == before
    assert {x["message"].partition(":")[0] for x in written.lines if x["level"] == "ERROR"} == {
        "DISK-FULL"
    }


@pytest.fixture
def a_second():
    """Return a context in which a statement of a web request may take one second."""
    from rmrcpm.wsgi import bounded  # sets up the log anew, so before anything is written

    @contextmanager
    def go():
        options = connections.settings["default"]["OPTIONS"]
        held = options.pop("options", None)
        connection.close()
        bounded(1)
        try:
            yield
        finally:
            connection.close()
            options.pop("options", None)
            if held:
                options["options"] = held

    return go


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, "-c statement_timeout=7000"),
        ("-c lock_timeout=5000", "-c lock_timeout=5000 -c statement_timeout=7000"),
        ("-c statement_timeout=1", "-c statement_timeout=1"),
    ],
)
def test_options_of_the_site_are_kept_beside_the_bound_of_statements(monkeypatch, given, expected):
    from rmrcpm.wsgi import bounded

    own = {} if given is None else {"options": given}
    monkeypatch.setitem(connections.settings["default"], "OPTIONS", own)
    bounded(7)
    assert own == {"options": expected}
    bounded(7)
    assert own == {"options": expected}


@pytest.mark.brq("BRQ-1265")
def test_a_disk_that_is_too_slow(request_case, browser, a_second, written):  # noqa: F811
    """No disk can be slowed down here, so the row itself takes longer than a statement may."""
    from apps.platform.documents.models import Document

    with connection.cursor() as cursor:
        cursor.execute(
            "create function slow_disk() returns trigger language plpgsql as $$ begin "
            "perform pg_sleep(20); return new; end $$; create trigger slow_disk before insert on "
            "documents_documentcontent for each row execute function slow_disk()"
        )
    with a_second():
        answer = send(browser("sc.sunset"), request_case)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "takes too long" in answer.content.decode()
    told_once(written, "DATABASE-SLOW")
    assert not Document.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("drop trigger slow_disk on documents_documentcontent")
    assert send(browser("sc.sunset"), request_case).status_code == 302
    assert Document.objects.count() == 1


def elsewhere(act):
    """Do something in a thread, which has to ask for a connection of its own."""
    found = []

    def go():
        try:
            found.append(act())
        finally:
            connections["default"].close()

    thread = threading.Thread(target=go)
    thread.start()
    thread.join(30)
    return found[0]


@pytest.mark.brq("BRQ-1265")
def test_a_database_without_a_free_connection(request_case, browser, written, committed):  # noqa: F811
    from apps.platform.documents.models import Document

    client, program = browser("sc.sunset"), browser("sc.sunset")
    with connection.cursor() as cursor:
        cursor.execute(f'alter database "{committed}" connection limit 1')
    answer = elsewhere(lambda: send(client, request_case))
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "no connection free" in answer.content.decode()
    told_once(written, "DATABASE-BUSY")
    told = elsewhere(lambda: program.get("/api/v1/cost-recovery-requests/"))
    assert (told.status_code, told.json()["code"]) == (503, "DATABASE-BUSY")
    assert elsewhere(lambda: Client().get("/health/live")).status_code == 200
    ready = elsewhere(lambda: Client().get("/health/ready"))
    assert ready.status_code == 503
    metrics = elsewhere(lambda: Client().get("/metrics")).content.decode()
    assert "rmrcpm_database_up 0" in metrics
    with connection.cursor() as cursor:
        cursor.execute(f'alter database "{committed}" connection limit -1')
    assert not Document.objects.exists()
    assert elsewhere(lambda: send(client, request_case)).status_code == 302
    assert Document.objects.count() == 1
