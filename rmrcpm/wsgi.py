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


def bounded(seconds: int) -> None:
    """Have the database give up a statement of a web request after so many seconds.

    A request that waits longer keeps a thread from everybody else; it is answered with 503. Work
    in the background has no such bound. 0: no bound here either.
    """
    from django.db import connections

    options = connections.settings["default"].setdefault("OPTIONS", {})
    if seconds and "options" not in options:
        options["options"] = f"-c statement_timeout={seconds * 1000}"


application = mounted(get_wsgi_application(), env.prefix())
bounded(int(env.text("RMRCPM_STATEMENT_SECONDS", "60")))
