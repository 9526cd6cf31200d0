"""Given the costs of a day; when a file of the Master File changes a Pmax; then it is told."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest

from apps.platform.core.tradetime import Span
from apps.platform.runs.services import outdated_at
from apps.platform.uploads.models import Upload
from apps.platform.uploads.services import outdated_pages
from tests.bidding.costs.files import MASTER
from tests.conftest import DAY

pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-0100", "BRQ-1206")]
SMALLER = MASTER.replace("Waste,SYN_GEN_SOUTH,55,20", "Waste,SYN_GEN_SOUTH,50,20")


def told(client):
    upload = Upload.objects.filter(kind="master-file").latest("pk")
    page = client.get(f"/uploads/{upload.pk}/").content.decode()
    assert "Costs, bids and availability it outdated" in page
    ((_, address),) = outdated_pages(upload)
    assert f'hx-get="{address}"' in unescape(page)
    found = client.get(address)
    assert found.status_code == 200
    return found.content.decode().split('id="outdated"')[1]


def test_a_changed_pmax_tells_which_costs_it_outdated(costs_on_file, calculate, load, as_user):
    first = calculate()
    load("master-file", SMALLER, sender="iso.admin", options={"as_of": "2024-01-01"})
    client = as_user("iso.analyst")
    page = told(client)
    assert f'href="/runs/{first.pk}/"' in page
    assert f"{DAY}" in page
    assert ">STALE<" in page
    asked = client.post(
        "/runs/request/",
        {"kind": "costs.daily", "trade_date": str(DAY), "reason": "inputs changed"},
    )
    assert asked.status_code == 302
    calculate()
    again = told(client)
    assert ">STALE<" not in again
    assert re.search(r"calculated again since, <a href=\"/runs/\d+/\">v2", again)


def test_what_had_moved_before_is_not_told_of_a_later_file(costs_on_file, calculate, load, as_user):
    calculate()
    load("master-file", SMALLER, sender="iso.admin", options={"as_of": "2024-01-01"})
    load(
        "cost-rates",
        "RATE,RESOURCE_ID,EFFECTIVE_DT,USD_MWH\nGMC,,2024-09-01,0.40\n",
        sender="iso.admin",
    )
    later = Upload.objects.latest("pk").versions.get()
    (found,) = outdated_at(Span(date(2024, 1, 1)), later.known_from)
    earlier = Upload.objects.filter(kind="master-file").latest("pk").versions.get()
    (before,) = outdated_at(Span(date(2024, 1, 1)), earlier.known_from)
    assert found.run == before.run
    assert found.moved
    assert set(found.moved) != set(before.moved)


def test_a_moment_that_is_none_is_not_found(as_user):
    client = as_user("iso.analyst")
    assert client.get("/runs/outdated/?at=yesterday").status_code == 404
    assert client.get("/runs/outdated/?first=2024-09-01&last=2024-08-01").status_code == 200
    assert as_user("sc.bay").get("/runs/outdated/").status_code == 403
