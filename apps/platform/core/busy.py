"""What cannot be done now, through no fault of who asked: the same may be asked again soon."""

from __future__ import annotations


class Busy(RuntimeError):
    """Nothing was done, and the same may work in a few seconds; the message says why.

    A request is answered 503 with it, and a job is done again, a few times.
    """

    code = "BUSY"
    heading = "Busy"
