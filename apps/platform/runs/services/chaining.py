"""The chain of publications: each carries a hash over what it published and the hash before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.apps import apps as installed
from django.db import connection, models, transaction

from apps.platform.core.rulebook import implements
from apps.platform.runs.hooks import PUBLISHED_TABLES, RUN_KINDS
from apps.platform.runs.models import Publication, Run
from apps.platform.runs.rules import FIRST, link_hash

CHAIN_LOCK = 0x70756263


@dataclass(frozen=True)
class Broken:
    """A place where the chain does not hold: the publication's number and what is wrong."""

    number: int
    sentence: str


def digest_of(label: str, run_id: int, columns: list[str] | None = None) -> dict[str, Any]:
    """Return the columns, number and SHA-256 of a run's rows in a table.

    Rows are hashed one by one and their hashes in their own order, so that the order in which the
    database hands rows out does not matter. columns: those of an earlier digest, to compare.
    """
    model = installed.get_model(label)
    names = columns or sorted(f.column for f in model._meta.concrete_fields if f.column)
    kinds_of = {f.column: f for f in model._meta.concrete_fields if f.column}
    quote = connection.ops.quote_name
    parts = ", ".join(
        f"extract(epoch from {quote(n)})"  # a moment as text would depend on the session
        if isinstance(kinds_of.get(n), models.DateTimeField)
        else quote(n)
        for n in names
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*), encode(sha256(convert_to(coalesce(string_agg(h, '' order by h), ''),"
            " 'UTF8')), 'hex') from (select encode(sha256(convert_to((row("
            f"{parts}))::text, 'UTF8')), 'hex') h from {quote(model._meta.db_table)} "
            "where run_id = %s) rows",
            [run_id],
        )
        count, digest = cursor.fetchone()
    return {"columns": names, "rows": count, "sha256": digest}


def _content(run: Run, at: datetime, digests: dict[str, Any]) -> dict[str, Any]:
    return {
        "run": run.pk,
        "kind": run.kind,
        "trade_date": run.trade_date.isoformat(),
        "version": run.version,
        "run_type": run.run_type,
        "known_at": run.known_at.astimezone(UTC).isoformat(),
        "code": run.code_version,
        "inputs": run.input_hash,
        "parameters": run.parameter_hash,
        "result": run.result_hash,
        "totals": run.totals,
        "published_at": at.astimezone(UTC).isoformat(),
        "published_by": run.published_by_id,
        "digests": digests,
        **({"holds": run.holds, "over_holds": run.over_holds} if run.holds else {}),
        **({"answered_for": run.answered_for} if run.answered_for else {}),
    }


@implements("BRQ-1201", source="settlement desk: tamper evidence")
@transaction.atomic
def chained(run: Run, *, at: datetime) -> Publication:
    """Put a publication at the end of the chain; called within the publishing transaction.

    What was published before there was a chain is linked first, in its order, and marked late.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
    by_hand = [k.code for k in RUN_KINDS if k.by_hand]
    waiting = Run.objects.filter(state="PUBLISHED", publication=None, kind__in=by_hand)
    for earlier in waiting.exclude(pk=run.pk).order_by("published_at", "pk"):
        _append(earlier, earlier.published_at or at, late=True)
    return _append(run, at, late=False)


def _append(run: Run, at: datetime, *, late: bool) -> Publication:
    last = Publication.objects.order_by("-number").first()
    number, previous = (last.number + 1, last.hash) if last else (1, FIRST)
    digests = {w.model: digest_of(w.model, run.pk) for w in PUBLISHED_TABLES if w.kind == run.kind}
    return Publication.objects.create(
        number=number,
        run=run,
        at=at,
        late=late,
        digests=digests,
        previous_hash=previous,
        hash=link_hash(number, previous, _content(run, at, digests)),
    )


@implements("BRQ-1201", source="settlement desk: tamper evidence")
def verify_chain(*, expected: dict[int, str] | None = None) -> tuple[int, list[Broken]]:
    """Check every link against what the database holds now; return how many, and what is broken.

    expected: hashes that somebody kept, by number; a chain made anew after a change would not have
    them.
    """
    kept = expected or {}
    found: list[Broken] = []
    count, previous = 0, FIRST
    for link in Publication.objects.select_related("run").order_by("number").iterator():
        count += 1
        found += _faults(link, count, previous)
        if link.number in kept and kept[link.number] != link.hash:
            found.append(Broken(link.number, "Its hash is not the one you kept."))
        previous = link.hash
    found += [Broken(n, "There is no such publication.") for n in kept if n > count]
    return count, found


def _faults(link: Publication, place: int, previous: str) -> Iterator[Broken]:
    run = link.run
    if link.number != place:
        yield Broken(link.number, f"It should be number {place}: a publication is missing.")
    if link.previous_hash != previous:
        yield Broken(link.number, "It does not follow the publication before it.")
    for label, was in link.digests.items():
        now = digest_of(label, run.pk, was["columns"])
        if now["rows"] != was["rows"]:
            yield Broken(
                link.number,
                f"{label} has {now['rows']} rows of {run}; {was['rows']} were published.",
            )
        elif now["sha256"] != was["sha256"]:
            yield Broken(link.number, f"A row of {label} of {run} was changed.")
    if link.hash != link_hash(
        link.number, link.previous_hash, _content(run, link.at, link.digests)
    ):
        yield Broken(link.number, f"What is recorded of {run} was changed.")
