"""How many parts a ZIP file lists, seen before anything is built of its list."""

from __future__ import annotations

MOST_PARTS = 2_000
LISTED = b"PK\x01\x02"


def too_many_parts(content: bytes) -> bool:
    """Return whether a ZIP file lists more parts than any that is read here.

    A reader builds an object for each, some ten times as large as what stands in the file.
    """
    return content.count(LISTED) > MOST_PARTS
