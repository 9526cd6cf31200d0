"""Where a small fault can be put into a file, found in its syntax tree; text stays as it is.

A fault changes one operator, number, condition, statement or condition of a query. What is no
behaviour is left alone: annotations, decorators, texts, what is only logged, and in models and
declarations whatever would need another migration.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

COMPARED: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.In: ("in", "not in"),
    ast.NotIn: (r"not\s+in", "in"),
    ast.Is: ("is", "is not"),
    ast.IsNot: (r"is\s+not", "is"),
}
RECKONED: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "/"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "*"),
    ast.BitAnd: ("&", "|"),
    ast.BitOr: ("|", "&"),
}
SWAPPED = {"min": "max", "max": "min", "any": "all", "all": "any"}
QUERIES = ("filter", "exclude", "get")
SEVERITIES = {"ERROR": "WARNING", "WARNING": "INFO"}
QUIET = {"log", "logger", "logging", "warnings"}


@dataclass(frozen=True)
class Fault:
    """One fault: the bytes from ``start`` to ``end`` of a file become ``new``."""

    file: str
    line: int
    start: int
    end: int
    old: str
    new: str
    kind: str

    @property
    def name(self) -> str:
        """The fault in words that stay the same while the lines above it change."""
        return f"{self.file} | {self.kind} | {' '.join(self.old.split())} | {self.new}"

    def put_into(self, source: bytes) -> bytes:
        """Return the file's bytes with the fault."""
        return source[: self.start] + self.new.encode() + source[self.end :]


