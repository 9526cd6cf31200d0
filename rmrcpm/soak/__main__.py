"""``python -m rmrcpm.soak --rounds 100 --seed N``: kill at random while work is asked for.

1. A home with the settled demo is made and copied twice.
2. The product runs in the first copy; lanes ask it for files, confirmations, settlements,
   publications and cases all the time, while one process after the other is killed.
3. The second copy is asked for the same, undisturbed.
4. The books of both are compared.

``--queue redis``: the work of both goes through a Redis of the soak's own, which is killed as any
other process and is started again after two seconds, as a site's units do.

Exit status 1 where a row differs, a job is unfinished, or something took longer than it may.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from rmrcpm.launch import free_port
from rmrcpm.soak import books
from rmrcpm.soak.asking import Asker, Lanes
from rmrcpm.soak.homes import Home, prepared
from rmrcpm.soak.queues import Redis
from rmrcpm.soak.rounds import AGAIN_WITHIN, NOTICED_WITHIN, Killer, Round

PORT = 8900
QUEUE_BESIDE = 79  # the port of a Redis lies so far above the product's
SETTLES_WITHIN = 120.0  # seconds in which what was asked for last comes to its end


def say(text: str) -> None:
    """Write one line with the time."""
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


def options(words: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the words of the command line."""
    parser = argparse.ArgumentParser(prog="python -m rmrcpm.soak", description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--queue", choices=("database", "redis"), default="database")
    parser.add_argument("--seed", type=int, default=None, help="of the chances; printed")
    parser.add_argument("--minutes", type=float, default=90.0, help="begin no round after these")
    parser.add_argument("--port", type=int, default=PORT, help="the first that is tried")
    parser.add_argument("--home", type=Path, default=None, help="a folder; a temporary one")
    return parser.parse_args(words)


def disturbed(
    home: Home, tokens: dict[str, str], given: argparse.Namespace
) -> tuple[list[Round], Lanes]:
    """Go the rounds while work is asked for; return what was seen."""
    lanes = Lanes(Asker(home, tokens))
    killer = Killer(home, random.Random(given.seed))
    lanes.start()
    killer.wait_for_work()
    rounds: list[Round] = []
    until = time.monotonic() + given.minutes * 60
    while len(rounds) < given.rounds and time.monotonic() < until:
        found = killer.round(len(rounds) + 1)
        if found is None:
            continue
        rounds.append(found)
        say(told(found))
        if found.again is None or found.taken_up is None or lanes.trouble:
            break
    lanes.finish()
    wait_for_jobs(home)
    killer.probe.ended.set()
    return rounds, lanes


def wait_for_jobs(home: Home) -> None:
    """Wait until no job waits or is under way, for a while at most."""
    until = time.monotonic() + SETTLES_WITHIN
    sql = "select count(*) from jobs_job where state in ('QUEUED', 'RUNNING')"
    while time.monotonic() < until and home.ask(sql)[0][0]:
        time.sleep(1)


def queue_of(given: argparse.Namespace, folder: Path) -> Redis | None:
    """Start the Redis of a home, where one is asked for; it stops with the home."""
    if given.queue != "redis":
        return None
    shutil.rmtree(folder, ignore_errors=True)
    return Redis(folder, free_port(given.port + QUEUE_BESIDE))


def told(found: Round) -> str:
    """Return a round in words."""
    noticed = "-" if found.noticed is None else f"{found.noticed:.1f}"
    again = "-" if found.again is None else f"{found.again:.1f}"
    taken_up = "-" if found.taken_up is None else f"{found.taken_up:.1f}"
    more = ", the worker ended itself" if found.worker_ended else ""
    return (
        f"{found.number:4} {found.kind:22} noticed {noticed:>5} s, again {again:>5} s, "
        f"taken up {taken_up:>5} s, "
        f"not ready {found.unready} times{more}" + "".join(f"; FAULT: {f}" for f in found.faults)
    )


def table(rounds: list[Round]) -> list[str]:
    """Return what the rounds saw as a table, by what was killed."""
    by_kind: dict[str, list[Round]] = defaultdict(list)
    for found in rounds:
        by_kind[found.kind].append(found)
    lines = [
        "| Killed | Rounds | Noticed s, median | longest | Again s, median | longest "
        "| Taken up s, longest | Late |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for kind, seen in sorted(by_kind.items()):
        noticed = [r.noticed for r in seen if r.noticed is not None] or [0.0]
        again = [r.again for r in seen if r.again is not None] or [0.0]
        taken_up = [r.taken_up for r in seen if r.taken_up is not None] or [0.0]
        late = sum(bool(r.faults) for r in seen)
        lines.append(
            f"| {kind} | {len(seen)} | {statistics.median(noticed):.1f} | {max(noticed):.1f} | "
            f"{statistics.median(again):.1f} | {max(again):.1f} | {max(taken_up):.1f} | {late} |"
        )
    return lines


def main(words: Sequence[str] | None = None) -> int:
    """Go the rounds, compare the books, tell; return the exit status."""
    given = options(words)
    if given.seed is None:
        given.seed = random.SystemRandom().randrange(1_000_000)
    folder = given.home or Path(tempfile.mkdtemp(prefix="rmrcpm-soak-"))
    say(
        f"seed {given.seed}, {given.rounds} rounds, queue {given.queue}, {folder}, "
        f"load {os.getloadavg()[0]:.1f}"
    )
    base, tokens = prepared(folder / "base", given.port)
    say("the demo is settled")
    for name in ("disturbed", "quiet"):
        shutil.rmtree(folder / name, ignore_errors=True)
    # so many kills within ten minutes are no lasting fault
    home = base.copy(
        folder / "disturbed",
        given.port,
        queue=queue_of(given, folder / "redis-disturbed"),
        RMRCPM_MOST_RESTARTS="1000000",
    )
    home.start()
    try:
        rounds, lanes = disturbed(home, tokens, given)
        wrong = [f"round {r.number}, {r.kind}: {f}" for r in rounds for f in r.faults]
        wrong += lanes.trouble + books.faults(home)
        seen = books.read(home)
    finally:
        home.stop()
    say(
        f"steps {lanes.steps}, repeated requests {lanes.asker.repeated}, "
        f"load {os.getloadavg()[0]:.1f}"
    )
    say("the undisturbed home is asked for the same")
    quiet = base.copy(folder / "quiet", given.port, queue=queue_of(given, folder / "redis-quiet"))
    quiet.start()
    try:
        again = Lanes(Asker(quiet, tokens), at_most=lanes.steps)
        again.start()
        again.wait()
        wait_for_jobs(quiet)
        wrong += [f"undisturbed: {t}" for t in again.trouble + books.faults(quiet)]
        expected = books.read(quiet)
    finally:
        quiet.stop()
    unlike = books.differences(seen, expected)
    say("\n".join(["", *table(rounds)]))
    rows = sum(book.total() for book in seen.values())
    say(f"{len(rounds)} rounds, {rows:,} rows of {len(seen)} books compared")
    for fault in wrong + unlike:
        say(f"FAULT {fault}")
    within = f"{NOTICED_WITHIN:.0f} s and {AGAIN_WITHIN:.0f} s"
    say("nothing lost, nothing doubled" if not unlike else "the books differ")
    say(f"all noticed and running again within {within}" if not wrong else f"{len(wrong)} faults")
    return 1 if wrong or unlike else 0


if __name__ == "__main__":
    sys.exit(main())
