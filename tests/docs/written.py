"""Read what is written for people: pages, their tables, their blocks of commands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / ".github").rglob("*.md"))
WRITTEN = [
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "tests").rglob("*.md")),
    ROOT / "changelog.d" / "README.md",
    *TEMPLATES,
]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SHELL = ("sh", "shell", "bash", "console")


class Block(NamedTuple):
    """A fenced block: the page, the line it begins on, its language, and its text."""

    page: Path
    line: int
    language: str
    text: str


def named(page: Path) -> str:
    """Return how a page is called: its path in the repository."""
    return str(page.relative_to(ROOT))


def blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of a page in their order."""
    text = page.read_text()
    return [
        Block(page, text.count("\n", 0, m.start()) + 1, m[1], m[2]) for m in FENCE.finditer(text)
    ]


def prose(page: Path) -> str:
    """Return a page with its fenced blocks left blank, so that lines keep their numbers."""
    return FENCE.sub(lambda m: "\n" * m[0].count("\n"), page.read_text())


def table(page: Path, first_heading: str) -> list[list[str]]:
    """Return the cells of the rows of the tables whose first heading is the given one."""
    rows: list[list[str]] = []
    inside = False
    for line in page.read_text().splitlines():
        if not line.startswith("|"):
            inside = False
            continue
        cells = [c.strip() for c in re.split(r"(?<!\\)\|", line.strip())[1:-1]]
        if cells[0] == first_heading:
            inside = True
        elif inside and not re.fullmatch(r"[-: ]+", cells[0]):
            rows.append(cells)
    return rows
