"""Calculate a trade date: default energy bids, upward transitions, commitment costs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import Any

import polars as pl

from apps.bidding.costs.models import (
    CommitmentCostLine,
    CostFinding,
    DebSegment,
    ReferencePoint,
    ReferenceUnit,
    TransitionCost,
)
from apps.bidding.costs.rules import (
    COST_PARAMETERS,
    DEB_SCALAR_OTHER,
    DEB_SCALAR_RMR,
    GHG_RATE,
    REFERENCE_INDEX,
    Configuration,
    CurvePrice,
    Point,
    Transition,
    check_points,
    energy_bid,
    evaluate_transitions,
    formula_of,
    registered_cost_finding,
)
from apps.bidding.costs.services.committing import commitment_lines
from apps.bidding.costs.services.gathering import (
    CostInputs,
    Priced,
    allowance_known,
    fuel_known,
    gather,
    points_by_curve,
    rates_known,
    version_of,
)
from apps.bidding.costs.terms import CURVES, AdderKind
from apps.platform.kernel.findings import Finding, Severity
from apps.platform.kernel.quantity import (
    BTU_PER_KWH,
    COST,
    MW,
    TONNE_PER_MMBTU,
    USD_PER_MMBTU,
    USD_PER_MWH,
    USD_PER_TONNE,
)
from apps.platform.kernel.rulebook import implements
from apps.platform.runs.hooks import Computed, Invariant, RunContext

ZERO = Decimal(0)
FINDING_COLUMNS = {
    "unit": pl.String,
    "resource_id": pl.Int64,
    "code": pl.String,
    "severity": pl.String,
    "message": pl.String,
}
CURVE_COLUMNS = {
    "unit": pl.String,
    "resource_id": pl.Int64,
    "source": pl.String,
    "config": pl.String,
    "vintage": pl.String,
    "scalar": pl.Int64,
    "gmc": pl.Int64,
    "vom": pl.Int64,
    "oc": pl.Int64,
    "fuel_index": pl.String,
    "fuel_price": pl.Int64,
    "fuel_price_date": pl.Date,
    "emission": pl.Int64,
    "allowance": pl.Int64,
    "stale": pl.Boolean,
}
SEGMENT_COLUMNS = {
    "curve": pl.UInt32,
    "segment_no": pl.Int64,
    "from_mw": pl.Int64,
    "to_mw": pl.Int64,
    "heat_rate": pl.Int64,
    "fuel": pl.Int64,
    "ghg": pl.Int64,
    "before": pl.Int64,
    "deb": pl.Int64,
    "published": pl.Int64,
    "adjusted": pl.Boolean,
}
TRANSITION_COLUMNS = {
    "resource_id": pl.Int64,
    "unit": pl.String,
    "from_config": pl.String,
    "to_config": pl.String,
    "from_pmax": pl.Int64,
    "to_pmax": pl.Int64,
    "mma_from": pl.Int64,
    "mma_to": pl.Int64,
    "mma": pl.Int64,
    "broadcast": pl.Boolean,
}


@dataclass
class Remarks:
    """Findings of a run by resource; what is wrong with one never keeps the others out."""

    rows: list[tuple[str, int | None, str, str, str]] = field(default_factory=list)

    def add(self, unit: str, resource: int | None, found: Iterable[Finding]) -> None:
        """Keep findings about a unit."""
        self.rows += [(unit, resource, f.code, f.severity.value, f.message[:300]) for f in found]

    def warn(self, unit: str, resource: int | None, code: str, message: str) -> None:
        """Keep a warning about a unit."""
        self.rows.append((unit, resource, code, Severity.WARNING.value, message))

    def frame(self) -> pl.DataFrame:
        """Return them as rows of the run."""
        return pl.DataFrame(self.rows, schema=FINDING_COLUMNS, orient="row")


@dataclass(frozen=True)
class Curve:
    """A curve to be priced: whose it is and what prices it."""

    unit: str
    resource: int | None
    source: str
    config: str
    vintage: str
    index: str
    fuel: Priced | None
    price: CurvePrice


@dataclass
class Bids:
    """The bids of many curves: each curve once, its segments beside it, joined at the end."""

    curves: list[tuple[Any, ...]] = field(default_factory=list)
    segments: list[tuple[Any, ...]] = field(default_factory=list)

    def price(self, curve: Curve, points: Sequence[Point], remarks: Remarks) -> None:
        """Keep a curve's bid; one that cannot be priced is a finding and no rows."""
        price, fuel = curve.price, curve.fuel
        found = check_points(points, with_fuel=price.fuel is not None)
        if found:
            remarks.add(f"{curve.unit} {curve.config}".strip(), curve.resource, found)
            return
        number = len(self.curves)
        self.curves.append(
            (
                curve.unit,
                curve.resource,
                curve.source,
                curve.config,
                curve.vintage,
                price.scalar * 1_000_000,
                price.gmc,
                price.vom,
                price.oc,
                curve.index,
                price.fuel,
                fuel.day if fuel else None,
                price.emission,
                price.allowance,
                fuel.stale if fuel else False,
            )
        )
        self.segments += [(number, n, *s) for n, s in enumerate(energy_bid(points, price), 1)]

    def frame(self) -> pl.DataFrame:
        """Return the segments as rows of the run, in the order they were priced."""
        curves = pl.DataFrame(self.curves, schema=CURVE_COLUMNS, orient="row")
        segments = pl.DataFrame(self.segments, schema=SEGMENT_COLUMNS, orient="row")
        joined = segments.join(
            curves.with_row_index("curve"), on="curve", how="left", maintain_order="left"
        )
        return joined.select(*CURVE_COLUMNS, *list(SEGMENT_COLUMNS)[1:])


