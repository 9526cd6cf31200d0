"""The WSGI entry for the web server."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

from apps.platform.core.charsets import CHARSET_REFUSED
from rmrcpm import env

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rmrcpm.settings")

TEXT = {"utf-8", "utf8", "us-ascii", "ascii"}
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


def in_text(application: Application) -> Application:
    """Return the application for bodies whose charset is UTF-8, or is not named.

    The framework reads the address in the charset a body is said to have while it makes the
    request, so that one which is no text (zlib, undefined) fails before any code of ours. Such a
    body is passed on as one of unknown bytes, with a mark by which it is refused with 415.
    """

    def marking(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ.pop(CHARSET_REFUSED, None)
        if not _says_text(environ.get("CONTENT_TYPE", "")):
            environ["CONTENT_TYPE"], environ[CHARSET_REFUSED] = "application/octet-stream", True
        return application(environ, start_response)

    return marking


def _says_text(content_type: str) -> bool:
    try:
        _, words = parse_header_parameters(content_type)
    except (LookupError, ValueError):
        return False
    return words.get("charset", "utf-8").lower() in TEXT


def _read_apart() -> None:
    """Have no web process parse a file itself, whichever server runs it; tests read at once."""
    from django.conf import settings

    from apps.platform.uploads.services import read_apart

    if not settings.CELERY_TASK_ALWAYS_EAGER:
        read_apart()


def bounded(seconds: int) -> None:
    """Have the database give up a statement of a web request after so many seconds.

    A request that waits longer keeps a thread from everybody else; it is answered with 503. Work
    in the background has no such bound. 0: no bound here either. Options that ``DATABASE_URL``
    names stay; a bound among them counts instead of this one.
    """
    from django.db import connections

    options = connections.settings["default"].setdefault("OPTIONS", {})
    given = options.get("options", "")
    if seconds and "statement_timeout" not in given:
        options["options"] = f"{given} -c statement_timeout={seconds * 1000}".strip()


application = in_text(mounted(get_wsgi_application(), env.prefix()))
bounded(int(env.text("RMRCPM_STATEMENT_SECONDS", "60")))
_read_apart()
