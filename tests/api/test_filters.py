"""Every list of the API refuses a filter it does not know, and names those it does."""

from __future__ import annotations

import pytest
from django.urls import reverse

from apps.platform.ui.screens import SCREENS
from apps.platform.ui.selectors import filter_set_of

pytestmark = pytest.mark.django_db
ROLES = ("iso.admin", "iso.legal", "iso.monitor", "sc.sunset")


def test_an_unknown_filter_is_refused_on_every_list_with_the_names_there_are(as_user):
    """Given every list; when asked for by a name it lacks; then 400, not all of its rows."""
    clients = [as_user(who) for who in ROLES[:1]]
    looked_at = 0
    for screen in SCREENS:
        address = reverse(f"api-{screen.name}")
        for client in clients:
            answer = client.get(address, {"no_such_filter": "1", "page_size": "1"})
            if answer.status_code == 403:
                continue
            looked_at += 1
            assert answer.status_code == 400, screen.name
            said = answer.json()
            assert (said["code"], said["violations"][0]["column"]) == (
                "API-FILTER",
                "no_such_filter",
            )
            for name in filter_set_of(screen).base_filters:
                assert name in said["detail"], screen.name
    assert looked_at > 60


def test_a_like_name_is_offered_and_every_wrong_one_is_named(as_user):
    client = as_user("iso.admin")
    answer = client.get("/api/v1/capacity-payload/", {"trade_date": "2024-09-04", "qq": "x"})
    said = answer.json()
    assert answer.status_code == 400
    assert [v["column"] for v in said["violations"]] == ["trade_date", "qq"]
    assert said["detail"].startswith(
        "There is no filter 'trade_date' here: did you mean trade_date_from or trade_date_to?; "
        "there are "
    )
    right = client.get(
        "/api/v1/capacity-payload/",
        {"trade_date_from": "2024-09-04", "trade_date_to": "2024-09-04", "page_size": "5"},
    )
    assert right.status_code == 200
    assert {r["trade_date"] for r in right.json()["results"]} == {"2024-09-04"}
