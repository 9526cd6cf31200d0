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

    _names: set[str]
    _tables: dict[tuple[str, str], Any]

    @classmethod
    def take_over(cls, plain: registry._Registry) -> None:
        """Make a registry one of these, whatever it holds by now."""
        plain.__class__ = cls
        plain._index()  # type: ignore[attr-defined]

    def _index(self) -> None:
        self._names, self._tables = set(), {}
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
    """Takes over the registry before any model registers a trigger."""

    name = "rmrcpm.triggers"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        IndexedRegistry.take_over(registry._registry)
