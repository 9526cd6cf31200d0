"""Files that SCs file as cases: programs and commands are told why, as a page tells it."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import call_command

from apps.platform.ui.workflow import WORKFLOWS
from apps.platform.uploads.models import PartyFile


def test_each_kind_of_file_that_is_taken_or_refused_whole_answers_with_its_violations():
    files = [desk for desk in WORKFLOWS if issubclass(desk.model, PartyFile)]
    assert {desk.name for desk in files} == {"bid-files", "plans"}
    kept = [{"code": "X", "severity": "error", "message": "why"}]
    for desk in files:
        assert desk.violations is not None, desk.name
        assert desk.violations(desk.model(violations=kept)) == kept, desk.name


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0520")
def test_a_file_that_is_refused_ends_a_command_with_status_two_and_its_reasons():
    said = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("case", "open", "bid-files", "rows=x\n1\n", "--as", "sc.sunset", stdout=said)
    told = json.loads(said.getvalue())
    assert (ended.value.code, told["state"]) == (2, "REFUSED")
    assert [v["severity"] for v in told["violations"]].count("error") > 0
    again = StringIO()
    call_command("case", "show", "bid-files", str(told["id"]), "--as", "sc.sunset", stdout=again)
    assert json.loads(again.getvalue())["violations"] == told["violations"]
