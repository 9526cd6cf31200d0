"""Where the Master File comes from: a watched folder, or an address."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol
from urllib.parse import urljoin, urlsplit

import requests

MOST_FILES = 20
TIMEOUT = 60  # seconds without a byte
MOST_SECONDS = 300  # for the whole file
MEGABYTE = 1024 * 1024
MOST_BYTES = 64 * MEGABYTE
MOST_REDIRECTS = 3
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
            if sum(p.stat().st_size for p in found) > MOST_BYTES:
                raise SourceTrouble(
                    f"The files in the folder hold more than {MOST_BYTES // MEGABYTE} MB. Move old "
                    "ones away, or split them over several days."
                )
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
        """Ask for the file of the day; not found is no file.

        Raises SourceTrouble also for a file that is too large or takes too long, and for a
        redirect to another host: the setting names whom we trust.
        """
        address = self.address.replace("{day}", day.isoformat())
        name = address.partition("?")[0].rstrip("/").rpartition("/")[2] or "master-file.csv"
        try:
            for _ in range(MOST_REDIRECTS + 1):
                with requests.get(
                    address, timeout=TIMEOUT, stream=True, allow_redirects=False
                ) as answer:
                    if answer.is_redirect:
                        address = self._led_to(address, answer.headers["Location"])
                    else:
                        content = self._content(answer)
                        return [] if content is None else [Fetched(name, content)]
        except requests.RequestException as trouble:
            raise SourceTrouble(
                f"{self.name} does not answer: {type(trouble).__name__}."
            ) from trouble
        raise SourceTrouble(f"{self.name} redirects more than {MOST_REDIRECTS} times.")

    def _led_to(self, address: str, target: str) -> str:
        """Return where a redirect leads on the same host; raises SourceTrouble for another."""
        led = urljoin(address, target)
        before, after = urlsplit(address), urlsplit(led)
        same = (before.hostname, before.port) == (after.hostname, after.port)
        safer = (before.scheme, after.scheme, before.hostname) == ("http", "https", after.hostname)
        if not (safer or (same and before.scheme == after.scheme)):
            raise SourceTrouble(
                f"{self.name} redirects to another host, {after.hostname}. Name the address it "
                "leads to in the setting, if that is where the Master File is."
            )
        return led

    def _content(self, answer: requests.Response) -> bytes | None:
        """Return the bytes of an answer, None where there is no file."""
        if answer.status_code == 404:
            return None
        if answer.status_code != 200:
            raise SourceTrouble(f"{self.name} answers {answer.status_code}.")
        content, until = bytearray(), time.monotonic() + MOST_SECONDS
        for piece in answer.iter_content(64 * 1024):
            content += piece
            if len(content) > MOST_BYTES:
                raise SourceTrouble(f"{self.name} sends more than {MOST_BYTES // MEGABYTE} MB.")
            if time.monotonic() > until:
                raise SourceTrouble(f"{self.name} takes more than {MOST_SECONDS} seconds.")
        return bytes(content)


def source_of(text: str) -> Source:
    """Return the source a setting names: an address, or a folder."""
    if text.startswith(("http://", "https://")):
        return HttpSource(text)
    return FolderSource(Path(text))
