"""One way in which a lower app takes what higher apps offer: a registry with a name.

A registry is made beside the words it is about, filled while the product starts, and sealed when
every app is ready. ``manage.py hooks`` and the page for developers list each registry, its entries
and the line of code that registered them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")
_REGISTRIES: dict[str, Registry[Any]] = {}


class RegistryError(Exception):
    """What was registered cannot be: twice, of another type, too late, or a name taken."""


@dataclass(frozen=True)
class Entry(Generic[T]):
    """One entry: its key, what was registered, and the file and line that did."""

    key: Hashable
    value: T
    file: str
    line: int


def qualified_name(value: Any) -> str:
    """Return the module and name of a function or class, the key where no other is given."""
    return f"{value.__module__}.{value.__qualname__}"


class Registry(Generic[T]):
    """What apps offer under one name, each entry under its own key, in the order of registration.

    ``name`` is dotted, ``app.what``; ``meaning`` says who reads the entries and what for; ``of`` is
    the type of an entry, or ``None`` for anything that can be called; ``key`` gives the key of an
    entry, its qualified name where nothing else is said; ``limit`` is how many entries there may
    be. Reading is like reading a dictionary whose iteration gives the entries themselves.
    """

    def __init__(
        self,
        name: str,
        *,
        meaning: str,
        of: type[T] | None = None,
        key: Callable[[T], Hashable] = qualified_name,
        limit: int | None = None,
    ) -> None:
        if name in _REGISTRIES:
            raise RegistryError(f"There is a registry named {name} already.")
        self.name, self.meaning, self.of, self.limit = name, meaning, of, limit
        self._key = key
        self._entries: dict[Hashable, Entry[T]] = {}
        self._sealed = False
        _REGISTRIES[name] = self

    def register(self, *values: T, key: Hashable | None = None) -> None:
        """Add entries, each under its key, or one entry under the key that is given.

        Raises ``RegistryError`` for an entry of another type, a key that is taken, more entries
        than the registry holds, and for anything after start-up.
        """
        caller = sys._getframe(1)
        for value in values:
            self._add(value, key, caller.f_code.co_filename, caller.f_lineno)

    def _add(self, value: T, key: Hashable | None, file: str, line: int) -> None:
        right = callable(value) if self.of is None else isinstance(value, self.of)
        if not right:
            wanted = "something that can be called" if self.of is None else self.of.__name__
            raise RegistryError(f"{self.name} takes {wanted}, not {value!r}.")
        if self._sealed:
            raise RegistryError(f"{self.name} is sealed: register while the product starts.")
        key = self._key(value) if key is None else key
        if key in self._entries:
            first = self._entries[key]
            raise RegistryError(f"{self.name} has {key} already, from {first.file}:{first.line}.")
        if self.limit is not None and len(self._entries) >= self.limit:
            raise RegistryError(f"{self.name} holds {self.limit} and is full.")
        self._entries[key] = Entry(key, value, file, line)

    def __iter__(self) -> Iterator[T]:
        return (entry.value for entry in self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, key: Hashable) -> bool:
        return key in self._entries

    def __getitem__(self, key: Hashable) -> T:
        return self._entries[key].value

    def get(self, key: Hashable) -> T | None:
        """Return the entry of a key, or nothing."""
        found = self._entries.get(key)
        return found.value if found else None

    def keys(self) -> list[Any]:
        """Return the keys in the order of registration."""
        return list(self._entries)

    def only(self) -> T | None:
        """Return the entry of a registry that holds one at most, or nothing."""
        return next(iter(self), None)

    def entries(self) -> tuple[Entry[T], ...]:
        """Return every entry with its key and the line of code that registered it."""
        return tuple(self._entries.values())

    @contextmanager
    def replaced(self, *values: T, key: Hashable | None = None) -> Iterator[None]:
        """Hold other entries, or none, for a while; for tests only."""
        before, sealed = self._entries, self._sealed
        self._entries, self._sealed = {}, False
        try:
            self.register(*values, key=key)
            yield
        finally:
            self._entries, self._sealed = before, sealed

    def seal(self) -> None:
        """Take no entry from now on."""
        self._sealed = True


def registries() -> list[Registry[Any]]:
    """Return every registry, by name."""
    return [_REGISTRIES[name] for name in sorted(_REGISTRIES)]


def seal_registries() -> None:
    """Seal every registry that stands; called once, when every app is ready."""
    for registry in registries():
        registry.seal()
