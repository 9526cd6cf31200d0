"""The menu as somebody sees it: groups of links, each for the roles that may follow it."""

from __future__ import annotations

from dataclasses import dataclass

from apps.platform.ui.hooks import GROUPS, MENU, MenuItem

FEW = 30


@dataclass(frozen=True)
class MenuGroup:
    """A group of links; it stands open, or is opened by whoever wants to see it."""

    name: str
    items: list[MenuItem]
    is_open: bool


def place_in_menu(roles: frozenset[str], path: str) -> tuple[str, str]:
    """Return where a page stands in somebody's menu: its group, and its link if it has its own."""
    allowed = _links(roles)
    above = [
        (len(start), i.group)
        for i in allowed
        for start in (i.address, *i.pages)
        if start != "/" and path.startswith(start)
    ]
    group = max(above)[1] if above else GROUPS[0]
    return group, path if any(i.address == path for i in allowed) else ""


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
