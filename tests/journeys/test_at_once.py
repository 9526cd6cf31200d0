"""Many at the same time, against the real programs: one wins, nobody gets a fault."""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.request
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from apps.site.home.services import DEMO
from tests.journeys.conftest import PASSWORD
from tests.journeys.watching import until

CROWD = 10
TOKENS = {}


PEOPLE = ("iso.operator", "iso.approver", "iso.analyst")


@pytest.fixture(scope="module", autouse=True)
def tokens(product):
    """API tokens of those who call: a password takes long to check, which is not asked here."""
    every = {"name": "crowd", "scopes": ["read", "write", "approve"], "days": 1}
    for who in PEOPLE:
        basic = base64.b64encode(f"{who}:{PASSWORD}".encode()).decode()
        status, made = ask(
            product, f"Basic {basic}", "api-tokens/make/", json.dumps(every).encode()
        )
        assert status == 201
        TOKENS[who] = made["secret"]


def call(product, who, path, body=None, kind="application/json"):
    """Return (status, JSON) of a request with a person's token."""
    return ask(product, f"Bearer {TOKENS[who]}", path, body, kind)


def ask(product, authorization, path, body=None, kind="application/json"):
    request = urllib.request.Request(
        f"{product.url}/api/v1/{path}",
        data=body,
        headers={"Authorization": authorization, "Content-Type": kind},
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as reply:
            return reply.status, json.load(reply)
    except urllib.error.HTTPError as refusal:
        return refusal.code, json.load(refusal)


def send(product, text, kind="metered-demand"):
    mark = uuid.uuid4().hex
    body = (
        f'--{mark}\r\nContent-Disposition: form-data; name="kind"\r\n\r\n{kind}\r\n'
        f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="f.csv"\r\n'
        f"Content-Type: text/csv\r\n\r\n{text}\r\n--{mark}--\r\n"
    )
    return call(
        product,
        "iso.operator",
        "uploads/send/",
        body.encode(),
        f"multipart/form-data; boundary={mark}",
    )


def crowd(action):
    with ThreadPoolExecutor(CROWD) as pool:
        return list(pool.map(action, range(CROWD)))


def test_ten_files_at_once_are_each_read(product):
    text = (DEMO / "metered_demand_2024-09-05.csv").read_text()
    days = [text.replace("2024-09-05", f"2025-01-{n + 1:02d}") for n in range(CROWD)]
    answers = crowd(lambda n: send(product, days[n]))
    assert [status for status, _ in answers] == [201] * CROWD
    # a few are read while their sender waits, the others by a worker
    assert {body["state"] for _, body in answers} <= {"READY", "RECEIVED"}

    def seen():
        found = (call(product, "iso.operator", f"uploads/{body['id']}/") for _, body in answers)
        return all((b["state"], b["row_count"]) == ("READY", 336) for _, b in found)

    until(seen, 60)


def test_one_of_ten_confirmations_loads_the_file(product):
    text = (DEMO / "metered_demand_2024-09-05.csv").read_text().replace("2024-09-05", "2025-02-01")
    _, upload = send(product, text)
    path = f"uploads/{upload['id']}/confirm/"
    answers = crowd(lambda n: call(product, "iso.approver", path, b"{}"))
    assert sorted(status for status, _ in answers) == [200] + [409] * (CROWD - 1)
    _, versions = call(product, "iso.approver", "dataset-versions/?period=2025-02-01")
    assert [v["version"] for v in versions["results"]] == [1]


def test_two_versions_of_one_day_cannot_both_follow_the_same_base(product):
    text = (DEMO / "metered_demand_2024-09-05.csv").read_text().replace("2024-09-05", "2025-02-02")
    ids = [
        send(product, text.replace(",1,", ",1,", 1).replace("SYNTHETIC", f"SYNTHETIC {n}"))[1]
        for n in range(CROWD)
    ]
    answers = crowd(
        lambda n: call(product, "iso.approver", f"uploads/{ids[n]['id']}/confirm/", b"{}")
    )
    assert sorted(status for status, _ in answers) == [200] + [409] * (CROWD - 1)


def test_ten_requests_of_one_day_are_one_run(product):
    text = (DEMO / "metered_demand_2024-09-05.csv").read_text().replace("2024-09-05", "2024-12-01")
    _, upload = send(product, text)
    call(product, "iso.approver", f"uploads/{upload['id']}/confirm/", b"{}")
    body = json.dumps({"trade_date": "2024-12-01"}).encode()
    answers = crowd(lambda n: call(product, "iso.analyst", "runs/request/", body))
    assert sorted(status for status, _ in answers) == [200] * (CROWD - 1) + [201]
    assert len({answer["id"] for _, answer in answers}) == 1
