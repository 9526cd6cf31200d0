"""What each audience is told of a trade date, as canonical text."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import StringIO
from typing import Any

from apps.adequacy.availability.selectors import hours_of_run, newest_run
from apps.bidding.bids.selectors import insertion_run, rows_of_run
from apps.bidding.costs.codes import ADDER_UNITS, DAILY_COSTS, AdderKind
from apps.bidding.costs.selectors import (
    broadcast_transitions,
    deb_rows_of,
    granted_levels,
    sealed_run,
)
from apps.bidding.costs.services import adders_known
from apps.bidding.market_payloads.codes import MARKETS, Audience
from apps.bidding.market_payloads.rules import mitigation, rmr_cd_type
from apps.platform.core.quantity import plain
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import FAR_MOMENT
from apps.platform.core.violations import Violation
from apps.platform.core.words import counted
from apps.reference.masterfile.selectors import resources_on_file, version_known
from apps.reference.resources.selectors import resource_codes
from apps.reliability.designations.selectors import vintages_on

COST_COLUMNS = (
    "RUN_ID",
    "TRADE_DATE",
    "RESOURCE_ID",
    "CONFIG_FROM",
    "CONFIG_TO",
    "COST_TYPE",
    "AMOUNT_USD",
    "UNIT",
)
LEVEL_COLUMNS = (
    "TRADE_DATE",
    "SC_ID",
    "RESOURCE_ID",
    "MARKET",
    "HOUR_FROM",
    "HOUR_TO",
    "COST_TYPE",
    "AT_MW",
    "REQUESTED",
    "THRESHOLD",
    "APPROVED",
    "UNIT",
    "TIMING",
    "STATUS",
)


@dataclass
class Content:
    """A payload's text, how many records it holds, and what somebody should know of it."""

    text: str
    records: int
    alerts: list[Violation] = field(default_factory=list)


def content_of(audience: Audience, day: date) -> Content:
    """Return what an audience is told of a trade date as known now."""
    if audience in MARKETS:
        return market_content(audience, day)
    if audience is Audience.SETTLEMENTS:
        return settlement_content(day)
    if audience is Audience.RAAIM:
        return availability_content(day)
    return level_content(audience, day)


@implements(
    "BRQ-0076",
    "BRQ-06a",
    "BRQ-06b",
    "BRQ-06c",
    "BRQ-06e",
    "BRQ-0700",
    "BRQ-0701",
    "BRQ-0705",
    source="BRS 1.2 sections 6.3.2 and 6.3.3",
)
def market_content(audience: Audience, day: date) -> Content:
    """Return the resources, default energy bids and bids that a market reads of a trade date.

    A resource with an unknown RMR_CD_TYPE is left out with an alert. Where a day's bids are not
    calculated, the previous day's stand, with an alert. Extremely long start is told, and
    commitment follows the rules of any resource.
    """
    vintage = vintages_on(day, FAR_MOMENT)
    on_file = resources_on_file(version_known(day, FAR_MOMENT), vintage)
    codes = resource_codes(set(vintage))
    alerts: list[Violation] = []
    resources, kept = [], set()
    for key in sorted(vintage, key=lambda k: codes[k]):
        file = on_file.get(key)
        cd_type, trouble = rmr_cd_type(
            vintage=vintage[key][0],
            said=file.rmr_cd_type if file else None,
            condition=vintage[key][1],
            resource=codes[key],
        )
        if trouble:
            alerts.append(trouble)
            continue
        kept.add(key)
        resources.append(
            {
                "resource": codes[key],
                "rmr_cd_type": cd_type,
                "mitigation": mitigation(vintage=vintage[key][0]),
                "extremely_long_start": bool(file and file.extremely_long_start),
                "moo_qualified": (file.moo_qualified or "") if file else "",
            }
        )
    debs = _debs(day, kept, codes, alerts)
    run = insertion_run(audience.value, day)
    new = {k for k in kept if vintage[k][0] == "NEW"}
    bids = [
        {
            "resource": codes[r.resource_id],
            "hour": r.hour_ending,
            "config": r.config,
            "to_config": r.to_config,
            "product": r.product,
            "from_mw": None if r.from_mw is None else plain(r.from_mw),
            "to_mw": None if r.to_mw is None else plain(r.to_mw),
            "price": plain(r.price),
            "source": r.source,
        }
        for r in rows_of_run(run)
        if r.resource_id in new
    ]
    if run is None and new:
        alerts.append(Violation("MKT-BIDS", f"No bid insertion of {day} has run for {audience}."))
    body = {
        "market": audience.value,
        "trade_date": day.isoformat(),
        "resources": resources,
        "default_energy_bids": debs,
        "bids": bids,
    }
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return Content(text, len(resources) + len(debs) + len(bids), alerts)


