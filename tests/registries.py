"""Entries of registries that stand until a test, or a monkeypatch context, ends."""

from __future__ import annotations

from typing import Any

import pytest

from apps.platform.core.registry import Registry


def put(monkeypatch: pytest.MonkeyPatch, registry: Registry[Any], *values: Any) -> None:
    """Hold entries until the monkeypatch is undone, in place of those with the same keys."""
    with registry.added(*values):
        entries = registry._entries
    monkeypatch.setattr(registry, "_entries", entries)


def put_only(monkeypatch: pytest.MonkeyPatch, registry: Registry[Any], *values: Any) -> None:
    """Hold these entries alone, or none, until the monkeypatch is undone."""
    with registry.replaced(*values):
        entries = registry._entries
    monkeypatch.setattr(registry, "_entries", entries)
