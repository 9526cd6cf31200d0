"""Resource IDs of files: known ones, mistyped ones, and new ones that a person says yes to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from apps.platform.core.suggestions import did_you_mean
from apps.platform.core.violations import Severity, Violation
from apps.platform.core.words import counted
from apps.platform.uploads.codes import listed_ids
from apps.reference.resources import selectors
from apps.reference.resources.codes import NEAR_RESOURCE, NEW_IDS, NEW_RESOURCES
from apps.reference.resources.models import Resource
from apps.reference.resources.rules import KnownIds, is_shaped, same_form, shown

NAMED = 12
Row = tuple[int, str]


def unknown_resources(
    frame: pl.DataFrame, header: str, code: str, column: str = "resource_id"
) -> list[Violation]:
    """Return an error for every row whose resource is not on file, with the ID it may mean."""
    found = []
    names, known = _unknown(frame, column)
    said = {
        name: f"There is no resource {shown(name)}.{known.meaning(name).question}" for name in names
    }
    for line, name in _rows(frame, column, names):
        found.append(Violation(code, said[name], line, header, value=name))
    return found


def new_resources(
    frame: pl.DataFrame, header: str, options: Mapping[str, str], column: str = "resource_id"
) -> list[Violation]:
    """Return what a list says of resources that are not on file.

    A known ID in another spelling, one new ID in two spellings, and what is written as no ID are
    errors, and so is one that differs from a known ID by one slip (RES-NEAR), until the sender
    lists it in the option NEW_IDS as a resource of its own. Other new IDs are named at their first
    row and counted in one warning, RES-NEW: an upload kind that lists it asks a second person,
    whose reason is the yes.
    """
    names, known = _unknown(frame, column)
    told = listed_ids(options, NEW_IDS.name)
    first: dict[str, int] = {}
    spelled: dict[str, str] = {}
    found: list[Violation] = []
    for line, name in _rows(frame, column, names):
        wrong = _misspelled(name, known) or _near(name, known, told) or _two_ways(name, spelled)
        if wrong is not None:
            code, sentence = wrong
            found.append(Violation(code, sentence, line, header, value=name))
        elif name not in first:
            first[name] = line
    return found or _to_create(first, known, header)


def _unknown(frame: pl.DataFrame, column: str) -> tuple[set[str], KnownIds]:
    """Return the IDs of a frame that stand for no resource, and the IDs on file to ask.

    One on file in another spelling than IDs have, beside its right spelling, stands for none.
    """
    wanted = {name for name in frame[column].unique().to_list() if name}
    names = wanted - set(selectors.resource_ids(wanted))
    odd = {name for name in wanted - names if not is_shaped(name)}
    if not names and not odd:
        return names, KnownIds(())
    known = selectors.known_ids()
    return names | {name for name in odd if is_shaped(known.meaning(name).same)}, known


def _rows(frame: pl.DataFrame, column: str, names: set[str]) -> Iterator[Row]:
    rows = frame.filter(pl.col(column).is_in(list(names))).select("line_no", column)
    yield from rows.iter_rows()


def _misspelled(name: str, known: KnownIds) -> tuple[str, str] | None:
    meaning = known.meaning(name)
    if meaning.same:
        return "RES-LIKE", f"There is no resource {shown(name)}.{meaning.question}"
    if not is_shaped(name):
        return "RES-SHAPE", (
            f"{shown(name)} is no resource ID: an ID is written in capitals and digits, in parts "
            "joined by underscores, such as SUNSET_2_UNITS. Correct it, or leave the row out."
        )
    return None


def _near(name: str, known: KnownIds, told: frozenset[str]) -> tuple[str, str] | None:
    """Say that a new ID may be a known one mistyped; real neighbours differ by a letter too."""
    meaning = known.meaning(name)
    if not meaning.close or name in told:
        return None
    return NEAR_RESOURCE, (
        f"There is no resource {name}.{meaning.question} Where it is a resource of its own, "
        "mark it so on the page of the upload."
    )


def _two_ways(name: str, spelled: dict[str, str]) -> tuple[str, str] | None:
    """Say that a new ID stands in the file in another spelling too; the first one is taken."""
    earlier = spelled.setdefault(same_form(name), name)
    if earlier == name:
        return None
    return "RES-LIKE", f"{name} stands above as {earlier}.{did_you_mean(earlier)}"


def _to_create(first: dict[str, int], known: KnownIds, header: str) -> list[Violation]:
    if not first:
        return []
    found = []
    for name, line in first.items():
        close = known.meaning(name).close
        said = (
            f"{name} is not on file yet{f'; the sender says it is not {close}' if close else ''}."
        )
        severity = Severity.WARNING if close else Severity.INFO
        found.append(Violation("RES-NEW-ID", said, line, header, severity, name))
    listed = ", ".join(sorted(first)[:NAMED])
    more = f" and {len(first) - NAMED} more, each named at its row" if len(first) > NAMED else ""
    what = counted(len(first), "new resource")
    summary = Violation(
        NEW_RESOURCES,
        f"Confirming this file creates {what}: {listed}{more}. A second person "
        "confirms, with a reason, that they are resources not yet on file.",
        column=header,
        severity=Severity.WARNING,
        value=str(len(first)),
    )
    return [summary, *found]


def ensure_resources(codes: Iterable[str]) -> dict[str, int]:
    """Return the keys of resources by ID, made where missing.

    For the storing of lists whose check calls ``new_resources``: whoever confirmed has said yes.
    """
    wanted = set(codes)
    known = selectors.resource_ids(wanted)
    Resource.objects.bulk_create(
        [Resource(code=code) for code in sorted(wanted - set(known))], ignore_conflicts=True
    )
    return selectors.resource_ids(wanted)