class Finder(ast.NodeVisitor):
    """Collects the faults of one file."""

    def __init__(self, file: str, source: bytes) -> None:
        self.file, self.source = file, source
        self.found: list[Fault] = []
        self.starts = [0]
        for line in source.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))
        self.declares = file.endswith(("/models.py", "/guards.py")) or "/models/" in file
        self.inside = 0

    def _at(self, line: int, column: int) -> int:
        return self.starts[line - 1] + column

    def _span(self, node: ast.AST) -> tuple[int, int]:
        return (
            self._at(node.lineno, node.col_offset),
            self._at(node.end_lineno, node.end_col_offset),
        )

    def add(self, node: ast.AST, span: tuple[int, int], new: str, kind: str) -> None:
        """Keep a fault of a node; nothing outside functions where declarations need a migration."""
        if self.declares and not self.inside:
            return
        old = self.source[slice(*span)].decode()
        self.found.append(Fault(self.file, node.lineno, *span, old, new, kind))

    def between(self, left: ast.AST, right: ast.AST, sign: str) -> tuple[int, int] | None:
        """Return where an operator stands between two nodes; comments do not count."""
        start, end = self._span(left)[1], self._span(right)[0]
        gap = re.sub(rb"#[^\n]*", lambda m: b" " * len(m[0]), self.source[start:end])
        word = rf"\b{sign}\b" if sign[0].isalpha() else re.escape(sign)
        hit = re.search(word.encode(), gap)
        return (start + hit.start(), start + hit.end()) if hit else None

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Look into a function, past its decorators, defaults and annotations."""
        if node.name in ("__str__", "__repr__"):
            return
        self.inside += 1
        for part in node.body:
            self.visit(part)
        self.inside -= 1

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """Look into a class; Meta declares."""
        for part in node.body if node.name != "Meta" else ():
            self.visit(part)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """Look at the value, never at its annotation."""
        if node.value:
            self.visit(node.value)

    def visit_If(self, node: ast.If) -> None:
        """A guard that refuses is left out; other conditions are turned by their operators."""
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return
        if len(node.body) == 1 and isinstance(node.body[0], ast.Raise):
            self.add(node, self._span(node.test), "False", "guard left out")
        self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> None:
        """What a refusal says is text."""

    def visit_Compare(self, node: ast.Compare) -> None:
        """An edge of a comparison is moved, or it is turned round."""
        left = node.left
        for sign, right in zip(node.ops, node.comparators, strict=True):
            old, new = COMPARED[type(sign)]
            span = self.between(left, right, old)
            if span:
                self.add(node, span, new, "comparison")
            left = right
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        """``and`` becomes ``or`` and the other way round, at the first."""
        old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        span = self.between(node.values[0], node.values[1], old)
        if span:
            self.add(node, span, new, "and, or")
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        """A ``not`` or a sign is left out."""
        if isinstance(node.op, (ast.Not, ast.USub)):
            start = self._span(node)[0]
            inner = self._span(node.operand)[0]
            if b"(" not in self.source[start:inner]:
                self.add(node, (start, inner), "", "not or sign left out")
        if not isinstance(node.operand, ast.Constant):
            self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        """Another operator of reckoning or of sets; joined texts stay."""
        change = RECKONED.get(type(node.op))
        if change and not any(_is_text(n) for n in (node.left, node.right)):
            span = self.between(node.left, node.right, change[0])
            if span:
                self.add(node, span, change[1], "reckoning")
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        """A number is one more, a switch is turned."""
        if node.value is True or node.value is False:
            self.add(node, self._span(node), str(not node.value), "switch")
        elif isinstance(node.value, int):
            self.add(node, self._span(node), str(node.value + 1), "number")

    def visit_Expr(self, node: ast.Expr) -> None:
        """A call whose answer nobody takes is left out; a docstring stays."""
        call = node.value
        if isinstance(call, ast.Call):
            words = ast.unparse(call.func).split(".")
            if words[0] in QUIET or words[-1] == "register":
                return
            self.add(node, self._span(node), "pass", "statement left out")
            self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        """Another function of two of a kind; a query with a condition less."""
        if isinstance(node.func, ast.Name) and node.func.id in SWAPPED:
            self.add(node, self._span(node.func), SWAPPED[node.func.id], "function")
        named = [k for k in node.keywords if k.arg]
        if isinstance(node.func, ast.Attribute) and node.func.attr in QUERIES and named:
            one = named[-1]
            start, end = self._span(one)
            comma = re.match(rb"\s*,", self.source[end:])
            self.add(node, (start, end + (comma.end() if comma else 0)), "", "query condition")
        self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """A severity is one lower."""
        owner = node.value
        if isinstance(owner, ast.Name) and owner.id == "Severity" and node.attr in SEVERITIES:
            end = self._span(node)[1]
            span = (end - len(node.attr), end)
            self.add(node, span, SEVERITIES[node.attr], "severity")
        self.generic_visit(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """What a sentence is made of is text."""


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes))
    )


def faults_of(root: Path, file: str) -> list[Fault]:
    """Return the faults of a file that still are Python."""
    source = (root / file).read_bytes()
    finder = Finder(file, source)
    finder.visit(ast.parse(source))
    return [f for f in finder.found if _parses(f.put_into(source))]


def _parses(source: bytes) -> bool:
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


def sources(root: Path) -> Iterator[str]:
    """Yield the files that are looked at: the apps, without migrations and start-up."""
    for path in sorted((root / "apps").rglob("*.py")):
        if "migrations" not in path.parts and path.name not in ("__init__.py", "apps.py"):
            yield str(path.relative_to(root))


AREAS = (
    ("rules and core", ("rules", "core")),
    ("services", ("services",)),
    ("what is read", ("selectors", "models")),
    ("files and layouts", ("layouts", "hooks", "codes")),
    (
        "screens and doors",
        [
            "screens",
            "tables",
            "filters",
            "forms",
            "serializers",
            "views",
            "api",
            "management",
            "tasks",
            "urls",
            "ui",
        ],
    ),
)


def area(file: str) -> str:
    """Return the area of a file, by its room."""
    path = Path(file)
    words = {*path.parts, path.stem}
    return next((name for name, rooms in AREAS if words & set(rooms)), "the rest")
