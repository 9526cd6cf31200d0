"""The items of a request as people give them: rows of a form, or lines of text; read strictly."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from apps.platform.core.numbers import read_number
from apps.platform.core.quantity import USD
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import TradeDay, is_plausible
from apps.platform.core.typed_rows import TypedRows
from apps.platform.core.violations import ValidationFailed, Violation

LINE = re.compile(
    r"(?P<trade_date>[^\s,]+)(?:[,\s]+HE(?P<first_hour>\d{1,2})"
    r"(?:\s*-\s*(?:HE)?(?P<last_hour>\d{1,2}))?(?=[,\s]))?"
    r"[,\s]+(?P<amount>\S+)(?:\s+(?P<what>\S.*))?",
    re.IGNORECASE,
)
GRANT = re.compile(r"(?P<item>\d{1,4})(?:\s*:\s*|\s+)(?P<amount>\S+)")
GOES_ON = re.compile(r"\d{3}(?!\d)|[\d.,]+(?:\s|$)")
# dollars behind what was taken for the dollars: nobody can say which of them is meant
MONEY_NEXT = re.compile(r"[+-]?\$|\d{1,3},\d{3}|\d+\.\d")
# words that would change the dollars before them: HE7 (the hours came late), x 6225.00, - 20.00,
# (50), thousand, k, %, EUR, per MWh
CHANGES_AMOUNT = re.compile(
    r"HE\s*-?\s*\d|[x×*/+\-–−]\s*\$?[\d.]|\(\s*\$?[\d.,]+\s*\)|[%€£]"
    r"|(?:k|m|mm|mio|mln|bn|hundred|thousand|million|billion|percent|eur|euros?|gbp|cents?|per|each)\b",
    re.IGNORECASE,
)
SHAPE = "2024-09-04 HE7-HE22 12450.00 Replacement gas, invoice 77"
CELLS = ("trade_date", "first_hour", "last_hour", "amount", "what")
MOST_ITEMS = 400
MOST_WORDS = 200
MOST_CENTS = 10**11


@dataclass(frozen=True)
class ItemInput:
    """A cost in cents of hours of a trade date, and what it was for."""

    trade_date: date
    first_hour: int
    last_hour: int
    cents: int
    what: str


@implements("BRQ-1265", "BRQ-1270", source="settlement rule book 10.1")
def read_items(given: str | TypedRows) -> list[ItemInput]:
    """Read the items of a request; raises ValidationFailed that names every row and line that is
    none.

    A line: trade date, optionally hours ending, dollars, words. Without hours it is the whole day.
    Dollars are read by ``core.numbers``: ``12,450.00`` is twelve thousand, ``12,450`` is refused.
    *Interpretation*: what could be one number broken by a blank (``12 450.00``), dollars with more
    than two decimals (``12.450``), and dollars before words that would change them (``2 x
    6225.00``, ``12 thousand``, ``100.00 - 20.00``) are refused, as two readers would see two
    amounts.
    """
    rows = given.rows if isinstance(given, TypedRows) else ()
    text = given.text if isinstance(given, TypedRows) else given
    found: list[ItemInput] = []
    faults: list[Violation] = []
    for number, row in enumerate(rows, start=1):
        cells = {k: row.get(k, "").replace("\x00", "").strip() for k in CELLS}
        if any(v for k, v in cells.items() if k != "trade_date"):
            _take(
                found,
                faults,
                cells,
                Violation("REC-LINE", f"Row {number}: ", number, f"items[{number}]"),
            )
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.replace("\x00", "").strip()
        if words:
            _take(
                found,
                faults,
                _cells_of(words),
                Violation("REC-LINE", f"Line {number}: ", number, "items"),
            )
    if not found and not faults:
        faults.append(Violation("REC-LINE", "Name at least one item.", column="items"))
    if len(found) > MOST_ITEMS:
        faults.append(
            Violation("REC-MANY", f"A request holds at most {MOST_ITEMS} items.", column="items")
        )
    faults += _twice(found)
    if faults:
        raise ValidationFailed(faults)
    return found


def _take(
    found: list[ItemInput],
    faults: list[Violation],
    cells: Mapping[str, str] | None,
    where: Violation,
) -> None:
    """Add an item, or the fault that keeps it from being one, said of where it stands."""
    try:
        if cells is None:
            raise ValueError(f"write it as {SHAPE}.")
        found.append(_read(cells))
    except ValueError as trouble:
        faults.append(replace(where, message=f"{where.message}{trouble}"))


def _cells_of(line: str) -> Mapping[str, str] | None:
    """Return the cells of a line of text, None where it is none.

    Raises nothing: an amount that seems to go on behind a blank is kept whole, and refused as that.
    """
    match = LINE.fullmatch(line)
    if match is None:
        return None
    cells = match.groupdict("")
    amount, what = cells["amount"].rstrip(","), cells["what"]
    goes_on = "." not in amount and GOES_ON.match(what)
    unclear = goes_on or MONEY_NEXT.match(what) or CHANGES_AMOUNT.match(what)
    if re.search(r"\d", amount) and unclear:
        return {**cells, "amount": f"{amount} {' '.join(what.split()[:2])}"}
    return {**cells, "amount": amount}


def _read(cells: Mapping[str, str]) -> ItemInput:
    day = _day(cells["trade_date"])
    hours = TradeDay(day).hour_count
    first = _hour(cells["first_hour"] or "1")
    last = _hour(cells["last_hour"] or cells["first_hour"] or str(hours))
    if not 1 <= first <= last <= hours:
        raise ValueError(f"{day} has hours ending 1 to {hours}.")
    cents = _claimed(cells["amount"])
    return ItemInput(day, first, last, cents, cells["what"].strip()[:MOST_WORDS])


def _day(text: str) -> date:
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError
        day = date.fromisoformat(text)
    except ValueError:
        said = f"{text[:20]} is no trade date" if text else "the trade date is missing"
        raise ValueError(f"{said}; write it as 2024-09-04 (year-month-day).") from None
    if not is_plausible(day):
        raise ValueError("the trade date must lie between 1800 and 2199.")
    return day


def _hour(text: str) -> int:
    if not re.fullmatch(r"\d{1,2}", text):
        raise ValueError(f"{text[:20]} is no hour ending; write a whole number such as 7.")
    return int(text)


def _claimed(text: str) -> int:
    if not text:
        raise ValueError("the amount is missing.")
    if not re.search(r"\d", text):
        raise ValueError(f"write it as {SHAPE}.")
    cents = dollars_typed(text)
    if cents <= 0:
        raise ValueError("an amount is above 0.")
    return cents


def dollars_typed(text: str) -> int:
    """Return the cents of dollars that a person wrote; raises ValueError with a sentence."""
    number = read_number(text)
    if len(text.strip().partition(".")[2]) > USD.places:
        raise ValueError(f"{text.strip()[:20]}: an amount has at most two decimals (cents).")
    cents = USD.to_scaled(number)
    if abs(cents) >= MOST_CENTS:
        raise ValueError(f"{text.strip()[:20]} is above what a request can claim.")
    return cents


def _twice(items: Sequence[ItemInput]) -> list[Violation]:
    """Same words for the same hours of a day: the line was probably written twice."""
    seen: set[ItemInput] = set()
    twice = []
    for item in items:
        if item in seen:
            twice.append(
                Violation(
                    "REC-TWICE", f"{item.trade_date}: the same item stands twice.", column="items"
                )
            )
        seen.add(item)
    return twice


def row_places(given: str | TypedRows, day: date) -> list[str]:
    """Return the columns of violations for the rows of a form that name a trade date."""
    rows = given.rows if isinstance(given, TypedRows) else ()
    return [
        f"items[{number}]"
        for number, row in enumerate(rows, start=1)
        if row.get("trade_date", "").replace("\x00", "").strip() == str(day)
    ]


def rows_of(items: Sequence[ItemInput]) -> list[dict[str, str]]:
    """Return items as the rows of a form: what was read, in the cells where it is changed."""
    return [
        {
            "trade_date": str(i.trade_date),
            "first_hour": str(i.first_hour),
            "last_hour": str(i.last_hour),
            "amount": f"{USD.from_scaled(i.cents):,.2f}",
            "what": i.what,
        }
        for i in items
    ]


def read_grants(given: str | TypedRows, claimed: Mapping[int, int]) -> dict[int, int]:
    """Return the cents approved of each item: all of it, or what a row or a line says.

    A line: item number and dollars, ``2: 1,400.00`` or ``2 1400.00``. claimed: cents by item
    number. Raises ValidationFailed for other lines, unknown items, an item named twice, more than
    claimed.
    """
    rows = given.rows if isinstance(given, TypedRows) else ()
    text = given.text if isinstance(given, TypedRows) else given
    lines = [
        (f"Row {n}", n, f"{r.get('item', '')}: {amount}")
        for n, r in enumerate(rows, start=1)
        if (amount := r.get("amount", "").strip())
    ]
    lines += [
        (f"Line {n}", 0, line) for n, line in enumerate(text.splitlines(), start=1) if line.strip()
    ]
    named: dict[int, int] = {}
    faults = []
    for where, row, line in lines:
        try:
            item, cents = _grant(line, claimed)
            if item in named:
                raise ValueError(f"item {item} is named twice.")
            named[item] = cents
        except ValueError as trouble:
            faults.append(
                Violation(
                    "REC-GRANTED",
                    f"{where}: {trouble}",
                    line=row,
                    column=f"granted[{row}]" if row else "granted",
                )
            )
    if faults:
        raise ValidationFailed(faults)
    return {**claimed, **named}


def _grant(line: str, claimed: Mapping[int, int]) -> tuple[int, int]:
    match = GRANT.fullmatch(line.strip())
    if match is None:
        raise ValueError("write an item number and dollars, such as 2: 1,400.00.")
    item, cents = int(match["item"]), dollars_typed(match["amount"])
    if item not in claimed or not 0 <= cents <= claimed[item]:
        raise ValueError(f"approve 0 up to what item {item} claims.")
    return item, cents
