"""The menu: groups of links, each for the roles that may follow it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

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


_ITEMS: list[MenuItem] = []


def add_to_menu(
    *,
    group: str,
    label: str,
    name: str,
    roles: frozenset[str] = frozenset(),
    order: int = 50,
    pages: tuple[str, ...] = (),
) -> None:
    """Add a link; the same link twice is one."""
    item = MenuItem(group, label, name, frozenset(roles), order, pages)
    if group not in GROUPS:
        raise ValueError(f"{group} is no group of the menu")
    if item not in _ITEMS:
        _ITEMS.append(item)


_COUNTS: dict[str, Callable[..., int]] = {}


def count_for_frame(name: str, count: Callable[..., int]) -> None:
    """Have every page's frame know a number, such as how many notices are unread."""
    _COUNTS[name] = count


def frame_counts(viewer: Any) -> dict[str, int]:
    """Return the numbers of the frame for a viewer."""
    return {name: count(viewer=viewer) for name, count in _COUNTS.items()}


_FACTS: list[Callable[[Any], list[tuple[str, str, bool]]]] = []


def tell_of_system(source: Callable[[Any], list[tuple[str, str, bool]]]) -> None:
    """Offer facts of the running system: (name, value, whether that is good) at a moment."""
    if source not in _FACTS:
        _FACTS.append(source)


def system_facts(now: Any) -> list[tuple[str, str, bool]]:
    """Return what is known of the running system."""
    return [fact for source in _FACTS for fact in source(now)]


_EXPORTER: list[Callable[..., str]] = []


def export_with(exporter: Callable[..., str]) -> None:
    """Say who makes large exports in the background; it returns where to follow that."""
    _EXPORTER[:] = [exporter]


def exports_in_background() -> bool:
    """Whether large exports can be made in the background."""
    return bool(_EXPORTER)


def export_address(**words: Any) -> str:
    """Start an export in the background; return where to follow it."""
    return _EXPORTER[0](**words)


FEW = 30


@dataclass(frozen=True)
class MenuGroup:
    """A group of links; it stands open, or is opened by whoever wants to see it."""

    name: str
    items: list[MenuItem]
    is_open: bool


def menu_names() -> frozenset[str]:
    """Return the names of the addresses that the menu links to."""
    return frozenset(i.name for i in _ITEMS)


def place_in_menu(
    roles: frozenset[str], *, path: str, page: str, addresses: Mapping[str, str]
) -> tuple[str, str]:
    """Return where a page stands in somebody's menu: its group, and its link if it has its own.

    ``page`` is the name of its address, ``addresses`` has the address of each link by its name.
    """
    allowed = _links(roles)
    above = [
        (len(addresses[i.name]), i.group) for i in allowed if path.startswith(addresses[i.name])
    ]
    above += [(len(path), i.group) for i in allowed if page in i.pages]
    group = max(above)[1] if above else GROUPS[0]
    return group, next((i.name for i in allowed if addresses[i.name] == path), "")


def menu_for(roles: frozenset[str], group: str = GROUPS[0]) -> list[MenuGroup]:
    """Return the groups with the links that somebody with these roles may follow.

    A long menu shows its first group and the one given; a short one shows all.
    """
    allowed = _links(roles)
    shown = GROUPS if len(allowed) <= FEW else (GROUPS[0], group)
    return [
        MenuGroup(name, sorted(items, key=lambda i: (i.order, i.label)), name in shown)
        for name in GROUPS
        if (items := [i for i in allowed if i.group == name])
    ]


def _links(roles: frozenset[str]) -> list[MenuItem]:
    return [i for i in _ITEMS if not i.roles or i.roles & roles]