def _debs(
    day: date, kept: set[int], codes: dict[int, str], alerts: list[Violation]
) -> list[dict[str, Any]]:
    rows = deb_rows_of(sealed_run(DAILY_COSTS, day), kept)
    missing = kept - {r.resource_id for r in rows if r.resource_id is not None}
    before = deb_rows_of(sealed_run(DAILY_COSTS, day - timedelta(days=1)), missing)
    for key in sorted(missing, key=lambda k: codes[k]):
        stands = any(r.resource_id == key for r in before)
        alerts.append(
            Violation(
                "MKT-DEB",
                f"No default energy bid of {codes[key]} for {day}"
                + ("; the previous day's stands." if stands else "."),
                value=codes[key],
            )
        )
    return [
        {
            "resource": codes[r.resource_id or 0],
            "config": r.config,
            "of": r.trade_date.isoformat(),
            "from_mw": plain(r.from_mw),
            "to_mw": plain(r.to_mw),
            "usd_mwh": f"{r.published:.2f}",
        }
        for r in sorted(
            [*rows, *before], key=lambda r: (codes[r.resource_id or 0], r.config, r.segment_no)
        )
    ]


def _csv(columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


@implements("BRQ-0080", "BRQ-1206", source="BRS 1.2 section 6.1.2; settlement rule book G34")
def settlement_content(day: date) -> Content:
    """Return opportunity cost and major maintenance adders, calculated transitions included.

    One set per active new-tariff RMR resource and trade date, the same for both markets: approved
    adders, else those of the Master File. RUN_ID names the cost calculation that used the amount;
    blank where none did. Approved reference levels follow, for bid cost recovery (BRQ-0094).
    """
    run = sealed_run(DAILY_COSTS, day)
    new = {key for key, (vintage, _) in vintages_on(day, FAR_MOMENT).items() if vintage == "NEW"}
    codes = resource_codes(new)
    used = dict(a[:2] for a in adders_known(day, run.known_at, new).all()) if run else {}
    rows: list[tuple[Any, ...]] = [
        (
            run.pk if run and used.get(key) == amount else "",
            day,
            codes[key[0]],
            key[2],
            key[3],
            key[1],
            plain(amount),
            ADDER_UNITS[AdderKind(key[1])],
        )
        for key, amount, _ in adders_known(day, FAR_MOMENT, new).all()
    ]
    rows += [
        (
            run.pk if run else "",
            day,
            t.unit,
            t.from_config,
            t.to_config,
            "MMA_TRANSITION",
            "" if t.mma is None else plain(t.mma),
            "$/transition",
        )
        for t in broadcast_transitions(run)
        if t.resource_id in new
    ]
    rows.sort(key=lambda row: (row[2], row[5], row[3], row[4]))
    levels = _levels(day)
    text = _csv(COST_COLUMNS, rows) + ("\n" + _csv(LEVEL_COLUMNS, levels) if levels else "")
    alerts = [] if run else [Violation("MKT-COSTS", f"No costs are calculated for {day}.")]
    other = sum(1 for row in rows if row[0] == "")
    if run and other:
        alerts.append(
            Violation(
                "MKT-ADDERS",
                f"{counted(other, 'adder')} of {day} changed after run {run.pk} of its costs and "
                "carry no RUN_ID; calculate the costs of the day again.",
            )
        )
    return Content(text, len(rows) + len(levels), alerts)


def _levels(day: date) -> list[tuple[Any, ...]]:
    return [
        (
            day,
            r.sc.code,
            r.resource.code,
            r.market,
            r.first_hour,
            r.last_hour,
            r.cost_type,
            "" if r.at_mw is None else plain(r.at_mw),
            plain(r.requested),
            "" if r.threshold is None else plain(r.threshold),
            plain(r.granted),
            r.unit,
            r.timing,
            r.state,
        )
        for r in granted_levels(day, FAR_MOMENT)
    ]


@implements("BRQ-0094", source="BRS 1.2 section 6.1.2")
def level_content(audience: Audience, day: date) -> Content:
    """Return approved reference levels: by resource for participants, counted for the public."""
    levels = _levels(day)
    if audience is Audience.CMRI:
        return Content(_csv(LEVEL_COLUMNS, levels), len(levels))
    counts = Counter((row[3], row[6], row[12], row[13]) for row in levels)
    rows = [(day, *key, count) for key, count in sorted(counts.items())]
    columns = ("TRADE_DATE", "MARKET", "COST_TYPE", "TIMING", "STATUS", "REQUESTS")
    return Content(_csv(columns, rows), len(rows))


AVAILABILITY_COLUMNS = (
    "RESOURCE_ID",
    "TRADE_DATE",
    "HOUR_ENDING",
    "RA_TYPE",
    "FLEX_CATEGORY",
    "OBLIGATION_MW",
    "CURTAILED_MW",
    "EXEMPT_MW",
    "SUBSTITUTED_MW",
)


@implements("BRQ-1215", "BRQ-0216", source="BRS 1.2 section 6.4.1")
def availability_content(day: date) -> Content:
    """Return hourly curtailment by RA type for settlements, with the obligation it is of."""
    run = newest_run(day)
    rows = [
        (
            h.unit,
            day,
            h.hour_ending,
            h.ra_type,
            h.category or "",
            plain(h.obligation_mw),
            plain(h.curtailed_mw),
            plain(h.exempt_mw),
            plain(h.substituted_mw),
        )
        for h in hours_of_run(run)
    ]
    alerts = [] if run else [Violation("MKT-RAAIM", f"No availability of {day} is calculated.")]
    return Content(_csv(AVAILABILITY_COLUMNS, rows), len(rows), alerts)
