"""``python -m tests.mutants``: put small faults into the code, count how many a test notices.

1. The faults of every file are found, or with ``--changed`` those of lines that differ from main.
2. A seeded sample is drawn, evenly over the areas.
3. Each fault is put into a copy of the tree, and the tests that look at its file are run.
4. What survived is told, by area. Exit status 1 below the goal.

Faults nobody could notice are listed with their reasons in ``equivalents.csv`` and count for
nothing. ``--again FILE`` tries what an earlier report calls survived.
"""

from __future__ import annotations

import argparse
import csv
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from itertools import zip_longest
from pathlib import Path

from tests.mutants.faults import AREAS, Fault, area, faults_of, sources
from tests.mutants.running import ROOT, Answer, Bench
from tests.plugins.sampling import changed, forked_at, told_by_git

EQUIVALENTS = Path(__file__).parent / "equivalents.csv"
GOAL = 90  # percent killed of those that matter
HUNK = re.compile(r"^@@ -\S+ \+(\d+)(?:,(\d+))? @@", re.MULTILINE)


def options(words=None):
    """Read the words of the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--count", type=int, default=60, help="faults to try, 60 unless told")
    parser.add_argument("--seed", type=int, default=None, help="of the sample; printed")
    parser.add_argument("--minutes", type=float, default=60.0, help="begin no fault after these")
    parser.add_argument("--seconds", type=int, default=240, help="for the tests of one fault")
    parser.add_argument("--changed", action="store_true", help="lines that differ from main only")
    parser.add_argument("--under", default="", help="only files whose path begins so")
    parser.add_argument("--again", type=Path, default=None, help="survivors of a kept report")
    parser.add_argument("--report", type=Path, default=ROOT / "var" / "mutants.csv")
    return parser.parse_args(words)


def equivalents(path=EQUIVALENTS):
    """Return the reason for each fault that nobody could notice, by the fault's name."""
    with path.open(newline="") as file:
        return {row["fault"]: row["reason"] for row in csv.DictReader(file)}


def changed_lines(file):
    """Return the lines of a file that differ from the main branch; None for a new file: all."""
    base = forked_at()
    if not told_by_git("ls-files", file) or base is None:
        return None
    said = told_by_git("diff", "-U0", base, "--", file) or ""
    lines = set()
    for first, number in HUNK.findall(said):
        lines |= set(range(int(first), int(first) + int(number or 1)))
    return lines


def candidates(given):
    """Return the faults that may be drawn."""
    files = [f for f in sources(ROOT) if f.startswith(given.under)]
    if given.changed:
        differ = set(changed())
        files = [f for f in files if f in differ]
    found = []
    for file in files:
        lines = changed_lines(file) if given.changed else None
        found += [f for f in faults_of(ROOT, file) if lines is None or f.line in lines]
    if given.again:
        with given.again.open(newline="") as kept:
            names = {r["fault"] for r in csv.DictReader(kept) if r["fate"] == "survived"}
        found = [f for f in found if f.name in names]
    passed = equivalents()
    return [f for f in found if f.name not in passed]


def drawn(found: list[Fault], count: int, seed: int) -> list[Fault]:
    """Return a sample: areas in turn, so that a small one has something of each."""
    chance = random.Random(seed)
    by_area = defaultdict(list)
    for fault in sorted(found, key=lambda f: (f.file, f.start, f.new)):
        by_area[area(fault.file)].append(fault)
    for faults in by_area.values():
        chance.shuffle(faults)
    mixed = [f for row in zip_longest(*by_area.values()) for f in row if f]
    return mixed[:count]


def told(answers: list[Answer]) -> float:
    """Print the table by area; return the share of killed ones in percent."""
    rows = defaultdict(Counter)
    for answer in answers:
        rows[area(answer.fault.file)][answer.fate] += 1
        rows["all"][answer.fate] += 1
    print(f"\n{'area':20} {'tried':>6} {'killed':>7} {'survived':>9} {'killed':>7}")
    share = 100.0
    for name in [*(n for n, _ in AREAS), "the rest", "all"]:
        row = rows[name]
        counted = row["killed"] + row["survived"] + row["no test"]
        if counted:
            share = 100 * row["killed"] / counted
            lived = counted - row["killed"]
            print(f"{name:20} {counted:6} {row['killed']:7} {lived:9} {share:6.0f}%")
    for fate in ("out of time", "test fails anyway"):
        if rows["all"][fate]:
            print(f"not counted, {fate}: {rows['all'][fate]}")
    return share


def main(words=None) -> int:
    """Try a sample; return the exit status."""
    given = options(words)
    seed = given.seed if given.seed is not None else int(time.time()) % 100_000
    found = candidates(given)
    sample = drawn(found, given.count, seed)
    print(f"{len(found)} faults can be put in; {len(sample)} are tried, seed {seed}", flush=True)
    answers = []
    given.report.parent.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + given.minutes * 60
    with tempfile.TemporaryDirectory(prefix="rmrcpm-mutants-") as folder:
        bench = Bench(ROOT, Path(folder), given.seconds)
        bench.copy()
        with bench.served(), given.report.open("w", newline="") as file:
            report = csv.writer(file, lineterminator="\n")
            report.writerow(["fate", "line", "fault", "by", "seconds"])
            for fault in sample:
                if time.monotonic() > until:
                    print("out of time: the rest of the sample is not tried")
                    break
                answer = bench.try_fault(fault)
                answers.append(answer)
                row = [answer.fate, fault.line, fault.name, answer.by, round(answer.seconds)]
                report.writerow(row)
                file.flush()
                print(f"{answer.fate:9} {fault.line:4} {fault.name} {answer.by}", flush=True)
    share = told(answers)
    return 0 if share >= GOAL else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.SubprocessError as trouble:
        sys.exit(f"mutants: {trouble}")
