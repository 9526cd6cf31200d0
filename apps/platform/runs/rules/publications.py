"""The hash that chains a publication to the one before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from apps.platform.core.rulebook import implements

FIRST = "0" * 64


@implements("BRQ-1201", source="settlement desk: tamper evidence")
def link_hash(number: int, previous: str, content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a publication: its number, the hash before it, and what it says.

    content: plain values only; the same content gives the same hash on any machine.
    """
    words = json.dumps([number, previous, content], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(words.encode()).hexdigest()
