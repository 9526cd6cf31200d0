"""Publish the reliability capacity payload: once, and anew where a price changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import product
from typing import Any

import polars as pl
from django.db import connection, transaction

from apps.platform.accounts.models import User
from apps.platform.accounts.selectors import system_user
from apps.platform.audit.services import copy_rows, log_event
from apps.platform.core.effective import ParameterMissing
from apps.platform.core.quantity import MW, USD_PER_MW_DAY
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import PACIFIC, Span
from apps.platform.core.violations import Violation
from apps.reference.resources.codes import Vintage
from apps.reference.resources.rules import NEW_TARIFF_CUTOFF, rmr_vintage
from apps.reference.resources.selectors import tac_areas
from apps.reliability.designations import selectors
from apps.reliability.designations.models import (
    CapacityByTac,
    CapacityPayload,
    ContractPrice,
    PayloadPublication,
    PriceChange,
    RmrContract,
)
from apps.reliability.designations.rules import owed_capacity, said
from apps.reliability.designations.selectors import NOW

Place = tuple[int, date, int, str]  # resource, trade date, TAC area, obligation type
PAYLOAD_LOCK = 7_230_002


@dataclass(frozen=True)
class Wanted:
    """What the terms known now say of one place."""

    contract_no: str
    start: date
    end: date
    price: Decimal
    mw: Decimal


@implements("BRQ-1210", "BRQ-0255", source="BRS 1.2 sections 6.2.2 and 6.4.1")
@transaction.atomic
def publish_payloads(
    *,
    actor: User,
    at: datetime,
    cause: str,
    contract_nos: Iterable[str] | None = None,
    span: Span | None = None,
    price_change: PriceChange | None = None,
    mw_too: bool = False,
) -> tuple[int, list[Violation]]:
    """Publish what the terms say of past and present days and is not published yet.

    Legacy contracts and days without a price have no payload. A place whose MW differs from what
    is published is left alone and named (``RMR-E-0255A``), unless ``mw_too``: FERC approved other
    megawatts. Returns how many records were published, and the violations. Twice publishes nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [PAYLOAD_LOCK])
    today = at.astimezone(PACIFIC).date()
    until = Span.through(date(1998, 1, 1), today)
    window = _meet(span, until) if span else until
    if window is None:
        return 0, []
    wanted = wanted_places(window, contract_nos)
    newest = newest_places(window, {w.contract_no for w in wanted.values()})
    moved = _moved(wanted, newest) if not mw_too else set()
    rows = []
    for place, want in wanted.items():
        if (place[0], place[1]) in moved:
            continue
        last = newest.get(place)
        if last is None or last[1:] != (want.price, want.mw):
            rows.append((place, want, last[0] + 1 if last else 1))
    violations = [
        Violation(
            "RMR-E-0255A",
            "MW differs from the published payload on "
            f"{said(sorted(d for r, d in moved if r == resource))}; only price changes may be "
            "re-published.",
            column="mw",
        )
        for resource in sorted({r for r, _ in moved})
    ]
    if rows:
        _write(rows, actor, at, cause, price_change)
    return len(rows), violations


def wanted_places(window: Span, contract_nos: Iterable[str] | None) -> dict[Place, Wanted]:
    """Return what the terms known now say of every place in a window of days, and Pmax allows."""
    at: dict[str, Any] = {"known__contains": NOW, "valid__overlap": (window.first, window.end)}
    if contract_nos is not None:
        at["contract_no__in"] = list(contract_nos)
    prices = _by_contract(ContractPrice.objects.filter(**at))
    capacity = _by_contract(CapacityByTac.objects.filter(**at))
    found: dict[Place, Wanted] = {}
    contracts = list(filter(is_new_tariff, RmrContract.objects.filter(**at)))
    for contract in contracts:
        number = contract.contract_no
        for price, row in product(prices.get(number, ()), capacity.get(number, ())):
            days = _meet(_meet(contract.span, price.span), _meet(row.span, window))
            want = Wanted(number, contract.span.first, contract.span.last, price.price, row.mw)
            for day in days or ():
                found[contract.resource_id, day, row.tac_area_id, row.obligation_type] = want
    _bound(found, contracts, window)
    return found


def _bound(found: dict[Place, Wanted], contracts: list[RmrContract], window: Span) -> None:
    """Put what is owed in the place of the terms' MW on days of a smaller Pmax (BRQ-0048)."""
    bounds = selectors.lowered_pmax(contracts, NOW)
    codes = {key: code for code, key in tac_areas().items()}
    places: dict[tuple[int, date], list[Place]] = {}
    for place in found if bounds else ():
        places.setdefault(place[:2], []).append(place)
    for contract in contracts:
        for span, most in bounds.get(contract.contract_no, ()):
            for day in _meet(span, window) or ():
                here = {(codes[p[2]], p[3]): p for p in places.get((contract.resource_id, day), ())}
                owed = owed_capacity({k: found[p].mw for k, p in here.items()}, most)
                for key, place in here.items():
                    found[place] = replace(found[place], mw=owed[key])


