"""Run a calculator on one JSON document."""

from __future__ import annotations

import json
from typing import Any

from apps.platform.core.calculator import CALCULATORS, Calculator, Refused


class UnknownCalculator(LookupError):
    """There is no calculator of that name."""


MOST_BYTES = 4 * 1024 * 1024


def named(name: str) -> Calculator[Any]:
    """Return the calculator of a name; raises UnknownCalculator where there is none."""
    found = CALCULATORS.get(name)
    if found is None:
        raise UnknownCalculator(
            f"There is no calculator {name!r}; there are {', '.join(sorted(CALCULATORS.keys()))}."
        )
    return found


def calculate(*, name: str, text: str | bytes) -> dict[str, Any]:
    """Return the outcome of a calculator for a JSON text.

    Raises UnknownCalculator for a name that does not exist and Refused, with every violation, for
    input that is wrong. JSON numbers are never turned into binary floats.
    """
    calculator = named(name)
    if len(text) > MOST_BYTES:
        raise Refused.because("CALC-SIZE", "The document is larger than 4 MB.")
    try:
        body = json.loads(text, parse_float=str, object_pairs_hook=_no_twins)
        _whole_signs(body)
    except (ValueError, RecursionError) as trouble:
        raise Refused.because("CALC-JSON", f"This is not a JSON document: {trouble}.") from trouble
    return calculator.calculate(body)


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = sorted({n for n in names if names.count(n) > 1})
        raise ValueError(f"the name {twice[0]!r} stands twice in one object")
    return found


def _whole_signs(body: Any) -> None:
    """Raise ValueError for the half of a sign, which no text can hold."""
    try:
        json.dumps(body, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise ValueError("it holds half of a sign, as \\ud800 alone is") from None


def describe() -> list[dict[str, Any]]:
    """Return what each calculator takes and gives, with units."""
    return [
        {
            "name": c.name,
            "title": c.title,
            "meaning": c.meaning,
            "inputs": [vars(p) for p in c.takes],
            "outputs": [vars(p) for p in c.gives],
            "example": dict(c.example),
            "requirements": list(c.requirements),
        }
        for c in CALCULATORS
    ]
