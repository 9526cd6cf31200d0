"""Files of contract terms: check their rows, and let them hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from apps.platform.accounts.rules import Viewer
from apps.platform.audit.services import as_range
from apps.platform.clock.selectors import site_today  # noqa: TID251  (it happens now)
from apps.platform.core.quantity import MW, USD, USD_PER_MW_DAY
from apps.platform.core.tradetime import Span
from apps.platform.core.violations import Severity, Violation
from apps.platform.uploads.hooks import Storing
from apps.reference.resources.rules import NEW_TARIFF_CUTOFF
from apps.reference.resources.selectors import local_areas, resource_ids, tac_areas
from apps.reference.resources.services import unknown_resources
from apps.reliability.designations import selectors
from apps.reliability.designations.models import CapacityPayload, RmrContract
from apps.reliability.designations.rules import (
    PMAX_TOLERANCE,
    approved_ahead,
    check_contract_rows,
    contract_capacity,
    price_from_revenue,
)
from apps.reliability.designations.selectors import NOW
from apps.reliability.designations.services.contracts import (
    Approval,
    CapacityTerm,
    ContractTerms,
    capacity_on_file,
    enact,
)
from apps.reliability.designations.services.payloads import publish_payloads
from apps.reliability.designations.services.pmax import pmax_on_days
from apps.reliability.retirements.selectors import has_notice

Row = Mapping[str, Any]


def check_contract_terms(frame: pl.DataFrame, options: Mapping[str, str]) -> list[Violation]:
    """Check contract terms: rows that belong together agree, dates, capacity, one at a time."""
    found = unknown_resources(frame, "RESOURCE_ID", "CON-RES")
    if found:
        return found
    keys = resource_ids(set(frame["resource_id"].to_list()))
    today = site_today()  # ahead of now
    groups = frame.partition_by(["contract_id", "start_date"], maintain_order=True)
    spans: dict[str, list[tuple[Span, str, int]]] = {}
    for group in groups:
        rows = group.to_dicts()
        first = rows[0]
        start: date = first["start_date"]
        rules = selectors.rules_of(start)
        pmax, later = pmax_on_days(keys[first["resource_id"]], start)
        found += check_contract_rows(
            rows,
            cutoff=rules.at(NEW_TARIFF_CUTOFF, start),
            pmax_mw=pmax,
            later=later,
            tolerance_mw=rules.at(PMAX_TOLERANCE, start),
        )
        found += approved_ahead(
            first["ferc_approved"], today, line=first["line_no"], column="FERC_APPROVED"
        )
        if first["end_date"] >= start:
            span = Span.through(start, first["end_date"])
            found += _overlaps(first, span, spans, keys)
            found += _ending(rows, span)
            found += _published(rows, span) + _effective(first)
            found += _undesignated(first, span, keys[first["resource_id"]])
    return found


def _undesignated(first: Row, span: Span, key: int) -> list[Violation]:
    """Warn of a new-tariff contract that no designation stands behind on all its days (BRQ-0015).

    A warning, so that whoever confirms the file says why: contracts made before their designation
    was entered here are real. What is on file already is not asked about again.
    """
    cutoff = selectors.rules_of(first["start_date"]).at(NEW_TARIFF_CUTOFF, first["start_date"])
    on_file = RmrContract.objects.filter(
        contract_no=first["contract_id"], known__contains=NOW, valid__contains=as_range(span)
    )
    if first["effective_date"] < cutoff or on_file.exists():
        return []
    days = [s for s in selectors.rmr_spans({key}) if s.designation is not None]
    bare = [day for day in span if not any(s.first <= day <= s.last for s in days)]
    if not bare:
        return []
    lacks = [] if has_notice(key) else ["notice of retirement or mothball"]
    lacks += [] if selectors.has_finding(key) else ["study that found it needed"]
    also = f" No {' and no '.join(lacks)} is on file either." if lacks else ""
    return [
        Violation(
            "RMR-W-0015",
            f"No designation of {first['resource_id']} stands on {len(bare)} days from "
            f"{bare[0]} to {bare[-1]}; a new-tariff contract starts from a notice, a study "
            f"finding and a designation.{also} Enter them, or have a second person confirm the "
            "file with the reason why it holds without.",
            first["line_no"],
            "RESOURCE_ID",
            Severity.WARNING,
        )
    ]


def _overlaps(
    row: Mapping[str, Any],
    span: Span,
    spans: dict[str, list[tuple[Span, str, int]]],
    keys: Mapping[str, int],
) -> list[Violation]:
    resource, contract, line = row["resource_id"], row["contract_id"], row["line_no"]
    found = [
        Violation(
            "CON-OVERLAP", f"The dates overlap those of {other} in row {above}.", line, "START_DATE"
        )
        for held, other, above in spans.setdefault(resource, [])
        if held.overlaps(span)
    ]
    spans[resource].append((span, contract, line))
    on_file = RmrContract.objects.filter(
        resource_id=keys[resource], known__contains=NOW, valid__overlap=(span.first, span.end)
    ).exclude(contract_no=contract)
    found += [
        Violation(
            "CON-OVERLAP",
            f"{resource} is already under contract {c.contract_no} from "
            f"{c.span.first} to {c.span.last}.",
            line,
            "RESOURCE_ID",
        )
        for c in on_file
    ]
    return found


def _ending(rows: list[dict[str, Any]], span: Span) -> list[Violation]:
    """Warn of capacity on file that the file leaves out: it ends for these dates."""
    stated = {(r["tac_area"], r["obligation_type"]) for r in rows}
    left_out = [
        c
        for c in capacity_on_file(rows[0]["contract_id"], span)
        if (c.tac_area.code, c.obligation_type) not in stated
    ]
    return [
        Violation(
            "CON-ENDS",
            f"{MW.text(c.mw)} MW {c.obligation_type} in {c.tac_area.code} are on "
            "file but not in these rows; they end for these dates.",
            rows[0]["line_no"],
            "TAC_AREA",
            Severity.WARNING,
        )
        for c in left_out
    ]


def _effective(first: Row) -> list[Violation]:
    """Refuse another effective date for a contract on file: it would change its vintage."""
    held = RmrContract.objects.filter(contract_no=first["contract_id"], known__contains=NOW)
    other = held.exclude(effective_date=first["effective_date"]).first()
    if other is None:
        return []
    return [
        Violation(
            "RMR-E-0025B",
            f"The contract on file took effect on {other.effective_date}. An "
            "extension keeps that date; a contract made anew has a number of its own.",
            first["line_no"],
            "EFFECTIVE_DATE",
        )
    ]


def _published(rows: list[dict[str, Any]], span: Span) -> list[Violation]:
    """Refuse other megawatts, or no price, for days whose payload is published (BRQ-0255)."""
    first = rows[0]
    days: dict[date, dict[tuple[str, str], Decimal]] = {}
    for day, tac, kind, mw in (
        CapacityPayload.objects.filter(
            contract_no=first["contract_id"], trade_date__gte=span.first, trade_date__lt=span.end
        )
        .order_by("version")
        .values_list("trade_date", "tac_area__code", "obligation_type", "mw")
    ):
        days.setdefault(day, {})[tac, kind] = Decimal(mw)
    if not days:
        return []
    stated = {(r["tac_area"], r["obligation_type"]): MW.from_scaled(r["mw"]) for r in rows}
    moved = [day for day, held in days.items() if held != stated]
    found = []
    if moved and first["ferc_docket"] and first["ferc_approved"]:
        found.append(
            Violation(
                "RMR-W-0255A",
                f"Other MW than published for {len(moved)} trade dates from "
                f"{min(moved)}, as FERC approved in {first['ferc_docket']}.",
                first["line_no"],
                "MW",
                Severity.WARNING,
            )
        )
    elif moved:
        found.append(
            Violation(
                "RMR-E-0255A",
                "MW differs from the published payload of "
                f"{len(moved)} trade dates from {min(moved)} to {max(moved)}; only price "
                "changes may be re-published. Give the FERC docket and approval of other MW.",
                first["line_no"],
                "MW",
            )
        )
    if not price_of(first, rows, span):
        found.append(
            Violation(
                "RMR-E-0255D",
                f"The payload of {len(days)} trade dates is published; their "
                "price must stay above 0.",
                first["line_no"],
                "PRICE_USD_PER_MW_DAY",
            )
        )
    return found


def price_of(first: Row, rows: list[dict[str, Any]], span: Span) -> Decimal | None:
    """Return the price of a contract's rows: as typed, else from the revenue requirement."""
    if first["price"]:
        return USD_PER_MW_DAY.from_scaled(first["price"])
    capacity = MW.from_scaled(contract_capacity((r["obligation_type"], r["mw"]) for r in rows))
    if not first["afrr"] or capacity <= 0:
        return None
    days = (span.end - span.first).days
    return price_from_revenue(afrr_usd=USD.from_scaled(first["afrr"]), mw=capacity, days=days)


