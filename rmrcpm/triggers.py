"""The library's registry of triggers, made quick.

For each trigger it takes in, the library looks through all of them twice. With several hundred
that was a third of what starting a program took. Here both indices are kept as triggers come.
"""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from pgtrigger import registry

Pair = tuple[Any, Any]  # a model and its trigger


class IndexedRegistry(registry._Registry):
    """The same registry: what it refuses and what it holds do not change."""

    def __init__(self) -> None:
        self._names: set[str] = set()
        self._tables: dict[tuple[str, str], Any] = {}
        super().__init__()

    def _index(self) -> None:
        self._names.clear()
        self._tables.clear()
        for pair in self.data.values():
            self._note(pair)

    def _note(self, pair: Pair) -> None:
        model, trigger = pair
        self._names.add(trigger.get_pgid(model))
        self._tables[model._meta.db_table, trigger.name] = trigger

    @property
    def pg_function_names(self) -> set[str]:
        """The names of all functions in the database."""
        return self._names

    @property
    def by_db_table(self) -> dict[tuple[str, str], Any]:
        """Every trigger by its table and name."""
        return self._tables

    def __setitem__(self, key: str, pair: Pair) -> None:
        super().__setitem__(key, pair)  # type: ignore[no-untyped-call]
        self._note(pair)

    def __delitem__(self, key: str) -> None:
        super().__delitem__(key)  # type: ignore[no-untyped-call]
        self._index()


class IndexedTriggers(AppConfig):
    """Puts the registry in place of the library's, before any model registers a trigger."""

    name = "rmrcpm.triggers"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        if not registry._registry:
            registry._registry = IndexedRegistry()
