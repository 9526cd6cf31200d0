"""The reader: a process with one thread that forks a bounded child for each file.

It is told of a file by one end of a connection, handed over its control socket, and ends when every
process that could ask is gone. A child asks no database: it is given bytes and gives back tables.
"""

from __future__ import annotations

import os
import resource
import signal
import socket
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import chain
from multiprocessing.connection import Connection
from typing import Any, NoReturn

import polars as pl
from polars.exceptions import PanicException

from apps.platform.core.layouts import FileLayout
from apps.platform.jobs.codes import Steps
from apps.platform.uploads.rules import TypedColumns, typed_columns
from apps.platform.uploads.services.reading import NoSuchRow, Sheet, first_rows, raw_row, read_sheet
from apps.platform.uploads.services.text_table import Unreadable

MOST_CHILDREN = 2
MEGABYTE = 1024 * 1024
# what a child may take beyond what it starts with, and the CPU seconds it may use
MEMORY_AT_LEAST, MEMORY_PER_BYTE = 300 * MEGABYTE, 40
VIOLATIONS_AT_ONCE = 5_000
SECONDS_AT_LEAST, SECONDS_PER_MEGABYTE = 15, 3
# threads reserve addresses they never use
ADDRESSES_OF_THREADS = 1024 * MEGABYTE
WALL_PER_CPU = 2


def typed(content: bytes, layout: FileLayout, steps: Steps) -> Iterator[tuple[str, Any]]:
    """Yield the rows of a file as texts and typed, a column at a time, and what is said of them.

    So never more than a column is held twice. ``steps`` is told of each column that was checked.
    """
    sheet = read_sheet(content, layout)
    rows, columns = sheet.frame.height, len(layout.fields) + 2

    def column_done(number: int, header: str) -> None:
        steps.step(rows * number // columns, rows, f"checked column {header} of {rows:,} rows")

    found = typed_columns(sheet.frame, layout, column_done)
    yield "headings", sheet.headings
    yield "wrong", found.wrong
    for name, frame in (("texts", sheet.frame), ("typed", found.frame)):
        for column in frame.iter_columns():
            yield name, column
    for name, said in (("of sheet", sheet.violations), ("of cells", found.violations)):
        for start in range(0, len(said), VIOLATIONS_AT_ONCE):
            yield name, said[start : start + VIOLATIONS_AT_ONCE]


def put_together(parts: Iterable[tuple[str, Any]]) -> tuple[Sheet, TypedColumns]:
    """Return what ``typed`` gave in parts."""
    given: dict[str, list[Any]] = defaultdict(list)
    for name, part in parts:
        given[name].append(part)
    texts, columns = pl.DataFrame(given["texts"]), pl.DataFrame(given["typed"])
    sheet = Sheet(texts, given["headings"][0], list(chain.from_iterable(given["of sheet"])))
    said = list(chain.from_iterable(given["of cells"]))
    return sheet, TypedColumns(columns, said, given["wrong"][0])


READERS: dict[str, Callable[..., Iterator[Any]]] = {
    "typed": typed,
    "first rows": lambda content, steps: iter([first_rows(content)]),
    "raw row": lambda content, line_no, layout, steps: iter([raw_row(content, line_no, layout)]),
}


def cpu_seconds(size: int) -> int:
    """Return how long a child may compute for a file of so many bytes."""
    return SECONDS_AT_LEAST + SECONDS_PER_MEGABYTE * size // MEGABYTE


def wall_seconds(size: int) -> int:
    """Return how long a child may take for a file of so many bytes, waits included."""
    return WALL_PER_CPU * cpu_seconds(size)


def serve(control: socket.socket) -> NoReturn:
    """Fork a child for each connection that is handed over; end when nobody is left to ask."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches those we read for
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.set_wakeup_fd(-1)
    # a trace of what ran out of memory would need more of it, and wait for it
    os.environ |= {"POLARS_MAX_THREADS": "2", "RUST_BACKTRACE": "0"}
    children: set[int] = set()
    while True:
        while len(children) >= MOST_CHILDREN:
            children.discard(os.wait()[0])
        with suppress(ChildProcessError):
            while ended := os.waitpid(-1, os.WNOHANG)[0]:
                children.discard(ended)
        message, ends, _, _ = socket.recv_fds(control, 1, 1)
        if not message:
            os._exit(0)
        for end in ends:
            child = os.fork()
            if child == 0:
                control.close()
                _work(Connection(end))
            os.close(end)
            children.add(child)


class _Told:
    """Steps of a child, told to who asked."""

    job_id = 0

    def __init__(self, asker: Connection) -> None:
        self.asker = asker

    def step(self, done: int, total: int, note: str = "") -> None:
        """Say how far the work is."""
        self.asker.send(("step", (done, total, note)))

    def line(self, text: str) -> None:
        """Nothing is logged of a file that is only read."""


def _work(asker: Connection) -> NoReturn:
    try:
        os.nice(10)
        asker.send(("begun", None))
        what, given = asker.recv()
        _bound(len(given[0]))
        _answer(what, given, asker)
    except (OSError, EOFError):
        pass  # who asked is gone
    finally:
        os._exit(0)


def _answer(what: str, given: Any, asker: Connection) -> None:
    try:
        for part in READERS[what](*given, _Told(asker)):
            asker.send(("part", part))
        asker.send(("done", None))
    except Unreadable as trouble:
        told = trouble.violation
        asker.send(("unreadable", (told.code, told.message, told.line)))
    except NoSuchRow as trouble:
        asker.send(("missing", str(trouble)))
    except (MemoryError, PanicException):
        return  # who asked sees an end without an answer
    except OSError:
        raise
    except BaseException:  # noqa: BLE001  (told to who asked, who raises it)
        asker.send(("failed", traceback.format_exc()))


def _bound(size: int) -> None:
    """Have the kernel end this process beyond the memory and time of a file of such a size."""
    pages = [int(n) * resource.getpagesize() for n in _pages()]
    room = MEMORY_AT_LEAST + MEMORY_PER_BYTE * size
    _limit(resource.RLIMIT_DATA, pages[5] + room)
    _limit(resource.RLIMIT_AS, pages[0] + room + ADDRESSES_OF_THREADS)
    _limit(resource.RLIMIT_CPU, cpu_seconds(size))
    _limit(resource.RLIMIT_CORE, 0)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(wall_seconds(size))


def _pages() -> list[str]:
    with open("/proc/self/statm") as told:
        return told.read().split()


def _limit(what: int, most: int) -> None:
    """Lower a limit; one that is lower already stays."""
    _, hard = resource.getrlimit(what)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))
