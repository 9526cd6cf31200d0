"""The demo's trade dates are settled by a job, and the first page says so meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from apps.platform.jobs.codes import JobFailed
from apps.platform.jobs.models import Job
from apps.platform.jobs.services import carry_out
from apps.platform.runs.models import Run
from apps.settlement.clearing.models import CreditEntry
from apps.site.home import selectors, services
from apps.site.home.tasks import queue_demo

pytestmark = pytest.mark.django_db
NOTE = "The demo's trade dates are being settled"


def home(client):
    return client.get("/").content.decode().replace("&#x27;", "'")


def test_the_days_are_settled_once_and_people_see_that_they_are_being(as_user):
    client = as_user("iso.analyst")
    assert services.demo_waits()
    assert NOTE not in home(client)
    queue_demo()
    queue_demo()
    job = Job.objects.get(kind="settle-demo")
    assert f'<a href="/jobs/{job.pk}/">{NOTE}</a>' in home(client)
    Job.objects.filter(pk=job.pk).update(done=1, total=2)
    assert "(1 of 2 published)" in home(client)
    job = carry_out(job_id=job.pk, at=datetime.now(UTC))
    assert (job.state, job.error) == ("DONE", "")
    settled = Run.objects.filter(kind="settlements.daily", reason="demo")
    assert sorted(settled.values_list("trade_date", "state", "opened_by__username")) == [
        (day, "PUBLISHED", "iso.analyst") for day in services.DEMO_DAYS
    ]
    assert CreditEntry.objects.exists()
    assert NOTE not in home(client)
    assert (services.demo_waits(), selectors.demo_job()) == (False, None)
    queue_demo()
    services.settle_demo(at=datetime.now(UTC))
    assert (Job.objects.filter(kind="settle-demo").count(), settled.count()) == (1, 2)


def test_a_day_that_cannot_be_settled_ends_the_job_with_its_reason(monkeypatch):
    from apps.platform.runs import services as runs

    monkeypatch.setattr(
        runs, "execute", lambda *, run_id, at: Run(pk=run_id, state="FAILED", error="no rows")
    )
    with pytest.raises(JobFailed, match="2024-09-04 could not be settled: no rows"):
        services.settle_demo(at=datetime.now(UTC))
    assert not CreditEntry.objects.exists()
