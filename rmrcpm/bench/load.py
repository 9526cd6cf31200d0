"""Fifty people at once, against the real web server: everybody, then SCs alone who also file.

Each person is a thread with a session of its own that follows a walk of pages with no pause between
them, which is far more than fifty people at desks do. Every answer is checked.
"""

from __future__ import annotations

import http.client
import itertools
import os
import random
import re
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from urllib.parse import urlencode

PEOPLE = 50
SECONDS = 25
PORT = 8977
ISO = ["iso.admin", "iso.operator", "iso.approver", "iso.analyst", "iso.monitor"]
SC = ["sc.bay", "sc.sunset", "sc.coast.reader"]
WALKS = {
    "home": "/",
    "list of uploads": "/uploads/",
    "list of demand, filtered and sorted": "/metered-demand/?sort=-mwh&hour_ending=18",
    "statements": "/statements/",
    "statement lines": "/statement-lines/?sort=-amount",
    "search": "/search/?q=sunset",
    "inbox": "/notices/",
    "CSV export": "/statement-lines.csv",
    "API list": "/api/v1/statements/",
}
NOT_FOR_SC = {"list of uploads"}
SC_WALKS = {
    "home": "/",
    "statements": "/statements/",
    "statement queue": "/statement-queue/",
    "month": "/statement-months/",
    "invoice weeks": "/invoice-weeks/",
    "invoices": "/invoices/",
    "exposure": "/exposures/",
    "cost recovery": "/cost-recovery-requests/",
    "disputes": "/disputes/",
    "API list": "/api/v1/statements/",
}
OWNERS = {
    "SYN_GEN_SUNSET": "SUNSET_2_UNITS",
    "SYN_GEN_SIERRA": "GRNLF2_1_UNIT",
    "SYN_GEN_SOUTH": "SYN_HARBOR_1_GT",
}
SERIAL = itertools.count(1)


class Person:
    """One signed-in browser."""

    def __init__(self, name: str, walks=None, resource="") -> None:
        self.name, self.cookies = name, {}
        self.walks, self.resource = walks or WALKS, resource
        self.line = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)

    def ask(self, method, path, body=None, headers=None):
        """Send one request and read its whole answer."""
        told = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        try:
            self.line.request(method, path, body, {**told, **(headers or {})})
            answer = self.line.getresponse()
        except http.client.RemoteDisconnected:  # an idle line was given up, as browsers know it
            self.line.close()
            self.line.request(method, path, body, {**told, **(headers or {})})
            answer = self.line.getresponse()
        content = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            key, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[key] = value
        return answer.status, content

    def token(self, path):
        """Return a form's CSRF token."""
        _, content = self.ask("GET", path)
        return re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', content)[1].decode()

    def sign_in(self):
        """Sign in with the demo's password."""
        words = {
            "login": self.name,
            "password": "walk-the-line-2024",
            "csrfmiddlewaretoken": self.token("/accounts/login/"),
        }
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        status, _ = self.ask("POST", "/accounts/login/", urlencode(words), kind)
        assert status == 302, (self.name, status)

    def upload(self, day):
        """Paste a small file of metered demand and have it read."""
        rows = ["SC_ID\tTAC_AREA\tTRADE_DATE\tHOUR_ENDING\tMWH"]
        rows += [f"SYN_LSE_BAY\tPGE-TAC\t{day}\t{h}\t1.5" for h in range(1, 25)]
        words = {
            "pasted": "\n".join(rows),
            "csrfmiddlewaretoken": self.token("/upload/metered-demand/"),
        }
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", "/upload/metered-demand/", urlencode(words), kind)[0] == 302

    def file(self):
        """File a request to recover a repair; every one is another."""
        address = "/cost-recovery-requests/new/"
        amount = f"{next(SERIAL):,}.00"
        words = {
            "kind": "REPAIR",
            "resource": self.resource,
            "reason": "load test",
            "items": f"2024-09-04 {amount} part",
            "items-total": amount,
            "csrfmiddlewaretoken": self.token(address),
        }
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", address, urlencode(words), kind)[0] == 302


