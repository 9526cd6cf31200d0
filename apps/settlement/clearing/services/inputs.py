"""What liabilities are made of on a day: ledger, statements, runs, contracts and load."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl

from apps.platform.accounts.models import Party
from apps.platform.accounts.rules import THE_ISO
from apps.platform.core.effective import ParameterSet
from apps.platform.core.quantity import MW
from apps.platform.core.tradetime import FAR_MOMENT, Span
from apps.platform.runs.models import CurrentRun, Run
from apps.platform.runs.selectors import is_synthetic
from apps.platform.runs.services import without_amount
from apps.platform.uploads.selectors import versions_known_at
from apps.reference.market.codes import METERED_DEMAND
from apps.reference.market.selectors import demand_of_days
from apps.reference.resources.codes import Vintage
from apps.reference.resources.rules import NEW_TARIFF_CUTOFF, rmr_vintage
from apps.reference.resources.selectors import tac_codes
from apps.reliability.designations.selectors import ContractOnDay, on_day
from apps.settlement.clearing.rules import AVERAGE_DAYS, MOST_DAYS, daily_shares
from apps.settlement.clearing.services.legacy import legacy_increments, legacy_over
from apps.settlement.settlements.codes import DAILY
from apps.settlement.settlements.rules.chain import charge_codes
from apps.settlement.settlements.selectors import result_lines, settled_runs
from apps.settlement.statements.rules import PAYMENT_DAYS, invoice_week

ZERO = Fraction(0)
OWNER_CODES = ("RMR-CAP", "RMR-COSTREC")


@dataclass(frozen=True)
class Projected:
    """A contract without history: its daily cost, the days it is projected for, shares by SC."""

    contract_no: str
    daily: Fraction
    first: date
    days: int
    shares: dict[str, Fraction]


@dataclass
class Outlook:
    """What has been calculated up to a day, and what that says of the days after it.

    ``window``: the published trade dates an average is taken from. ``gap``: trade dates nobody
    calculated whole that an average stands for, ``beyond``: how many older ones there are.
    ``average_rmr``: the RMR allocation in an average day. ``synthetic``: something invented is in
    it. ``to_payment``: days from the day to the payment date of its invoice.
    """

    window: list[date] = field(default_factory=list)
    gap: list[date] = field(default_factory=list)
    beyond: int = 0
    to_payment: int = 0
    averages: dict[str, Fraction] = field(default_factory=dict)
    average_rmr: dict[str, Fraction] = field(default_factory=dict)
    estimated: dict[str, list[tuple[date, Fraction]]] = field(default_factory=dict)
    projected: list[Projected] = field(default_factory=list)
    synthetic: bool = False


def outlook_of(as_of: date, params: ParameterSet) -> Outlook:
    """Return what is calculated, published and still unknown on a day, by SC.

    *Interpretation*: an average day stands for the newest trade dates nobody has calculated whole,
    as many as a parameter says; what is owed for those beyond is not known, so they are counted
    apart and the liability is at least what is told. A held day that was never published counts
    however long ago it was, until so many newer ones push it beyond.
    """
    published = {
        p.trade_date: p.run
        for p in CurrentRun.objects.filter(kind=DAILY, trade_date__lte=as_of).select_related("run")
    }
    sealed, held = _newer(published, as_of)
    calculated = sorted({*published, *sealed})
    window = sorted(published)[-int(params.at(AVERAGE_DAYS, as_of)) :]
    found = Outlook(window=window)
    found.to_payment = (invoice_week(as_of, int(params.at(PAYMENT_DAYS, as_of))).due - as_of).days
    later: list[date] = []
    if calculated and calculated[-1] < as_of:
        later = list(Span.through(calculated[-1] + timedelta(days=1), as_of))
    found.gap = sorted({*later, *(held if calculated else ())})
    most = int(params.at(MOST_DAYS, as_of))
    found.beyond = max(0, len(found.gap) - most)
    found.gap = found.gap[-most:]
    codes = dict(Party.objects.filter(kind="SC").values_list("pk", "code"))
    fresh = _without_history(as_of, window, params)
    new = {c.contract.resource_id for c in fresh}
    legacy = legacy_over({*window, *sealed})
    days = [_without_legacy(result_lines(run=published[d]), legacy[d]) for d in window]
    found.averages = _mean([_sums(d, codes, average_but=new) for d in days])
    rmr = pl.col("charge_code") == "RMR-ALLOC"
    found.average_rmr = _mean([_sums(d.filter(rmr), codes, average_but=new) for d in days])
    for day, run in sealed.items():
        earlier = published.get(day)
        before, after = (
            _sums(_without_legacy(result_lines(run=one), legacy[day]), codes) if one else {}
            for one in (earlier, run)
        )
        for sc in {*before, *after}:
            change = after.get(sc, ZERO) - before.get(sc, ZERO)
            found.estimated.setdefault(sc, []).append((day, change))
    found.projected = _projected(fresh, found, as_of)
    looked_at = [*(published[day] for day in window), *sealed.values()]
    found.synthetic = any(is_synthetic(run) for run in looked_at) or any(
        c.contract.is_synthetic for c in fresh
    )
    return found


def _newer(published: dict[date, Run], as_of: date) -> tuple[dict[date, Run], list[date]]:
    """Return the newest sealed run of each trade date that is newer than what is published.

    *Interpretation*: a run that holds parts without an amount is no estimate of its day, or what is
    held would count as nothing (decision G36). Trade dates with no other run are told apart: they
    are days that nobody has calculated yet.
    """
    rows = settled_runs(viewer=THE_ISO).filter(state="SEALED", trade_date__lte=as_of)
    found: dict[date, Run] = {}
    held: set[date] = set()
    for run in rows.order_by("trade_date", "version"):
        known = published.get(run.trade_date)
        if without_amount(run.holds):
            held.add(run.trade_date)
        elif known is None or (run.version or 0) > (known.version or 0):
            found[run.trade_date] = run
    return found, sorted(held - {*found, *published})


def _without_legacy(lines: pl.DataFrame, legacy: set[int]) -> pl.DataFrame:
    """Leave out the lines of resources that are legacy RMR on their day (decision G31)."""
    apart = pl.col("resource_id").is_in(sorted(legacy))
    return lines.filter(~apart.fill_null(False))


def _mean(days: list[dict[str, Fraction]]) -> dict[str, Fraction]:
    """Return the mean by SC over some days; a day without an SC counts as nothing."""
    names = {sc for day in days for sc in day}
    return {sc: sum((day.get(sc, ZERO) for day in days), ZERO) / len(days) for sc in names}


def _sums(
    lines: pl.DataFrame, codes: dict[int, str], *, average_but: set[int] | None = None
) -> dict[str, Fraction]:
    """Return the net of lines by SC without payments to RMR owners, which count once published.

    average_but: for an average day: without monthly codes, and without the RMR allocation of these
    resources, which is projected instead.
    """
    kept = lines.filter(~(pl.col("charge_code").is_in(OWNER_CODES) & (pl.col("amount") < 0)))
    if average_but is not None:
        monthly = [code for code, node in charge_codes().items() if node.monthly]
        fresh = pl.col("resource_id").is_in(sorted(average_but)) & (
            pl.col("charge_code") == "RMR-ALLOC"
        )
        kept = kept.filter(~pl.col("charge_code").is_in(monthly) & ~fresh.fill_null(False))
    sums = kept.group_by("sc_id").agg(pl.col("amount").sum())
    return {codes[sc]: Fraction(cents, 100) for sc, cents in sums.iter_rows()}


def _without_history(as_of: date, window: list[date], params: ParameterSet) -> list[ContractOnDay]:
    """Return new-tariff contracts in force that were not in force all days of the window."""
    cutoff = params.at(NEW_TARIFF_CUTOFF, as_of)
    known = [{c.contract.contract_no for c in on_day(day, FAR_MOMENT)} for day in window]
    return [
        c
        for c in on_day(as_of, FAR_MOMENT)
        if rmr_vintage(effective_date=c.contract.effective_date, cutoff=cutoff)
        is not Vintage.LEGACY
        and c.price is not None
        and not (known and all(c.contract.contract_no in names for names in known))
    ]


def _projected(fresh: list[ContractOnDay], found: Outlook, as_of: date) -> list[Projected]:
    if not fresh:
        return []
    load = _load(found.window)
    made = []
    for held in fresh:
        mw: dict[str, int] = {}
        by_type: dict[str, Fraction] = defaultdict(lambda: ZERO)
        for row in held.capacity:
            by_type[row.obligation_type] += Fraction(row.mw)
            mw[row.tac_area.code] = mw.get(row.tac_area.code, 0) + MW.to_scaled(row.mw)
        daily = max(by_type.values(), default=ZERO) * Fraction(
            held.price.price if held.price else 0
        )
        first = held.contract.span.first
        days = len([d for d in found.gap if d >= first]) + found.to_payment
        shares = daily_shares(daily, scope=held.contract.scope, tac_mw=mw, load=load)
        made.append(Projected(held.contract.contract_no, daily, first, days, shares))
    return made


def _load(days: list[date]) -> dict[tuple[str, str], int]:
    areas = tac_codes()
    codes: dict[int, str] = dict(Party.objects.values_list("pk", "code"))
    versions = versions_known_at(METERED_DEMAND.name, FAR_MOMENT, days=days) if days else []
    found: dict[tuple[str, str], int] = defaultdict(int)
    for _, sc, tac, mwh in demand_of_days(versions):
        found[codes[sc], areas[tac]] += mwh
    return dict(found)


def published_amounts(statements: Iterable[Any]) -> dict[str, list[tuple[str, Fraction]]]:
    """Return (statement, increment) by SC of statements no invoice bills yet, legacy RMR apart."""
    found: dict[str, list[tuple[str, Fraction]]] = {}
    listed = list(statements)
    apart = legacy_increments({s.pk: s.trade_date for s in listed})
    for s in listed:
        amount = Fraction(s.total if s.change is None else s.change) - Fraction(apart.get(s.pk, 0))
        if amount:
            found.setdefault(s.sc.code, []).append((f"{s.trade_date} v{s.version}", amount))
    return found


def usd(value: Fraction) -> str:
    """Write exact dollars with six decimals, for what is kept beside a measurement."""
    return str(
        (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.000001"))
    )
