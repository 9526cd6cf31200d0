"""Every input row of a day is used, or stands with a reason."""

from __future__ import annotations

import json

import polars as pl
import pytest
from django.core.management import CommandError, call_command

from apps.platform.uploads.models import DatasetVersion
from apps.settlement.settlements.rules.nodes.commitment import events_of, met_by
from apps.settlement.settlements.services import completeness_of
from tests.conftest import DAY

pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-1225", "BRQ-1230", "BRQ-1255")]


def test_used_and_unused_rows_are_all_rows(settle, as_user, capsys):
    run = settle()
    found = completeness_of(run)
    for one in found:
        assert one.usage.used + sum(u.count for u in one.usage.unused) == one.usage.total
        assert one.usage.used >= 0
        if one.version_id:
            assert one.usage.total == DatasetVersion.objects.get(pk=one.version_id).row_count
    files = {one.title for one in found if one.version_id}
    read = {i.dataset_version.dataset for i in run.inputs.exclude(dataset_version=None)}
    assert len(files) == len(read)
    client = as_user("iso.analyst")
    page = client.get(f"/runs/{run.pk}/completeness/").content.decode()
    legacy = next(one for one in found if one.title == "RMR contracts in force").usage
    assert legacy.unused
    assert legacy.unused[0].reason in page
    told = client.get(f"/api/v1/runs/{run.pk}/completeness/").json()
    call_command("completeness", str(run.pk), "--as", "iso.analyst")
    assert json.loads(capsys.readouterr().out) == told
    with pytest.raises(CommandError):
        call_command("completeness", str(run.pk), "--as", "sc.bay")
    assert as_user("sc.bay").get(f"/runs/{run.pk}/completeness/").status_code == 403


def test_rows_left_out_name_their_reason_and_row(settle, load):
    rows = "RESOURCE_ID,TRADE_DATE,HOUR_ENDING,INTERVAL,MARKET,EVENT,INTERVALS,COMMITTED_BY,"
    rows += "QUALIFIED,COST_USD\n"
    day = str(DAY)
    rows += f"SUNSET_2_UNITS,{day},5,1,IFM,START,,ISO,N,100\n"
    rows += f"SUNSET_2_UNITS,{day},6,1,IFM,START,,SELF,Y,100\n"
    rows += f"SUNSET_2_UNITS,{day},7,1,IFM,START,,ISO,Y,100\n"
    load("commitments", rows)
    found = {c.title: c for c in completeness_of(settle())}
    commitments = next(c for title, c in found.items() if "ommitment" in title)
    assert (commitments.usage.total, commitments.usage.used) == (3, 1)
    reasons = {u.reason: u.rows for u in commitments.usage.unused}
    assert len(reasons) == 2
    assert sorted(row for rows in reasons.values() for row in rows) == [2, 3]


def test_an_approved_cost_without_its_event_is_told_from_one_with():
    level = {
        "request": 1,
        "resource_id": 7,
        "horizon": "DA",
        "cost_type": "START_UP",
        "of_config": "",
        "first_hour": 1,
        "last_hour": 24,
        "amount": 100,
    }
    approved = pl.DataFrame(
        [
            level,
            level | {"request": 2, "horizon": "RT"},
            level | {"request": 3, "first_hour": 9},
            level | {"request": 4, "of_config": "1X1"},
            level | {"request": 5, "resource_id": 8},
        ]
    )
    commitments = pl.DataFrame(
        [
            {
                "line_no": 1,
                "resource_id": 7,
                "market": "IFM",
                "event": "START",
                "hour_ending": 5,
                "from_config": None,
                "config": None,
                "cost": 100,
            },
        ],
        schema_overrides={"from_config": pl.String, "config": pl.String},
    )
    assert met_by(events_of(commitments), approved)["request"].to_list() == [1]
