"""Read files in a process of their own, bounded in memory and time: no file can stall who asks.

A process that serves people, or works for them, calls ``read_apart`` once; from then on files are
parsed by a reader, a process that has read in the code and forks a child for each file
(``reader.py``). What never called it, such as a command at a terminal, reads files itself.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from threading import BoundedSemaphore, Lock
from typing import Any

from django.conf import settings

from apps.platform.core.busy import Busy
from apps.platform.core.layouts import FileLayout
from apps.platform.jobs.codes import Steps, Unseen
from apps.platform.uploads.rules import TypedColumns, typed_columns
from apps.platform.uploads.services.reader import READERS, put_together, serve, wall_seconds
from apps.platform.uploads.services.reading import NoSuchRow, Sheet, unreadable_sheet
from apps.platform.uploads.services.text_table import Unreadable

# how many threads of this process may have a file read, and how many more may wait for that; the
# others are told at once, so that threads are left for everything else
MOST_AT_ONCE, MOST_WAITING = 2, 1
WAIT_SECONDS = 10.0
# how long a reader may take to begin that reads in the code itself
MADE_SECONDS = 90.0
GRACE_SECONDS = 5.0
TOO_MUCH = (
    "The file takes more memory or time than a file of its size may. Save it anew and send it "
    "again, or send it in parts."
)
SPAWNED = (
    "import sys, socket, django; django.setup(); "
    "from apps.platform.uploads.services.reader import serve; "
    "serve(socket.socket(fileno=int(sys.argv[1])))"
)


class ReadingBusy(Busy):
    """So many files are being read that this one has to wait; nothing was done."""

    code = "UP-BUSY"

    def __init__(self) -> None:
        super().__init__("Other files are being read. Try again in a few seconds.")


class _Reader:
    """The way of this process, and of those forked from it, to a reader."""

    def __init__(self) -> None:
        self.wanted = False
        self.control: socket.socket | None = None
        self.patience = WAIT_SECONDS
        self.lock = Lock()
        self.at_work = BoundedSemaphore(MOST_AT_ONCE)
        self.inside = BoundedSemaphore(MOST_AT_ONCE + MOST_WAITING)

    def fork(self) -> None:
        """Start a reader as a fork of this process, which must have one thread only."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        if os.fork() == 0:
            ours.close()
            serve(theirs)
        theirs.close()
        self.control = ours

    def spawn(self) -> None:
        """Start a reader that reads in the code itself; it ends when we do."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            subprocess.Popen(
                [sys.executable, "-c", SPAWNED, str(theirs.fileno())],
                cwd=settings.BASE_DIR,
                env=os.environ | {"DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE},
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
            )
        self.control, self.patience = ours, MADE_SECONDS

    def hand_over(self, end: int) -> None:
        """Give one end of a connection to the reader; one that is gone is started again."""
        with self.lock:
            for _ in range(2):
                try:
                    if self.control is None:
                        self.spawn()
                    assert self.control is not None
                    socket.send_fds(self.control, [b"r"], [end])
                    return
                except OSError:
                    self.control = None
        raise ReadingBusy


READER = _Reader()


def read_apart(*, forked: bool = False) -> None:
    """Have this process, and those it forks, parse no file itself from now on.

    forked: make the reader at once, as a fork of this process, which shares the code it has read
    in; it must have no other thread. Else the reader is made when the first file comes.
    """
    READER.wanted = True
    if forked:
        READER.fork()


def typed_sheet(
    content: bytes, layout: FileLayout, steps: Steps | None = None
) -> tuple[Sheet, TypedColumns]:
    """Return the rows of a file as texts and typed; raises ReadingBusy.

    A file that takes too much memory or time is one violation and no rows.
    """
    try:
        return put_together(_asked("typed", content, layout, steps=steps))
    except Unreadable as trouble:
        sheet = unreadable_sheet(layout, trouble)
        return sheet, typed_columns(sheet.frame, layout)


def first_rows(content: bytes) -> list[list[list[str]]]:
    """Return the first rows of a file, once for each way it may be cut: separators, sheets.

    Raises Unreadable for bytes that are no table, and ReadingBusy.
    """
    (found,) = _asked("first rows", content)
    rows: list[list[list[str]]] = found
    return rows


def raw_row(content: bytes, line_no: int, layout: FileLayout) -> list[tuple[str, str]]:
    """Return one row as received: (heading, cell) pairs; raises NoSuchRow, ReadingBusy."""
    (found,) = _asked("raw row", content, line_no, layout)
    row: list[tuple[str, str]] = found
    return row


def _asked(what: str, content: bytes, *given: Any, steps: Steps | None = None) -> list[Any]:
    """Return the parts a function of ``READERS`` makes of a file, read apart where that is wanted.

    Raises Unreadable also for a file that takes more memory or time than its size allows, and
    ReadingBusy where too many are being read.
    """
    steps = steps or Unseen()
    if not READER.wanted:
        return list(READERS[what](content, *given, steps))
    if not READER.inside.acquire(blocking=False):
        raise ReadingBusy
    try:
        if not READER.at_work.acquire(timeout=WAIT_SECONDS):
            raise ReadingBusy
        try:
            ours, theirs = Pipe()
            with ours:
                with theirs:
                    READER.hand_over(theirs.fileno())
                return _answer(ours, what, (content, *given), steps)
        finally:
            READER.at_work.release()
    finally:
        READER.inside.release()


def _answer(ours: Connection, what: str, given: tuple[Any, ...], steps: Steps) -> list[Any]:
    parts: list[Any] = []
    try:
        if not ours.poll(READER.patience):
            raise ReadingBusy
        ours.recv()
    except (EOFError, ConnectionError):
        raise ReadingBusy from None
    until = time.monotonic() + wall_seconds(len(given[0])) + GRACE_SECONDS
    try:
        ours.send((what, given))
        while ours.poll(max(until - time.monotonic(), 0)):
            told, value = ours.recv()
            if told == "done":
                return parts
            if told == "part":
                parts.append(value)
            else:
                _heard(told, value, steps)
    except (EOFError, ConnectionError):
        pass  # the child was ended at its bounds
    raise Unreadable("UP-SIZE", TOO_MUCH)


def _heard(told: str, value: Any, steps: Steps) -> None:
    """Pass on what a child tells before it is done; raises what it was stopped by."""
    if told == "step":
        steps.step(*value)
    elif told == "unreadable":
        raise Unreadable(*value)
    elif told == "missing":
        raise NoSuchRow(value)
    else:
        raise RuntimeError(f"A file could not be read:\n{value}")
