"""gunicorn's settings for the second listener: machines come with a client certificate.

The revocation list is read at every connection, so a revoked certificate is refused at once.
``RMRCPM_MACHINE_TRUST``: a PEM file of further authorities whose certificates may be registered.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable
from typing import Any

from django.conf import settings

from rmrcpm import env

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rmrcpm.settings")

_PLACE = env.home() / "machines"
bind = env.text("RMRCPM_MACHINE_BIND", "0.0.0.0:8443")
worker_class, workers, threads = "gthread", 1, 8
logconfig_dict = settings.LOGGING
certfile, keyfile = str(_PLACE / "server.pem"), str(_PLACE / "server.key")
ca_certs = str(_PLACE / "authority.pem")
cert_reqs = ssl.CERT_REQUIRED
proc_name = "rmrcpm-machines"


def ssl_context(_config: Any, default: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    """Return the listener's TLS settings with today's revocation list."""
    context = default()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(str(_PLACE / "revoked.pem"))
    trusted = env.text("RMRCPM_MACHINE_TRUST")
    if trusted:
        context.load_verify_locations(trusted)
    else:
        context.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
    return context
