"""The queue's way into any calculation."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from apps.platform.clock.selectors import site_now
from apps.platform.jobs.codes import JobFailed, JobState, Steps
from apps.platform.jobs.hooks import JobKind
from apps.platform.jobs.selectors import job_about
from apps.platform.jobs.services import hand_over_again, queue
from apps.platform.runs import services
from apps.platform.runs.hooks import RUN_KINDS
from apps.platform.runs.models import Run


def compute_run(steps: Steps, *, run_id: int) -> None:
    """Compute and seal a requested run."""
    run = services.execute(run_id=run_id, at=site_now(), steps=steps)
    if run.state == "FAILED":
        raise JobFailed(run.error)


def queue_run(run_id: int) -> None:
    """Hand a requested run to a worker; one that waits already is handed over again."""
    waiting = job_about(COMPUTE_RUN.code, run_id=run_id)
    if waiting is not None and waiting.state == JobState.QUEUED:
        hand_over_again(waiting.pk)
        return
    run = Run.objects.select_related("opened_by").get(pk=run_id)
    queue(
        kind=COMPUTE_RUN.code,
        title=f"{RUN_KINDS[run.kind].title} of {run.trade_date}",
        actor=run.opened_by,
        at=site_now(),
        address=reverse("run", args=[run.pk]),
        arguments={"run_id": run.pk},
    )


def give_up(arguments: dict[str, Any], actor: Any, at: Any) -> None:
    """Put a run whose computing was cancelled to rest."""
    services.end_cancelled(run_id=arguments["run_id"], actor=actor, at=at)


def end_given_up(arguments: dict[str, Any], sentence: str, at: Any) -> None:
    """Fail a run whose job is given up, so that its day can be asked for."""
    services.end_unsealed(run_id=arguments["run_id"], note=sentence, at=at)


COMPUTE_RUN = JobKind(
    code="compute-run",
    title="Compute a run",
    work=compute_run,
    advice="Open the run: its error names the input or check. Correct that and request a new run.",
    gone=give_up,
    given_up=end_given_up,
    may_retry=False,
)
