"""Reads of the log and of versions known at a moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, TypeVar

import polars as pl
from django.apps import apps
from django.db import OperationalError, connection, models
from django.db.models import Q, QuerySet
from psycopg.pq import ExecStatus

from apps.platform.accounts.codes import AUDIT_READERS
from apps.platform.accounts.models import User
from apps.platform.accounts.rules import Viewer
from apps.platform.audit.codes import TYING, VOUCHING, Tie, Ties, Vouching
from apps.platform.audit.hooks import DATED_VALUE, PLAIN_MODELS, TIES
from apps.platform.audit.models import (
    AuditEvent,
    Case,
    EffectiveDated,
    Kind,
    KnowledgeClock,
    ReadEvent,
    event_label,
)
from apps.platform.audit.rules import INDEPENDENT_AFTER_DAYS
from apps.platform.core.tradetime import PACIFIC

T = TypeVar("T", bound=EffectiveDated)


def events(*, viewer: Viewer) -> QuerySet[AuditEvent]:
    """Return the whole log for those who audit, a person's own events for everybody else."""
    found = AuditEvent.objects.select_related("actor")
    if viewer.may(AUDIT_READERS):
        return found
    return found.filter(actor_id=viewer.user_id) if viewer.user_id else found.none()


def independent_after(*, at: datetime) -> timedelta:
    """Return how long a tie between two accounts lasts, by the parameter's value of that day.

    Raises ParameterMissing where it has none.
    """
    (value_on,) = DATED_VALUE
    return timedelta(days=value_on(INDEPENDENT_AFTER_DAYS, at.astimezone(PACIFIC).date()))


def ties_at(*, at: datetime) -> Ties:
    """Return who could act as whom at a moment, from the log and from what other apps know.

    Raises ParameterMissing where nothing says how long a tie lasts.
    """
    lasts = independent_after(at=at)
    acts = AuditEvent.objects.filter(
        Q(action__in=TYING, at__gte=at - lasts) | Q(action__in=VOUCHING),
        subject=event_label(User()),
    ).values_list("action", "actor_id", "subject_id", "at")
    ties, vouchings = [], []
    for action, actor_id, subject_id, when in acts:
        if action in VOUCHING:
            vouchings.append(Vouching(actor_id, int(subject_id), when))
        if action in TYING and when >= at - lasts:
            ties.append(Tie(actor_id, int(subject_id), when, when + lasts))
    for source in TIES:
        ties += source(at)
    return Ties(tuple(ties), tuple(vouchings))


def reads(*, viewer: Viewer) -> QuerySet[ReadEvent]:
    """Return who looked at rows of other parties, for those who audit."""
    found = ReadEvent.objects.select_related("actor", "party")
    return found if viewer.may(AUDIT_READERS) else found.none()


def events_of(instance: models.Model) -> QuerySet[AuditEvent]:
    """Return the log of one row; the caller has checked that the viewer may see the row."""
    return AuditEvent.objects.filter(
        subject=event_label(instance), subject_id=str(instance.pk)
    ).select_related("actor")


def latest_known() -> datetime | None:
    """Return the last moment at which anything became known here; None where nothing has."""
    return KnowledgeClock.objects.values_list("latest", flat=True).first()


def decision_of(case: Case) -> AuditEvent | None:
    """Return the newest step that brought a case to its state with words of a person, if any.

    The caller has checked that the viewer may see the case.
    """
    steps = events_of(case).filter(data__to=case.state).exclude(data__from=case.state)
    return steps.exclude(data__note="").order_by("-at", "-pk").first()


def known_at(terms: QuerySet[T], moment: datetime) -> QuerySet[T]:
    """Narrow terms to what was known at a moment."""
    return terms.filter(known__contains=moment)


def models_without_a_kind() -> list[str]:
    """Return the models of our apps that are none of the four kinds and carry no reason."""
    import pghistory.models

    kinds = (Kind, pghistory.models.Event)
    return sorted(
        model._meta.label
        for model in apps.get_models()
        if model.__module__.startswith("apps.")
        and not issubclass(model, kinds)
        and model._meta.label not in PLAIN_MODELS
    )


def copied(statement: str, schema: dict[str, Any]) -> pl.DataFrame:
    """Return the rows of a query as a frame, by COPY: whole columns, never a row at a time.

    statement: SQL without parameters, made by the caller from names and whole numbers of its own.
    schema: column names and types in the order of the query. An empty text and NULL are told
    apart, as the database writes them. It asks the connection itself: the driver's own loop takes
    five times as long for a third of a million rows. Raises OperationalError with its words.
    """
    connection.ensure_connection()
    asked = connection.connection.pgconn
    begun = asked.exec_(f"COPY ({statement}) TO STDOUT (FORMAT csv)".encode())
    if begun.status != ExecStatus.COPY_OUT:
        raise OperationalError(begun.get_error_message())
    parts: list[bytes] = []
    while (found := asked.get_copy_data(0))[0] > 0:
        parts.append(bytes(found[1]))
    while (ended := asked.get_result()) is not None:
        if ended.status != ExecStatus.COMMAND_OK:
            raise OperationalError(ended.get_error_message())
    if not parts:
        return pl.DataFrame(schema=schema)
    return pl.read_csv(b"".join(parts), has_header=False, schema=schema)
