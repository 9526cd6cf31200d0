"""Environment variables: what the code reads and what the table says are the same, both ways."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.docs.written import ROOT, table
from tests.sources import parsed, text_of

PAGE = ROOT / "docs" / "environment.md"
READER = "rmrcpm/env.py"
SWITCH = {True: "on", False: "off"}


class Reads(ast.NodeVisitor):
    """Collects what a file reads from the environment: (name, default where it is a literal).

    A read whose name is no literal is kept under ``unnamed`` by its line; the two functions of
    ``rmrcpm/env.py`` that read for everybody are the only ones that may have one.
    """

    def __init__(self, path: str) -> None:
        self.reader = path == READER
        self.found: list[tuple[str, object]] = []
        self.unnamed: list[int] = []
        self.asking: set[str] = {"text", "flag"} if self.reader else set()
        self.inside = ""

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if node.module == "rmrcpm.env":
            self.asking |= {a.asname or a.name for a in node.names if a.name in ("text", "flag")}
        assert node.module != "os" or not {a.name for a in node.names} & {"environ", "getenv"}, (
            "read the environment as os.environ, so that it is found"
        )

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        before, self.inside = self.inside, node.name
        self.generic_visit(node)
        self.inside = before

    def visit_Call(self, node: ast.Call) -> None:
        called = ast.unparse(node.func)
        if called in ("env.text", "env.flag") or called in self.asking:
            self._read(node, node.args[0], called.endswith("flag"))
        elif called in ("os.environ.get", "os.getenv", "os.environ.setdefault", "os.environ.pop"):
            self._read(node, node.args[0], False)
        self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        if ast.unparse(node.value) == "os.environ" and isinstance(node.ctx, ast.Load):
            self._read(node, node.slice, False)
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        if any(ast.unparse(c) == "os.environ" for c in node.comparators):
            self._read(node, node.left, False)
        self.generic_visit(node)

    def _read(self, node: ast.expr, name: ast.expr, switch: bool) -> None:
        if not isinstance(name, ast.Constant):
            if not (self.reader and self.inside in ("text", "flag")):
                self.unnamed.append(node.lineno)
            return
        default: object = False if switch else None
        if isinstance(node, ast.Call):
            given = [*node.args[1:2], *(k.value for k in node.keywords if k.arg == "default")]
            if given:
                default = given[0].value if isinstance(given[0], ast.Constant) else ...
        self.found.append((str(name.value), SWITCH.get(default, default)))  # type: ignore[call-overload]


def reads(path: Path) -> Reads:
    """Return what a file reads from the environment."""
    visitor = Reads(str(path.relative_to(ROOT)))
    visitor.visit(parsed(text_of(path)))
    return visitor


SOURCES = [ROOT / "manage.py", *sorted((ROOT / "rmrcpm").rglob("*.py"))]
SOURCES += sorted((ROOT / "apps").rglob("*.py"))


@pytest.fixture(scope="module")
def code():
    """Return (files, defaults) of each variable that the code reads."""
    found: dict[str, tuple[set[str], set[object]]] = {}
    for path in SOURCES:
        for name, default in reads(path).found:
            files, defaults = found.setdefault(name, (set(), set()))
            files.add(str(path.relative_to(ROOT)))
            defaults.add(default)
    return found


def listed(cell: str) -> set[str]:
    """Return the names between back quotes in a cell."""
    return set(cell.split("`")[1::2])


@pytest.fixture(scope="module")
def rows():
    """Return (default, files) of each variable of the table."""
    found = {name.strip("`"): (d, listed(f)) for name, _, d, f in table(PAGE, "Variable")}
    assert len(found) == len(table(PAGE, "Variable")), "a variable stands twice"
    return found


def test_each_variable_that_is_read_stands_in_the_table_and_none_besides(code, rows):
    assert set(code) == set(rows)


def test_the_table_names_the_files_that_read_a_variable(code, rows):
    assert {n: files for n, (_, files) in rows.items()} == {n: f for n, (f, _) in code.items()}


def test_defaults_are_the_ones_of_the_code(code, rows):
    wrong = []
    for name, (_, defaults) in code.items():
        literal = {d for d in defaults if isinstance(d, str) and d and d != "pgmq"}
        said = rows[name][0].strip("`")
        if literal and {said} != literal:
            wrong.append(f"{name}: the code says {literal}, the table {said!r}")
    assert wrong == []


def test_no_variable_is_read_by_a_name_that_is_not_written_out():
    assert [(p.name, line) for p in SOURCES for line in reads(p).unnamed] == []


def test_every_way_to_read_the_environment_is_seen():
    visitor = Reads("apps/example.py")
    visitor.visit(
        ast.parse(
            "from rmrcpm.env import text as ask\n"
            "os.environ['A']; os.getenv('B'); 'C' in os.environ; env.flag('D', default=True)\n"
            "ask('E', 'five'); os.environ.get(name); os.environ['WRITTEN'] = '1'\n"
        )
    )
    assert visitor.found == [("A", None), ("B", None), ("C", None), ("D", "on"), ("E", "five")]
    assert visitor.unnamed == [3]
