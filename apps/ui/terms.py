"""The menu: groups of links, each for the roles that may follow it."""

from __future__ import annotations

from dataclasses import dataclass, field

GROUPS = ("Today", "Settlement", "Inputs", "Contracts", "Reference", "Control")


@dataclass(frozen=True)
class MenuItem:
    """One link of the menu. ``roles`` empty: everybody, signed in or not."""

    group: str
    label: str
    address: str
    roles: frozenset[str] = field(default_factory=frozenset)
    order: int = 50


_ITEMS: list[MenuItem] = []


def add_to_menu(
    *, group: str, label: str, address: str, roles: frozenset[str] = frozenset(), order: int = 50
) -> None:
    """Add a link; the same link twice is one."""
    item = MenuItem(group, label, address, frozenset(roles), order)
    if group not in GROUPS:
        raise ValueError(f"{group} is no group of the menu")
    if item not in _ITEMS:
        _ITEMS.append(item)


def menu_for(roles: frozenset[str]) -> list[tuple[str, list[MenuItem]]]:
    """Return the groups with the links that somebody with these roles may follow."""
    found = []
    for group in GROUPS:
        items = [i for i in _ITEMS if i.group == group and (not i.roles or i.roles & roles)]
        if items:
            found.append((group, sorted(items, key=lambda i: (i.order, i.label))))
    return found
