"""Request, compute, seal and publish runs."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import polars as pl
from django.db import connection, transaction
from django.db.models import Max
from django.urls import reverse

from apps.platform.accounts.codes import ANALYSTS, APPROVERS
from apps.platform.accounts.models import User
from apps.platform.accounts.selectors import system_user
from apps.platform.audit.services import (
    MoveRefused,
    copy_rows,
    knowledge_moment,
    log_event,
    transition,
)
from apps.platform.core.tradetime import is_plausible
from apps.platform.core.unseen import seen_text
from apps.platform.core.words import counted
from apps.platform.jobs.codes import JobCancelled, Steps, Unseen
from apps.platform.jobs.services import CONNECTION_LOST
from apps.platform.notifications.services import holders, tell
from apps.platform.runs.hooks import (
    PUBLICATION_HOOKS,
    RUN_KINDS,
    Computed,
    RunContext,
    RunKind,
    enqueue,
)
from apps.platform.runs.models import CurrentRun, Run, RunInput
from apps.platform.runs.selectors import Manifest, code_version, manifest
from apps.platform.runs.services.chaining import chained
from apps.platform.runs.services.held import by_effect, counted_holds, held_words, lacking_reasons
from apps.platform.runs.services.moving import has_moved_on

logger = logging.getLogger(__name__)


class RunRefused(ValueError):
    """A run cannot be asked for; the message says what is missing."""


class InvariantBroken(RuntimeError):
    """A result does not add up, so it is not kept; the message says which check failed."""


def lock_day(kind_code: str, trade_date: date) -> None:
    """Hold the calculation of one day until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtext(%s), %s)", [kind_code, trade_date.toordinal()]
        )


@transaction.atomic
def request(
    *,
    kind_code: str,
    trade_date: date,
    actor: User,
    at: datetime,
    reason: str,
    run_type: str = "",
) -> tuple[Run, bool]:
    """Ask for a run of a day as known now, and queue it; return it and whether it is new.

    The same inputs, parameters and code give the run that exists already, so asking twice is
    harmless. run_type: of which run of a calendar it is to be; another type than the newest run's
    makes a new run even where nothing changed; without one the kind's calendar says it. Raises
    RunRefused where the actor may not, or required input is missing.
    """
    if actor != system_user() and not actor.viewer().may(ANALYSTS):
        raise RunRefused("Your roles do not allow you to request a run.")
    if not is_plausible(trade_date):
        raise RunRefused(f"{trade_date} is no trade date.")
    wanted = RUN_KINDS[kind_code]
    allowed, due = wanted.calendar(trade_date, at) if wanted.calendar else ([], "")
    if run_type and run_type not in allowed:
        has = f"it has {', '.join(allowed)}" if allowed else "this calculation knows none"
        raise RunRefused(f"{trade_date} has no run of type {run_type[:20]}; {has}.")
    lock_day(kind_code, trade_date)
    known_at = knowledge_moment(at=at)
    read = manifest(wanted, trade_date, known_at)
    if read.missing:
        raise RunRefused(f"{trade_date} cannot be settled yet; missing: {', '.join(read.missing)}.")
    existing = _same(wanted, trade_date, read, run_type)
    if existing is not None:
        if existing.state == "REQUESTED":  # its message may have been lost with the machine
            transaction.on_commit(lambda: enqueue(existing.pk))
        return existing, False
    run = Run.objects.create(
        state=Run.STATES.initial,
        opened_by=actor,
        opened_at=at,
        kind=kind_code,
        trade_date=trade_date,
        reason=reason[:300],
        run_type=run_type or due,
        known_at=known_at,
        code_version=code_version(),
        input_hash=read.input_hash,
        parameter_hash=read.parameter_hash,
        asked_for=sorted({*wanted.may_lack, *(t.name for t in read.dated_inputs)}),
    )
    RunInput.objects.bulk_create(
        [
            *(
                RunInput(run=run, name=name, dataset_version=v, content_hash=v.content_hash)
                for name, v in read.versions
            ),
            *(
                RunInput(run=run, name=t.name, term_ids=list(t.ids), content_hash=t.content_hash)
                for t in read.dated_inputs
            ),
        ]
    )
    log_event(
        action="runs.run.requested",
        sentence=f"{wanted.title} of {trade_date} requested: {reason}",
        actor=actor,
        at=at,
        subject=run,
    )
    transaction.on_commit(lambda: enqueue(run.pk))
    return run, True


def _same(wanted: RunKind, trade_date: date, read: Manifest, run_type: str) -> Run | None:
    latest = (
        Run.objects.filter(kind=wanted.code, trade_date=trade_date)
        .exclude(state="FAILED")
        .order_by("-pk")
        .first()
    )
    asked = (read.input_hash, read.parameter_hash, code_version())
    if latest and run_type not in ("", latest.run_type):
        return None
    if latest and (latest.input_hash, latest.parameter_hash, latest.code_version) == asked:
        return latest
    return None


