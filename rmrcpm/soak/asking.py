"""Work that is asked for all the time, as careful programs ask: until there is an answer.

Each lane goes its steps one after the other and has days of its own, so that what it comes to does
not depend on when the other lanes get their turn. A request is sent with one Idempotency-Key until
it is answered, also where the answer is that the key is being worked on: a process that dies over
it lets go of it.
"""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from rmrcpm import env
from rmrcpm.soak.homes import Home

PAUSE = 0.4  # seconds before something is tried again
GIVEN_UP_AFTER = 240.0  # seconds
SETTLED = ("2024-09-04", "2024-09-05")
FIRST_FILE = date(2025, 2, 1)
RESOURCE = "SUNSET_2_UNITS"


class NoAnswer(RuntimeError):
    """Something asked for was not answered for minutes, or refused; the message says what."""


@dataclass
class Asker:
    """Asks a home as its people do."""

    home: Home
    tokens: Mapping[str, str]
    repeated: int = 0

    def once(
        self, who: str, path: str, body: bytes | None, media: str, key: str
    ) -> tuple[int, Any]:
        """Send one request; the status is 0 where nobody answers."""
        headers = {"Authorization": f"Bearer {self.tokens[who]}", "Accept": "application/json"}
        if body is not None:
            headers |= {"Content-Type": media, "Idempotency-Key": key}
        request = urllib.request.Request(
            f"{self.home.url}/api/v1/{path}", body, headers, method="POST" if body else "GET"
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as reply:
                return reply.status, json.load(reply)
        except urllib.error.HTTPError as answer:
            try:
                return answer.code, json.loads(answer.read())
            except (OSError, ValueError):
                return answer.code, {}
        except (OSError, ValueError):  # nobody listens, or the answer ended in the middle
            return 0, {}

    def get(self, who: str, path: str) -> Any:
        """Read until there is an answer."""
        return self._until(who, path, None, "")

    def post(self, who: str, path: str, values: Mapping[str, Any]) -> Any:
        """Ask for something until it is answered."""
        return self._until(who, path, json.dumps(values).encode(), "application/json")

    def send(self, who: str, kind: str, name: str, text: str) -> Any:
        """Send a file."""
        mark = uuid.uuid4().hex
        body = (
            f'--{mark}\r\nContent-Disposition: form-data; name="kind"\r\n\r\n{kind}\r\n'
            f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            f"Content-Type: text/csv\r\n\r\n{text}\r\n--{mark}--\r\n"
        )
        media = f"multipart/form-data; boundary={mark}"
        return self._until(who, "uploads/send/", body.encode(), media)

    def _until(self, who: str, path: str, body: bytes | None, media: str) -> Any:
        key, began = str(uuid.uuid4()), time.monotonic()
        while time.monotonic() - began < GIVEN_UP_AFTER:
            status, found = self.once(who, path, body, media, key)
            if status in (200, 201):
                return found
            worked_on = status == 409 and found.get("code") == "API-idempotency"
            if status not in (0, 429, 500, 502, 503) and not worked_on:
                raise NoAnswer(f"{path}: {status} {json.dumps(found)[:400]}")
            self.repeated += 1
            time.sleep(PAUSE)
        raise NoAnswer(f"{path}: no answer for {GIVEN_UP_AFTER:.0f} s; the last was {status}")


def loaded(asker: Asker, name: str, text: str) -> None:
    """Send a file of metered demand and have a second person confirm it."""
    upload = asker.send("iso.operator", "metered-demand", name, text)
    number = upload["id"]
    until = time.monotonic() + GIVEN_UP_AFTER
    while upload["state"] == "RECEIVED" and time.monotonic() < until:
        time.sleep(PAUSE)
        upload = asker.get("iso.operator", f"uploads/{number}/")
    if upload["state"] not in ("READY", "CONFIRMED"):
        raise NoAnswer(f"{name} is {upload['state']}: {upload['violations'][:2]}")
    asker.post(
        "iso.approver",
        f"uploads/{number}/confirm/",
        {
            "reason": "soak",
            "acknowledged": {str(w["id"]): "as asked" for w in upload["plausibility"]},
        },
    )


def settled(asker: Asker, day: str, step: int) -> None:
    """Load other metered demand of a settled day, settle it again, publish it."""
    text = (env.BASE / "fixtures" / "demo" / f"metered_demand_{day}.csv").read_text()
    first, second, *rest = text.splitlines()
    cells = second.split(",")
    cells[4] = str(Decimal(cells[4]) + step)
    loaded(asker, f"again-{day}-{step}.csv", "\n".join([first, ",".join(cells), *rest]))
    run = asker.post(
        "iso.analyst",
        "runs/request/",
        {"trade_date": day, "reason": f"soak {step}"},
    )
    until = time.monotonic() + GIVEN_UP_AFTER
    while run["state"] in ("REQUESTED", "RUNNING", "COMPUTING") and time.monotonic() < until:
        time.sleep(PAUSE)
        run = asker.get("iso.analyst", f"runs/{run['id']}/")
    if run["state"] not in ("SEALED", "PUBLISHED"):
        raise NoAnswer(f"{day} step {step} is {run['state']}: {run['error']}")
    asker.post(
        "iso.approver",
        f"runs/{run['id']}/publish/",
        {
            "confirm": f"{day} v{run['version']}",
            "over_holds": "soak",
            "answered_for": "soak",
        },
    )


def filed(asker: Asker, _day: str, step: int) -> None:
    """Load a day that nobody has settled, and file a request to recover costs."""
    day = FIRST_FILE + timedelta(days=step)
    rows = ["SC_ID,TAC_AREA,TRADE_DATE,HOUR_ENDING,MWH,SOURCE"]
    rows += [f"SYN_LSE_BAY,PGE-TAC,{day},{h},{step + h}.5,soak" for h in range(1, 25)]
    if day.isoformat() not in ("2025-03-09", "2025-11-02"):  # days of 23 and 25 hours
        loaded(asker, f"new-{day}.csv", "\n".join(rows))
    asker.post(
        "sc.sunset",
        "cost-recovery-requests/new/",
        {
            "kind": "REPAIR",
            "resource": RESOURCE,
            "items": f"2024-09-04 {100 + step}.50 seal {step}",
            "reason": f"soak {step}",
        },
    )


LANES: tuple[tuple[str, Callable[[Asker, str, int], None], str], ...] = (
    ("settle 2024-09-04", settled, SETTLED[0]),
    ("settle 2024-09-05", settled, SETTLED[1]),
    ("files and cases", filed, ""),
)


class Lanes:
    """All lanes at work; ``steps`` counts what each has finished."""

    def __init__(self, asker: Asker, *, at_most: Mapping[str, int] | None = None) -> None:
        self.asker, self.at_most = asker, at_most
        self.steps = {name: 0 for name, _, _ in LANES}
        self.trouble: list[str] = []
        self.ended = threading.Event()
        self.threads = [
            threading.Thread(target=self._go, args=lane, name=lane[0], daemon=True)
            for lane in LANES
        ]

    def start(self) -> None:
        """Begin to ask."""
        for thread in self.threads:
            thread.start()

    def finish(self) -> None:
        """Begin no further step, and wait for those under way."""
        self.ended.set()
        self.wait()

    def wait(self) -> None:
        """Wait until every lane has come to its end."""
        for thread in self.threads:
            thread.join()

    def _go(self, name: str, step: Callable[[Asker, str, int], None], day: str) -> None:
        while not self.ended.is_set():
            number = self.steps[name] + 1
            if self.at_most is not None and number > self.at_most[name]:
                return
            try:
                step(self.asker, day, number)
            except Exception as trouble:  # noqa: BLE001  (told at the end, with what else was found)
                self.trouble.append(f"{name}, step {number}: {type(trouble).__name__}: {trouble}")
                return
            self.steps[name] = number
            self.ended.wait(PAUSE)
