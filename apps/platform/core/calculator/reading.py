"""A document read by the model of its calculator: every mistake at once, in plain sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from apps.platform.core.violations import Violation


class Row(BaseModel):
    """An object inside a document; fields it does not declare are passed over unless it says so.

    ``class Point(Row, extra="forbid")`` refuses them.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)


class Inputs(BaseModel):
    """What a calculator takes, each field declared once; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def check(self) -> Iterable[Violation]:
        """Return what stands against the fields together, once each of them can be read."""
        return ()


class Outputs(BaseModel):
    """What a calculator answers, each field declared once."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Refused(ValueError):
    """The input of a calculator is wrong; it carries every violation."""

    def __init__(self, violations: Iterable[Violation]) -> None:
        self.violations = list(violations)
        super().__init__("; ".join(f.message for f in self.violations))

    @classmethod
    def because(cls, code: str, message: str, column: str = "") -> Refused:
        """Return a refusal of one violation."""
        return cls([Violation(code, message, column=column)])


def violations_of(error: ValidationError, names: Sequence[str]) -> list[Violation]:
    """Return every mistake of a document; names: the fields of its outermost object."""
    return [_violation(dict(one), names) for one in error.errors(include_url=False)]


def twice(keys: Iterable[str | tuple[str, ...]], name: str) -> list[Violation]:
    """Return a violation for each key that stands in a list already; name: that of the list."""
    seen: set[str | tuple[str, ...]] = set()
    found = []
    for place, key in enumerate(keys):
        if key in seen:
            at, words = f"{name}[{place}]", key if isinstance(key, str) else " ".join(key)
            found.append(Violation("CALC-DOUBLE", f"{at}: {words[:80]} stands twice.", column=at))
        seen.add(key)
    return found


def _violation(one: Mapping[str, Any], names: Sequence[str]) -> Violation:
    place, kind = one["loc"], str(one["type"])
    at = path_of(place)
    if kind == "missing":
        return Violation("CALC-MISSING", f"The field {at!r} is missing.", column=at)
    if kind == "extra_forbidden":
        return _unknown(place, names)
    if kind in SHAPES:
        said = f"{at} must be {SHAPES[kind]}." if at else "The input must be one JSON object."
        return Violation("CALC-SHAPE", said, column=at)
    if kind in ("too_short", "too_long"):
        limits = one["ctx"]
        count = limits["min_length"] if kind == "too_short" else limits["max_length"]
        word = "least" if kind == "too_short" else "most"
        return Violation("CALC-SHAPE", f"{at} must hold at {word} {count} entries.", column=at)
    if not kind.startswith("CALC-"):
        return Violation(
            "CALC-SHAPE", f"{at or 'The input'} cannot be read as it stands.", column=at
        )
    return Violation(kind, f"{at} {one['msg']}", column=at)


SHAPES = {
    "model_type": "a JSON object",
    "model_attributes_type": "a JSON object",
    "dict_type": "a JSON object",
    "list_type": "a JSON list",
    "tuple_type": "a list",
}


def _unknown(place: Sequence[str | int], names: Sequence[str]) -> Violation:
    at, name = path_of(place), str(place[-1])[:60]
    if len(place) == 1:
        sentence = f"There is no field {name!r}; the fields are {', '.join(names)}."
    else:
        sentence = f"{path_of(place[:-1])} has no field {name!r}."
    return Violation("CALC-UNKNOWN", sentence, column=at)


def path_of(place: Sequence[str | int]) -> str:
    """Write where a value stands: ``load_mwh[0].mwh``; entries of a list count from 0."""
    words = ""
    for part in place:
        if isinstance(part, int):
            words += f"[{part}]"
        else:
            words += f".{part[:60]}" if words else part[:60]
    return words
