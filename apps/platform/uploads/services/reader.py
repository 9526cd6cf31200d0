"""The reader: a process with one thread that forks a bounded child for each file.

It is told of a file by the ends of a connection and of a pipe, handed over its control socket, and
ends when every process that could ask is gone. A child asks no database: it is given bytes and
gives back tables by the connection. How it ended, the reader tells by the pipe.
"""

from __future__ import annotations

import errno
import json
import os
import resource
import signal
import socket
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import chain
from multiprocessing.connection import Connection, wait
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
# how many times the memory and time a file may take that was read well before
ROOM_OF_ACCEPTED = 4
OUT_OF_MEMORY = 3  # the exit status of a child


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


def cpu_seconds(size: int, room: int = 1) -> int:
    """Return how long a child may compute for a file of so many bytes; room: times that."""
    return room * (SECONDS_AT_LEAST + SECONDS_PER_MEGABYTE * size // MEGABYTE)


def wall_seconds(size: int, room: int = 1) -> int:
    """Return how long a child may take for a file of so many bytes, waits included."""
    return WALL_PER_CPU * cpu_seconds(size, room)


def over_bounds(status: int, used: float, allowed: float) -> bool:
    """Whether a child that ended without an answer took more than its file may.

    status: as of ``wait``; used, allowed: CPU seconds. A child ends by itself when memory runs out,
    or is aborted by the library that asked for it. One that a signal of another kind ended was
    stopped from without, and so may be one whose alarm rang while it had hardly computed: what was
    done on the machine meanwhile says nothing of the file.
    """
    if os.WIFEXITED(status):
        return os.WEXITSTATUS(status) == OUT_OF_MEMORY
    by = os.WTERMSIG(status)
    if by == signal.SIGALRM:
        return 2 * used >= allowed
    return by in (signal.SIGXCPU, signal.SIGABRT) or used >= allowed


def serve(control: socket.socket) -> NoReturn:
    """Fork a child for each connection that is handed over; end when nobody is left to ask."""
    try:
        _serve(control)
    except BaseException:  # noqa: BLE001  (a fork of another program must not go on in its code)
        traceback.print_exc()
    finally:
        os._exit(1)


def _serve(control: socket.socket) -> NoReturn:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches those we read for
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.set_wakeup_fd(-1)
    # a trace of what ran out of memory would need more of it, and wait for it
    os.environ |= {"POLARS_MAX_THREADS": "2", "RUST_BACKTRACE": "0"}
    children: dict[int, tuple[int, int]] = {}  # by what says that it ended: its number, the pipe
    while True:
        asked = [control] if len(children) < MOST_CHILDREN else []
        for ready in wait([*asked, *children]):
            if isinstance(ready, int):
                _tell_end(ready, *children.pop(ready))
                continue
            message, ends, _, _ = socket.recv_fds(control, 1, 2)
            if not message:
                os._exit(0)
            if len(ends) == 2:
                _begin(control, ends[0], ends[1], children)


def _begin(
    control: socket.socket, end: int, told: int, children: dict[int, tuple[int, int]]
) -> None:
    """Fork a child that answers by one end; where that cannot be done, who asked sees both shut.

    A pipe that the child alone holds open says that it has ended.
    """
    watched, alive = os.pipe()
    try:
        child = os.fork()
    except OSError:  # no memory, or too many processes, for now
        for one in (watched, alive, told, end):
            os.close(one)
        return
    if child == 0:
        control.close()
        for one in (watched, told, *chain.from_iterable((w, t) for w, (_, t) in children.items())):
            os.close(one)
        _work(Connection(end))
    os.close(alive)
    os.close(end)
    children[watched] = child, told


def _tell_end(watched: int, child: int, told: int) -> None:
    """Tell who asked how a child ended, and how many seconds it computed."""
    os.close(watched)
    _, status, used = os.wait4(child, 0)
    with suppress(OSError):  # who asked is gone
        os.write(told, json.dumps([status, used.ru_utime + used.ru_stime]).encode())
    os.close(told)


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
    status = 0
    try:
        os.nice(10)
        asker.send(("begun", None))
        what, given, room = asker.recv()
        _bound(len(given[0]), room)
        _answer(what, given, asker)
    except (MemoryError, PanicException):
        status = OUT_OF_MEMORY
    except OSError as trouble:  # else who asked is gone
        status = OUT_OF_MEMORY if trouble.errno == errno.ENOMEM else 0
    except EOFError:
        pass
    finally:
        os._exit(status)


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
    except (MemoryError, PanicException, OSError):
        raise
    except BaseException:  # noqa: BLE001  (told to who asked, who raises it)
        asker.send(("failed", traceback.format_exc()))


def _bound(size: int, room: int) -> None:
    """Have the kernel end this process beyond the memory and time of a file of such a size."""
    pages = [int(n) * resource.getpagesize() for n in _pages()]
    memory = room * (MEMORY_AT_LEAST + MEMORY_PER_BYTE * size)
    _limit(resource.RLIMIT_DATA, pages[5] + memory)
    _limit(resource.RLIMIT_AS, pages[0] + memory + ADDRESSES_OF_THREADS)
    # at the hard limit it would be killed, as by whoever kills: the signal comes a second earlier
    _limit(resource.RLIMIT_CPU, cpu_seconds(size, room), beyond=1)
    _limit(resource.RLIMIT_CORE, 0)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(wall_seconds(size, room))


def _pages() -> list[str]:
    with open("/proc/self/statm") as told:
        return told.read().split()


def _limit(what: int, most: int, beyond: int = 0) -> None:
    """Lower a limit, and the hard one to what is ``beyond``; one that is lower already stays."""
    _, hard = resource.getrlimit(what)
    most, last = (
        (most, most + beyond)
        if hard == resource.RLIM_INFINITY
        else (min(most, hard), min(most + beyond, hard))
    )
    resource.setrlimit(what, (most, last))