def sending(person, chance):
    """Return what a person may send now and then: its name and how; nothing for most."""
    if person.name in ("iso.admin", "iso.operator") and chance.random() < 0.15:
        day = f"2024-10-{chance.randint(1, 28):02}"
        return "upload of 24 rows, sent and read", lambda: person.upload(day)
    if person.resource and chance.random() < 0.2:
        return "cost recovery request, form opened and filed", person.file
    return None


def walk(person, until, taken, errors, seed):
    """Follow pages until the time is over."""
    chance = random.Random(seed)
    iso = person.name.startswith("iso.")
    names = [n for n in person.walks if iso or n not in NOT_FOR_SC]
    while time.monotonic() < until:
        sends = sending(person, chance)
        name = sends[0] if sends else chance.choice(names)
        began = time.perf_counter()
        try:
            if sends:
                fine, status = sends[1](), "refused"
            else:
                status, content = person.ask("GET", person.walks[name])
                fine = status == 200 and len(content) > 50
        except (OSError, http.client.HTTPException) as trouble:
            fine, status = False, type(trouble).__name__
            person.line.close()
        if fine:
            taken[name].append(time.perf_counter() - began)
        else:
            errors.append(f"{name}: {status}")


def serve():
    """Start the web server as the launcher does; two workers of four threads."""
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "gunicorn",
            "rmrcpm.wsgi",
            "--bind",
            f"127.0.0.1:{PORT}",
            "--workers",
            "2",
            "--worker-class",
            "gthread",
            "--threads",
            "4",
            "--no-control-socket",
        ],
        env=os.environ | {"CELERY_BROKER_URL": "memory://"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def everybody():
    """Return fifty people of eight accounts, the ISO's and SCs'."""
    return [Person((ISO + SC)[i % 8]) for i in range(PEOPLE)]


def coordinators():
    """Return fifty people of SCs, each with an account of its own; owners of RMR file requests."""
    from apps.platform.accounts.models import Party
    from apps.platform.accounts.services import user_ensure

    codes = [
        *OWNERS,
        *Party.objects.filter(kind="SC", code__startswith="SYN_LSE")
        .order_by("code")
        .values_list("code", flat=True),
    ]
    found = []
    for number in range(PEOPLE):
        code = codes[number % len(codes)]
        name = f"sc.load.{number}"
        user_ensure(
            username=name,
            password="walk-the-line-2024",
            first_name=name,
            party=Party.objects.get(code=code),
            roles=["SC_USER"],
        )
        found.append(Person(name, SC_WALKS, OWNERS.get(code, "")))
    return found


def load():
    """Return the lines of both crowds."""
    return [*crowd("at once", everybody()), *crowd("SC users at once", coordinators())]


def crowd(label, people):
    """Return a line of the table for each page: p50, p95, requests; and the errors."""
    server = serve()
    try:
        for _ in range(100):
            try:
                people[0].ask("GET", "/health/live")
                break
            except (OSError, http.client.HTTPException):
                people[0].line.close()
                time.sleep(0.1)
        for person in people:
            person.sign_in()
        taken, errors = defaultdict(list), []
        until = time.monotonic() + SECONDS
        threads = [
            threading.Thread(target=walk, args=(p, until, taken, errors, i))
            for i, p in enumerate(people)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        server.terminate()
        server.wait(timeout=30)
    return table(label, taken, errors)


def table(label, taken, errors):
    """Write p50 and p95 by page."""
    total = sum(map(len, taken.values()))
    rows = []
    for name, times in sorted(taken.items()):
        p95 = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
        rows.append(
            {
                "what": f"{PEOPLE} {label}: {name}",
                "median_s": f"{statistics.median(times):.3f}",
                "spread_s": f"p95 {p95:.3f}",
                "baseline": f"{len(times)} requests",
                "ratio": "",
                "target": "p95 <= 2 s",
            }
        )
    for said in sorted(set(errors)):
        print(f"{errors.count(said)} x {said}")
    rows.append(
        {
            "what": f"{PEOPLE} {label}: all pages",
            "median_s": "",
            "spread_s": "",
            "baseline": f"{total} requests in {SECONDS} s",
            "ratio": f"{total / SECONDS:.0f} per s",
            "target": f"errors 0; seen {len(errors)}",
        }
    )
    return rows
