"""What higher apps show and do with late corrections and legacy invoices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from apps.platform.core.registry import Registry

LATE_PANELS: Registry[Callable[[Any, Any], list[tuple[str, dict[str, Any]]]]] = Registry(
    "settlements.late_panels",
    meaning="Asked (late correction, viewer) for panels that lead on from its runs.",
)
LEGACY_HOOKS: Registry[Callable[[Any, Any, Any], Any]] = Registry(
    "settlements.legacy_hooks",
    meaning="Called (legacy invoice, actor, moment) when one is validated or paid.",
)
