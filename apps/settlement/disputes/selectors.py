"""Reads of disputes and of what may be disputed, each for one viewer."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from apps.platform.accounts.rules import Viewer
from apps.platform.core.effective import ParameterMissing
from apps.platform.core.tradetime import PACIFIC, end_of_day
from apps.platform.notifications.hooks import Deadline
from apps.platform.parameters.selectors import value_on
from apps.settlement.disputes.models import Dispute
from apps.settlement.disputes.rules import OPTIONAL_DAYS, Window, window_of
from apps.settlement.settlements.codes import OPTIONAL
from apps.settlement.settlements.selectors import calendar_of
from apps.settlement.statements.selectors import statements

LOOKED_BACK = timedelta(days=150)  # further than any window reaches


def disputes(*, viewer: Viewer) -> QuerySet[Dispute]:
    """Return disputes: all for the ISO, an SC's own."""
    rows = Dispute.objects.select_related("statement__run", "sc", "opened_by", "outcome")
    if viewer.is_iso:
        return rows
    return rows.filter(sc_id=viewer.party_id) if viewer.is_sc else rows.none()


def _optional_days(day: date) -> int:
    try:
        return int(value_on(OPTIONAL_DAYS, day))
    except ParameterMissing:
        return 0


def published_on(statement: Any) -> date:
    """Return the Pacific day a statement was published on."""
    published: date = statement.issued_at.astimezone(PACIFIC).date()
    return published


def window_for(statement: Any, calendar: dict[date, list[Any]] | None = None) -> Window:
    """Return whether and until when a statement may be disputed."""
    published = published_on(statement)
    found = calendar or calendar_of([statement.trade_date])
    return window_of(
        statement.run.run_type,
        published,
        found[statement.trade_date],
        optional=OPTIONAL,
        optional_days=_optional_days(published) if statement.run.run_type == OPTIONAL else 0,
    )


def open_windows(*, viewer: Viewer, day: date) -> list[tuple[Any, Window]]:
    """Return an SC's statements that may be disputed on a day, those that end first before."""
    if not viewer.is_sc:
        return []
    since = datetime.combine(day - LOOKED_BACK, time(), PACIFIC)
    rows = list(statements(viewer=viewer).filter(issued_at__gte=since).exclude(line_count=0))
    calendar = calendar_of({s.trade_date for s in rows})
    found = [(s, window_for(s, calendar)) for s in rows]
    kept = [(s, w) for s, w in found if w.open_on(day)]
    return sorted(kept, key=lambda pair: (pair[1].until or day, pair[0].trade_date))


def deadlines(viewer: Viewer, since: datetime, until: datetime) -> list[Deadline]:
    """Return the ends of an SC's dispute windows, and figures it owes, for its calendar."""
    day = since.astimezone(PACIFIC).date()
    found = [
        Deadline(
            f"dispute-window-{statement.pk}",
            end_of_day(window.until or day),
            f"Last day to dispute {statement.trade_date} {window.run_type}",
            reverse("statement", args=[statement.pk]),
            window.sentence,
        )
        for statement, window in open_windows(viewer=viewer, day=day)
    ]
    if viewer.is_sc:
        found += [
            Deadline(
                f"dispute-figure-{d.pk}",
                end_of_day(d.figure_by or day),
                f"Figure due for dispute {d.pk} of {d.trade_date}",
                reverse("disputes-case", args=[d.pk]),
            )
            for d in disputes(viewer=viewer).filter(state="OPEN", amount__isnull=True)
        ]
    return [d for d in found if since <= d.at <= until]
