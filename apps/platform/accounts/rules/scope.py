"""The viewer: on whose behalf something is read, and how far that person sees."""

from __future__ import annotations

from dataclasses import dataclass, field

from apps.platform.accounts.codes import ISO_ROLES, SC_ROLES, PartyKind, Role


@dataclass(frozen=True)
class Viewer:
    """Who reads. ``user_id`` and ``party_id`` are None for the public."""

    user_id: int | None = None
    party_id: int | None = None
    party_kind: str = ""
    held: frozenset[str] = field(default_factory=frozenset)

    @property
    def roles(self) -> frozenset[str]:
        """The roles that count: ISO roles inside the ISO only, SC roles inside an SC only."""
        if self.party_kind == PartyKind.ISO:
            return frozenset(self.held & ISO_ROLES)
        if self.party_kind == PartyKind.SC:
            return frozenset(self.held & SC_ROLES)
        return frozenset()

    @property
    def is_iso(self) -> bool:
        """Whether the viewer acts for the ISO and so sees every party's rows."""
        return self.party_kind == PartyKind.ISO and bool(self.roles)

    @property
    def is_sc(self) -> bool:
        """Whether the viewer acts for one SC and so sees that SC's rows only."""
        return self.party_kind == PartyKind.SC and bool(self.roles)

    @property
    def own_party(self) -> int:
        """The key of the party the viewer acts for; raises LookupError for who acts for none."""
        if self.party_id is None:
            raise LookupError("This viewer acts for no party.")
        return self.party_id

    def may(self, roles: frozenset[Role] | frozenset[str]) -> bool:
        """Whether the viewer holds one of these roles."""
        return bool(self.roles & frozenset(roles))

    def sees_party(self, party_id: int | None) -> bool:
        """Whether rows of a party are this viewer's to see."""
        return self.is_iso or (self.is_sc and party_id is not None and party_id == self.party_id)


NOBODY = Viewer()
THE_ISO = Viewer(party_kind=PartyKind.ISO, held=frozenset({Role.ISO_ADMIN}))
"""Who reads when the product itself calculates for all parties, in nobody's request."""
