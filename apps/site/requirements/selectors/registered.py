"""Every registry with its entries, and the line of code that registered each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apps.platform.core.registry import Registry, qualified_name, registries

ROOT = Path(__file__).resolve().parents[4]


@dataclass(frozen=True)
class RegisteredEntry:
    """One entry: its key, what was registered in words, and the file and line that did."""

    registry: str
    key: str
    value: str
    file: str
    line: int

    @property
    def place(self) -> str:
        """Return file and line, from the root of the source on."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class RegistryFound:
    """One registry: its name and meaning, what it takes, how it stands, and its entries."""

    name: str
    meaning: str
    takes: str
    state: str
    entries: tuple[RegisteredEntry, ...]

    @property
    def count(self) -> int:
        """Return how many entries are listed."""
        return len(self.entries)


def registered(name: str = "", words: str = "") -> list[RegistryFound]:
    """Return the registries whose name begins with ``name``, with the entries that hold words.

    With words, registries without such an entry are left out.
    """
    wanted = words.casefold()
    found = [_found(each, wanted) for each in registries() if each.name.startswith(name)]
    return [each for each in found if each.entries or not wanted]


def _found(registry: Registry[Any], words: str) -> RegistryFound:
    entries = (
        RegisteredEntry(
            registry.name, str(e.key), _said(registry, e.value), _from_root(e.file), e.line
        )
        for e in registry.entries()
    )
    return RegistryFound(
        registry.name,
        registry.meaning,
        registry.of.__name__ if registry.of else "a function",
        _state(registry),
        tuple(e for e in entries if words in f"{e.key} {e.value} {e.place}".casefold()),
    )


def _state(registry: Registry[Any]) -> str:
    if registry.open_because:
        return f"open: {registry.open_because}"
    return "sealed" if registry.is_sealed else "not sealed yet"


def _said(registry: Registry[Any], value: Any) -> str:
    if registry.of is None:
        return qualified_name(value)
    titles = (getattr(value, name, "") for name in ("title", "label", "target"))
    return next((str(title) for title in titles if title), registry.of.__name__)


def _from_root(file: str) -> str:
    path = Path(file)
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name