def published_places(contract_no: str, window: Span) -> list[Place]:
    """Return the places of a contract in a window whose payload tells of megawatts."""
    found = newest_places(window, [contract_no])
    return [place for place, (_, _, mw) in found.items() if mw]


@implements("BRQ-0255", source="BRS 1.2 section 6.2.2")
def withdraw_payloads(
    *, actor: User, at: datetime, cause: str, term: tuple[str, Span], span: Span
) -> int:
    """Publish 0 MW for the days of a span a contract no longer covers; return how many records.

    term: the number of the contract and the days it keeps. *Interpretation*: what was published
    stays, and its next version says 0 MW at the same price. Twice publishes nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [PAYLOAD_LOCK])
    number, days = term
    rows = [
        (place, Wanted(number, days.first, days.last, price, Decimal(0)), version + 1)
        for place, (version, price, mw) in newest_places(span, [number]).items()
        if mw
    ]
    if rows:
        _write(rows, actor, at, cause, None)
    return len(rows)


def _by_contract(rows: Iterable[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.contract_no, []).append(row)
    return found


def is_new_tariff(contract: RmrContract) -> bool:
    """Whether a contract is of the new tariff, by its effective date alone."""
    first = contract.span.first
    try:
        cutoff = selectors.rules_of(first).at(NEW_TARIFF_CUTOFF, first)
    except ParameterMissing:
        return False
    return rmr_vintage(effective_date=contract.effective_date, cutoff=cutoff) is Vintage.NEW


def newest_places(
    window: Span, contract_nos: Iterable[str]
) -> dict[Place, tuple[int, Decimal, Decimal]]:
    """Return (version, price, MW) as last published of every place in a window."""
    rows = (
        CapacityPayload.objects.filter(
            contract_no__in=list(contract_nos),
            trade_date__gte=window.first,
            trade_date__lt=window.end,
        )
        .order_by("version")
        .values_list(
            "resource_id", "trade_date", "tac_area_id", "obligation_type", "version", "price", "mw"
        )
    )
    return {
        (resource, day, tac, kind): (version, price, mw)
        for resource, day, tac, kind, version, price, mw in rows
    }


def _meet(one: Span | None, other: Span | None) -> Span | None:
    if one is None or other is None:
        return None
    first, end = max(one.first, other.first), min(one.end, other.end)
    return Span(first, end) if first < end else None


def _moved(
    wanted: dict[Place, Wanted], newest: dict[Place, tuple[int, Decimal, Decimal]]
) -> set[tuple[int, date]]:
    """Return the resource-days whose megawatts are other than published."""
    days = {(place[0], place[1]) for place in newest}
    now = {p: w.mw for p, w in wanted.items() if (p[0], p[1]) in days}
    then = {p: mw for p, (_, _, mw) in newest.items() if mw}  # 0 MW: withdrawn
    return {(p[0], p[1]) for p in now.keys() | then.keys() if now.get(p) != then.get(p)}


def _write(
    rows: list[tuple[Place, Wanted, int]],
    actor: User,
    at: datetime,
    cause: str,
    price_change: PriceChange | None,
) -> None:
    publication = PayloadPublication.objects.create(
        at=at, actor=actor, cause=cause[:300], price_change=price_change, records=len(rows)
    )
    rows.sort(key=lambda r: r[0])
    columns: dict[str, list[Any]] = {
        "contract_no": [w.contract_no for _, w, _ in rows],
        "resource_id": [p[0] for p, _, _ in rows],
        "trade_date": [p[1] for p, _, _ in rows],
        "tac_area_id": [p[2] for p, _, _ in rows],
        "obligation_type": [p[3] for p, _, _ in rows],
        "contract_start": [w.start for _, w, _ in rows],
        "contract_end": [w.end for _, w, _ in rows],
        "price": [USD_PER_MW_DAY.to_scaled(w.price) for _, w, _ in rows],
        "mw": [MW.to_scaled(w.mw) for _, w, _ in rows],
        "version": [v for _, _, v in rows],
    }
    frame = pl.DataFrame(columns).with_columns(pl.lit(publication.pk).alias("publication_id"))
    copy_rows(CapacityPayload, frame)
    days = sorted({p[1] for p, _, _ in rows})
    log_event(
        action="designations.payload.published",
        actor=actor,
        at=at,
        subject=publication,
        sentence=f"{len(rows)} payload records of {said(days)} published: {cause}",
        data={"records": len(rows)},
    )


def publish_due(*, at: datetime) -> tuple[int, list[Violation]]:
    """Publish, in the system's name, what the calendar makes due: the payload of today."""
    return publish_payloads(actor=system_user(), at=at, cause="daily publication")
