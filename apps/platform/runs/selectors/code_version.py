"""The version of the code that can change a number, from what declares itself a source of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from django.apps import AppConfig, apps
from django.core.exceptions import ImproperlyConfigured

from apps.platform import core

ALWAYS = ("rules", "layouts")  # pure calculation and layouts of files: of every app, unasked


class SourceMissing(ImproperlyConfigured):
    """A declared source of numbers is not there, or is empty."""


def number_sources(configs: Iterable[AppConfig] | None = None) -> list[tuple[str, Path]]:
    """Return every file of code whose text can change a number: (name, path), by name.

    The core is one as a whole. Of each app, its rules and layouts are; an app whose selectors,
    services or fields feed a calculation declares these rooms as ``numbers_from`` of its start-up
    class. A name begins with the label of the app, so that moving an app changes no version.
    Raises SourceMissing for a declared room that has no code.
    """
    found = _files("core", Path(core.__path__[0]))
    for config in apps.get_app_configs() if configs is None else configs:
        if not config.name.startswith("apps."):
            continue
        root = Path(config.path)
        declared = tuple(getattr(config, "numbers_from", ()))
        for room in dict.fromkeys((*ALWAYS, *declared)):
            files = _room(config.label, root, room)
            if not files and room in declared:
                raise SourceMissing(
                    f"{config.name} declares {room!r} as a source of numbers and has no code in it."
                )
            found += files
    if not found:
        raise SourceMissing("No code declares itself a source of numbers.")
    return sorted(found)


@cache
def code_version() -> str:
    """Return the fingerprint of every source of numbers (runs are the same only under one)."""
    return digest_of(number_sources())


def digest_of(sources: Iterable[tuple[str, Path]]) -> str:
    """Return the SHA-256 of the names and the bytes of files, each with its length before it."""
    digest = hashlib.sha256()
    for name, path in sources:
        for part in (name.encode(), path.read_bytes()):
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
    return digest.hexdigest()


def _room(label: str, root: Path, room: str) -> list[tuple[str, Path]]:
    module = root / f"{room}.py"
    found = [(f"{label}/{room}.py", module)] if module.is_file() else []
    return found + _files(f"{label}/{room}", root / room)


def _files(name: str, folder: Path) -> list[tuple[str, Path]]:
    """Return the files of a package, data beside the code included."""
    return [
        (f"{name}/{path.relative_to(folder).as_posix()}", path)
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
