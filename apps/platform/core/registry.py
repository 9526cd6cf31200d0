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


class RegistryError(ValueError):
    """What was registered cannot be: twice, of another type, too late, or a name taken."""


@dataclass(frozen=True)
class Registration(Generic[T]):
    """One entry of a registry: its key, what was registered, and the file and line that did."""

    key: Hashable
    value: T
    file: str
    line: int


def qualified_name(value: Any) -> str:
    """Return the module and name of a function or class, the key where no other is given."""
    return f"{value.__module__}.{value.__qualname__}"


class Registry(Generic[T]):
    """What apps offer under one name, each entry under its own key.

    ``name`` is dotted, ``app.what``; ``meaning`` says who reads the entries and what for; ``of`` is
    the type of an entry, or ``None`` for anything that can be called; ``key`` gives the key of an
    entry, its qualified name where nothing else is said; ``order`` gives what entries are sorted
    by, else they stand in the order of registration; ``limit`` is how many entries there may be;
    ``open_because`` is the reason why a registry takes entries after start-up, where it does.
    Reading is like reading a dictionary whose iteration gives the entries themselves.
    """

    def __init__(
        self,
        name: str,
        *,
        meaning: str,
        of: type[T] | None = None,
        key: Callable[[T], Hashable] = qualified_name,
        order: Callable[[T], Any] | None = None,
        limit: int | None = None,
        open_because: str = "",
    ) -> None:
        if name in _REGISTRIES:
            raise RegistryError(f"There is a registry named {name} already.")
        self.name, self.meaning, self.of, self.limit = name, meaning, of, limit
        self.open_because = open_because
        self._key, self._order = key, order
        self._entries: dict[Hashable, Registration[T]] = {}
        self._sealed = False
        _REGISTRIES[name] = self

    def register(self, value: T, /, *more: T, key: Hashable | None = None, depth: int = 1) -> T:
        """Add entries, each under its key, or one under the key that is given; return the first.

        ``depth``: how many calls above this one the line stands that is told as the place of
        registration. Raises ``RegistryError`` for an entry of another type, a key that is taken,
        more entries than the registry holds, and for anything after start-up.
        """
        caller = sys._getframe(depth)
        for each in (value, *more):
            self._add(each, key, caller.f_code.co_filename, caller.f_lineno)
        return value

    def _add(self, value: T, key: Hashable | None, file: str, line: int) -> None:
        right = callable(value) if self.of is None else isinstance(value, self.of)
        if not right:
            wanted = "something that can be called" if self.of is None else self.of.__name__
            raise RegistryError(f"{self.name} takes {wanted}, not {value!r}.")
        key = self._key(value) if key is None else key
        if key in self._entries:
            first = self._entries[key]
            raise RegistryError(f"{self.name} has {key} already, from {first.file}:{first.line}.")
        if self.limit is not None and len(self._entries) >= self.limit:
            raise RegistryError(f"{self.name} holds {self.limit} and is full.")
        if self._sealed:
            raise RegistryError(f"{self.name} is sealed: register while the product starts.")
        self._entries[key] = Registration(key, value, file, line)

    def __iter__(self) -> Iterator[T]:
        return (entry.value for entry in self.entries())

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
        """Return the keys in the order of the entries."""
        return [entry.key for entry in self.entries()]

    def only(self) -> T | None:
        """Return the entry of a registry that holds one at most, or nothing."""
        return next(iter(self), None)

    def entries(self) -> list[Registration[T]]:
        """Return every entry with its key and the line of code that registered it."""
        found, order = list(self._entries.values()), self._order
        return found if order is None else sorted(found, key=lambda entry: order(entry.value))

    @property
    def is_sealed(self) -> bool:
        """Whether the registry takes no more entries."""
        return self._sealed

    def seal(self) -> None:
        """Take no entry from now on, unless there is a reason to stay open."""
        self._sealed = not self.open_because

    @contextmanager
    def replaced(self, *values: T, key: Hashable | None = None) -> Iterator[None]:
        """Hold other entries, or none, for a while; for tests only."""
        with self._for_a_while({}):
            for value in values:
                self.register(value, key=key, depth=3)
            yield

    @contextmanager
    def added(self, *values: T, key: Hashable | None = None) -> Iterator[None]:
        """Hold more entries for a while, in place of those with the same key; for tests only."""
        taken = {self._key(value) if key is None else key for value in values}
        with self._for_a_while({k: e for k, e in self._entries.items() if k not in taken}):
            for value in values:
                self.register(value, key=key, depth=3)
            yield

    @contextmanager
    def _for_a_while(self, entries: dict[Hashable, Registration[T]]) -> Iterator[None]:
        before, sealed = self._entries, self._sealed
        self._entries, self._sealed = entries, False
        try:
            yield
        finally:
            self._entries, self._sealed = before, sealed


def registries() -> list[Registry[Any]]:
    """Return every registry, by name."""
    return [_REGISTRIES[name] for name in sorted(_REGISTRIES)]


def seal_registries() -> None:
    """Seal every registry that stands; called once, when every app is ready."""
    for registry in registries():
        registry.seal()
