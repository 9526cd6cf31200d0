"""Codes that somebody has to answer stand on a page: plausibility, and what a run lacks."""

from __future__ import annotations

import re

import pytest

from apps.platform.uploads.hooks import UPLOAD_KINDS
from tests.docs.written import ROOT

GUIDE = (ROOT / "docs" / "guide" / "iso-staff.md").read_text()
ENGINE = (ROOT / "docs" / "algorithms" / "settlement-engine.md").read_text()
READY = ROOT / "apps" / "settlement" / "settlements" / "services"
HELD = re.compile(r'"((?:COSTS|CONTRACT|AVAILABILITY|ED)-[A-Z-]+)"')


def test_each_warning_of_plausibility_has_its_line():
    asked = {check.code for kind in UPLOAD_KINDS for check in kind.checks}
    assert asked
    assert set(re.findall(r"^\| `(PL-\w+)` \|", GUIDE, re.MULTILINE)) == asked


@pytest.mark.parametrize("path", sorted(READY.glob("ready*.py")), ids=lambda p: p.stem)
def test_each_code_of_a_hold_stands_on_the_page_of_the_engine(path):
    assert {code for code in HELD.findall(path.read_text()) if code not in ENGINE} == set()
