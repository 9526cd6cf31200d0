"""A run of a trade date when something breaks: it is refused, or done once."""

from __future__ import annotations

from datetime import date

import pytest

from apps.platform.runs import services as runs
from apps.platform.runs.services import running
from apps.settlement.settlements.models import (
    AllocationLine,
    CapacityPayment,
    ChargeLine,
    MarketNetting,
)
from apps.settlement.settlements.services import request_day
from tests.conftest import DAY

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("position", range(6))
def test_a_fault_at_any_table_leaves_only_the_reason(settle, monkeypatch, position):
    """Whichever table it is at, what was written before is undone, and the day settles later."""
    real, count = running.copy_rows, iter(range(100))

    def disk_full(*args, **kwargs):
        if next(count) == position:
            raise OSError("disk full")
        return real(*args, **kwargs)

    monkeypatch.setattr(running, "copy_rows", disk_full)
    run = settle()
    assert (run.state, run.error) == ("FAILED", "OSError: disk full")
    for model in (CapacityPayment, AllocationLine, ChargeLine, MarketNetting):
        assert not model.objects.filter(run=run).exists()
    monkeypatch.undo()
    assert settle().state == "PUBLISHED"


def test_executing_twice_is_harmless(settle, now):
    run = settle()
    again = runs.execute(run_id=run.pk, at=now)
    assert (again.state, again.result_hash) == ("PUBLISHED", run.result_hash)


def test_a_day_without_demand_is_refused_with_what_is_missing(person, now):
    with pytest.raises(runs.RunRefused, match="missing: Metered demand"):
        request_day(trade_date=date(2023, 1, 1), actor=person("iso.analyst"), at=now, reason="x")
    with pytest.raises(runs.RunRefused, match="roles"):
        request_day(trade_date=DAY, actor=person("iso.operator"), at=now, reason="x")


def test_a_run_whose_worker_was_killed_is_computed_on_redelivery(person, now):
    from apps.platform.accounts.selectors import system_user
    from apps.platform.audit.services import transition

    run, _ = request_day(trade_date=DAY, actor=person("iso.analyst"), at=now, reason="x")
    transition(run, action="begin", actor=system_user(), at=now)
    assert runs.execute(run_id=run.pk, at=now).state == "SEALED"
    assert runs.execute(run_id=run.pk, at=now).version == 1


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 12, 31)])
def test_a_date_beyond_reason_is_refused(day, person, now):
    with pytest.raises(runs.RunRefused, match="no trade date"):
        request_day(trade_date=day, actor=person("iso.analyst"), at=now, reason="x")


def test_a_lost_connection_is_tried_again(person, now, monkeypatch):
    from celery.exceptions import Retry
    from django.db import OperationalError

    from apps.platform.jobs.models import Job
    from apps.platform.jobs.tasks import do_job
    from apps.platform.runs import tasks

    run, _ = request_day(trade_date=DAY, actor=person("iso.analyst"), at=now, reason="x")

    def away(**words):
        raise OperationalError("server closed the connection")

    with monkeypatch.context() as broken:
        broken.setattr(runs, "execute", away)
        with pytest.raises(Retry):
            tasks.queue_run(run.pk)
            do_job.delay(job_id=Job.objects.latest("pk").pk)
    do_job.delay(job_id=Job.objects.latest("pk").pk)
    run.refresh_from_db()
    assert run.state == "SEALED"
