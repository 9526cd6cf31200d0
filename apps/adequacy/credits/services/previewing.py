"""Who gets a credit, told before anybody lets it hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from apps.adequacy.credits.codes import FORECASTS, SHARES
from apps.adequacy.credits.rules import distribute
from apps.adequacy.credits.selectors import version_for
from apps.adequacy.credits.services.distributing import (
    HUNDREDTH,
    areas_of,
    forecasts_of,
    shares_of,
)
from apps.platform.core.quantity import MW, plain
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import FAR_MOMENT


@dataclass(frozen=True)
class WhoGets:
    """Where a credit goes: (TAC area, LSE, MW) of every part; ``lacks`` says what is not on file.

    ``left``: MW that reach no LSE, as a TAC area has no forecast or no load shares.
    """

    parts: tuple[tuple[str, str, Decimal], ...] = ()
    lacks: str = ""
    left: Decimal = Decimal(0)

    @property
    def by_lse(self) -> list[tuple[str, Decimal]]:
        """What each LSE gets, the most first."""
        sums: dict[str, Decimal] = {}
        for _, lse, mw in self.parts:
            sums[lse] = sums.get(lse, Decimal(0)) + mw
        return sorted(sums.items(), key=lambda s: (-s[1], s[0]))

    @property
    def words(self) -> str:
        """One sentence for pages, the API and files."""
        if self.lacks:
            return f"Not known yet who gets it: {self.lacks}."
        areas: dict[str, list[str]] = {}
        sums: dict[str, Decimal] = {}
        for tac, lse, mw in self.parts:
            areas.setdefault(tac, []).append(f"{lse} {plain(mw)}")
            sums[tac] = sums.get(tac, Decimal(0)) + mw
        said = "; ".join(
            f"{tac} {plain(sums[tac])} MW ({', '.join(lses)})" for tac, lses in areas.items()
        )
        rest = f"; {plain(self.left)} MW reach no LSE" if self.left else ""
        return f"Goes to {said or 'nobody'}{rest}."


@implements("BRQ-0114", source="BRS 1.2 section 6.2.1")
def who_gets(period: str, credits: Sequence[tuple[Decimal, str]]) -> list[WhoGets]:
    """Return who would get each of some credits of a period, by the rule of the distribution.

    credits: MW and TAC areas as they are kept. Forecasts and load shares are those known now; where
    they change before the distribution is made, so does it.
    """
    forecast, share = (version_for(d.name, period, FAR_MOMENT) for d in (FORECASTS, SHARES))
    lacks = [d.title for d, held in ((FORECASTS, forecast), (SHARES, share)) if held is None]
    if lacks:
        unknown = WhoGets(lacks=f"{' and '.join(lacks)} of {period} not on file")
        return [unknown] * len(credits)
    forecasts = forecasts_of(forecast)
    frame = pl.DataFrame(
        [
            (n, MW.to_scaled(mw) // HUNDREDTH, areas_of(areas, forecasts))
            for n, (mw, areas) in enumerate(credits)
        ],
        schema={"credit_no": pl.Int64, "hundredths": pl.Int64, "tac_areas": pl.List(pl.String)},
        orient="row",
    )
    _, lse = distribute(frame, forecasts, shares_of(share))
    by_credit: dict[int, list[tuple[str, str, Decimal]]] = {}
    rows = lse.filter(pl.col("part") > 0).sort("credit_no", "tac", "lse")
    for n, tac, name, part in rows.select("credit_no", "tac", "lse", "part").iter_rows():
        by_credit.setdefault(n, []).append((tac, name, Decimal(part) / 100))
    found = []
    for n, (mw, _) in enumerate(credits):
        parts = tuple(by_credit.get(n, ()))
        found.append(WhoGets(parts, left=mw - sum((p[2] for p in parts), Decimal(0))))
    return found
