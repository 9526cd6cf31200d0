"""The log: every write has its event, and looks at other parties' rows are noted."""

from __future__ import annotations

import pytest

from apps.platform.audit.models import AuditEvent, ReadEvent
from apps.settlement.statements.models import Statement

pytestmark = pytest.mark.django_db


def looks():
    return list(
        ReadEvent.objects.order_by("pk").values_list("actor__username", "what", "party__code")
    )


def test_looks_of_iso_people_at_party_rows_are_noted_and_a_partys_own_are_not(as_user, settle):
    run = settle()
    statement = Statement.objects.get(run=run, sc__code="SYN_LSE_BAY")
    bay = as_user("sc.bay")
    for address in ("/statements/", f"/statements/{statement.pk}/", "/metered-demand.csv"):
        bay.get(address)
    assert looks() == []
    client = as_user("iso.analyst")
    b"".join(client.get("/statements.csv?q=BAY"))
    client.get(f"/statements/{statement.pk}/lines/1/")
    client.get(f"/api/v1/statements/{statement.pk}/")
    client.get("/energy-prices/")
    assert looks() == [
        ("iso.analyst", "export statements.csv", None),
        ("iso.analyst", f"line 1 of statement {statement}", "SYN_LSE_BAY"),
        ("iso.analyst", f"api statement {statement}", "SYN_LSE_BAY"),
    ]
    assert ReadEvent.objects.first().address.startswith("/api/v1/statements/")
    assert "q=BAY" in ReadEvent.objects.last().address


def test_the_log_of_looks_is_searched_by_auditors_only(as_user, settle):
    settle()
    as_user("iso.analyst").get("/statements/")
    page = as_user("iso.monitor").get("/reads/?q=statements&actor__username=analyst")
    assert "list statements" in page.content.decode()
    assert as_user("iso.analyst").get("/reads/").status_code == 403
    assert as_user("sc.bay").get("/reads/").status_code == 403


def test_the_log_is_searched_by_who_what_and_when(as_user, settle):
    settle()
    client = as_user("iso.monitor")
    found = client.get("/api/v1/events/?q=published&actor__username=approver").json()["results"]
    assert found
    assert {r["actor__username"] for r in found} == {"iso.approver"}
    assert client.get("/api/v1/events/?at_from=2999-01-01").json()["count"] == 0
    assert AuditEvent.objects.exists()
