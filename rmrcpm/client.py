"""A small client of the API for programs, with nothing but Python's own library.

>>> client = Client("https://rmrcpm.example", token="rmr_…")
>>> for row in client.rows("statements", trade_date_from="2024-09-04"):
...     print(row["sc__code"], row["total"])

Amounts come as exact decimals in text. Writes carry an Idempotency-Key of their own, so a call that
was cut off is repeated safely. A refusal is raised as Refused with the violations the pages show.
"""

from __future__ import annotations

import json
import mimetypes
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TRIES = 3
PAGE = 1000


class Refused(Exception):
    """The API refused: ``status``, a stable ``code``, each violation with its row and column."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(problem.get("code", ""))
        self.violations: list[dict[str, Any]] = list(problem.get("violations", []))
        super().__init__(f"{status} {self.code}: {problem.get('detail', '')}")


@dataclass(frozen=True)
class Upload:
    """An upload as it stands; each warning of ``plausibility`` needs a reason to be confirmed."""

    id: int
    kind: str
    state: str
    row_count: int | None
    violations: list[dict[str, Any]]
    plausibility: list[dict[str, Any]]
    versions: list[str]


@dataclass(frozen=True)
class Run:
    """A run as it stands."""

    id: int
    trade_date: str
    version: int | None
    state: str
    totals: dict[str, str]
    error: str


@dataclass
class Client:
    """One signed-in caller of one site."""

    site: str
    token: str = ""
    timeout: float = 60.0
    pause: float = 0.5
    etags: dict[str, tuple[str, Any]] = field(default_factory=dict, repr=False)

    def whoami(self) -> dict[str, Any]:
        """Return the caller's name, party, roles and scopes."""
        return dict(self.get("whoami/"))

    def rows(self, screen: str, **filters: Any) -> Iterator[dict[str, Any]]:
        """Yield every row of a list as the page of that name shows it, filters included."""
        page = 1
        while True:
            found = self.get(f"{screen}/", page=page, page_size=PAGE, **filters)
            yield from found["results"]
            if page >= found["pages"]:
                return
            page += 1

    def send(self, kind: str, path: str | Path, *, note: str = "", **options: str) -> Upload:
        """Send a file; it comes back read, or still RECEIVED where a worker reads it."""
        path = Path(path)
        fields = {"kind": kind, "note": note, **options}
        body, media_type = _form(fields, path.name, path.read_bytes())
        return _upload(self._call("POST", "uploads/send/", body, media_type))

    def upload(self, upload_id: int) -> Upload:
        """Return an upload."""
        return _upload(self.get(f"uploads/{upload_id}/"))

    def confirm(
        self, upload_id: int, *, reason: str = "", acknowledged: Mapping[int, str] | None = None
    ) -> Upload:
        """Confirm a colleague's upload; needs the scope ``approve``.

        acknowledged: why each warning of plausibility is right, by its ``id``.
        """
        reasons = {str(key): why for key, why in (acknowledged or {}).items()}
        body = {"reason": reason, "acknowledged": reasons}
        return _upload(self.post(f"uploads/{upload_id}/confirm/", body))

    def request_run(self, trade_date: str, *, reason: str = "") -> Run:
        """Ask for the settlement of a trade date."""
        return _run(self.post("runs/request/", {"trade_date": trade_date, "reason": reason}))

    def run(self, run_id: int) -> Run:
        """Return a run."""
        return _run(self.get(f"runs/{run_id}/"))

    def wait_for_run(self, run_id: int, *, seconds: float = 60.0) -> Run:
        """Return a run when it is computed; raises TimeoutError where it takes longer."""
        until = time.monotonic() + seconds
        while (run := self.run(run_id)).state in ("REQUESTED", "RUNNING"):
            if time.monotonic() > until:
                raise TimeoutError(f"run {run_id} is still {run.state}")
            time.sleep(self.pause)
        return run

    def publish(self, run_id: int, *, confirm: str) -> Run:
        """Publish a colleague's sealed run; needs the scope ``approve``.

        confirm: its trade date and version, such as ``2024-09-04 v2``.
        """
        return _run(self.post(f"runs/{run_id}/publish/", {"confirm": confirm}))

    def statement(self, statement_id: int) -> dict[str, Any]:
        """Return a statement with its lines."""
        return dict(self.get(f"statements/{statement_id}/"))

    def explain(self, statement_id: int, line_no: int) -> dict[str, Any]:
        """Return why a statement line is what it is."""
        return dict(self.get(f"statements/{statement_id}/lines/{line_no}/explain/"))

    def calculate(self, name: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Run one calculator on numbers of one's own; needs no sign-in."""
        return dict(self.post(f"calculators/{name}", values))

    def get(self, path: str, **query: Any) -> Any:
        """Return what an address holds; what has not changed since is not sent again."""
        given = {k: v for k, v in query.items() if v not in (None, "")}
        address = f"{path}?{urllib.parse.urlencode(given)}" if given else path
        return self._call("GET", address)

    def post(self, path: str, values: Mapping[str, Any]) -> Any:
        """Send JSON to an address and return the answer."""
        return self._call("POST", path, json.dumps(values).encode(), "application/json")

    def _call(self, method: str, path: str, body: bytes | None = None, media: str = "") -> Any:
        request = self._request(method, path, body, media)
        for attempt in range(1, TRIES + 1):
            try:
                with urllib.request.urlopen(request, timeout=self.timeout) as answer:
                    value = json.loads(answer.read())
                    if method == "GET" and answer.headers.get("ETag"):
                        self.etags[path] = (answer.headers["ETag"], value)
                    return value
            except urllib.error.HTTPError as trouble:
                if trouble.code == 304:
                    return self.etags[path][1]
                if trouble.code != 429 or attempt == TRIES:
                    raise Refused(trouble.code, _problem(trouble.read())) from trouble
                time.sleep(float(trouble.headers.get("Retry-After", "1")))
            except urllib.error.URLError:
                if attempt == TRIES:
                    raise
                time.sleep(self.pause * attempt)
        raise AssertionError("every way out of the loop returns or raises")

    def _request(
        self, method: str, path: str, body: bytes | None, media: str
    ) -> urllib.request.Request:
        headers = {"Accept": "application/json, application/problem+json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if method == "POST":
            headers |= {"Content-Type": media, "Idempotency-Key": str(uuid.uuid4())}
        if path in self.etags:
            headers["If-None-Match"] = self.etags[path][0]
        address = f"{self.site.rstrip('/')}/api/v1/{path}"
        return urllib.request.Request(address, body, headers, method=method)


def _problem(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {"detail": body[:200].decode(errors="replace")}
    return found if isinstance(found, dict) else {"violations": found}


def _form(fields: Mapping[str, str], name: str, content: bytes) -> tuple[bytes, str]:
    mark = uuid.uuid4().hex
    parts = []
    for key, value in fields.items():
        parts.append(f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n')
    media = mimetypes.guess_type(name)[0] or "application/octet-stream"
    head = (
        f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        f"Content-Type: {media}\r\n\r\n"
    )
    body = "".join(parts).encode() + head.encode() + content + f"\r\n--{mark}--\r\n".encode()
    return body, f"multipart/form-data; boundary={mark}"


def _upload(value: Mapping[str, Any]) -> Upload:
    return Upload(
        value["id"],
        value["kind"],
        value["state"],
        value["row_count"],
        value["violations"],
        value["plausibility"],
        value["versions"],
    )


def _run(value: Mapping[str, Any]) -> Run:
    return Run(
        value["id"],
        value["trade_date"],
        value["version"],
        value["state"],
        value["totals"],
        value["error"],
    )