@implements("BRQ-0063", "BRQ-0065", "BRQ-0066", "BRQ-0076", source="BRS 1.2 section 6.1.2")
def energy_bids(found: CostInputs, context: RunContext, remarks: Remarks) -> pl.DataFrame:
    """Return the default energy bid of every curve of the Master File, RMR or not."""
    day, params = context.trade_date, context.params
    own = int(params.at(DEB_SCALAR_RMR, day) * 10_000)
    other = int(params.at(DEB_SCALAR_OTHER, day) * 10_000)
    common_emission = TONNE_PER_MMBTU.to_scaled(params.at(GHG_RATE, day))
    allowance = USD_PER_TONNE.to_scaled(found.allowance.price) if found.allowance else 0
    gmc = USD_PER_MWH.to_scaled(found.rate("GMC"))
    bids = Bids()
    unknown = 0
    for (key, config), raw in points_by_curve(found.points).items():
        resource = found.resources.get(key)
        if resource is None:
            unknown += 1
            continue
        points = [Point(mw, rate, cost) for _, _, mw, rate, cost in raw]
        vintage, _ = found.vintage.get(key, ("", None))
        index = found.index_of(resource)
        formula = formula_of(
            resource.fuel_type, points, index=index, gas_index=index in found.gas_indexes
        )
        remarks.add(f"{resource.code} {config}".strip(), key, formula.findings)
        if formula.by_heat is None:
            continue
        index = index if formula.by_heat else ""
        fuel = found.fuel_of(resource) if formula.by_heat else None
        if fuel is None and formula.by_heat:
            remarks.add(resource.code, key, [_no_price(resource.fuel_region, index, day)])
            continue
        entry = found.inputs.get((key, "", ""))
        emits = entry is None or entry.ghg_obligation == "Y"
        emission = (
            TONNE_PER_MMBTU.to_scaled(entry.emission)
            if entry is not None and entry.emission is not None
            else common_emission
        )
        oc = found.adders.amount(key, AdderKind.OC_ENERGY, config)
        bids.price(
            Curve(
                resource.code,
                key,
                "MF",
                config,
                vintage,
                index,
                fuel,
                CurvePrice(
                    fuel=USD_PER_MMBTU.to_scaled(fuel.price) if fuel else None,
                    emission=emission if emits else 0,
                    allowance=allowance if emits else 0,
                    gmc=gmc,
                    vom=USD_PER_MWH.to_scaled(found.rate("VOM", key)),
                    oc=COST.to_scaled(oc) if oc is not None else 0,
                    scalar=own if vintage else other,
                ),
            ),
            points,
            remarks,
        )
    if unknown:
        remarks.warn(
            "",
            None,
            "RMR-W-0065M",
            f"{unknown} curves are of resources that the Master "
            "File of the day does not hold; they were left out.",
        )
    _stale(found, remarks)
    return bids.frame()


