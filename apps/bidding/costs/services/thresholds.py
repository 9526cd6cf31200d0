"""A request to change a reference level, and the reasonableness threshold of its cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from apps.bidding.costs.codes import DAILY_COSTS, CostType
from apps.bidding.costs.models import (
    CommitmentCostLine,
    DebSegment,
    ReferenceLevelRequest,
    RegionScalar,
)
from apps.bidding.costs.rules import (
    CCDEBE_GO_LIVE,
    DA_CLOSE_HOUR,
    HEADROOM,
    RT_CLOSE_MINUTES,
    CommitmentCost,
    CurvePrice,
    Segment,
    commitment_threshold,
    energy_threshold,
)
from apps.bidding.costs.selectors import sealed_run
from apps.platform.core.effective import ParameterSet
from apps.platform.core.quantity import MW, USD_PER_MWH, plain
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import FAR_MOMENT, Span
from apps.platform.parameters.selectors import parameter_set
from apps.reference.masterfile.selectors import resources_on_file, version_known

CENT = Decimal("0.01")
NO_VOLATILITY = Decimal(1)


@dataclass(frozen=True)
class RequestInput:
    """A request as typed; ``at_mw`` is the output an energy cost is asked for."""

    timing: str
    resource: str
    trade_date: date
    market: str
    cost_type: str
    requested: Decimal
    reason: str
    first_hour: int = 1
    last_hour: int | None = None
    at_mw: Decimal | None = None
    config: str = ""
    follows: int | None = None


@dataclass(frozen=True)
class Threshold:
    """A reasonableness threshold with the numbers it came of; none without a calculated cost."""

    amount: Decimal | None
    sentence: str


def rules_of_day(day: date) -> ParameterSet:
    """Return what a request of a trade date is judged by, as known now; ParameterMissing else."""
    return parameter_set(
        parameters=(HEADROOM, CCDEBE_GO_LIVE, DA_CLOSE_HOUR, RT_CLOSE_MINUTES),
        span=Span.through(day, day),
        known_at=FAR_MOMENT,
    )


@implements("BRQ-0064", "BRQ-0092", source="BRS 1.2 section 6.1.2")
def threshold_of(given: RequestInput, resource_id: int) -> Threshold:
    """Return the reasonableness threshold of a request from the newest costs of its trade date.

    Where there is none, the sentence says what has to be calculated or sent first.
    """
    day = given.trade_date
    run = sealed_run(DAILY_COSTS, day)
    if run is None:
        return Threshold(
            None,
            f"No costs are calculated for {day} yet, so there is no threshold. "
            "The ISO calculates them first (Cost and bid runs, Daily costs).",
        )
    headroom = rules_of_day(day).at(HEADROOM, day)
    scalar = _volatility(resource_id, day)
    if given.cost_type == CostType.ENERGY:
        exact = _energy(run, resource_id, given, scalar, headroom)
    else:
        exact = _commitment(run, resource_id, given, scalar, headroom)
    if exact is None:
        return Threshold(
            None,
            f"No {given.cost_type} cost of {given.resource} was calculated for {day}, so there is "
            "no threshold; the violations of its daily costs say what is missing.",
        )
    amount = Decimal(exact.numerator) / Decimal(exact.denominator)
    amount = amount.quantize(CENT, rounding=ROUND_HALF_UP)
    return Threshold(
        amount,
        f"Threshold {amount} = headroom {plain(headroom)} × cost with fuel × volatility "
        f"scalar {plain(scalar)}, from run {run.pk}.",
    )


def threshold_since(case: ReferenceLevelRequest) -> Threshold:
    """Return the threshold of a request filed without one, from costs calculated since then."""
    given = RequestInput(
        timing=case.timing,
        resource=case.resource.code,
        trade_date=case.trade_date,
        market=case.market,
        cost_type=case.cost_type,
        requested=case.requested,
        reason=case.reason,
        at_mw=case.at_mw,
        config=case.config,
    )
    return threshold_of(given, case.resource_id)


def _volatility(resource_id: int, day: date) -> Decimal:
    """Return the scalar of a resource's region; one on file below 1 counts as 1."""
    on_file = resources_on_file(version_known(day, FAR_MOMENT), [resource_id]).get(resource_id)
    held = RegionScalar.objects.filter(
        region=on_file.fuel_region if on_file else "",
        valid__contains=day,
        known__contains=FAR_MOMENT,
    ).first()
    return max(held.volatility, NO_VOLATILITY) if held else NO_VOLATILITY


def _energy(
    run: Any, resource_id: int, given: RequestInput, scalar: Decimal, headroom: Decimal
) -> Fraction | None:
    rows = DebSegment.objects.filter(run=run, resource_id=resource_id, config=given.config.strip())
    reached = []
    for row in rows.order_by("segment_no"):
        reached.append(row)
        if given.at_mw is None or row.to_mw >= given.at_mw:
            break
    if not reached:
        return None
    step, last = USD_PER_MWH.to_scaled, reached[-1]
    segments = [
        Segment(
            MW.to_scaled(row.from_mw),
            MW.to_scaled(row.to_mw),
            None,
            step(row.fuel),
            step(row.ghg),
            step(row.before),
            step(row.deb),
            step(row.published),
            row.adjusted,
        )
        for row in reached
    ]
    price = CurvePrice(
        fuel=0,
        gmc=step(last.gmc),
        vom=step(last.vom),
        oc=step(last.oc),
        scalar=int(last.scalar * 10_000),
    )
    return energy_threshold(
        segments, price, volatility=Fraction(scalar), headroom=Fraction(headroom)
    )


def _commitment(
    run: Any, resource_id: int, given: RequestInput, scalar: Decimal, headroom: Decimal
) -> Fraction | None:
    row = CommitmentCostLine.objects.filter(
        run=run,
        resource_id=resource_id,
        cost_type=given.cost_type,
        config=given.config.strip(),
        to_config="",
    ).first()
    if row is None:
        return None
    cost = CommitmentCost(row.fuel, row.ghg, row.power, row.om, row.mma, row.oc)
    return Fraction(commitment_threshold(cost, volatility=scalar, headroom=headroom))
