"""What apps put on every page: links of the menu, numbers of the frame, facts of the system."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from apps.platform.core.registry import Registry

GROUPS = (
    "Today",
    "Settlement",
    "Clearing",
    "Designation",
    "Contracts",
    "Adequacy",
    "CPM",
    "Costs",
    "Bids",
    "Market",
    "Inputs",
    "Reference",
    "Control",
)


@dataclass(frozen=True)
class MenuItem:
    """One link of the menu, by the name of its address. ``roles`` empty: everybody.

    ``pages`` are names of addresses that stand below it, though theirs begins otherwise.
    """

    group: str
    label: str
    name: str
    roles: frozenset[str] = field(default_factory=frozenset)
    order: int = 50
    pages: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a group the menu does not have."""
        if self.group not in GROUPS:
            raise ValueError(f"{self.group} is no group of the menu")


MENU = Registry(
    "ui.menu",
    meaning="Links of the menu, each for the roles that may follow it.",
    of=MenuItem,
    key=lambda item: item.name,
)
FRAME_COUNTS: Registry[Callable[..., int]] = Registry(
    "ui.frame_counts",
    meaning="Asked (viewer) for the numbers every page's frame knows, such as unread notices; "
    "the key is the name the template uses.",
)
SYSTEM_FACTS: Registry[Callable[[Any], list[tuple[str, str, bool]]]] = Registry(
    "ui.system_facts",
    meaning="Asked (moment) for facts of the running system: name, value, whether that is good.",
)
EXPORTER: Registry[Callable[..., str]] = Registry(
    "ui.exporter",
    meaning="Makes large exports in the background; returns where to follow that.",
    limit=1,
)
