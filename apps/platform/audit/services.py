"""Writes that every app shares: log an event, move a case, supersede a term, fix a moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

import pghistory
import polars as pl
from django.db import connection, models, transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from apps.platform.accounts.models import User
from apps.platform.accounts.rules import Viewer
from apps.platform.audit.codes import Ties
from apps.platform.audit.models import (
    AuditEvent,
    Case,
    EffectiveDated,
    KnowledgeClock,
    ReadEvent,
    event_label,
)
from apps.platform.audit.rules import set_up_alone, tied_until
from apps.platform.audit.selectors import ties_at
from apps.platform.core.effective import ParameterMissing
from apps.platform.core.request_ids import current_request_id
from apps.platform.core.tradetime import FAR_FUTURE, PACIFIC, Span
from apps.platform.core.unseen import seen_text
from apps.platform.core.violations import ValidationFailed, Violation

C = TypeVar("C", bound=Case)
T = TypeVar("T", bound=EffectiveDated)
KNOWLEDGE_LOCK = 7_230_001


class MoveRefused(Exception):
    """A case cannot take this step; the message says why."""


def log_event(
    *,
    action: str,
    sentence: str,
    actor: User,
    at: datetime,
    subject: models.Model | None = None,
    data: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Write one event to the log, in the caller's transaction."""
    return AuditEvent.objects.create(
        action=action,
        sentence=sentence[:500],
        actor=actor,
        at=at,
        subject=event_label(subject) if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
        data=dict(data or {}),
        request_id=current_request_id(),
    )


def note_read(
    *, viewer: Viewer, what: str, address: str, at: datetime, party_id: int | None = None
) -> None:
    """Note that the ISO's people looked at rows of a party (None: of several).

    A party's own look at its own rows is none of anybody's business, and not noted.
    """
    if viewer.is_iso and viewer.user_id is not None:
        ReadEvent.objects.create(
            actor_id=viewer.user_id,
            at=at,
            what=what[:120],
            party_id=party_id,
            address=address[:300],
        )


