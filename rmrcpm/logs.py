"""How every program writes its log: plain lines, or JSON lines where the site asks for them.

Each line carries the id of the request it belongs to; secrets are hidden in all of them, traces
included. The programs write to standard error; who starts them says where that goes.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from apps.platform.core.redaction import on_one_line, without_secrets
from apps.platform.core.request_ids import current_request_id

NO_REQUEST = "-"
FORGED_FORMS = "django.security.csrf"
REFUSED_BELOW = 500  # a status from here on is a fault of ours, and keeps its trace


class RequestId(logging.Filter):
    """Gives each line the id of the request at hand."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Set ``request_id`` where the line has none."""
        if not getattr(record, "request_id", ""):
            record.request_id = current_request_id() or NO_REQUEST
        return True


class RefusedRequest(logging.Filter):
    """A refused request has one line in the log, that of the request itself, and no trace.

    What the framework says of it (why it was forbidden) is told in that line. A request that the
    database did not take has one line more, without a trace: the fault is not in the code.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the framework's own line is written too."""
        status = getattr(record, "status_code", None)
        request = getattr(record, "request", None)
        if status is None or request is None:
            return True
        trouble = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        if status >= REFUSED_BELOW:
            return self._kept(record, trouble)
        said = str(trouble) if trouble else self._why(record)
        record.exc_info = record.exc_text = None
        notes = request.META.get("rmrcpm.log_notes")
        if notes is None:  # the request has no line of its own
            return True
        if said:
            notes.append(said)
        return False

    def _why(self, record: logging.LogRecord) -> str:
        """Return why a form was not taken: the framework names it first in its line."""
        if record.name == FORGED_FORMS and isinstance(record.args, tuple) and record.args:
            return str(record.args[0])
        return ""

    def _kept(self, record: logging.LogRecord, trouble: BaseException | None) -> bool:
        from apps.platform.ui.unavailable import unavailable_because

        found = unavailable_because(trouble)
        if found is not None:
            record.msg, record.args = f"{found.code}: {_first_line(trouble)}", ()
            record.exc_info = record.exc_text = None
        return True


def _first_line(trouble: BaseException | None) -> str:
    return str(trouble).strip().partition("\n")[0][:300]


class Line(logging.Formatter):
    """A plain line: time, level, name, request, message; the trace of a fault below it."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s")
        self.secrets = tuple(secrets)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (the library's name)
        """Keep a message on one line, whatever somebody typed into it."""
        record.message = on_one_line(record.message)
        return super().formatMessage(record)

    def format(self, record: logging.LogRecord) -> str:
        """Write the line without secrets."""
        return without_secrets(super().format(record), self.secrets)


class JsonLine(logging.Formatter):
    """One JSON object a line: at, level, logger, request_id, message; the trace as a text in it.

    What a line tells in fields of its own (``extra={"fields": {...}}``) stands beside them.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self.secrets = tuple(secrets)

    def format(self, record: logging.LogRecord) -> str:
        """Write the object without secrets."""
        told: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request_id": getattr(record, "request_id", NO_REQUEST),
            "process": record.process,
            "message": record.getMessage(),
        }
        told |= getattr(record, "fields", {})
        if record.exc_info:
            told["trace"] = self.formatException(record.exc_info)
        return json.dumps(
            {k: self._clean(v) for k, v in told.items()}, ensure_ascii=False, default=str
        )

    def _clean(self, value: Any) -> Any:
        return without_secrets(value, self.secrets) if isinstance(value, str) else value


def configuration(*, level: str, as_json: bool, secrets: Iterable[str] = ()) -> dict[str, Any]:
    """Return the logging of all programs, as ``logging.config.dictConfig`` takes it.

    level: from which level on is logged. The lines of requests, of the web server and of the
    queue are written from INFO on, whatever it is. secrets: what is hidden wherever it stands.
    """
    quiet = {"level": "INFO", "handlers": ["console"], "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "request_id": {"()": "rmrcpm.logs.RequestId"},
            "refused": {"()": "rmrcpm.logs.RefusedRequest"},
        },
        "formatters": {
            "line": {
                "()": "rmrcpm.logs.JsonLine" if as_json else "rmrcpm.logs.Line",
                "secrets": tuple(s for s in secrets if s),
            }
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": ["request_id"],
            }
        },
        "loggers": {
            "django.request": {"filters": ["refused"]},
            FORGED_FORMS: {"filters": ["refused"]},
            "rmrcpm.requests": {"level": "INFO"},
            "gunicorn.error": quiet,
            # it would write what was asked behind a path; each request has its own line already
            "gunicorn.access": {"level": "CRITICAL", "propagate": False},
        },
        "root": {"handlers": ["console"], "level": level},
    }
