"""The items of a request as people write them: one a line, read strictly."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from apps.kernel.findings import Finding, Refusal
from apps.kernel.quantity import USD, InexactQuantity
from apps.kernel.rulebook import implements
from apps.kernel.tradetime import TradeDay, is_plausible

LINE = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})(?:[,\s]+HE(?P<first>\d{1,2})(?:\s*-\s*HE(?P<last>\d{1,2}))?)?"
    r"[,\s]+(?P<amount>\d{1,9}(?:\.\d+)?)(?:[,\s]+(?P<what>\S.*))?"
)
SHAPE = "2024-09-04 HE7-HE22 12450.00 Replacement gas, invoice 77"
MOST_ITEMS = 400
MOST_WORDS = 200


@dataclass(frozen=True)
class ItemWish:
    """A cost in cents of hours of a trade date, and what it was for."""

    trade_date: date
    first_hour: int
    last_hour: int
    cents: int
    what: str


@implements("BRQ-1265", "BRQ-1270", source="settlement rule book 10.1")
def read_items(text: str) -> list[ItemWish]:
    """Read the items of a request; raises Refusal that names every line that is none.

    A line: trade date, optionally hours ending, dollars, words. Without hours it is the whole day.
    """
    found: list[ItemWish] = []
    faults: list[Finding] = []
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.replace("\x00", "").strip()
        if not words:
            continue
        try:
            found.append(_read(words))
        except ValueError as trouble:
            faults.append(Finding("REC-LINE", f"Line {number}: {trouble}", line=number,
                                  column="items"))  # fmt: skip
    if not found and not faults:
        faults.append(Finding("REC-LINE", "Name at least one item.", column="items"))
    if len(found) > MOST_ITEMS:
        faults.append(Finding("REC-MANY", f"A request holds at most {MOST_ITEMS} items.",
                              column="items"))  # fmt: skip
    faults += _overlapping(found)
    if faults:
        raise Refusal(faults)
    return found


def _read(words: str) -> ItemWish:
    match = LINE.fullmatch(words)
    if match is None:
        raise ValueError(f"write it as {SHAPE}.")
    day = date.fromisoformat(match["day"])
    if not is_plausible(day):
        raise ValueError("the trade date must lie between 1800 and 2199.")
    hours = TradeDay(day).hour_count
    first = int(match["first"] or 1)
    last = int(match["last"] or match["first"] or hours)
    if not 1 <= first <= last <= hours:
        raise ValueError(f"{day} has hours ending 1 to {hours}.")
    try:
        cents = USD.to_scaled(match["amount"])
    except InexactQuantity:
        raise ValueError("an amount has whole cents.") from None
    if cents <= 0:
        raise ValueError("an amount is above 0.")
    return ItemWish(day, first, last, cents, (match["what"] or "").strip()[:MOST_WORDS])


def _overlapping(items: Sequence[ItemWish]) -> list[Finding]:
    """Same words for the same hours of a day: the line was probably written twice."""
    seen: set[ItemWish] = set()
    twice = []
    for item in items:
        if item in seen:
            twice.append(Finding("REC-TWICE", f"{item.trade_date}: the same item stands twice.",
                                 column="items"))  # fmt: skip
        seen.add(item)
    return twice


def read_grants(text: str, claimed: dict[int, int]) -> dict[int, int]:
    """Return the cents approved of each item: all of it, or what a line ``2 400.00`` says.

    claimed: cents by item number. Raises Refusal for other lines, unknown items, more than claimed.
    """
    granted = dict(claimed)
    faults = []
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.replace(":", " ").replace(",", " ").split()
        if not words:
            continue
        try:
            item, cents = int(words[0]), _cents_of(words)
        except (ValueError, IndexError, InexactQuantity):
            faults.append(Finding("REC-LINE", f"Line {number}: write an item number and dollars, "
                                  "such as 2 400.00.", line=number, column="granted"))  # fmt: skip
            continue
        if item not in claimed or not 0 <= cents <= claimed[item]:
            faults.append(Finding("REC-GRANTED", f"Line {number}: approve 0 up to what item "
                                  f"{item} claims.", line=number, column="granted"))  # fmt: skip
            continue
        granted[item] = cents
    if faults:
        raise Refusal(faults)
    return granted


def _cents_of(words: Sequence[str]) -> int:
    if len(words) != 2 or not re.fullmatch(r"\d{1,9}(\.\d{1,2})?", words[1]):
        raise ValueError("two words are expected")
    return USD.to_scaled(words[1])
