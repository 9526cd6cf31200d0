"""The replay kit gives the same lines on a Python that knows no framework."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile

import polars as pl
import pytest

from apps.settlement.settlements.rules.replaying import frame_in, frame_out
from apps.settlement.statements import services
from apps.settlement.statements.models import Statement
from apps.site.home.services import DEMO
from tests.conftest import ROOT

pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-1201", "BRQ-1203")]
CORRECTED = DEMO / "try" / "metered_demand_2024-09-04_corrected.csv"
BARE = (
    "import sys; [sys.modules.__setitem__(n, None) for n in ('django', 'rest_framework', "
    "'celery', 'psycopg')]; sys.argv = ['replay.py']; import runpy; "
    "runpy.run_path('replay.py', run_name='__main__')"
)


def run_kit(content, folder):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
    return subprocess.run(
        [sys.executable, "-c", BARE],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
    )


@pytest.mark.parametrize("sc", ["SYN_GEN_SUNSET", "SYN_LSE_BAY", "SYN_LSE_COAST"])
def test_every_line_of_a_statement_comes_out_again(settle, load, tmp_path, sc):
    settle()
    load("metered-demand", CORRECTED.read_text())
    run = settle()
    own = Statement.objects.get(run=run, sc__code=sc)
    content = services.kit_of(own)
    assert content == services.kit_of(own)  # the same bytes each time
    done = run_kit(content, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{own.line_count} of {own.line_count} lines agree" in done.stdout
    if sc == "SYN_GEN_SUNSET":
        assert "calculated from the inputs" in done.stdout
        kit = json.loads((tmp_path / "kit.json").read_text())
        kit["inputs"]["contracts"][0]["price"] = "1.00"
        (tmp_path / "kit.json").write_text(json.dumps(kit))
        again = subprocess.run(
            [sys.executable, "-c", BARE],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env={"PYTHONPATH": str(ROOT), "PATH": ""},
        )
        assert again.returncode == 1  # another price gives another line
        assert "DIFFERS" in again.stdout


def test_a_frame_comes_back_whatever_order_its_names_are_written_in():
    frame = pl.DataFrame({"market": ["DA"], "code": [7], "area": ["X"]})
    back = frame_in(json.loads(json.dumps(frame_out(frame), sort_keys=True)))
    assert back.sort("code").to_dicts() == [{"area": "X", "code": 7, "market": "DA"}]


def test_a_kit_names_nobody_else(settle, as_user):
    run = settle()
    own = Statement.objects.get(run=run, sc__code="SYN_LSE_BAY")
    answer = as_user("sc.bay").get(f"/statements/{own.pk}/file.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        text = "".join(archive.read(name).decode() for name in archive.namelist())
        kit = json.loads(archive.read("kit.json"))
    assert "SYN_LSE_NORTH" not in text
    assert "SYN_GEN_SUNSET" not in text
    assert {cell[0] for cell in kit["inputs"]["demand"]["cells"]} == {"SYN_LSE_BAY", "~OTHERS"}
    assert kit["inputs"]["contracts"] == []
