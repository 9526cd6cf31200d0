"""The parts of a workbook, read in a stream and within bounds: nothing of them is built.

Names of elements count without their prefix, so that every producer's book is seen alike.
"""

from __future__ import annotations

import zipfile
from array import array
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

CHUNK = 1 << 20
SMALL_CHUNK = 1 << 14
MOST_DEPTH = 64
# a real sheet takes about a byte of the packed file for each of its elements; one that takes far
# less is made to keep a reader busy
ELEMENTS_AT_LEAST = 100_000
ELEMENTS_PER_BYTE = 8
MOST_SMALL_PART = 1 << 20
# the most characters that a cell of a spreadsheet holds
MOST_IN_A_CELL = 32_767


class Unfit(ValueError):
    """The bytes are no workbook we read; code and sentence say why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Enough(Exception):
    """What was looked for is found; the rest of the part is not read."""


@dataclass
class Allowance:
    """How many unpacked bytes may still be looked at, over several parts."""

    left: int


def busy() -> Unfit:
    """Return the refusal of a part that unpacks to far more than its size allows."""
    return Unfit(
        "UP-SIZE",
        "The workbook unpacks to far more than its size allows. Save it anew "
        "and send it again, or send it in parts.",
    )


def damaged() -> Unfit:
    """Return the refusal of a workbook that contradicts itself, or that no program writes."""
    return Unfit("UP-XLSX", "The workbook cannot be opened; it may be damaged.")


def too_long() -> Unfit:
    """Return the refusal of a text that no cell can hold."""
    return Unfit(
        "UP-SIZE",
        f"A cell holds a text of more than {MOST_IN_A_CELL:,} characters, the "
        "most that a spreadsheet allows. Shorten it.",
    )


def whole_tags(
    parts: zipfile.ZipFile, path: str, allowance: Allowance | None = None
) -> Iterator[bytes]:
    """Yield the bytes of a part in pieces that end between tags.

    Raises Unfit for a flood of elements or a document type, Enough where an allowance is used up.
    """
    packed = parts.getinfo(path).compress_size
    room = ELEMENTS_AT_LEAST + ELEMENTS_PER_BYTE * packed
    size, tail = CHUNK if allowance is None else SMALL_CHUNK, b""
    with parts.open(path) as stream:
        while chunk := stream.read(size):
            if allowance is not None:
                allowance.left -= len(chunk)
                if allowance.left < 0:
                    raise Enough
            text = tail + chunk
            cut = text.rfind(b"<")
            text, tail = text[:cut], text[cut:]
            room -= text.count(b"<")
            if room < 0 or len(tail) > 2 * CHUNK:
                raise busy()
            if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                _no_doctype()
            yield text
    yield tail


def look_at_rest(parts: zipfile.ZipFile, looked: set[str]) -> None:
    """Read the other parts to their end. Raises Unfit for a document type, a flood of elements."""
    for part in parts.infolist():
        if part.filename.endswith((".xml", ".rels")) and part.filename not in looked:
            for _ in whole_tags(parts, part.filename):
                pass


class Elements:
    """Reads a part element by element; ends where they nest too deep or grow too many."""

    def __init__(self) -> None:
        self.depth = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = _no_doctype
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end

    def start(self, name: str, given: dict[str, str]) -> None:
        """Count a level more; raises Unfit beyond the deepest a sheet has."""
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise busy()

    def end(self, name: str) -> None:
        """Count a level less."""
        self.depth -= 1

    def read(self, parts: zipfile.ZipFile, path: str, allowance: Allowance | None = None) -> None:
        """Read a part to its end, or as far as an allowance or Enough lets it.

        Raises Unfit for a flood of elements or a document type.
        """
        with suppress(Enough):
            for text in whole_tags(parts, path, allowance):
                self.parser.Parse(text, False)
            self.parser.Parse(b"", True)


class _Named(Elements):
    def __init__(self, local: str) -> None:
        super().__init__()
        self.local = local
        self.found: list[dict[str, str]] = []

    def start(self, name: str, given: dict[str, str]) -> None:
        """Keep the attributes of an element of the name; raises Unfit where two share a name."""
        super().start(name, given)
        if name.rpartition(":")[2] == self.local:
            plain = {key.rpartition(":")[2]: text for key, text in given.items()}
            if len(plain) < len([key for key in given if not key.startswith("xmlns")]):
                raise damaged()
            self.found.append(plain)


def elements_of(parts: zipfile.ZipFile, path: str, local: str) -> list[dict[str, str]]:
    """Return the attributes, without their prefixes, of each element of a name in a small part.

    Raises Unfit where the part is larger than such parts are.
    """
    if parts.getinfo(path).file_size > MOST_SMALL_PART:
        raise busy()
    reader = _Named(local)
    reader.read(parts, path)
    return reader.found


class Strings(Elements):
    """The shared texts of a workbook: the length of each, and those that are wanted in full."""

    def __init__(self, wanted: set[int], *, only: bool = False) -> None:
        super().__init__()
        self.lengths = array("H")
        self.texts: dict[int, str] = {}
        self.wanted, self.last = wanted, max(wanted, default=-1) if only else None
        self.open, self.aside, self.size = False, 0, 0
        self.words: list[str] = []

    def start(self, name: str, given: dict[str, str]) -> None:
        """Begin a text, or a run of one; how it is spoken is left aside, as readers do."""
        super().start(name, given)
        local = name.rpartition(":")[2]
        if local == "si":
            if self.open:
                raise damaged()
            self.open, self.size = True, 0
            self.words.clear()
        elif local == "rPh":
            self.aside += 1
        elif local == "t" and self.open and not self.aside:
            self.parser.CharacterDataHandler = self.take

    def take(self, data: str) -> None:
        """Count the characters of a text; raises Unfit beyond the most a cell holds."""
        self.size += len(data)
        if self.size > MOST_IN_A_CELL:
            raise too_long()
        self.words.append(data)

    def end(self, name: str) -> None:
        """Keep the length of a text once it is whole."""
        super().end(name)
        local = name.rpartition(":")[2]
        if local == "t":
            self.parser.CharacterDataHandler = None
        elif local == "rPh":
            self.aside -= 1
        elif local == "si":
            number, self.open = len(self.lengths), False
            if number in self.wanted:
                self.texts[number] = "".join(self.words)
            self.lengths.append(self.size)
            if number == self.last:
                raise Enough


def _no_doctype(*_: Any) -> None:
    raise Unfit("UP-XLSX", "The workbook holds a document type; no sheet needs one.")
