"""Who could act as whom: the acts that tie two accounts, and where other apps tell of theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

INDEPENDENT_AFTER = timedelta(days=30)
VOUCHING = "access.person.roles_set"
TYING = ("access.person.invited", "access.person.link_made", VOUCHING)


@dataclass(frozen=True)
class Tie:
    """From ``since`` to ``until`` the giver could act with the account of the taker."""

    giver_id: int
    taker_id: int
    since: datetime
    until: datetime


@dataclass(frozen=True)
class Vouching:
    """An administrator who gave somebody a role, and so knows that person."""

    giver_id: int
    taker_id: int
    at: datetime


@dataclass(frozen=True)
class Ties:
    """All ties that count at one moment, and everybody who vouched for somebody."""

    ties: tuple[Tie, ...] = ()
    vouchings: tuple[Vouching, ...] = ()


TieSource = Callable[[datetime], Iterable[Tie]]
_SOURCES: list[TieSource] = []


def register_ties(source: TieSource) -> None:
    """Offer a function that returns the ties of its app that count at a moment."""
    if source not in _SOURCES:
        _SOURCES.append(source)


def tie_sources() -> list[TieSource]:
    """Return every source of ties beside the log."""
    return list(_SOURCES)
