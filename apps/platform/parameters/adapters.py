"""Files that declare parameters, read once at start; used outside the product too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from apps.platform.core.declarations import (
    Declaration,
    DeclarationsWrong,
    FileEntry,
    declarations_of,
)
from apps.platform.core.effective import take_declarations

FILE = "parameters.yaml"


def load_declarations(folders: Iterable[Path]) -> None:
    """Declare what the ``parameters.yaml`` of folders of rules say; folders without one are passed.

    Raises DeclarationsWrong with file and line of every mistake, and ParameterUndeclared where
    code asks for a parameter that none of them declares.
    """
    take_declarations(read_declarations(folder / FILE for folder in folders))


def load_beside(package: Any) -> None:
    """Declare the parameters of every app in the wings of a package, where no site is set up."""
    files = (file for place in package.__path__ for file in Path(place).glob(f"*/*/rules/{FILE}"))
    load_declarations(sorted(file.parent for file in files))


def read_declarations(files: Iterable[Path]) -> list[Declaration]:
    """Return what files declare; raises DeclarationsWrong. Files that are not there are passed."""
    there = (file for file in files if file.is_file())
    return declarations_of(one for file in there for one in entries_in(str(file), file.read_text()))


def entries_in(name: str, text: str) -> Iterator[FileEntry]:
    """Return the entries of a YAML text with their lines; every scalar stays the text it is.

    Raises DeclarationsWrong where it is no list of entries, or a field stands twice in one.
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as trouble:
        mark = getattr(trouble, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise DeclarationsWrong(f"{name}:{line}: this is not YAML.") from trouble
    if not isinstance(root, yaml.SequenceNode):
        raise DeclarationsWrong(f"{name}:1: the file must be a list of parameters.")
    for node in root.value:
        yield _entry(name, node)


def _entry(name: str, node: yaml.Node) -> FileEntry:
    lines: dict[str, int] = {}
    values: dict[str, Any] = {}
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        word = str(key.value)
        if word in values:
            line = key.start_mark.line + 1
            raise DeclarationsWrong(f"{name}:{line}: the field {word!r} stands twice.")
        lines[word], values[word] = key.start_mark.line + 1, _text(value)
    return FileEntry(name, node.start_mark.line + 1, values, lines)


def _text(node: yaml.Node) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return [_text(one) for one in node.value]
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _text(value) for key, value in node.value}
    return str(node.value)
