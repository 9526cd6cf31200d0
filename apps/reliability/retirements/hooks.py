"""Where a notice of retirement leads on to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from apps.platform.core.registry import Registry

NOTICE_LINKS: Registry[Callable[[Any, Any], list[tuple[str, str]]]] = Registry(
    "retirements.notice_links",
    meaning="Asked (notice, viewer) for links (label, address) to what a higher app does with it.",
)
