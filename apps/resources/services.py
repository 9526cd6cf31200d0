"""Check and store resource files; load the reference areas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import polars as pl
from django.db import transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat, LPad

from apps.accounts.models import User
from apps.accounts.selectors import sc_ids
from apps.audit.services import copy_rows, term_supersede
from apps.kernel.findings import Finding, Severity
from apps.kernel.quantity import MW
from apps.kernel.tradetime import FAR_FUTURE, FAR_MOMENT, Span
from apps.resources import selectors
from apps.resources.models import (
    CapabilityListing,
    EffectiveFlexibleCapacity,
    LocalArea,
    NetQualifyingCapacity,
    NqcByMonth,
    NqcListEntry,
    Resource,
    ResourceAttributes,
    ScAssociation,
    TacArea,
)
from apps.resources.terms import (
    CAPABILITY_LIST,
    EVER,
    MONTHS,
    NQC_BY_MONTH,
    forbidden_pmax,
)
from apps.ui.fields import stored
from apps.uploads.selectors import current_frame
from apps.uploads.terms import Storing


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
                "name": row["name"], "tac_area": TacArea.objects.get(code=row["tac_area"]),
            },
        )  # fmt: skip


def ensure_resources(codes: Iterable[str]) -> dict[str, int]:
    """Return the keys of resources by ID, made where missing."""
    wanted = set(codes)
    known = selectors.resource_ids(wanted)
    Resource.objects.bulk_create(
        [Resource(code=code) for code in sorted(wanted - set(known))], ignore_conflicts=True
    )
    return selectors.resource_ids(wanted)


def span_ever(period: str) -> Span:
    """The days of a dataset that is not cut into periods."""
    return Span(date(1998, 1, 1))


def span_from_day(period: str) -> Span:
    """The days a list holds from its date on."""
    return Span(date.fromisoformat(period))


def span_of_year(period: str) -> Span:
    """The days of an RA year."""
    return Span(date(int(period), 1, 1), date(int(period) + 1, 1, 1))


def period_ever(frame: pl.DataFrame, options: Mapping[str, str]) -> pl.Series:
    """Every row belongs to the one period there is."""
    return pl.Series([EVER] * frame.height, dtype=pl.String)


def period_as_of(frame: pl.DataFrame, options: Mapping[str, str]) -> pl.Series:
    """Every row belongs to the date asked for beside the file."""
    return pl.Series([options["as_of"]] * frame.height, dtype=pl.String)


def period_year_option(frame: pl.DataFrame, options: Mapping[str, str]) -> pl.Series:
    """Every row belongs to the RA year asked for beside the file."""
    return pl.Series([options["ra_year"]] * frame.height, dtype=pl.String)


def no_check(frame: pl.DataFrame, options: Mapping[str, str]) -> list[Finding]:
    """Nothing to check beyond the shape."""
    return []


def unknown_codes(
    frame: pl.DataFrame, column: str, header: str, known: Iterable[str], code: str, what: str
) -> list[Finding]:
    """Return a finding for every row whose code is not among the known ones."""
    wrong = frame.filter(
        pl.col(column).is_not_null() & ~pl.col(column).is_in(list(known))
    ).select("line_no", column)  # fmt: skip
    return [
        Finding(code, f"There is no {what} {value}.", line, header, value=value)
        for line, value in wrong.iter_rows()
    ]


def check_attributes(frame: pl.DataFrame, options: Mapping[str, str]) -> list[Finding]:
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
                Finding("RES-AREA", f"{local} lies in {area_of[local]}, not in {tac}.", line,
                        "LOCAL_AREA")
            )  # fmt: skip
        if row["effective_to"] is not None and row["effective_to"] < row["effective_from"]:
            found.append(
                Finding("RES-DATES", "EFFECTIVE_TO lies before EFFECTIVE_FROM.", line,
                        "EFFECTIVE_TO")
            )  # fmt: skip
            continue
        span = _row_span(row)
        for other, above in spans.setdefault(row["resource_id"], []):
            if span.overlaps(other):
                found.append(
                    Finding("RES-OVERLAP", f"The dates overlap those of row {above}.", line,
                            "EFFECTIVE_FROM")
                )  # fmt: skip
        spans[row["resource_id"]].append((span, line))
        if row["pmin_mw"] is not None and row["pmin_mw"] > row["pmax_mw"]:
            found.append(Finding("RES-PMIN", "PMIN_MW exceeds PMAX_MW.", line, "PMIN_MW"))
        changes.append((row["resource_id"], span, MW.from_scaled(row["pmax_mw"]), line))
    return found + forbidden_pmax(changes)


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
        term_supersede(
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
        term_supersede(model=ScAssociation, values={"sc_id": scs[row["sc_id"]]}, **common)


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
        term_supersede(
            model=ResourceAttributes,
            key={"resource_id": resource_id},
            values={
                "name": held.name, "pmax_mw": pmax_mw, "pmin_mw": held.pmin_mw,
                "tac_area_id": held.tac_area_id, "local_area_id": held.local_area_id,
            },
            span=span, known_from=known_from, reference=reference, proposed_by=proposed_by,
            approved_by=approved_by,
        )  # fmt: skip


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
    term_supersede(
        model=ScAssociation, key={"resource_id": resource_id}, values={"sc_id": sc_id},
        span=Span(first, held.span.end), known_from=known_from, reference=reference,
        proposed_by=proposed_by, approved_by=approved_by,
    )  # fmt: skip


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
    term_supersede(
        model=ResourceAttributes, key=key, span=Span(day, wanted.until),
        values={
            "name": wanted.name, "pmax_mw": MW.from_scaled(wanted.pmax),
            "pmin_mw": MW.from_scaled(wanted.pmin) if wanted.pmin is not None else None,
            "tac_area_id": tac[wanted.tac], "local_area_id": local.get(wanted.local or ""),
        },
        **words,
    )  # fmt: skip
    if wanted.sc_id is not None and (now is None or now.sc_id != wanted.sc_id):
        term_supersede(
            model=ScAssociation, key=key, values={"sc_id": wanted.sc_id},
            span=Span(day, wanted.sc_until), **words,
        )  # fmt: skip


def current_attributes(period: str) -> pl.DataFrame | None:
    """Return the attributes known now, to compare an upload with."""
    return selectors.attributes_frame(FAR_MOMENT)


def owner_of_resource_row(row: Mapping[str, str]) -> int | None:
    """Return the SC a resource row names."""
    code = row["sc_id"]
    return sc_ids(codes={code}).get(code)


def store_capability(storing: Storing) -> None:
    """Store a capability list as Facts."""
    keys = ensure_resources(storing.frame["resource_id"].to_list())
    frame = storing.frame.with_columns(
        pl.col("resource_id").replace_strict(keys, return_dtype=pl.Int64),
        pl.lit(storing.version.pk).alias("dataset_version_id"),
        pl.lit(date.fromisoformat(storing.version.period)).alias("as_of_date"),
    )
    copy_rows(CapabilityListing, frame)


def current_capability(period: str) -> pl.DataFrame | None:
    """Return the current capability list of a date under the upload's field names, or None."""
    plain = (
        "unit_name", "agg_type", "parent_id", "resource_type", "pto_area", "unit_type",
        "energy_source", "zone", "commercial_date", "classification", "qf", "river_system",
        "baa_id", "udc",
    )  # fmt: skip
    return current_frame(
        CapabilityListing,
        dataset=CAPABILITY_LIST.name,
        period=period,
        columns={
            "resource_id": "resource__code",
            **{name: name for name in plain},
            "net_dependable_mw": stored("net_dependable_mw"),
            "nameplate_mw": stored("nameplate_mw"),
        },
    )


