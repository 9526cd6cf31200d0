"""Files are read in a process of their own, bounded in memory and time.

The whole is played once, in a process as the web server's: with one thread, which makes a reader.
"""

import json
import os
import signal
import socket
import subprocess
import sys

import pytest
from django.test import RequestFactory

from apps.platform.uploads.middleware import BodyLimit
from apps.platform.uploads.services import ReadingBusy, queueing, read_or_queue, reader

pytestmark = pytest.mark.brq("BRQ-0105")
PLAY = """
import json, os, signal, socket, threading, time
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rmrcpm.settings")
import django
django.setup()
from apps.platform.uploads.hooks import UPLOAD_KINDS
from apps.platform.uploads.services import apart, reader
from apps.platform.uploads.services.text_table import Unreadable

def hog(content, steps):
    kept = []
    while True:
        kept.append(b"x" * 10_000_000)

def spin(content, steps):
    while True:
        pass

def linger(content, steps):
    time.sleep(0.8)
    return iter(["done"])

def killed(content, steps):
    os.kill(os.getpid(), 9)

def stopped(content, steps):
    os.kill(os.getpid(), 15)

def sleeps(content, steps):
    time.sleep(60)

def aborts(content, steps):
    os.abort()

def takes(content, steps):
    return iter([len(bytearray(600_000_000))])

def breaks(content, steps):
    raise KeyError("a fault of ours")

def slow(content, steps):
    for n in range(100):
        steps.step(n, 100, "")
        time.sleep(0.05)
    return iter(["done"])

reader.READERS |= {"hog": hog, "spin": spin, "linger": linger, "breaks": breaks,
                   "killed": killed, "stopped": stopped, "sleeps": sleeps, "aborts": aborts,
                   "takes": takes,
                   "slow": slow}
reader.SECONDS_AT_LEAST, reader.WALL_PER_CPU = 1, 4
apart.GRACE_SECONDS = 1.0
layout = next(k for k in UPLOAD_KINDS if k.code == "metered-demand").layout
head = ",".join(layout.headers) + "\\n"
files = {
    "honest": (head + "SC,PGE,2024-09-04,1,12.5\\n" * 3).encode(),
    "faulty": (head + "a\\n" * 50).encode(),
    "no table": b"%PDF-1.7 nothing",
}

def plain(found):
    sheet, columns = found
    return [sheet.frame.rows(), sheet.headings, [f.as_dict() for f in sheet.violations],
            [str(r) for r in columns.frame.rows()], [f.as_dict() for f in columns.violations],
            columns.wrong.to_list()]

def told(call):
    began = time.monotonic()
    try:
        said = call()
    except Exception as trouble:
        said = f"{type(trouble).__name__}: {trouble}"
    return [said, time.monotonic() - began]

seen = {}
no_control, other = socket.socketpair()
no_control.close()
child = os.fork()
if child == 0:
    try:
        reader.serve(no_control)
    finally:
        os._exit(7)  # it came back into the code of who forked it
seen["serve broken"] = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
apart.read_apart(forked=True)
seen["apart"] = {name: plain(apart.typed_sheet(content, layout)) for name, content in files.items()}
seen["first rows"] = told(lambda: apart.first_rows(files["honest"])[0][0])
seen["raw row"] = told(lambda: apart.raw_row(files["honest"], 2, layout)[0])
seen["no row"] = told(lambda: apart.raw_row(files["honest"], 99, layout))
for name in ("hog", "spin", "killed", "stopped", "sleeps", "aborts", "breaks", "takes"):
    seen[name] = told(lambda: apart._asked(name, b""))
seen["takes, accepted"] = told(lambda: apart._asked("takes", b"", room=4))

class Cancelled(Exception):
    pass

class Steps:
    def step(self, done, total, note=""):
        if done > 2:
            raise Cancelled("enough")

seen["cancelled"] = told(lambda: apart._asked("slow", b"", steps=Steps()))
several = []
threads = [
    threading.Thread(target=lambda: several.append(told(lambda: apart._asked("linger", b""))))
    for _ in range(8)
]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
seen["several"] = several
seen["after"] = told(lambda: apart._asked("linger", b""))
apart.READER.wanted = False
seen["alone"] = {name: plain(apart.typed_sheet(content, layout)) for name, content in files.items()}
apart.READER.wanted = True
apart.READER.control.close()  # a reader that is gone; the next reads in the code itself
seen["made anew"] = told(lambda: len(plain(apart.typed_sheet(files["honest"], layout))[0]))
print("SEEN" + json.dumps(seen))
"""


@pytest.fixture(scope="module")
def seen():
    done = subprocess.run(
        [sys.executable, "-c", PLAY],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=os.environ | {"PYTHONPATH": os.getcwd()},
    )
    assert "SEEN" in done.stdout, done.stderr[-3000:]
    return json.loads(done.stdout.partition("SEEN")[2])


