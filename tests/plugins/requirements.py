"""Collects worked examples: ``tests/cases/BRQ-1230.yaml`` lists cases of that requirement."""

from __future__ import annotations

import importlib
from decimal import Decimal

import pytest
import yaml


def pytest_collect_file(file_path, parent):
    if file_path.suffix == ".yaml" and file_path.parent.name == "cases":
        return CaseFile.from_parent(parent, path=file_path)
    return None


class CaseFile(pytest.File):
    def collect(self):
        for case in yaml.safe_load(self.path.read_text()):
            yield CaseItem.from_parent(self, name=case["name"], case=case)


class CaseItem(pytest.Item):
    def __init__(self, *, case, **kwargs):
        super().__init__(**kwargs)
        self.case = case

    def runtest(self):
        module, name = self.case["rule"].rsplit(".", 1)
        rule = getattr(importlib.import_module(module), name)
        adapter = getattr(importlib.import_module("tests.cases.adapters"), name, None)
        call = adapter or (lambda rule, given: rule(**given))
        if "raises" in self.case:
            with pytest.raises(Exception) as caught:  # noqa: PT011  (the name is checked below)
                call(rule, self.case["input"])
            assert type(caught.value).__name__ == self.case["raises"]
            return
        assert plain(call(rule, self.case["input"])) == self.case["output"]

    def repr_failure(self, excinfo, style=None):
        return f"{self.case['rule']}: {self.case['name']}\n{excinfo.getrepr(style='short')}"

    def reportinfo(self):
        return self.path, 0, f"{self.path.stem}: {self.name}"


def plain(value):
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return {"/".join(k) if isinstance(k, tuple) else str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return value.value if hasattr(value, "value") else value
