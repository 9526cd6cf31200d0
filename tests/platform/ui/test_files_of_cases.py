"""Files that SCs file as cases: programs and commands are told why, as a page tells it."""

from __future__ import annotations

from apps.platform.ui.workflow import WORKFLOWS
from apps.platform.uploads.models import PartyFile


def test_each_kind_of_file_that_is_taken_or_refused_whole_answers_with_its_violations():
    files = [desk for desk in WORKFLOWS if issubclass(desk.model, PartyFile)]
    assert {desk.name for desk in files} == {"bid-files", "plans"}
    kept = [{"code": "X", "severity": "error", "message": "why"}]
    for desk in files:
        assert desk.violations is not None, desk.name
        assert desk.violations(desk.model(violations=kept)) == kept, desk.name
