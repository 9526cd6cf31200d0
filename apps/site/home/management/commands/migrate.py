"""``manage.py migrate``: Django's own, spared most of its rendering.

After each operation Django makes the models of a migration anew: the changed one and all that can
be reached from it over relations. Here everything can be reached from everything, as every row
knows its dataset version, run or person, so a first migration spent nine tenths of its time on
models that had not changed. What has to be made anew is the changed model and whoever holds its
class: those that point at it, those that point at them, and subclasses. A constraint or an
index changes nothing that models are made of. Data migrations get models made from scratch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.core.management.commands import migrate
from django.db.migrations import operations
from django.db.migrations.state import ProjectState

PLAIN = (operations.AddConstraint, operations.AddIndex)
ModelKey = tuple[str, str]


def _without_rendering(state_forwards: Callable[..., None]) -> Callable[..., None]:
    def change(self: Any, app_label: str, state: ProjectState) -> None:
        if not apps.get_app_config(app_label).name.startswith("apps."):
            return state_forwards(self, app_label, state)  # libraries' own stay as they are
        state.reload_model = lambda *_, **__: None  # type: ignore[method-assign]
        try:
            state_forwards(self, app_label, state)
        finally:
            del state.reload_model
        return None

    return change


def holders_of(
    state: ProjectState, app_label: str, model_name: str, delay: bool = False
) -> set[ModelKey]:
    """Return a model and the models that hold its class, as far as their own class is held."""
    state.is_delayed = True  # so that a data migration renders everything
    found: set[ModelKey] = set()
    waiting = [(app_label, model_name)]
    while waiting:
        key = waiting.pop()
        if key in found:
            continue
        found.add(key)
        try:
            model = state.apps.get_model(*key)
        except LookupError:  # made by this very operation: nobody holds it yet
            continue
        holding = [
            relation.related_model
            for relation in model._meta.get_fields(include_hidden=True)
            if relation.auto_created and relation.is_relation and not relation.concrete
        ]
        waiting += [
            (other._meta.app_label, str(other._meta.model_name))
            for other in (*holding, *model.__subclasses__())
            if other and not isinstance(other, str) and other._meta.apps is state.apps
        ]
    return found


@contextmanager
def spared() -> Iterator[None]:
    """Have each operation of a migration make anew only the models it has to."""
    before = {kind: kind.state_forwards for kind in PLAIN}
    states: Any = ProjectState  # its search for what to render has no public name
    searched = states._find_reload_model
    for kind, original in before.items():
        kind.state_forwards = _without_rendering(original)  # type: ignore[method-assign]
    states._find_reload_model = holders_of
    try:
        yield
    finally:
        states._find_reload_model = searched
        for kind, original in before.items():
            kind.state_forwards = original  # type: ignore[method-assign]


class Command(migrate.Command):
    """Migrate, with less rendering."""

    def handle(self, *args: Any, **options: Any) -> Any:
        """Migrate as Django does."""
        with spared():
            return super().handle(*args, **options)
