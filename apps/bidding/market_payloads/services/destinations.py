"""Where payloads go: a folder, or an address that takes PUT."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import requests

TIMEOUT = 30


class DeliveryTrouble(RuntimeError):
    """The destination did not take a payload; the sentence says why."""


class Destination(Protocol):
    """Something that takes payloads."""

    @property
    def name(self) -> str:
        """How the log calls it."""

    def take(self, name: str, content: bytes) -> str:
        """Hand a payload over; return what happened; raises DeliveryTrouble."""


@dataclass(frozen=True)
class FolderDestination:
    """A folder; a file is complete once it has its name."""

    folder: Path

    @property
    def name(self) -> str:
        """How the log calls it; the last part of the path only."""
        return f"folder {self.folder.name}"

    def take(self, name: str, content: bytes) -> str:
        """Write the file under a passing name, then give it its own."""
        passing = self.folder / f".{name}.part"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with passing.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            passing.replace(self.folder / name)
        except OSError as trouble:
            raise DeliveryTrouble(
                f"{self.name} cannot be written: {trouble.strerror or trouble}."
            ) from trouble
        return f"{name}, {len(content):,} bytes"


@dataclass(frozen=True)
class HttpDestination:
    """An address; ``{name}`` in it stands for the file."""

    address: str

    @property
    def name(self) -> str:
        """How the log calls it: the address without its query."""
        return self.address.partition("?")[0]

    def take(self, name: str, content: bytes) -> str:
        """PUT the payload; any answer from 200 to 299 takes it, and none sends it elsewhere."""
        address = self.address.replace("{name}", name)
        if "{name}" not in self.address:
            address = f"{self.address.rstrip('/')}/{name}"
        media = "application/json" if name.endswith(".json") else "text/csv"
        try:
            with requests.put(
                address,
                data=content,
                timeout=TIMEOUT,
                headers={"Content-Type": media},
                allow_redirects=False,
                stream=True,  # what is answered beside the status is not read
            ) as answer:
                pass
        except requests.RequestException as trouble:
            raise DeliveryTrouble(
                f"{self.name} does not answer: {type(trouble).__name__}."
            ) from trouble
        if not 200 <= answer.status_code < 300:
            raise DeliveryTrouble(f"{self.name} answers {answer.status_code}.")
        return f"{name}, {len(content):,} bytes, answer {answer.status_code}"


def destination_of(text: str) -> Destination:
    """Return the destination a setting names: an address, or a folder."""
    if text.startswith(("http://", "https://")):
        return HttpDestination(text)
    return FolderDestination(Path(text))
