"""Read the commands of a page: the fenced ``sh`` blocks, and what stands between back quotes."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import NamedTuple

from tests.docs.written import SHELL, WRITTEN, blocks, named, prose

SEPARATORS = {"|", ";", "&&", "||", "&"}
INLINE = re.compile(r"`((?:make|manage\.py) [^`]+)`")


class Command(NamedTuple):
    """One command: the page and line it stands on, and its words."""

    page: Path
    line: int
    words: list[str]

    def __str__(self) -> str:
        return f"{named(self.page)}:{self.line} {' '.join(self.words)}"

    @property
    def manage(self) -> list[str] | None:
        """The words after ``manage.py``, where it is such a command."""
        for at, word in enumerate(self.words[:2]):
            if word == "manage.py":
                return self.words[at + 1 :]
        return None


def split(text: str) -> list[list[str]]:
    """Return the words of each command of a line: without comments and assignments before it."""
    lexer = shlex.shlex(text, posix=True, punctuation_chars=";|&")
    lexer.whitespace_split = True
    found: list[list[str]] = [[]]
    for word in lexer:
        if word in SEPARATORS:
            found.append([])
        elif found[-1] or not re.match(r"[A-Z_]+=", word):
            found[-1].append(word)
    return [words for words in found if words]


def commands() -> list[Command]:
    """Return every command of every fenced ``sh`` block."""
    found = []
    for page in WRITTEN:
        for block in blocks(page):
            if block.language in SHELL:
                text = block.text.replace("\\\n", "  ")
                for number, line in enumerate(text.splitlines(), start=block.line + 1):
                    found += [Command(page, number, words) for words in split(line)]
    return found


def inline() -> list[Command]:
    """Return every command between back quotes in running text, up to what stands for anything."""
    found = []
    for page in WRITTEN:
        text = prose(page)
        for m in INLINE.finditer(text):
            line = text.count("\n", 0, m.start()) + 1
            found.append(Command(page, line, m[1].split()))
    return found
