"""The menu as somebody sees it: groups of links, each for the roles that may follow it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from apps.platform.ui.hooks import GROUPS, MENU, MenuItem

FEW = 30


@dataclass(frozen=True)
class MenuGroup:
    """A group of links; it stands open, or is opened by whoever wants to see it."""

    name: str
    items: list[MenuItem]
    is_open: bool


def menu_names() -> frozenset[str]:
    """Return the names of the addresses that the menu links to."""
    return frozenset(i.name for i in MENU)


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
    return [i for i in MENU if not i.roles or i.roles & roles]
