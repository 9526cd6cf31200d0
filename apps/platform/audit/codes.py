"""Who could act as whom: the acts that tie two accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

# who gives a role vouches for its person; who alone gives or asks for one could be its person too
VOUCHING = ("sign_in.person.roles_set", "sign_in.person.roles_given")
TYING = (
    "sign_in.person.invited",
    "sign_in.person.link_made",
    "sign_in.person.roles_asked",
    "sign_in.person.roles_set",
)


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
