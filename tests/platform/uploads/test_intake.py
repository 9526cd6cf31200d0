"""What is promised of files has its tests, and each file that people really had is among them."""

from __future__ import annotations

import csv
import importlib
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PROMISES = list(csv.DictReader((HERE / "intake.csv").read_text().splitlines()))


@pytest.mark.parametrize("row", PROMISES, ids=lambda r: r["promise"])
def test_every_promise_about_files_has_its_test(row):
    module, _, name = row["test"].rpartition(".")
    path = module if module.startswith("tests.") else f"tests.platform.uploads.{module}"
    found = [n for n in vars(importlib.import_module(path)) if n.startswith("test_")]
    assert found if name == "*" else name in found


def test_every_file_that_people_had_is_read_by_a_test():
    words = "".join(path.read_text() for path in HERE.glob("test_*.py"))
    files = sorted(path.name for path in (HERE / "intake").iterdir())
    assert len(files) >= 19
    assert [name for name in files if name not in words] == []
