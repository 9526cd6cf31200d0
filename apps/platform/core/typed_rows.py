"""Rows of a form as a person typed them, before anything is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class TypedRows:
    """Rows, each a text by cell, and the lines of text pasted beneath them."""

    rows: tuple[Mapping[str, str], ...] = ()
    text: str = ""

    def __bool__(self) -> bool:
        """Whether anything was typed at all."""
        return bool(self.rows or self.text.strip())