def store_contract_terms(storing: Storing) -> None:
    """Let the contracts, prices and capacities of the file hold over their dates; publish them."""
    keys = resource_ids(set(storing.frame["resource_id"].to_list()))
    tac, local = tac_areas(), local_areas()
    numbers, override = set(), False
    for group in storing.frame.partition_by(["contract_id", "start_date"], maintain_order=True):
        rows = group.to_dicts()
        first = rows[0]
        span = Span.through(first["start_date"], first["end_date"])
        price = price_of(first, rows, span)
        docket = {
            "ferc_docket": first["ferc_docket"] or "",
            "ferc_approved_on": first["ferc_approved"],
        }
        terms = ContractTerms(
            contract_no=first["contract_id"],
            span=span,
            contract={
                "resource_id": keys[first["resource_id"]],
                "effective_date": first["effective_date"],
                "condition": first["condition"],
                "scope": first["scope"],
                "local_area_id": local.get(first["local_area"] or ""),
                "nonperformance": first["nonperformance"],
                "penalty": first["penalty"] or "",
                "mw_override": first["mw_override"] or "",
                "is_synthetic": any(r["source"].startswith("SYNTHETIC") for r in rows),
                **docket,
            },
            price=None
            if price is None
            else {
                "price": price,
                "afrr": USD.from_scaled(first["afrr"]) if first["afrr"] else None,
                **docket,
            },
            capacity=[
                CapacityTerm(
                    tac[r["tac_area"]],
                    r["obligation_type"],
                    MW.from_scaled(r["mw"]),
                    r["source"],
                    r["line_no"],
                )
                for r in rows
            ],
            line_no=first["line_no"],
        )
        hand = Approval(
            storing.version.known_from,
            storing.proposer,
            storing.actor,
            first["source"],
            storing.version,
        )
        enact(terms, hand)
        numbers.add(terms.contract_no)
        override = override or bool(docket["ferc_docket"] and docket["ferc_approved_on"])
    publish_payloads(
        actor=storing.actor,
        at=storing.version.known_from,
        contract_nos=numbers,
        cause=f"{storing.version} confirmed",
        mw_too=override,
    )


def current_contract_terms(period: str) -> pl.DataFrame | None:
    """Return the contract terms known now, to compare an upload with."""
    return selectors.contract_frame()


def contract_row_open(row: Mapping[str, str], viewer: Viewer) -> bool:
    """Whether a viewer may read a row of contract terms: where it reads the contract of its dates.

    That is the SC of the resource, and every SC where the contract is open.
    """
    try:
        first = date.fromisoformat(row["start_date"])
    except ValueError:
        return False
    rows = selectors.contracts(viewer=viewer).filter(contract_no=row["contract_id"])
    return rows.filter(valid__contains=first).exists()