def _no_price(region: str, index: str, day: Any) -> Finding:
    why = (
        f"index {index} has no price on or before {day}"
        if index
        else (f"fuel region {region} has no index" if region else "the resource has no fuel region")
    )
    return Finding("RMR-E-0065E", f"No fuel price: {why}. No bid is calculated.")


def _stale(found: CostInputs, remarks: Remarks) -> None:
    used = set(found.regions.values())
    for index, price in found.fuel.items():
        if price.stale and index in used:
            remarks.warn(
                index,
                None,
                "RMR-W-0065",
                f"Stale gas price: the last of {index} is "
                f"{USD_PER_MMBTU.text(price.price)} $/MMBtu of {price.day}.",
            )
    if found.allowance is None:
        remarks.warn("GHG", None, "RMR-W-0065G", "No allowance price is on file; GHG is 0.")
    elif found.allowance.stale:
        remarks.warn("GHG", None, "RMR-W-0065G", f"Stale allowance price of {found.allowance.day}.")


@implements("BRQ-0097", "BRQ-0098", source="BRS 1.2 section 6.1.2 and Appendix 5")
def evaluated(found: CostInputs, remarks: Remarks) -> dict[int, list[Transition]]:
    """Return every transition of every multi-stage resource as the rule evaluates it."""
    by_resource: dict[int, dict[str, Configuration]] = {}
    for row in found.configurations:
        by_resource.setdefault(row.resource_id, {})[row.config] = Configuration(
            row.config,
            row.pmax_mw,
            found.adders.amount(row.resource_id, AdderKind.MMA_START_UP, row.config),
        )
    done: dict[int, list[Transition]] = {}
    for key, rows in groupby(found.transitions, key=lambda t: t.resource_id):
        listed = list(rows)
        ends = [(t.from_config, t.to_config) for t in listed]
        done[key], findings = evaluate_transitions(by_resource.get(key, {}), ends)
        remarks.add(listed[0].resource__code, key, findings)
    return done


def transition_frame(found: CostInputs, transitions: dict[int, list[Transition]]) -> pl.DataFrame:
    """Return the upward transitions as rows of the run."""
    pmax = {(c.resource_id, c.config): MW.to_scaled(c.pmax_mw) for c in found.configurations}
    names = {c.resource_id: c.resource__code for c in found.configurations}
    rows = [
        (
            key,
            names[key],
            t.source,
            t.target,
            pmax[key, t.source],
            pmax[key, t.target],
            _scaled(t.mma_from),
            _scaled(t.mma_to),
            _scaled(t.mma_transition),
            t.broadcast,
        )
        for key, done in transitions.items()
        for t in done
        if t.recorded
    ]
    return pl.DataFrame(rows, schema=TRANSITION_COLUMNS, orient="row")


def _scaled(amount: Decimal | None) -> int | None:
    return None if amount is None else COST.to_scaled(amount)


