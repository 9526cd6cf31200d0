"""Fingerprints of inputs and results."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any


def fingerprint(parts: Iterable[Any]) -> str:
    """Return the SHA-256 of plain JSON values in order; the same values give the same text."""
    text = json.dumps(list(parts), sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()
