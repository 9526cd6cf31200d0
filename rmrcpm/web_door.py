"""gunicorn's settings for the launcher's web server: it reads in early and is told where to listen.

This file reads in the code, while the database is prepared; then it waits until the launcher
writes the address to listen on to standard input. So there is no listener, and nobody meets a
product that is half prepared. The application is made once, after static files were collected, and
the web workers are forked from it.

What is shared by a fork must not be in use: the parent asks no database and computes nothing, so
it has neither connections nor a pool of threads. Each worker forgets connections that the parent
may have had all the same, as two processes must never talk over one.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any

import django
from django.conf import settings
from django.template.loader import get_template
from django.urls import reverse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rmrcpm.settings")
django.setup()
from apps.platform.uploads.services import read_apart  # noqa: E402  (settings come first)

reverse("home")  # reads in every address with its views
for _name in ("home/public.html", "home/iso.html", "home/sc.html"):
    get_template(_name)

bind = sys.stdin.readline().strip()
if not bind:  # the launcher is gone
    raise SystemExit(0)
read_apart(forked=True)  # the reader shares the code read in so far, and has one thread
preload_app = True
# three threads of a process may be held by files that are read; more are left for everything else
worker_class, workers, threads = "gthread", 2, 8
graceful_timeout = 10
logconfig_dict = settings.LOGGING  # each request has its line from the product itself


def when_ready(_server: Any) -> None:
    """Count from here how long the site is up: it was read in long before."""
    from apps.site.home import views
    from apps.site.operations import views as operations

    operations.STARTED = views.STARTED = time.monotonic()


def post_fork(_server: Any, _worker: Any) -> None:
    """Forget the parent's connections to the database."""
    from django.db import connections

    connections.close_all()
