"""Which tests look at which file: told by names and by what tests import, the closest first."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path, PurePosixPath

MOST = 10  # files of tests for one fault
# what takes the whole product, every page, or minutes, is no test of one line
NEVER = {"journeys", "docs", "architecture", "pages", "scenarios", "operation", "mutants"}
# tests that look at every file of a room, beside those of the app
ROOMS = {
    "layouts": ("tests/platform/uploads/test_every_field.py",),
    "services": ("tests/pages/test_who_may_write.py",),
    "screens": ("tests/pages/test_pages.py",),
    "tables": ("tests/pages/test_pages.py",),
    "views": ("tests/pages/test_pages.py",),
    "selectors": ("tests/pages/test_isolation.py",),
}
IMPORT = re.compile(r"^\s*from (apps\.[\w.]+) import ([^\n(]+|\([^)]*\))|^\s*import (apps\.[\w.]+)")


@cache
def written(path: Path) -> str:
    """Return the text of a file of tests."""
    return path.read_text()


@cache
def imports(path: Path) -> frozenset[str]:
    """Return the modules of the apps, and names from them, that a file of tests imports."""
    found = set()
    for hit in re.finditer(IMPORT.pattern, written(path), re.MULTILINE):
        module = hit[1] or hit[3]
        found.add(module)
        for name in re.findall(r"\w+", hit[2] or ""):
            found.add(f"{module}.{name}")
    return frozenset(found)


def public(root: Path, file: str) -> set[str]:
    """Return the names a file gives to others: functions, classes and values at its left edge."""
    found = re.findall(
        r"^(?:def|class) (\w+)|^([A-Z][A-Z_]+)\b", written(root / file), re.MULTILINE
    )
    return {one or other for one, other in found}


def closeness(root: Path, file: str, test: Path) -> int:
    """Return how much of a file a file of tests names: 0 for none of its app."""
    parts = PurePosixPath(file).with_suffix("").parts
    module, app = ".".join(parts), ".".join(parts[:3])
    has = imports(test)
    if not any(name == app or name.startswith(f"{app}.") for name in has):
        return 5 * (_folder(test, root) == parts[1:3])
    words = {name for name in public(root, file) if not name.startswith("_")}
    known = sum(1 for name in words if re.search(rf"\b{name}\b", written(test)))
    direct = any(name == module or name.startswith(f"{module}.") for name in has)
    same = _folder(test, root) == parts[1:3]
    return 1 + 40 * direct + 10 * min(known, 5) + 5 * same + 8 * (parts[-1] in test.stem)


def _folder(test: Path, root: Path) -> tuple[str, ...]:
    return test.relative_to(root / "tests").parts[:2]


def looking_at(root: Path, file: str) -> list[str]:
    """Return the files of tests that look at a file, the closest first."""
    ranked = []
    for test in sorted((root / "tests").rglob("test_*.py")):
        if NEVER & set(test.relative_to(root / "tests").parts):
            continue
        score = closeness(root, file, test)
        if score:
            ranked.append((-score, str(test.relative_to(root))))
    chosen = [name for _, name in sorted(ranked)[:MOST]]
    parts = PurePosixPath(file).with_suffix("").parts
    module = ".".join(parts)
    cases = [
        str(case.relative_to(root))
        for case in sorted((root / "tests" / "cases").glob("*.yaml"))
        if any(f"{package}." in case.read_text() for package in (module, ".".join(parts[:-1])))
    ]
    rooms = [t for room in parts for t in ROOMS.get(room, ()) if (root / t).exists()]
    return [*cases, *chosen, *dict.fromkeys(t for t in rooms if t not in chosen)]
