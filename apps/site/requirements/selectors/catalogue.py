"""The catalogue joined with what code and tests say of it."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import yaml

from apps.platform.core.rulebook import IMPLEMENTATIONS, short_id
from apps.platform.ui.screens import SCREENS
from apps.platform.uploads.hooks import UPLOAD_KINDS
from apps.site.requirements.rules import Requirement

ROOT = Path(__file__).resolve().parents[4]
CATALOGUE = ROOT / "fixtures" / "requirements" / "brs_1_2.yaml"
TESTS = ROOT / "tests"


@cache
def tests_by_id() -> dict[str, list[str]]:
    """Return the tests that name each requirement: markers in code, and case files by name."""
    found: dict[str, list[str]] = {}
    for path in sorted((TESTS / "cases").glob("*.yaml")) if TESTS.exists() else []:
        found.setdefault(path.stem, []).append(f"tests/cases/{path.name}")
    for path in sorted(TESTS.rglob("test_*.py")) if TESTS.exists() else []:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                for brq in _markers(node):
                    name = f"{path.relative_to(ROOT)}::{node.name}"
                    found.setdefault(short_id(brq), []).append(name)
    return found


def _markers(node: ast.FunctionDef | ast.ClassDef) -> list[str]:
    return [
        argument.value
        for mark in node.decorator_list
        if isinstance(mark, ast.Call) and ast.unparse(mark.func).endswith("mark.brq")
        for argument in mark.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]


def code_by_id() -> dict[str, list[str]]:
    """Return the code that answers each requirement: rules and services, screens, upload kinds."""
    found: dict[str, list[str]] = {}
    for entry in sorted(IMPLEMENTATIONS, key=lambda i: (i.brq, i.target)):
        found.setdefault(entry.brq, []).append(entry.target)
    for screen in SCREENS:
        for brq in screen.implements:
            found.setdefault(short_id(brq), []).append(f"screen {screen.name}")
    for kind in UPLOAD_KINDS:
        for brq in kind.requirements:
            found.setdefault(short_id(brq), []).append(f"upload kind {kind.code}")
    return found


def catalogue() -> list[Requirement]:
    """Return every requirement with its disposition, code and tests, in catalogue order."""
    code, tests = code_by_id(), tests_by_id()
    return [
        Requirement(
            id=row["id"],
            title=row["title"],
            text=row["text"],
            section=str(row["section"]),
            type=row["type"],
            app=row["app"],
            disposition=row["disposition"],
            note=row.get("note", ""),
            code=tuple(code.get(row["id"], ())),
            tests=tuple(tests.get(row["id"], ())),
        )
        for row in yaml.safe_load(CATALOGUE.read_text())
    ]