def test_a_file_read_apart_says_what_it_says_alone(seen):
    assert seen["apart"] == seen["alone"]
    assert len(seen["apart"]["honest"][0]) == 3
    assert seen["apart"]["faulty"][5] == [True] * 50
    assert seen["apart"]["no table"][2][0]["code"] == "UP-FORMAT"
    assert seen["first rows"][0][0] == "SC_ID"
    assert seen["raw row"][0] == ["SC_ID", "SC"]
    assert seen["no row"][0] == "NoSuchRow: The file has no row 99."


@pytest.mark.parametrize("what", ["hog", "spin", "aborts", "takes"])
def test_a_child_beyond_its_memory_or_time_is_ended_and_the_file_refused(what, seen):
    said, took = seen[what]
    assert said.startswith("Unreadable: The file takes more memory or time than")
    assert took < 15


@pytest.mark.parametrize("what", ["killed", "stopped", "sleeps"])
def test_a_child_that_the_machine_ended_is_no_fault_of_the_file(what, seen):
    """Killed for the memory of others, stopped with the service, or left without CPU."""
    said, took = seen[what]
    assert said.startswith("ReadingBusy: The reading of the file was cut short by the server")
    assert took < 15


def test_a_file_that_was_accepted_may_take_more(seen):
    assert seen["takes, accepted"][0] == [600_000_000]


def test_a_reader_that_breaks_ends(seen):
    assert seen["serve broken"] == 1


@pytest.mark.parametrize(
    ("status", "used", "over"),
    [
        (signal.SIGXCPU, 14.9, True),
        (signal.SIGABRT, 0.1, True),
        (signal.SIGALRM, 7.5, True),
        (signal.SIGALRM, 7.4, False),
        (signal.SIGKILL, 15.0, True),
        (signal.SIGKILL, 3.0, False),
        (signal.SIGTERM, 3.0, False),
        (0, 3.0, False),
        (reader.OUT_OF_MEMORY << 8, 3.0, True),
        (1 << 8, 3.0, False),
    ],
)
def test_how_a_child_ended_tells_whether_it_was_the_file(status, used, over):
    assert reader.over_bounds(int(status), used, 15) is over


def test_a_reader_that_cannot_fork_for_now_goes_on(monkeypatch):
    """Who asked sees both ends shut, and is told to come again."""

    def fork():
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(reader.os, "fork", fork)
    control, other = socket.socketpair()
    end, asker = socket.socketpair()
    how, told = os.pipe()
    children = {}
    with control, other, asker:
        reader._begin(control, end.detach(), told, children)
        assert (children, asker.recv(1), os.read(how, 1)) == ({}, b"", b"")
    os.close(how)


def test_a_fault_of_ours_is_none_of_the_file(seen):
    assert "KeyError: 'a fault of ours'" in seen["breaks"][0]
    assert seen["breaks"][0].startswith("RuntimeError")


def test_work_that_is_cancelled_stops_reading(seen):
    said, took = seen["cancelled"]
    assert said == "Cancelled: enough"
    assert took < 4


def test_threads_are_left_while_files_are_read(seen):
    """Of eight at once two are read, one waits, and five are told at once to come again."""
    said = sorted(str(answer) for answer, _ in seen["several"])
    assert said == sorted(
        ["['done']"] * 3
        + ["ReadingBusy: Other files are being read. Try again in a few seconds."] * 5
    )
    assert all(took < 0.7 for answer, took in seen["several"] if answer != ["done"])
    assert seen["after"][0] == ["done"]


def test_a_reader_that_is_gone_is_made_anew(seen):
    assert seen["made anew"][0] == 3


def busy(**_):
    raise ReadingBusy


@pytest.mark.django_db
def test_what_comes_while_files_are_read_goes_to_a_worker(send, monkeypatch, settings):
    upload = send("metered-demand", "A,B\n1,2\n")
    upload.state = "RECEIVED"
    queued = []
    settings.CELERY_TASK_ALWAYS_EAGER = False
    monkeypatch.setattr(queueing, "read", busy)
    monkeypatch.setattr(queueing, "queue", lambda **words: queued.append(words["kind"]))
    found = read_or_queue(upload=upload, actor=upload.opened_by, at=upload.opened_at)
    assert (found.state, queued) == ("RECEIVED", ["read-upload"])


@pytest.mark.parametrize("address", ["/upload/any/", "/api/v1/uploads/send/"])
def test_who_cannot_be_read_for_now_is_told_when_to_come_again(address):
    door = BodyLimit(lambda request: None)
    answer = door.process_exception(RequestFactory().post(address), ReadingBusy())
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "Other files are being read" in answer.content.decode()
    assert door.process_exception(RequestFactory().post(address), ValueError()) is None
