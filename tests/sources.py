"""The product's own code as gates read it: found, read and parsed once for all of them."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@cache
def python_of(*folders: str) -> tuple[Path, ...]:
    """Return the Python files of some folders, migrations left out, by path."""
    found = [p for folder in folders for p in sorted((ROOT / folder).rglob("*.py"))]
    return tuple(p for p in found if "migrations" not in p.parts)


@cache
def text_of(path: Path) -> str:
    """Return the text of a source."""
    return path.read_text()


@cache
def parsed(text: str) -> ast.Module:
    """Return the tree of a source's text; whoever asks leaves it as it is."""
    return ast.parse(text)


@cache
def nodes(text: str) -> tuple[ast.AST, ...]:
    """Return every node of a source's text, as ``ast.walk`` gives them."""
    return tuple(ast.walk(parsed(text)))
