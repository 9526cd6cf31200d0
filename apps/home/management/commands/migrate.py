"""``manage.py migrate``: Django's own, spared most of its rendering.

A trigger, a constraint or an index changes nothing that models of a migration are made of, yet for
each one Django makes the model and all its neighbours anew. With several hundred triggers that is
more than half of a first migration's time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.core.management.commands import migrate
from django.db.migrations import operations
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger

PLAIN = (AddTrigger, RemoveTrigger, operations.AddConstraint, operations.AddIndex)


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


@contextmanager
def spared() -> Iterator[None]:
    """Have triggers, constraints and indexes noted in a migration's state, and no model made."""
    before = {kind: kind.state_forwards for kind in PLAIN}
    for kind, original in before.items():
        kind.state_forwards = _without_rendering(original)  # type: ignore[method-assign]
    try:
        yield
    finally:
        for kind, original in before.items():
            kind.state_forwards = original  # type: ignore[method-assign]


class Command(migrate.Command):
    """Migrate, with less rendering."""

    def handle(self, *args: Any, **options: Any) -> Any:
        """Migrate as Django does."""
        with spared():
            return super().handle(*args, **options)