def execute(*, run_id: int, at: datetime, steps: Steps | None = None) -> Run:
    """Compute a requested run and seal it; a run that fails leaves no rows, only its reason.

    Harmless to repeat: an ended run is returned as it stands. A run that is RUNNING is either at
    work elsewhere, then this waits for its day and returns what came of it, or its worker was
    killed, then it is computed now. A JobCancelled from ``steps`` leaves it RUNNING, for whoever
    cancelled it to end; so does a database that goes away, for the next attempt.
    """
    run = Run.objects.get(pk=run_id)
    if run.state == "REQUESTED":
        try:
            run = transition(
                run, action="begin", actor=system_user(), at=at, set_fields={"began_at": at}
            )
        except MoveRefused:  # another worker was handed the same message first
            run.refresh_from_db()
    if run.state != "RUNNING":
        return run
    try:
        return _compute_and_seal(run, at, steps or Unseen())
    except (JobCancelled, *CONNECTION_LOST):
        raise
    except Exception as trouble:
        logger.exception("run %s failed", run_id)
        return transition(
            Run.objects.get(pk=run_id),
            action="fail",
            actor=system_user(),
            at=at,
            note=f"{run}: {trouble}",
            set_fields={"error": f"{type(trouble).__name__}: {trouble}"},
        )


@transaction.atomic
def _compute_and_seal(run: Run, at: datetime, steps: Steps) -> Run:
    wanted = RUN_KINDS[run.kind]
    steps.step(0, 4, "waiting for the day")
    lock_day(run.kind, run.trade_date)
    run.refresh_from_db()
    if run.state != "RUNNING":
        return run
    steps.step(1, 4, "reading inputs")
    read = manifest(wanted, run.trade_date, run.known_at)
    if (read.input_hash, read.parameter_hash) != (run.input_hash, run.parameter_hash):
        raise InvariantBroken("The inputs read are not the ones the run was requested for.")
    steps.step(2, 4, "computing")
    done = wanted.compute(RunContext(run, run.trade_date, run.known_at, read.params))
    broken = [i for i in done.invariants if not i.passed]
    if broken and not wanted.by_hand:  # nobody would look at it before it counts
        raise InvariantBroken(" ".join(i.sentence for i in broken))
    steps.step(3, 4, f"storing {counted(sum(f.height for _, f in done.writes), 'row')}")
    for model, frame in done.writes:
        copy_rows(model, frame.with_columns(pl.lit(run.pk).alias("run_id")))
    version = _next_version(run)
    steps.line(f"{counted(sum(f.height for _, f in done.writes), 'row')}, version {version}")
    if wanted.by_hand:
        tell(
            holders(APPROVERS, but=run.opened_by),
            topic="run-waits",
            at=at,
            title=f"{wanted.title} of {run.trade_date} waits to be published",
            body=f"Version {version}, asked for by {run.opened_by.username}."
            + (f" {counted_holds([h.as_dict() for h in done.holds])}." if done.holds else ""),
            address=reverse("run", args=[run.pk]),
        )
    sealed = transition(
        run,
        action="seal",
        actor=system_user(),
        at=at,
        note=f"{wanted.title} of {run.trade_date} sealed as version {version}",
        set_fields={
            "version": version,
            "sealed_at": at,
            "code_version": code_version(),  # of the worker that computed, whoever was asked
            "result_hash": result_hash(done),
            "totals": done.totals,
            "invariants": [
                {"name": i.name, "passed": i.passed, "sentence": i.sentence}
                for i in done.invariants
            ],
            "holds": [h.as_dict() for h in done.holds],
            "parameters": [
                {"name": v.name, "text": v.text, "reference": v.reference, "id": v.id}
                for v in read.params.used()
            ],
        },
    )
    if not wanted.by_hand:
        _tell_published(sealed, None, at)
    return sealed


def end_cancelled(*, run_id: int, actor: User, at: datetime) -> Run:
    """End a run whose computing somebody cancelled; nothing of it was kept."""
    return end_unsealed(run_id=run_id, note=f"cancelled by {actor.username}", at=at)


def end_unsealed(*, run_id: int, note: str, at: datetime) -> Run:
    """End a run that nobody will seal any more, for the reason ``note``; nothing of it was kept."""
    run = Run.objects.get(pk=run_id)
    if run.state not in ("REQUESTED", "RUNNING"):
        return run
    return transition(
        run,
        action="fail",
        actor=system_user(),
        at=at,
        note=f"{run}: {note}",
        set_fields={"error": note},
    )


def _tell_published(run: Run, earlier: Run | None, at: datetime) -> None:
    for hook in PUBLICATION_HOOKS:
        if hook.kind == run.kind:
            hook.call(run, earlier, at)


