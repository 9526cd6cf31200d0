"""Where the Master File comes from: a watched folder, or an address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

import requests

MOST_FILES = 20
TIMEOUT = 60
ENDINGS = (".csv", ".xml", ".xlsx")


class SourceTrouble(RuntimeError):
    """The source cannot be read; the sentence says why and what to do."""


@dataclass(frozen=True)
class Fetched:
    """A file of the source."""

    name: str
    content: bytes


class Source(Protocol):
    """Something that has the files of a day."""

    @property
    def name(self) -> str:
        """How the log calls it."""

    def fetch(self, day: date) -> list[Fetched]:
        """Return the files there are; raises SourceTrouble."""


@dataclass(frozen=True)
class FolderSource:
    """Every CSV, XML and XLSX file that lies in a folder, in the order of names."""

    folder: Path

    @property
    def name(self) -> str:
        """How the log calls it; the last part of the path only."""
        return f"folder {self.folder.name}"

    def fetch(self, day: date) -> list[Fetched]:
        """Return what lies there; a folder that is not there has nothing."""
        if not self.folder.is_dir():
            return []
        found = sorted(
            p for p in self.folder.iterdir() if p.is_file() and p.suffix.lower() in ENDINGS
        )
        if len(found) > MOST_FILES:
            raise SourceTrouble(
                f"The folder holds {len(found)} files, more than {MOST_FILES}. Move old ones away."
            )
        try:
            return [Fetched(p.name, p.read_bytes()) for p in found]
        except OSError as trouble:
            raise SourceTrouble(f"A file of the folder cannot be read: {trouble}.") from trouble


@dataclass(frozen=True)
class HttpSource:
    """One file at an address; ``{day}`` in it stands for the day."""

    address: str

    @property
    def name(self) -> str:
        """How the log calls it: the address without its query."""
        return self.address.partition("?")[0]

    def fetch(self, day: date) -> list[Fetched]:
        """Ask for the file of the day; not found is no file."""
        address = self.address.replace("{day}", day.isoformat())
        try:
            answer = requests.get(address, timeout=TIMEOUT)
        except requests.RequestException as trouble:
            raise SourceTrouble(
                f"{self.name} does not answer: {type(trouble).__name__}."
            ) from trouble
        if answer.status_code == 404:
            return []
        if answer.status_code != 200:
            raise SourceTrouble(f"{self.name} answers {answer.status_code}.")
        name = address.partition("?")[0].rstrip("/").rpartition("/")[2] or "master-file.csv"
        return [Fetched(name, answer.content)]


def source_of(text: str) -> Source:
    """Return the source a setting names: an address, or a folder."""
    if text.startswith(("http://", "https://")):
        return HttpSource(text)
    return FolderSource(Path(text))
