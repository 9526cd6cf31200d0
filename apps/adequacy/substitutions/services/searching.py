"""Search substitutes for an outage, with what it costs to have none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from apps.adequacy.substitutions.hooks import Estimate, estimate_of
from apps.adequacy.substitutions.services.matching import (
    Candidate,
    SubstitutionNeed,
    candidates_for,
    need_of,
)
from apps.platform.accounts.rules import Viewer
from apps.platform.accounts.services import bypass_rls
from apps.platform.core.tradetime import FAR_MOMENT, PACIFIC
from apps.platform.core.violations import ValidationFailed, Violation
from apps.reference.resources.selectors import own_resources_now, sc_of_resource


@dataclass
class Search:
    """What a search for substitutes found."""

    need: SubstitutionNeed | None = None
    allowed: list[Candidate] | None = None
    refused: list[Candidate] | None = None
    violations: tuple[Violation, ...] = ()
    without: Estimate | None = None
    with_best: Estimate | None = None


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text) if text else None
    except ValueError:
        found = None
    if found is not None and found.tzinfo is None:
        found = found.replace(tzinfo=PACIFIC)
    return found


def search(viewer: Viewer, query: Any) -> Search:
    """Find substitutes for an outage: all resources for the ISO, its own ones for an SC."""
    reference = query.get("outage", "").strip()
    if not reference:
        return Search()
    part = "FLEX" if query.get("part") == "FLEX" else "GENERIC"
    own = None
    if not viewer.is_iso:
        rows = own_resources_now(viewer).values_list("resource_id", flat=True)
        own = set(rows) if viewer.is_sc else set()
    try:
        with bypass_rls("what the viewer's own resources show and could spare is counted"):
            need = need_of(
                reference=reference,
                part=part,
                starts_at=_moment(query.get("starts_at", "")),
                ends_at=_moment(query.get("ends_at", "")),
            )
            day = need.starts_at.astimezone(PACIFIC).date()
            owner = sc_of_resource(need.outage.resource_id, day, FAR_MOMENT)
            if own is not None and owner != viewer.party_id:
                raise ValidationFailed.because(
                    "SUB-OUTAGE", f"There is no outage {reference[:40]} on file.", "outage"
                )
            found = candidates_for(need, only=own)
            allowed = [c for c in found if c.allowed]
            key = need.outage.resource_id
            without = estimate_of(key, part, None, need.starts_at)
            best = None
            if allowed and without is not None:
                mw = min(allowed[0].spare, need.needed)
                best = estimate_of(key, part, (need.starts_at, need.ends_at, mw), need.starts_at)
    except ValidationFailed as trouble:
        return Search(violations=tuple(trouble.violations))
    return Search(need, allowed, [c for c in found if not c.allowed], (), without, best)
