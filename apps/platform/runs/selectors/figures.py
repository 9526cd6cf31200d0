"""How many runs there are, for those who look after the running system."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.db.models import Case, Count, F, Min, OuterRef, Subquery, When

from apps.platform.runs.models import CurrentRun, Run, StaleMark


def runs_by_kind() -> list[tuple[str, str, int, datetime | None]]:
    """Return how many runs there are: kind, state, number, and since when the oldest waits.

    A requested run waits since it was asked for, a running one since it was begun; the others do
    not wait.
    """
    since = Case(
        When(state="REQUESTED", then=F("opened_at")), When(state="RUNNING", then=F("began_at"))
    )
    rows = Run.objects.order_by().values("kind", "state").annotate(n=Count("pk"), old=Min(since))
    return sorted((r["kind"], r["state"], r["n"], r["old"]) for r in rows)


def stale_by_kind() -> dict[str, int]:
    """Return how many current runs have inputs that changed since, by kind."""
    last = StaleMark.objects.filter(run_id=OuterRef("run_id")).order_by("-at", "-id")
    rows = CurrentRun.objects.annotate(now=Subquery(last.values("stale")[:1])).filter(now=True)
    return dict(Counter(rows.values_list("kind", flat=True)))
