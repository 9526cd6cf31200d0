"""The availability of a trade date as a run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

import polars as pl

from apps.adequacy.availability.models import AvailabilityHour, AvailabilityNote
from apps.adequacy.availability.services.inputs import (
    NOT_MEASURED,
    ObligationsOfDay,
    Tables,
    gather,
    gather_days,
    measure,
)
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import Span
from apps.platform.runs.hooks import Computed, DatedInput, Invariant, RunContext
from apps.platform.runs.rules import fingerprint


def _read(day: date, known_at: datetime) -> ObligationsOfDay:
    return gather(day, known_at, Tables.read(Span.through(day, day), known_at))


def terms_of(day: date, known_at: datetime) -> list[DatedInput]:
    """Return what a day's availability reads, with fingerprints."""
    return _words_of(_read(day, known_at))


def dated_inputs_over(
    days: Iterable[date], known_at: datetime
) -> Iterator[tuple[date, list[DatedInput]]]:
    """Return ``terms_of`` of each of some days, in few reads."""
    for found in gather_days(days, known_at):
        yield found.day, _words_of(found)


def _words_of(found: ObligationsOfDay) -> list[DatedInput]:
    tables = found.tables
    natures = sorted((*k, v.raaim_exempt) for k, v in found.natures.items())
    return [
        DatedInput(
            "obligations",
            sorted(key for key, _ in found.owed),
            fingerprint(
                sorted((*k, str(v.mw), v.source, v.category or 0) for k, v in found.owed.items())
            ),
        ),
        DatedInput(
            "not measured",
            sorted(key for key, _ in found.not_measured),
            fingerprint(sorted((*k, v) for k, v in found.not_measured.items())),
        ),
        DatedInput(
            "Pmax and SC",
            sorted(found.pmax),
            fingerprint(
                [sorted((k, str(v)) for k, v in found.pmax.items()), sorted(found.scs.items())]
            ),
        ),
        DatedInput("outages", [], fingerprint([tables.outages.drop("filed_at").write_csv()])),
        DatedInput(
            "substitutions", [], fingerprint([tables.substitutions.sort(pl.all()).write_csv()])
        ),
        DatedInput("exemptions", [], fingerprint([tables.exempt_on(found.day), natures])),
        DatedInput(
            "assessment hours",
            [],
            fingerprint(
                [
                    [[str(v) for v in row.values()] for row in tables.assessment],
                    found.day in tables.holidays,
                ]
            ),
        ),
    ]


@implements("BRQ-0030", "BRQ-0216", "BRQ-1215", source="BRS 1.2 sections 6.2.2 and 6.4.1")
def calculate_day(context: RunContext) -> Computed:
    """Measure every assessed hour of new-tariff RMR, RA and CPM; legacy is left out with why."""
    found = _read(context.trade_date, context.known_at)
    done = measure(found)
    keys = sorted(found.owed)
    words = pl.DataFrame(
        [
            (n, found.codes[k], found.scs.get(k), found.owed[k, p].source)
            for n, (k, p) in enumerate(keys)
        ],
        schema={"row": pl.Int64, "unit": pl.String, "sc_id": pl.Int64, "source": pl.String},
        orient="row",
    )
    rows = (
        done.join(words, on="row")
        .sort("unit", "ra_type", "hour_ending")
        .select(
            "resource_id",
            "unit",
            "sc_id",
            "ra_type",
            "category",
            "source",
            "hour_ending",
            pmax_mw="pmax",
            obligation_mw="obligation",
            curtailed_mw="curtailed",
            exempt_mw="exempt",
            substituted_mw="substituted",
        )
    )
    notes = pl.DataFrame(
        [
            (k, found.codes[k], found.scs.get(k), part, code, NOT_MEASURED[code])
            for (k, part), code in sorted(found.not_measured.items())
        ],
        schema={
            "resource_id": pl.Int64,
            "unit": pl.String,
            "sc_id": pl.Int64,
            "ra_type": pl.String,
            "code": pl.String,
            "message": pl.String,
        },
        orient="row",
    )
    over = rows.filter(pl.col("curtailed_mw") + pl.col("exempt_mw") > pl.col("obligation_mw"))
    both = set(found.owed) & set(found.not_measured)
    return Computed(
        writes=[
            (
                model,
                frame.with_row_index("line_no", offset=1).with_columns(
                    pl.lit(found.day).alias("trade_date")
                ),
            )
            for model, frame in ((AvailabilityHour, rows), (AvailabilityNote, notes))
        ],
        totals={
            "resources": f"{rows['resource_id'].n_unique():,}",
            "hours": f"{rows.height:,}",
            "hours curtailed": f"{rows.filter(pl.col('curtailed_mw') > 0).height:,}",
            "not measured": f"{notes.height:,}",
        },
        invariants=[
            Invariant(
                "never more than is owed",
                over.is_empty(),
                f"{over.height} hours are curtailed by more than their obligation.",
            ),
            Invariant(
                "measured or left out",
                not both,
                f"{len(both)} obligations are both measured and left out.",
            ),
        ],
    )
