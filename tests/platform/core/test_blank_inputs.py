"""A blank amount of a calculator is no zero: refused by name, or what it means is declared."""

from __future__ import annotations

import copy
import re

import pytest

from apps.platform.core.calculator import CALCULATORS, Refused

pytestmark = pytest.mark.brq("BRQ-0065", "BRQ-0105")
DECLARED = re.compile(r"null where|left out: ")
LEFT_OUT = object()


class ENTRY(str):
    """A name in an object of entries; one that is left out is not asked about."""

    __slots__ = ()


def inner_of(shape, value):
    """Yield (part of the path, schema, value) of what stands inside a value."""
    if isinstance(value, dict) and "properties" in shape:
        yield from ((n, s, value[n]) for n, s in shape["properties"].items() if n in value)
    elif isinstance(value, dict) and isinstance(shape.get("additionalProperties"), dict):
        yield from ((ENTRY(n), shape["additionalProperties"], v) for n, v in value.items())
    elif isinstance(value, list) and "items" in shape:
        yield from ((n, shape["items"], v) for n, v in enumerate(value))


def amounts(schema, value, path=(), meaning=""):
    """Yield (path, meaning) of every number that stands in a document."""
    for shape in schema.get("anyOf", [schema]):
        if value is not None and (
            shape.get("format") == "decimal" or shape.get("type") == "integer"
        ):
            yield path, meaning
        for part, inner, one in inner_of(shape, value):
            yield from amounts(inner, one, (*path, part), inner.get("description", meaning))


def is_field(part):
    """Whether a part of a path names a declared field."""
    return isinstance(part, str) and not isinstance(part, ENTRY)


def without(body, path, blank):
    """The document with one number blank, or left out where ``blank`` is None."""
    changed = copy.deepcopy(body)
    at = changed
    for part in path[:-1]:
        at = at[part]
    if blank is LEFT_OUT:
        del at[path[-1]]
    else:
        at[path[-1]] = blank
    return changed


MORE = {
    "liability": {
        "daily_average_usd": "10.00",
        "days_not_calculated": 3,
        "past_due_usd": "1.00",
        "adjustments_usd": "1.00",
    },
}
CASES = [
    pytest.param(c, path, meaning, id=f"{c.name}-{'.'.join(map(str, path))}")
    for c in CALCULATORS
    for path, meaning in amounts(c.request_schema, {**c.example, **MORE.get(c.name, {})})
]


def test_every_calculator_with_numbers_is_covered():
    assert len({p.values[0].name for p in CASES}) >= 24
    assert len(CASES) > 150


@pytest.mark.parametrize(("calculator", "path", "meaning"), CASES)
def test_a_blank_number_is_refused_or_declared(calculator, path, meaning):
    body = {**calculator.example, **MORE.get(calculator.name, {})}
    right = calculator.calculate(body)
    blanks = [None, ""] + ([LEFT_OUT] if is_field(path[-1]) else [])
    for blank in blanks:
        try:
            found = calculator.calculate(without(body, path, blank))
        except Refused as refusal:
            columns = {v.column for v in refusal.violations}
            names = {p for p in path if isinstance(p, str)}
            assert any(n in column for n in names for column in columns), columns
            continue
        assert DECLARED.search(meaning) or found == right, (path, blank, meaning)


GAS = CALCULATORS.get("gas-deb")
OTHER = CALCULATORS.get("non-gas-deb")
HOT = [{"mw": "20", "avg_cost_usd_mwh": "65.00", "avg_heat_rate_btu_kwh": "10000"}]


@pytest.mark.parametrize("calculator", [GAS, OTHER], ids=lambda c: c.name)
@pytest.mark.parametrize(
    ("column", "code"), [("gmc_usd_mwh", "RMR-E-0065R"), ("vom_usd_mwh", "RMR-E-0065R")]
)
def test_a_bid_without_a_rate_is_refused_and_one_with_0_is_made(calculator, column, code):
    with pytest.raises(Refused) as caught:
        calculator.calculate({**calculator.example, column: None})
    (said,) = caught.value.violations
    assert (said.code, said.column) == (code, column)
    assert f"{column} is blank: without the " in said.message
    assert 'Give it, "0" where it is 0.' in said.message
    assert calculator.calculate({**calculator.example, column: "0"})["segments"]


@pytest.mark.parametrize(
    ("calculator", "points"), [(GAS, GAS.example["points"]), (OTHER, HOT)], ids=["gas", "other"]
)
def test_energy_that_needs_allowances_needs_their_price(calculator, points):
    """given heat rates; when price or emission rate is blank; then refused, but for a rate of 0"""
    body = {**calculator.example, "points": points, "co2e_t_mmbtu": "0.05"}

    def codes(**change):
        try:
            calculator.calculate({**body, **change})
        except Refused as refusal:
            return [(v.code, v.column) for v in refusal.violations]
        return []

    assert codes(allowance_usd_t=None) == [("RMR-E-0065G", "allowance_usd_t")]
    assert codes(co2e_t_mmbtu=None) == [("RMR-E-0065G", "co2e_t_mmbtu")]
    assert codes(co2e_t_mmbtu="0", allowance_usd_t=None) == []
    assert codes(allowance_usd_t="0") == []


def test_a_curve_of_costs_alone_needs_no_allowances():
    body = {**OTHER.example, "co2e_t_mmbtu": None, "allowance_usd_t": None}
    assert OTHER.calculate(body) == OTHER.calculate(OTHER.example)
