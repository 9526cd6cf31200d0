"""Who is told of an approved parameter value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from apps.platform.core.registry import Registry

VALUE_WATCHERS: Registry[Callable[[Any, Any, Any], None]] = Registry(
    "parameters.watchers",
    meaning="Called (parameter value, actor, moment) for every approved value, inside the "
    "approving transaction.",
)