def _next_version(run: Run) -> int:
    newest: dict[str, Any] = Run.objects.filter(kind=run.kind, trade_date=run.trade_date).aggregate(
        newest=Max("version")
    )
    return int(newest["newest"] or 0) + 1


def recomputed_hash(run: Run) -> str:
    """Return what a run comes to when it is calculated again from what it read; nothing is kept.

    A run that another release calculated need not come to the same by the present code.
    """
    wanted = RUN_KINDS[run.kind]
    read = manifest(wanted, run.trade_date, run.known_at)
    return result_hash(wanted.compute(RunContext(run, run.trade_date, run.known_at, read.params)))


def result_hash(done: Computed) -> str:
    """Return the fingerprint of all result rows, table by table, in their order."""
    digest = hashlib.sha256()
    for model, frame in done.writes:
        digest.update(model._meta.label.encode())
        digest.update(frame.write_csv().encode())
    return digest.hexdigest()


def _refuse_to_publish(run: Run, moment: datetime, reasons: Mapping[str, str]) -> None:
    """Raise MoveRefused with what stands against publishing a sealed run, if anything does."""
    if not RUN_KINDS[run.kind].by_hand:
        raise MoveRefused("A run of this kind is complete once it is sealed.")
    if run.state != "SEALED":
        return  # the move itself is refused
    same = Run.objects.filter(kind=run.kind, trade_date=run.trade_date)
    red = [i["sentence"] for i in run.invariants if not i["passed"]]
    if red:
        raise MoveRefused(f"A check of this run is red, so it stays unpublished: {' '.join(red)}")
    if same.filter(pk__gt=run.pk, state__in=("REQUESTED", "RUNNING")).exists():
        raise MoveRefused("A newer run of this day is being computed; wait for it, or cancel it.")
    if same.filter(version__gt=run.version or 0).exists():
        raise MoveRefused("A newer version of this day exists; publish that one.")
    if has_moved_on(run, moment):
        raise MoveRefused(
            "The inputs of this day have changed since the run was requested. Request a new run."
        )
    lacking = lacking_reasons(run.holds, **reasons)
    if lacking:
        said = " ".join(f"{counted_holds(h)}: {held_words(h)}" for h in lacking.values())
        raise MoveRefused(
            f"{said} Calculate what is missing and request a new run, or publish it all the same "
            f"with a reason ({', '.join(lacking)})."
        )


@transaction.atomic
def publish(
    *,
    run_id: int,
    actor: User,
    at: datetime,
    note: str = "",
    over_holds: str = "",
    answered_for: str = "",
) -> Run:
    """Let readers of the day see a sealed run; a second person does this.

    over_holds: why a run that leaves something without an amount is published all the same;
    answered_for: why what is settled over a missing input is right. Each is kept on the run, and
    neither speaks for the other (settlement rule book 15, decision G36). Raises MoveRefused where
    state, roles or the person stand against it, where a newer version exists, where the inputs have
    moved on since, or where either lacks its reason.
    """
    run = Run.objects.get(pk=run_id)
    lock_day(run.kind, run.trade_date)  # the day before the row, as whoever computes it does
    run = Run.objects.select_for_update().get(pk=run_id)
    moment = knowledge_moment(at=at)
    apart, answered = by_effect(run.holds)
    reasons = {
        "over_holds": seen_text(over_holds)[:300] if apart else "",
        "answered_for": answered_for.strip()[:300] if answered else "",
    }
    _refuse_to_publish(run, moment, reasons)
    said = note or f"{run} published"
    run = transition(
        run,
        action="publish",
        actor=actor,
        at=moment,
        note=", ".join(
            [
                said,
                *(
                    [f"over {counted(len(apart), 'hold')}: {reasons['over_holds']}"]
                    if apart
                    else []
                ),
                *([f"{len(answered)} answered for: {reasons['answered_for']}"] if answered else []),
            ]
        ),
        set_fields={"published_at": moment, "published_by": actor, **reasons},
    )
    pointer = (
        CurrentRun.objects.select_for_update()
        .filter(kind=run.kind, trade_date=run.trade_date)
        .first()
    )
    earlier = pointer.run if pointer else None
    if pointer is None:
        CurrentRun.objects.create(kind=run.kind, trade_date=run.trade_date, run=run)
    else:
        pointer.run = run
        pointer.save(update_fields=["run"])
    tell(
        [run.opened_by],
        topic="run-ended",
        title=f"{run} is published",
        at=moment,
        body=f"By {actor.username}.",
        address=reverse("run", args=[run.pk]),
    )
    _tell_published(run, earlier, moment)
    chained(run, at=moment)
    return run


def words_to_type(run: Run) -> str:
    """Return what a person types to confirm a publication."""
    return f"{run.trade_date} v{run.version}"
