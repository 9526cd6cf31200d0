"""The demo's costs, bids and market view: files, runs, outages, bids, requests, dispatch."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from itertools import product
from typing import Any

from django.db import transaction

from apps.bidding.bids import services as bids
from apps.bidding.bids.codes import INSERTION
from apps.bidding.costs import services as costs
from apps.bidding.costs.codes import DAILY_COSTS
from apps.bidding.market_payloads import services as market
from apps.bidding.market_payloads.codes import Audience
from apps.platform.accounts.models import User
from apps.platform.accounts.selectors import system_user
from apps.platform.core.violations import ValidationFailed
from apps.platform.runs import services as runs
from apps.platform.runs.models import Run
from apps.reference.outages import services as outages
from apps.site.home.services.loading import DEMO, load_file, read_yaml

logger = logging.getLogger(__name__)
SENT = {"sent_by": "iso.operator", "confirmed_by": "iso.approver"}
REPORTS = (Audience.SETTLEMENTS, Audience.CMRI, Audience.OASIS)


def load_demo_costs(*, at: datetime) -> int:
    """Load the demo's costs and bids and calculate its days; return how many runs were sealed.

    Where costs were calculated before nothing is done. What SCs do is done before the markets of
    its day closed, as the files say.
    """
    if Run.objects.filter(kind=DAILY_COSTS, state="SEALED").exists():
        return 0
    said = read_yaml(DEMO / "costs.yaml")
    for row in said["files"]:
        if_it_fits(load_file, SENT | row, at)
    done = [run_day(DAILY_COSTS, day, at) for day in said["days"]]
    for name, act in (("outages", _outage), ("requests", _request), ("bids", _bid)):
        for row in said[name]:
            if_it_fits(act, row)
    done += [run_day(code, day, at) for code in INSERTION.values() for day in said["days"]]
    for row in said["dispatches"]:
        if_it_fits(_dispatch, row, at)
    for day, audience in product(said["days"], REPORTS):
        market.make_payload(audience=audience, day=day, actor=system_user(), at=at, cause="demo")
    return sum(run.state == "SEALED" for run in done)


def if_it_fits(act: Callable[..., Any], *words: Any) -> None:
    """Do one thing of the demo; where what is on file already stands against it, leave it out."""
    try:
        with transaction.atomic():
            act(*words)
    except (ValidationFailed, RuntimeError) as trouble:
        logger.warning("left out of the demo: %s", trouble)


def run_day(code: str, day: Any, at: datetime) -> Run:
    """Compute a day of a kind for the demo."""
    run, _ = runs.request(kind_code=code, trade_date=day, actor=system_user(), at=at, reason="demo")
    return runs.execute(run_id=run.pk, at=at)


def user(name: str) -> User:
    """Return somebody of the demo."""
    return User.objects.get(username=name)


def _outage(row: dict[str, Any]) -> None:
    outages.file_outage(
        given=outages.OutageInput(
            resource=row["resource"],
            outage_type="FORCED",
            nature=row["nature"],
            curtailed_mw=Decimal(row["mw"]),
            starts_at=row["starts"],
            ends_at=row["ends"],
            reason=row["reason"],
        ),
        actor=user(row["by"]),
        at=row["filed"],
    )


def _request(row: dict[str, Any]) -> None:
    costs.request_change(
        given=costs.RequestInput(
            timing="EX_ANTE",
            resource=row["resource"],
            trade_date=row["day"],
            market=row["market"],
            cost_type="ENERGY",
            requested=Decimal(row["asked"]),
            at_mw=Decimal(row["at_mw"]),
            reason=row["reason"],
        ),
        actor=user(row["by"]),
        at=row["sent"],
    )


def _bid(row: dict[str, Any]) -> None:
    bids.submit_bid(
        given=bids.BidInput(
            market=row["market"],
            resource=row["resource"],
            trade_date=row["day"],
            first_hour=row["first"],
            last_hour=row["last"],
            energy=row["energy"],
            services=row.get("services", ()),
            ruc_mw=Decimal(row["ruc"]) if "ruc" in row else None,
        ),
        actor=user(row["by"]),
        at=row["sent"],
    )


def _dispatch(row: dict[str, Any], at: datetime) -> None:
    market.issue_dispatch(
        given=market.DispatchInput(
            resource=row["resource"],
            instruction=row["instruction"],
            market=row["market"],
            mw=Decimal(row["mw"]),
            starts_at=row["starts"],
            reason=row["reason"],
        ),
        actor=user("iso.operator"),
        at=at,
    )
