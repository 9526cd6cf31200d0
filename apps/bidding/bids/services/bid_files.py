"""Files of bids: every row read and checked, then all bids taken or none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

import pghistory
import polars as pl
from django.db import transaction

from apps.bidding.bids.codes import BIDDERS, SERVICES
from apps.bidding.bids.layouts import BID_ROW
from apps.bidding.bids.models import BidFile, BidFileContent
from apps.bidding.bids.services.submitting import BidInput, Checked, check_bid, keep_bid
from apps.platform.accounts.models import User
from apps.platform.accounts.selectors import system_user
from apps.platform.accounts.services import bypass_rls
from apps.platform.audit.services import log_event, transition
from apps.platform.core.quantity import MW, USD_PER_MWH, plain
from apps.platform.core.violations import Severity, ValidationFailed, Violation
from apps.platform.core.words import counted
from apps.platform.uploads.services import file_bytes, file_words, typed_rows
from apps.reference.resources.services import unknown_resources

MOST_ROWS = 5_000
MOST_VIOLATIONS = 200
PLACE = ("market", "resource_id", "config_id", "trade_date", "hour_ending")


@transaction.atomic
def take_file(*, actor: User, at: datetime, file: Any) -> BidFile:
    """Take a file of bids whole, or refuse it whole with every violation by row.

    The file is kept either way. If one configuration's bid of a multi-stage resource is wrong, all
    are invalid: a file is never half taken.
    """
    viewer = actor.viewer()
    if not viewer.may(BIDDERS):
        raise ValidationFailed.because("BID-ROLE", "Your roles do not allow you to bid.")
    content = file_bytes(file)
    with pghistory.context(user=actor.pk):
        case = BidFile.objects.create(
            state=BidFile.STATES.initial,
            opened_by=actor,
            opened_at=at,
            sc_id=viewer.own_party,
            **file_words(file, content),
        )
    BidFileContent.objects.create(bid_file=case, content=content)
    frame, violations = _read(content)
    bids: list[Checked] = []
    if not any(f.severity is Severity.ERROR for f in violations):
        bids, more = _checked(frame, actor, at)
        violations += more
    wrong = any(f.severity is Severity.ERROR for f in violations)
    if not wrong:
        for done in bids:
            keep_bid(done, actor=actor, at=at, bid_file=case)
    log_event(
        action="bids.bidfile.opened",
        actor=actor,
        at=at,
        subject=case,
        sentence=f"{case.file_name}: {counted(frame.height, 'row')}, {counted(len(bids), 'bid')}, "
        f"{'refused' if wrong else 'taken'}",
    )
    with bypass_rls("a party's file is taken or refused in the system's name"):
        return transition(
            case,
            action="refuse" if wrong else "take",
            actor=system_user(),
            at=at,
            note=f"{case.file_name} {'refused' if wrong else 'taken'}",
            set_fields={
                "row_count": frame.height,
                "bid_count": 0 if wrong else len(bids),
                "violations": [f.as_dict() for f in violations[:MOST_VIOLATIONS]],
            },
        )


def _read(content: bytes) -> tuple[pl.DataFrame, list[Violation]]:
    frame, violations = typed_rows(content, BID_ROW)
    if frame.height > MOST_ROWS:
        violations.append(Violation("BID-ROWS", f"A bid file holds at most {MOST_ROWS:,} rows."))
    return frame, violations


def _checked(
    frame: pl.DataFrame, actor: User, at: datetime
) -> tuple[list[Checked], list[Violation]]:
    bids: list[Checked] = []
    found = unknown_resources(frame, "RESOURCE_ID", "BID-RES")
    frame = frame.filter(~pl.col("line_no").is_in([f.line for f in found]))
    for line, given, wrong in _given_bids(frame):
        done = check_bid(given, actor.party_id, at)
        bids.append(done)
        for f in (*wrong, *done.violations):
            if f.severity is not Severity.INFO:
                row = f.line or line
                found.append(Violation(f.code, f.message, row, f.column, f.severity, f.value))
    return bids, found


def _given_bids(frame: pl.DataFrame) -> Iterator[tuple[int, BidInput, list[Violation]]]:
    rows = frame.with_columns(
        pl.col("config_id").fill_null(""), pl.col("to_config").fill_null("")
    ).sort(*PLACE, "from_mw", "line_no", nulls_last=True)
    for place, group in groupby(
        rows.iter_rows(named=True), key=lambda r: tuple(r[n] for n in PLACE)
    ):
        listed = list(group)
        market, resource, config, day, hour = place
        words: dict[str, Any] = {"energy": [], "services": [], "transitions": []}
        wrong: list[Violation] = []
        for row in listed:
            wrong += _put(words, row)
        given = BidInput(
            market=market,
            resource=resource,
            trade_date=day,
            first_hour=hour,
            last_hour=hour,
            config=config,
            **words,
        )
        yield listed[0]["line_no"], given, wrong


def _mw(scaled: int | None) -> Decimal | None:
    return None if scaled is None else MW.from_scaled(scaled)


def _put(words: dict[str, Any], row: dict[str, Any]) -> list[Violation]:
    """Put a row in its place of a bid; what is missing from it is a violation."""
    product, mw = row["product"], _mw(row["to_mw"])
    price = None if row["price"] is None else USD_PER_MWH.from_scaled(row["price"])
    needs_from = product == "ENERGY"
    needs_mw = product in ("ENERGY", "RUC", "SELF_SCHED", *SERVICES)
    needs_price = product in ("ENERGY", "START_UP", "MIN_LOAD", "TRANSITION", *SERVICES)
    missing = [
        name
        for name, needed, value in (
            ("FROM_MW", needs_from, row["from_mw"]),
            ("MW", needs_mw, mw),
            ("PRICE", needs_price, price),
        )
        if needed and value is None
    ]
    if missing:
        said = f"A row of {product} needs {' and '.join(missing)}; a blank cell is no 0."
        return [Violation("BID-ROW", said, row["line_no"], missing[0])]
    if product == "ENERGY":
        words["energy"].append(
            [
                plain(_mw(row["from_mw"]) or Decimal(0)),
                plain(mw or Decimal(0)),
                plain(price or Decimal(0)),
            ]
        )
    elif product in SERVICES:
        words["services"].append(
            {
                "product": product,
                "mw": plain(mw or Decimal(0)),
                "usd_mw": plain(price or Decimal(0)),
            }
        )
    elif product == "TRANSITION":
        words["transitions"].append({"to": row["to_config"], "usd": plain(price or Decimal(0))})
    else:
        name = {
            "RUC": "ruc_mw",
            "SELF_SCHED": "self_schedule_mw",
            "START_UP": "startup",
            "MIN_LOAD": "min_load",
        }[product]
        if name in words:
            return [
                Violation(
                    "BID-DOUBLE",
                    f"{product} stands twice in the hour.",
                    row["line_no"],
                    "PRODUCT",
                )
            ]
        value = mw if name.endswith("_mw") else price
        if name in ("startup", "min_load") and value is not None and value != round(value, 2):
            said = f"{product} holds fractions of a cent."
            return [Violation("BID-CENTS", said, row["line_no"], "PRICE")]
        words[name] = value
    return []
