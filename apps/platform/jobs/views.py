"""Pages of jobs: one job with its progress, its file, the schedule."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django_celery_beat.models import PeriodicTask

from apps.platform.accounts.codes import ADMINS, ISO_ROLES, SIGNED_IN
from apps.platform.clock.selectors import site_now
from apps.platform.jobs import selectors, services
from apps.platform.jobs.codes import ENDED, JobState
from apps.platform.jobs.forms import ScheduleForm
from apps.platform.jobs.models import JobFile
from apps.platform.jobs.services.schedule import described
from apps.platform.ui.hooks import SYSTEM_FACTS
from apps.platform.ui.methods import serves
from apps.platform.ui.requests import actor_of, admit


@login_required
def job(request: HttpRequest, job_id: int) -> HttpResponse:
    """Show a job: how far it is, how long it may take, its log, what to do if it failed."""
    viewer = admit(request, SIGNED_IN)
    found = get_object_or_404(selectors.jobs(viewer=viewer), pk=job_id)
    now = site_now()
    mine = selectors.may_end(viewer, found)
    context = {
        "job": found,
        "progress": selectors.progress_of(found, now),
        "advice": selectors.advice_for(found),
        "lines": found.lines.all()[:200],
        "file": JobFile.objects.filter(job=found, expires_at__gt=now).first(),
        "going": found.state not in ENDED,
        "may_cancel": mine and found.state not in ENDED and found.cancel_at is None,
        "may_retry": mine and found.state in (JobState.FAILED, JobState.CANCELLED),
    }
    htmx = getattr(request, "htmx", None)
    template = "jobs/_detail.html" if htmx and not htmx.boosted else "jobs/detail.html"
    return render(request, template, context)


@login_required
@serves("POST")
def job_decide(request: HttpRequest, job_id: int, action: str) -> HttpResponse:
    """Cancel a job or try it again."""
    viewer = admit(request, SIGNED_IN)
    get_object_or_404(selectors.jobs(viewer=viewer), pk=job_id)
    act = services.cancel if action == "cancel" else services.retry
    try:
        act(job_id=job_id, actor=actor_of(request), at=site_now())
    except services.JobRefused as trouble:
        messages.error(request, str(trouble))
    return redirect("job", job_id)


@login_required
def job_file(request: HttpRequest, job_id: int) -> HttpResponseBase:
    """Send the file a job made to who asked for it."""
    viewer = admit(request, SIGNED_IN)
    found = get_object_or_404(
        selectors.jobs(viewer=viewer).filter(actor_id=viewer.user_id), pk=job_id
    )
    file = JobFile.objects.filter(job=found, expires_at__gt=site_now()).first()
    if file is None:
        raise Http404("The file is no longer kept; ask for the export again.")
    response = StreamingHttpResponse(services.file_chunks(file), content_type=file.media_type)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response["Content-Length"] = str(file.size_bytes)
    return response


@login_required
def system(request: HttpRequest) -> HttpResponse:
    """Show workers, queue, failed jobs and the schedule."""
    viewer = admit(request, ISO_ROLES)
    now = site_now()
    tasks = PeriodicTask.objects.select_related("interval", "crontab").order_by("name")
    failed = selectors.jobs(viewer=viewer).filter(state=JobState.FAILED).order_by("-id")[:10]
    context: dict[str, Any] = {
        "facts": [fact for source in SYSTEM_FACTS for fact in source(now)],
        "waiting": selectors.queue_length(),
        "silent": selectors.silent_jobs(now).count(),
        "running": selectors.jobs(viewer=viewer).filter(state=JobState.RUNNING),
        "failed": [(j, selectors.advice_for(j)) for j in failed],
        "tasks": [(t, described(t)) for t in tasks if t.interval or t.crontab],
        "edits": viewer.may(ADMINS),
    }
    return render(request, "jobs/system.html", context)


@login_required
@serves("GET", "POST")
def schedule(request: HttpRequest, task_id: int) -> HttpResponse:
    """Change when a task runs."""
    admit(request, ADMINS)
    task = get_object_or_404(PeriodicTask, pk=task_id)
    clock = task.crontab
    names = ("minute", "hour", "day_of_week", "day_of_month", "month_of_year")
    initial = {"enabled": task.enabled, "every": task.interval.every if task.interval else None}
    initial |= {n: getattr(clock, n) for n in names} if clock else {}
    form = ScheduleForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        services.change_schedule(
            task=task,
            enabled=data["enabled"],
            every=data["every"],
            clock={n: data[n] for n in names},
            actor=actor_of(request),
            at=site_now(),
            reason=data["reason"],
        )
        messages.success(request, f"{task.name} is changed; beat notices within seconds.")
        return redirect("system")
    return render(
        request, "ui/form.html", {"form": form, "title": f"When {task.name} runs", "button": "Save"}
    )
