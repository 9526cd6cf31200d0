"""What cannot be done for now, as others have the same done; it may be asked for again."""

from __future__ import annotations


class Busy(RuntimeError):
    """So much of a kind is being worked out that this one has to wait; nothing was done.

    ``code``: names the kind to programs. The words say what to do; pages and API answer 503 with
    Retry-After.
    """

    code = "BUSY"
