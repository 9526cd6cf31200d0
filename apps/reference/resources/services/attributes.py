"""Attributes and SC of resources by trade date, from wherever they come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import polars as pl
from django.db import transaction

from apps.platform.accounts.models import User
from apps.platform.accounts.selectors import sc_ids
from apps.platform.audit.services import supersede
from apps.platform.core.quantity import MW
from apps.platform.core.tradetime import FAR_FUTURE, FAR_MOMENT, Span
from apps.platform.core.violations import Violation
from apps.platform.uploads.hooks import Storing
from apps.reference.resources import selectors
from apps.reference.resources.hooks import forbidden_pmax
from apps.reference.resources.models import (
    LocalArea,
    ResourceAttributes,
    ScAssociation,
    TacArea,
)
from apps.reference.resources.services.identifying import ensure_resources, new_resources
from apps.reference.resources.services.periods import unknown_codes


@transaction.atomic
def load_areas(*, tac: Iterable[Mapping[str, Any]], local: Iterable[Mapping[str, Any]]) -> None:
    """Load TAC areas and local areas where they are missing."""
    for row in tac:
        TacArea.objects.get_or_create(
            code=row["code"],
            defaults={k: row[k] for k in ("name", "alias", "pto", "access_charge")},
        )
    for row in local:
        LocalArea.objects.get_or_create(
            code=row["code"],
            defaults={
                "name": row["name"],
                "tac_area": TacArea.objects.get(code=row["tac_area"]),
            },
        )


def check_attributes(frame: pl.DataFrame, options: Mapping[str, str]) -> list[Violation]:
    """Check resource attributes: known SC and areas, dates in order, spans apart."""
    found = unknown_codes(frame, "sc_id", "SC_ID", sc_ids(), "RES-SC", "active SC")
    area_of = dict(LocalArea.objects.values_list("code", "tac_area__code"))
    spans: dict[str, list[tuple[Span, int]]] = {}
    changes: list[tuple[str, Span, Decimal, int]] = []
    for row in frame.iter_rows(named=True):
        line = row["line_no"]
        local, tac = row["local_area"], row["tac_area"]
        if local in area_of and area_of[local] != tac:
            found.append(
                Violation(
                    "RES-AREA",
                    f"{local} lies in {area_of[local]}, not in {tac}.",
                    line,
                    "LOCAL_AREA",
                )
            )
        if row["effective_to"] is not None and row["effective_to"] < row["effective_from"]:
            found.append(
                Violation(
                    "RES-DATES", "EFFECTIVE_TO lies before EFFECTIVE_FROM.", line, "EFFECTIVE_TO"
                )
            )
            continue
        span = _row_span(row)
        for other, above in spans.setdefault(row["resource_id"], []):
            if span.overlaps(other):
                found.append(
                    Violation(
                        "RES-OVERLAP",
                        f"The dates overlap those of row {above}.",
                        line,
                        "EFFECTIVE_FROM",
                    )
                )
        spans[row["resource_id"]].append((span, line))
        if row["pmin_mw"] is not None and row["pmin_mw"] > row["pmax_mw"]:
            found.append(Violation("RES-PMIN", "PMIN_MW exceeds PMAX_MW.", line, "PMIN_MW"))
        changes.append((row["resource_id"], span, MW.from_scaled(row["pmax_mw"]), line))
    return found + forbidden_pmax(changes) + new_resources(frame, "RESOURCE_ID", options)


def _row_span(row: Mapping[str, Any]) -> Span:
    if row["effective_to"] is None:
        return Span(row["effective_from"], FAR_FUTURE)
    return Span.through(row["effective_from"], row["effective_to"])


def store_attributes(storing: Storing) -> None:
    """Let the attributes and the SC of each row hold over its dates."""
    keys = ensure_resources(storing.frame["resource_id"].to_list())
    tac, local, scs = selectors.tac_areas(), selectors.local_areas(), sc_ids()
    for row in storing.frame.iter_rows(named=True):
        common: dict[str, Any] = {
            "key": {"resource_id": keys[row["resource_id"]]},
            "span": _row_span(row),
            "known_from": storing.version.known_from,
            "reference": row["source"],
            "proposed_by": storing.proposer,
            "approved_by": storing.actor,
            "provenance": {"dataset_version": storing.version, "line_no": row["line_no"]},
        }
        pmin = row["pmin_mw"]
        supersede(
            model=ResourceAttributes,
            values={
                "name": row["resource_name"],
                "pmax_mw": MW.from_scaled(row["pmax_mw"]),
                "pmin_mw": MW.from_scaled(pmin) if pmin is not None else None,
                "tac_area_id": tac[row["tac_area"]],
                "local_area_id": local.get(row["local_area"] or ""),
            },
            **common,
        )
        supersede(model=ScAssociation, values={"sc_id": scs[row["sc_id"]]}, **common)


def pmax_change(
    *,
    resource_id: int,
    pmax_mw: Decimal,
    first: date,
    known_from: datetime,
    reference: str,
    proposed_by: User,
    approved_by: User,
) -> None:
    """Let another Pmax hold from a day on; the other attributes stay what they are, day by day."""
    ahead = Span(first, FAR_FUTURE)
    for held in ResourceAttributes.objects.filter(
        resource_id=resource_id, known__contains=FAR_MOMENT, valid__overlap=(first, FAR_FUTURE)
    ):
        span = Span(max(first, held.span.first), held.span.end)
        if not span.overlaps(ahead):
            continue
        supersede(
            model=ResourceAttributes,
            key={"resource_id": resource_id},
            values={
                "name": held.name,
                "pmax_mw": pmax_mw,
                "pmin_mw": held.pmin_mw,
                "tac_area_id": held.tac_area_id,
                "local_area_id": held.local_area_id,
            },
            span=span,
            known_from=known_from,
            reference=reference,
            proposed_by=proposed_by,
            approved_by=approved_by,
        )


def sc_change(
    *,
    resource_id: int,
    sc_id: int,
    first: date,
    known_from: datetime,
    reference: str,
    proposed_by: User,
    approved_by: User,
) -> None:
    """Let a resource be an SC's from a day on, to the end of what is on file for that day."""
    held = ScAssociation.objects.get(
        resource_id=resource_id, known__contains=FAR_MOMENT, valid__contains=first
    )
    supersede(
        model=ScAssociation,
        key={"resource_id": resource_id},
        values={"sc_id": sc_id},
        span=Span(first, held.span.end),
        known_from=known_from,
        reference=reference,
        proposed_by=proposed_by,
        approved_by=approved_by,
    )


