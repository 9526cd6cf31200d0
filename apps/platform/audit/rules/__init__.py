"""Whether two accounts count as two people, from who could act as whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from apps.platform.audit.codes import Tie, Ties
from apps.platform.core.effective import parameter

INDEPENDENT_AFTER_DAYS = parameter("people.independent_after_days")


def tied_until(found: Ties, *, one_id: int, other_id: int) -> datetime | None:
    """Return until when one of two could act as the other, directly or over others; or None."""
    ends = [
        _reached(found.ties, giver).get(taker)
        for giver, taker in ((one_id, other_id), (other_id, one_id))
    ]
    return max((end for end in ends if end is not None), default=None)


def set_up_alone(found: Ties, *, one_id: int, other_id: int) -> bool:
    """Return whether somebody could act as both people and nobody independent vouched since.

    A vouching counts where its administrator is not in the hands of that somebody, and where it is
    later than the last act that put one of the two, or anybody in between, into those hands.
    """
    pair = {one_id, other_id}
    for giver in {tie.giver_id for tie in found.ties}:
        reached = _reached(found.ties, giver)
        if not pair <= reached.keys():
            continue
        group = {giver, *reached}
        between = {n for n in reached if n in pair or pair & _reached(found.ties, n).keys()}
        last = max(
            tie.since for tie in found.ties if tie.giver_id in group and tie.taker_id in between
        )
        if not any(
            vouching.taker_id in pair and vouching.giver_id not in group and vouching.at > last
            for vouching in found.vouchings
        ):
            return True
    return False


def _reached(ties: Iterable[Tie], first: int) -> dict[int, datetime]:
    """Return as whom somebody could act, directly or over others, each with until when."""
    by_giver: dict[int, list[Tie]] = {}
    for tie in ties:
        by_giver.setdefault(tie.giver_id, []).append(tie)
    reached: dict[int, datetime] = {}
    ahead: list[tuple[int, datetime | None]] = [(first, None)]
    while ahead:
        giver, limit = ahead.pop()
        for tie in by_giver.get(giver, []):
            until = min(limit, tie.until) if limit else tie.until
            known = reached.get(tie.taker_id)
            if tie.taker_id != first and (known is None or until > known):
                reached[tie.taker_id] = until
                ahead.append((tie.taker_id, until))
    return reached
