"""The hooks before a commit: by the locked versions of .venv, and what ``make check`` does too."""

from __future__ import annotations

import re

import pytest
import yaml

from tests.docs.written import ROOT, TEMPLATES

SETTINGS = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
HOOKS = {hook["id"]: hook for repo in SETTINGS["repos"] for hook in repo["hooks"]}
CHECK = (ROOT / "Makefile").read_text().replace("$(PY)", ".venv/bin/python")


def test_hooks_come_from_nowhere_else():
    assert [repo["repo"] for repo in SETTINGS["repos"]] == ["local"]
    assert sorted(HOOKS) == ["lint-imports", "missing-migrations", "ruff-check", "ruff-format"]


@pytest.mark.parametrize("hook", HOOKS.values(), ids=lambda h: h["id"])
def test_a_hook_runs_a_program_of_the_environment_that_the_check_runs_too(hook):
    assert hook["language"] == "system"
    words = hook["entry"].replace(" --force-exclude", "")
    assert words.startswith(".venv/bin/")
    assert (ROOT / words.split()[0]).exists()
    assert re.search(rf"^\t{re.escape(words)}(?= |$)", CHECK, re.MULTILINE)


def test_reports_have_three_forms_that_name_themselves():
    forms = [p for p in TEMPLATES if p.parent.name == "ISSUE_TEMPLATE"]
    heads = [yaml.safe_load(p.read_text().split("---")[1]) for p in forms]
    assert sorted(h["name"] for h in heads) == ["Fault", "Proposal", "Wrong number"]
    assert all(h["about"] and h["labels"] for h in heads)