@implements("BRQ-0080", source="BRS 1.2 section 6.1.2")
def calculate_day(context: RunContext) -> Computed:
    """Calculate all costs of a trade date, the same for day-ahead and real-time."""
    found = gather(context.trade_date, context.known_at, context.params)
    remarks = Remarks()
    bids = energy_bids(found, context, remarks)
    transitions = evaluated(found, remarks)
    upward = transition_frame(found, transitions)
    lines = commitment_lines(found, transitions, context, remarks.warn)
    for (key, config, _), entry in sorted(found.inputs.items()):
        resource = found.resources.get(key)
        if resource is not None:
            refused = registered_cost_finding(
                rmr=key in found.vintage,
                bases=(entry.startup_basis, entry.min_load_basis),
                resource=resource.code,
            )
            remarks.add(f"{resource.code} {config}".strip(), key, [refused] if refused else [])
    return _computed(
        context,
        [
            (DebSegment, bids),
            (TransitionCost, upward),
            (CommitmentCostLine, lines),
            (CostFinding, remarks.frame()),
        ],
    )


def calculate_reference(context: RunContext) -> Computed:
    """Price every published heat-rate curve at the trade date's fuel and allowance prices."""
    day, params = context.trade_date, context.params
    fuel = fuel_known(day, context.known_at, params)
    allowance = allowance_known(day, context.known_at, params)
    rates = rates_known(day, context.known_at)
    versions = [version_of(d.name, context.known_at) for d in CURVES.values()]
    kept = [v.pk for v in versions if v]
    points: dict[tuple[str, str], list[Point]] = {}
    for p in (
        ReferencePoint.objects.filter(dataset_version_id__in=kept)
        .order_by("source", "unit", "point_no")
        .values_list("source", "unit", "mw", "heat_rate")
    ):
        points.setdefault(p[:2], []).append(
            Point(MW.to_scaled(p[2]), BTU_PER_KWH.to_scaled(p[3]), None)
        )
    default, emission = params.at(REFERENCE_INDEX, day), params.at(GHG_RATE, day)
    remarks = Remarks()
    bids = Bids()
    for unit in ReferenceUnit.objects.filter(dataset_version_id__in=kept).order_by(
        "source", "unit"
    ):
        curve = points.get((unit.source, unit.unit))
        index = unit.index or default
        price = fuel.get(index)
        name = f"{unit.source} {unit.unit}"
        if curve is None:
            remarks.add(name, None, [Finding("RMR-E-0065B", f"No curve: {unit.note}.")])
            continue
        if price is None:
            remarks.add(name, None, [_no_price("", index, day)])
            continue
        bids.price(
            Curve(
                unit.unit,
                None,
                unit.source,
                "",
                "",
                index,
                price,
                CurvePrice(
                    fuel=USD_PER_MMBTU.to_scaled(price.price),
                    emission=TONNE_PER_MMBTU.to_scaled(emission),
                    allowance=USD_PER_TONNE.to_scaled(allowance.price) if allowance else 0,
                    gmc=USD_PER_MWH.to_scaled(rates.get(("GMC", None), ZERO)),
                    vom=USD_PER_MWH.to_scaled(unit.vom or ZERO),
                    scalar=int(params.at(DEB_SCALAR_OTHER, day) * 10_000),
                ),
            ),
            curve,
            remarks,
        )
    return _computed(context, [(DebSegment, bids.frame()), (CostFinding, remarks.frame())])


def _computed(context: RunContext, writes: list[tuple[Any, pl.DataFrame]]) -> Computed:
    numbered = [
        (
            model,
            frame.with_row_index("line_no", offset=1).with_columns(
                pl.lit(context.trade_date).alias("trade_date")
            ),
        )
        for model, frame in writes
    ]
    for parameter in COST_PARAMETERS:
        context.params.at(parameter, context.trade_date)
    bids = writes[0][1]
    lower = (pl.col("deb") < pl.col("deb").shift(1)).over("unit", "source", "config")
    falls = bids.sort("segment_no").filter(lower).height
    names = {
        DebSegment: "bid segments",
        TransitionCost: "upward transitions",
        CommitmentCostLine: "commitment costs",
        CostFinding: "findings",
    }
    return Computed(
        writes=numbered,
        totals={names[model]: f"{frame.height:,}" for model, frame in numbered},
        invariants=[
            Invariant(
                "bids never fall",
                falls == 0,
                f"{falls} of {bids.height} segments are below the one before.",
            ),
        ],
    )
