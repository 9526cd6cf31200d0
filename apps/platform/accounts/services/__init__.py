"""Writes of parties, users and roles; and the wall between parties in the database."""

from apps.platform.accounts.services.people import RoleRefused, party_ensure, user_ensure
from apps.platform.accounts.services.wall import (
    WallTrouble,
    behind_the_wall,
    declared_walls,
    install_wall,
    over_the_wall,
    stand_again,
)

__all__ = [
    "RoleRefused",
    "WallTrouble",
    "behind_the_wall",
    "declared_walls",
    "install_wall",
    "over_the_wall",
    "party_ensure",
    "stand_again",
    "user_ensure",
]