def knowledge_moment(*, at: datetime) -> datetime:
    """Return a moment later than all that is known, and hold the clock until commit.

    Whatever becomes known, and whatever asks what is known, passes here; so two questions about
    the same moment always get the same answer, whichever transaction commits first.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [KNOWLEDGE_LOCK])
    clock, _ = KnowledgeClock.objects.get_or_create(pk=1, defaults={"latest": at})
    moment = max(at, clock.latest + timedelta(microseconds=1))
    KnowledgeClock.objects.filter(pk=1).update(latest=moment)
    return moment


def not_independent(*, one_id: int, other_id: int, at: datetime, known: Ties | None = None) -> str:
    """Return why two people do not count as two for a decision; blank where they do.

    Who has invited somebody, made a password link for somebody or given somebody a role in the
    last days could be that person, and so could who had a machine certificate registered that
    acts as that person, while it is valid and as many days after: neither decides what the other
    opened, directly or over somebody in between. Nor do two people count as two whom one and the
    same person alone has set up: another administrator who afterwards gives one of them a role
    vouches for there being two, and so does who approves such a role. How many days is the
    parameter ``people.independent_after_days``. ``known``: the ties at that moment, where they are
    read already. *Interpretation*: the requirements ask for a second person and do not say when a
    new account counts as one.
    """
    try:
        found = ties_at(at=at) if known is None else known
    except ParameterMissing as trouble:
        return str(trouble)
    end = tied_until(found, one_id=one_id, other_id=other_id)
    if end is not None:
        return (
            "One of you could act as the other (by an invitation, a role, a password link or a "
            f"machine certificate that came from the other); until {end.astimezone(PACIFIC):%F} "
            "you do not count as two people. Ask somebody else to decide."
        )
    if set_up_alone(found, one_id=one_id, other_id=other_id):
        return (
            "One person alone set up both of you (by an invitation, a role, a password link or a "
            "machine certificate), so you do not count as two people yet. Ask somebody else to "
            "decide, or another administrator to give one of you a role."
        )
    return ""


@transaction.atomic
def transition(
    case: C,
    *,
    action: str,
    actor: User,
    at: datetime,
    note: str = "",
    set_fields: Mapping[str, Any] | None = None,
) -> C:
    """Move a case by one step of its workflow, with its event; return it as it now stands.

    Raises MoveRefused where the state has no such move, the actor has no role for it, or the
    step needs a second person and the actor opened the case.
    """
    locked = type(case)._default_manager.select_for_update().get(pk=case.pk)
    move = locked.STATES.move(state=locked.state, action=action)
    name = locked._meta.verbose_name
    if move is None:
        raise MoveRefused(f"A {name} that is {locked.state} cannot be asked to {action}.")
    if move.roles and not actor.viewer().may(move.roles):
        raise MoveRefused(f"Your roles do not allow you to {action} a {name}.")
    if move.second_person and actor.pk == locked.opened_by_id:
        raise MoveRefused(
            f"You opened this {name}; a second person has to {action} it. Ask a colleague with "
            "the right role."
        )
    if move.not_by and actor.pk == getattr(locked, f"{move.not_by}_id"):
        raise MoveRefused(f"You reviewed this {name}; somebody else has to {action} it.")
    others = [locked.opened_by_id] if move.second_person else []
    others += [getattr(locked, f"{move.not_by}_id")] if move.not_by else []
    for other in others:
        why = not_independent(one_id=actor.pk, other_id=other, at=at) if other else ""
        if why:
            raise MoveRefused(why)
    before, locked.state = locked.state, move.target
    for field, value in (set_fields or {}).items():
        setattr(locked, field, value)
    with pghistory.context(user=actor.pk, action=action):
        locked.save(update_fields=["state", *(set_fields or {})])
    log_event(
        action=f"{locked._meta.app_label}.{locked._meta.model_name}.{_past(action)}",
        sentence=note or f"{name} {locked.pk}: {before} → {move.target}",
        actor=actor,
        at=at,
        subject=locked,
        data={"from": before, "to": move.target, "note": note},
    )
    return locked


def plain_move(
    *,
    model: type[C],
    action: str,
    case_id: int,
    actor: User,
    at: datetime,
    note: str = "",
    decided: bool = False,
) -> C:
    """Make a move that changes nothing but the state; ``decided``: it names who decided."""
    return transition(
        model._default_manager.get(pk=case_id),
        action=action,
        actor=actor,
        at=at,
        note=note,
        set_fields={"decided_by": actor} if decided else {},
    )


def _past(action: str) -> str:
    known = {
        "withdraw": "withdrawn",
        "begin": "begun",
        "seal": "sealed",
        "read": "read",
        "submit": "submitted",
        "ask_monitoring": "asked_monitoring",
    }
    if action in known:
        return known[action]
    return f"{action}d" if action.endswith("e") else f"{action}ed"


@transaction.atomic
def supersede(
    *,
    model: type[T],
    key: Mapping[str, Any],
    values: Mapping[str, Any],
    span: Span,
    known_from: datetime,
    reference: str,
    proposed_by: User,
    approved_by: User,
    provenance: Mapping[str, Any] | None = None,
) -> T | None:
    """Let a value hold over a span from now on, keeping what was known before readable.

    Versions that overlap the span stop being known; what they said outside the span is said anew
    with their own people, reference and file row. Returns None where exactly this already holds,
    with the same reference.
    """
    current = list(
        model._default_manager.select_for_update().filter(
            **key, known__contains=known_from, valid__overlap=as_range(span)
        )
    )
    same = [
        old
        for old in current
        if old.span == span
        and old.reference == reference
        and all(getattr(old, name) == v for name, v in values.items())
    ]
    if same and len(current) == 1:
        return None
    _close(model, current, span, known_from)
    return model._default_manager.create(
        **key,
        **values,
        valid=as_range(span),
        known=DateTimeTZRange(known_from, None),
        reference=reference,
        proposed_by=proposed_by,
        approved_by=approved_by,
        **(provenance or {}),
    )


@transaction.atomic
def term_end(*, model: type[T], key: Mapping[str, Any], span: Span, known_from: datetime) -> int:
    """Let a value hold no longer over a span from now on; return how many versions it touched."""
    current = list(
        model._default_manager.select_for_update().filter(
            **key, known__contains=known_from, valid__overlap=as_range(span)
        )
    )
    _close(model, current, span, known_from)
    return len(current)


def _close(model: type[T], current: list[T], span: Span, known_from: datetime) -> None:
    for old in current:
        model._default_manager.filter(pk=old.pk).update(
            known=DateTimeTZRange(old.known.lower, known_from)
        )
        for piece in old.span.minus(span):
            rest = model._default_manager.get(pk=old.pk)
            rest.pk = None
            rest._state.adding = True
            rest.valid = as_range(piece)
            rest.known = DateTimeTZRange(known_from, None)
            rest.save()


def as_range(span: Span) -> DateRange:
    """Return a span as the database writes it, open-ended where it has no end."""
    return DateRange(span.first, None if span.end == FAR_FUTURE else span.end)


def copy_rows(model: type[models.Model], frame: pl.DataFrame, *, part: int = 100_000) -> int:
    """Write whole columns into a table of Facts or Results by COPY; return how many rows.

    The frame's column names are the table's column names; quantities are already scaled whole
    numbers. Runs in the caller's transaction.
    """
    table, columns = model._meta.db_table, ", ".join(f'"{name}"' for name in frame.columns)
    with connection.cursor() as cursor:
        raw = cursor.cursor
        with raw.copy(f'COPY "{table}" ({columns}) FROM STDIN (FORMAT csv)') as copy:
            for piece in frame.iter_slices(part):
                copy.write(piece.write_csv(include_header=False).encode())
    return frame.height


def answered(doubts: Sequence[str], note: str) -> None:
    """Ask for a note that answers for what looks unlikely; raises ValidationFailed without one.

    A number typed into a form is asked about as the same number in a file is, by who approves it.
    """
    if doubts and not seen_text(note):
        raise ValidationFailed(
            Violation("PL-ANSWER", f"{said} Say in a note why that is right.", column="note")
            for said in doubts
        )
