"""Workflows as tables: which action leads from which state to which, and who may take it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Move:
    """One allowed step of a workflow.

    ``second_person``: not the one who opened the case. ``not_by``: a field of the case that names
    somebody else who may not take it. ``ends``: the case is given up or turned down; a page asks
    before it happens, and never shows it as the next step. ``optional``: it may be taken at any
    time and nobody waits for it, such as sending once more what has arrived.
    """

    action: str
    source: str
    target: str
    roles: frozenset[str]
    label: str = ""
    second_person: bool = False
    not_by: str = ""
    ends: bool = False
    optional: bool = False


@dataclass(frozen=True)
class States:
    """The whole workflow of one kind of case."""

    initial: str
    moves: tuple[Move, ...]

    @property
    def names(self) -> list[str]:
        """Every state, the initial one first."""
        seen = [self.initial]
        for move in self.moves:
            for state in (move.source, move.target):
                if state not in seen:
                    seen.append(state)
        return seen

    @property
    def steps(self) -> list[tuple[str, str]]:
        """Every allowed pair of states, for the guard in the database."""
        return sorted({(m.source, m.target) for m in self.moves})

    def move(self, *, state: str, action: str) -> Move | None:
        """Return the move an action makes from a state, or None where it makes none."""
        for candidate in self.moves:
            if candidate.source == state and candidate.action == action:
                return candidate
        return None

    def is_over(self, state: str) -> bool:
        """Whether a case was decided or given up there for good: nobody can take it any further.

        A move that no role may take, such as the one that notes a settlement, takes it no further.
        """
        if any(m.source == state and m.roles for m in self.moves):
            return False
        into = [m for m in self.moves if m.target == state and m.source != state]
        return any(m.ends or m.second_person or self.is_over(m.source) for m in into)

    def open_to(self, *, state: str, roles: frozenset[str]) -> list[Move]:
        """Return the moves that somebody with these roles may take now."""
        return [m for m in self.moves if m.source == state and m.roles & roles]