def let_hold(
    *,
    resource_id: int,
    now: selectors.AttributesNow | None,
    wanted: selectors.AttributesNow,
    day: date,
    areas: tuple[Mapping[str, int], Mapping[str, int]],
    **words: Any,
) -> None:
    """Let attributes and SC hold from a day to where what is on file changes next.

    areas: keys of TAC areas and of local areas by code. words: ``known_from``, ``reference``,
    ``proposed_by``, ``approved_by``, ``provenance``.
    """
    key = {"resource_id": resource_id}
    tac, local = areas
    supersede(
        model=ResourceAttributes,
        key=key,
        span=Span(day, wanted.until),
        values={
            "name": wanted.name,
            "pmax_mw": MW.from_scaled(wanted.pmax),
            "pmin_mw": MW.from_scaled(wanted.pmin) if wanted.pmin is not None else None,
            "tac_area_id": tac[wanted.tac],
            "local_area_id": local.get(wanted.local or ""),
        },
        **words,
    )
    if wanted.sc_id is not None and (now is None or now.sc_id != wanted.sc_id):
        supersede(
            model=ScAssociation,
            key=key,
            values={"sc_id": wanted.sc_id},
            span=Span(day, wanted.sc_until),
            **words,
        )


def current_attributes(period: str) -> pl.DataFrame | None:
    """Return the attributes known now, to compare an upload with."""
    return selectors.attributes_frame(FAR_MOMENT)


def owner_of_resource_row(row: Mapping[str, str]) -> int | None:
    """Return the SC a resource row names."""
    code = row["sc_id"]
    return sc_ids(codes={code}).get(code)
