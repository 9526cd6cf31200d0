"""The WSGI entry for the web server."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

from rmrcpm import env

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rmrcpm.settings")

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def mounted(application: Application, prefix: str) -> Application:
    """Return the application below a prefix, whether or not a proxy in front takes it off."""
    if not prefix:
        return application

    def below(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == prefix or path.startswith(f"{prefix}/"):
            environ["PATH_INFO"] = path[len(prefix) :] or "/"
        environ["SCRIPT_NAME"] = prefix
        return application(environ, start_response)

    return below


def _read_apart() -> None:
    """Have no web process parse a file itself, whichever server runs it; tests read at once."""
    from django.conf import settings

    from apps.platform.uploads.services import read_apart

    if not settings.CELERY_TASK_ALWAYS_EAGER:
        read_apart()


application = mounted(get_wsgi_application(), env.prefix())
_read_apart()
