"""The triangle of catalogue, code and tests, and where it is open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

DISPOSITIONS = ("open", "built", "elsewhere", "process", "removed", "deferred")


@dataclass(frozen=True)
class Requirement:
    """One entry of the catalogue with the code and tests that name it."""

    id: str
    title: str
    text: str
    section: str
    type: str
    app: str
    disposition: str
    note: str = ""
    code: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()


def state_of(requirement: Requirement) -> str:
    """Return how far a requirement is: built, begun (open with code), open, or its disposition."""
    if requirement.disposition == "open" and requirement.code:
        return "begun"
    return requirement.disposition


def gaps(
    catalogue: Iterable[Requirement], *, coded: Iterable[str], tested: Iterable[str]
) -> list[str]:
    """Return every open side of the triangle, as sentences.

    coded, tested: ids named in code and in tests. An id unknown to the catalogue, a built one
    without code or test, one put off that is built without a note, a removed one with code, and an
    unknown disposition are gaps.
    """
    known = {r.id: r for r in catalogue}
    found = [f"{brq} is named in code but not in the catalogue" for brq in set(coded) - set(known)]
    found += [
        f"{brq} is named in tests but not in the catalogue" for brq in set(tested) - set(known)
    ]
    for r in known.values():
        if r.disposition not in DISPOSITIONS:
            found.append(f"{r.id} has the unknown disposition {r.disposition!r}")
        if r.disposition == "built" and not (r.code and r.tests):
            found.append(f"{r.id} is built: coded={bool(r.code)}, tested={bool(r.tests)}")
        if r.disposition == "built" and r.type == "deferred" and not r.note:
            found.append(f"{r.id} is built though it was put off, and no note says how")
        if r.disposition == "removed" and r.code:
            found.append(f"{r.id} is removed but has code: {', '.join(r.code)}")
    return sorted(found)