def check_public_nqc(frame: pl.DataFrame, options: Mapping[str, str]) -> list[Finding]:
    """Note rows without any month; refuse a resource that has months in two rows.

    The published list repeats some resources in rows with empty months; those are tolerated and
    store no NQC.
    """
    empty = pl.all_horizontal([pl.col(m.lower()).is_null() for m in MONTHS])
    again = frame.filter(~empty).filter(~pl.col("resource_id").is_first_distinct())
    sentence = "Another row above holds months of the same resource."
    notes = [
        Finding("NQC-EMPTY", "The row holds no month; only its description is kept.", line,
                severity=Severity.INFO)
        for line in frame.filter(empty)["line_no"]
    ]  # fmt: skip
    doubles = [Finding("NQC-DOUBLE", sentence, line, "Resource ID") for line in again["line_no"]]
    return notes + doubles


def store_public_nqc(storing: Storing) -> None:
    """Store the public NQC list: one entry a row, one NQC a filled month."""
    keys = ensure_resources(storing.frame["resource_id"].to_list())
    year = int(storing.version.period)
    frame = storing.frame.with_columns(
        pl.col("resource_id").replace_strict(keys, return_dtype=pl.Int64),
        pl.lit(storing.version.pk).alias("dataset_version_id"),
        pl.lit(year).alias("ra_year"),
    )
    months = [m.lower() for m in MONTHS]
    copy_rows(NqcListEntry, frame.drop(months))
    values = (
        frame.select("dataset_version_id", "line_no", "resource_id", "ra_year", *months)
        .unpivot(months, index=["dataset_version_id", "line_no", "resource_id", "ra_year"],
                 variable_name="month", value_name="nqc_mw")
        .drop_nulls("nqc_mw")
        .with_columns(
            pl.col("month")
            .replace_strict({m: i for i, m in enumerate(months, 1)}, return_dtype=pl.Int64)
            .alias("ra_month")
        )
        .drop("month")
    )  # fmt: skip
    copy_rows(NetQualifyingCapacity, values)


