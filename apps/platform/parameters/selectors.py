"""Reads of parameter values: for people, and resolved for a run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from apps.platform.accounts.rules import Viewer
from apps.platform.core.effective import Parameter, ParameterSet, Value
from apps.platform.core.tradetime import FAR_MOMENT, Span
from apps.platform.parameters.models import ParameterProposal, ParameterValue


def values(*, viewer: Viewer) -> QuerySet[ParameterValue]:
    """Return every version of every value; parameters are public."""
    return ParameterValue.objects.select_related("proposed_by", "approved_by")


def proposals(*, viewer: Viewer) -> QuerySet[ParameterProposal]:
    """Return proposals, which only the ISO's people see."""
    found = ParameterProposal.objects.select_related("opened_by", "decided_by")
    return found if viewer.is_iso else found.none()


def parameter_set(
    *, parameters: Iterable[Parameter], span: Span, known_at: datetime
) -> ParameterSet:
    """Return the values of parameters over a span as known at a moment, ready for pure rules."""
    found: dict[str, list[Value]] = defaultdict(list)
    rows = ParameterValue.objects.filter(
        name__in=[p.name for p in parameters],
        known__contains=known_at,
        valid__overlap=(span.first, span.end),
    ).order_by("name", "valid")
    for row in rows:
        found[row.name].append(Value(row.name, row.text, row.span, row.reference, row.pk))
    return ParameterSet(found)


def value_on(parameter: Parameter, day: date) -> Any:
    """Return a parameter's value on a day as known now; raises ParameterMissing without one."""
    found = parameter_set(parameters=(parameter,), span=Span.through(day, day), known_at=FAR_MOMENT)
    return found.at(parameter, day)
