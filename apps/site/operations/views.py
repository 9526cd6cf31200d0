"""The metrics for programs, and the page System health for people."""

from __future__ import annotations

import time
from datetime import timedelta
from ipaddress import ip_address

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from apps.platform.accounts.codes import ADMINS
from apps.platform.clock.selectors import site_now
from apps.platform.runs.hooks import kind_title
from apps.platform.ui.requests import admit
from apps.site.operations import selectors
from apps.site.operations.rules import (
    alarms,
    connection_words,
    exposition,
    families,
    figure_lines,
)
from apps.site.operations.services import COUNTS

STARTED = time.monotonic()
PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8"
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")


def _up_for() -> timedelta:
    return timedelta(seconds=time.monotonic() - STARTED)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer with the metrics: to who sends the site's token, without one to this machine alone."""
    if not _may_read_metrics(request):
        said = "Metrics are for this machine, or for who sends the token the site has set.\n"
        return HttpResponse(said, status=403, content_type="text/plain; charset=utf-8")
    COUNTS.write()
    figures = selectors.system_figures(at=site_now(), up_for=_up_for())
    limits = selectors.limits()
    told = families(figures, alarms(figures, limits), limits)
    return HttpResponse(exposition(told), content_type=PROMETHEUS_TEXT)


def _may_read_metrics(request: HttpRequest) -> bool:
    """Whether the caller sends the token; where none is set, whether it is on this machine.

    Behind a proxy every caller seems to be on this machine, so nobody is taken to be there.
    """
    wanted = settings.METRICS_TOKEN
    if wanted:
        scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
        return scheme.lower() == "bearer" and constant_time_compare(sent.strip(), wanted)
    if settings.SECURE_PROXY_SSL_HEADER or any(name in request.META for name in FORWARDED):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


@login_required
@require_safe
def system_health(request: HttpRequest) -> HttpResponse:
    """Show the figures that the metrics tell, what is an alarm, and what to do about it."""
    admit(request, ADMINS)
    COUNTS.write()
    figures = selectors.system_figures(at=site_now(), up_for=_up_for())
    limits = selectors.limits()
    found = alarms(figures, limits)
    context = {
        "figures": figures,
        "processes": figures.web,
        "stale": [(k, kind_title(k), n) for k, n in sorted(figures.work.stale.items())]
        if figures.work
        else [],
        "connections": connection_words(figures.work.database.connections) if figures.work else [],
        "alarms": found,
        "lines": figure_lines(figures, limits, found),
        "late": [j for j in figures.work.jobs if j.late(figures.at)] if figures.work else [],
    }
    return render(request, "operations/health.html", context)