def period_of_month(frame: pl.DataFrame, options: Mapping[str, str]) -> pl.Series:
    """Each row belongs to the RA year of its month."""
    return frame["month"].str.slice(0, 4)


def check_nqc_by_month(frame: pl.DataFrame, options: Mapping[str, str]) -> list[Finding]:
    """Note the rows of a resource and month that a later one replaces; refuse what is no month.

    The list was revised within some months: of two rows the one seen last holds, and the other is
    kept as it was.
    """
    wrong = frame.filter(~pl.col("month").str.contains(r"^20\d\d-(0[1-9]|1[0-2])$"))
    found = [
        Finding("NQC-MONTH", "MONTH must be written YYYY-MM.", line, "MONTH", value=month)
        for line, month in wrong.select("line_no", "month").iter_rows()
    ]
    late = frame.filter(~newest_of_month())
    found += [
        Finding("NQC-REVISED", "Another row of this resource and month was seen later; it holds.",
                line, "LAST SEEN", Severity.INFO)
        for line in late["line_no"]
    ]  # fmt: skip
    above = frame.filter(pl.col("nqc_mw") > pl.col("pmax_mw"))
    found += [
        Finding("NQC-PMAX", "NQC exceeds Pmax; it is kept as printed.", line,
                "NET QUALIFYING CAPACITY MW", Severity.INFO)
        for line in above["line_no"]
    ]  # fmt: skip
    return found


def newest_of_month() -> pl.Expr:
    """Whether a row is the one seen last of its resource and month; ties go to the later row."""
    last = pl.col("last_seen").to_physical().cast(pl.Int64) * 10_000_000 + pl.col("line_no")
    return last == last.max().over("resource_id", "month")


def store_nqc_by_month(storing: Storing) -> None:
    """Keep every row; those that hold are marked."""
    keys = ensure_resources(storing.frame["resource_id"].to_list())
    frame = storing.frame.with_columns(
        newest_of_month().alias("holds"),
        pl.col("month").str.slice(0, 4).cast(pl.Int64).alias("ra_year"),
        pl.col("month").str.slice(5, 2).cast(pl.Int64).alias("ra_month"),
        pl.lit(storing.version.pk).alias("dataset_version_id"),
    ).with_columns(pl.col("resource_id").replace_strict(keys, return_dtype=pl.Int64))
    copy_rows(NqcByMonth, frame.drop("month"))


def current_nqc_by_month(period: str) -> pl.DataFrame | None:
    """Return what is on file of a year, to compare with."""
    month = Concat(
        Cast("ra_year", CharField()), Value("-"),
        LPad(Cast("ra_month", CharField()), 2, Value("0")), output_field=CharField(),
    )  # fmt: skip
    return current_frame(
        NqcByMonth, dataset=NQC_BY_MONTH.name, period=period,
        columns={
            "resource_id": "resource__code", "resource_name": "resource_name", "month": month,
            "pmax_mw": stored("pmax_mw"), "nqc_mw": stored("nqc_mw"),
            "first_seen": "first_seen", "last_seen": "last_seen", "outage_rows": "outage_rows",
        },
    )  # fmt: skip


def store_rmr_nqc_efc(storing: Storing) -> None:
    """Store NQC, local area, EFC and flexible category of RMR resources (BRQ-0105)."""
    keys = ensure_resources(storing.frame["resource_id"].to_list())
    local = selectors.local_areas()
    frame = storing.frame.with_columns(
        pl.col("resource_id").replace_strict(keys, return_dtype=pl.Int64),
        pl.lit(storing.version.pk).alias("dataset_version_id"),
        pl.col("local_area")
        .replace_strict(local, default=None, return_dtype=pl.Int64)
        .alias("local_area_id"),
        pl.col("efc_mw").fill_null(0),
    )
    common = ["dataset_version_id", "line_no", "resource_id", "ra_year", "ra_month"]
    copy_rows(NetQualifyingCapacity, frame.select(*common, "nqc_mw", "local_area_id"))
    copy_rows(EffectiveFlexibleCapacity, frame.select(*common, "efc_mw", "flex_category"))
