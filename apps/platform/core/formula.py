"""Work out a formula again from the numbers shown beside it, exactly, and nothing but them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import floor

from apps.platform.core.money import half_up_cents
from apps.platform.core.quantity import half_up
from apps.platform.core.rulebook import implements

Number = Fraction


class BadFormula(ValueError):
    """A formula names a number that is not shown, or does what no formula may."""


@dataclass(frozen=True)
class ShownNumber:
    """A number as it stands on the page: its symbol, meaning, exact text and unit."""

    symbol: str
    meaning: str
    text: str
    unit: str = ""


@dataclass(frozen=True)
class Formula:
    """A formula in the symbols of the numbers shown beside it; its result is whole cents."""

    formula: str
    numbers: tuple[ShownNumber, ...] = field(default=())

    @implements("BRQ-1225", "BRQ-1230", source="settlement rule book 1.4")
    def worked_out(self) -> Decimal:
        """Evaluate the formula on the shown numbers; dollars with two decimals.

        Raises BadFormula for a formula that is none or does not end on whole cents.
        """
        value = evaluate(self.formula, {n.symbol: read(n.text) for n in self.numbers})
        if (value * 100).denominator != 1:
            raise BadFormula(f"{self.formula} does not end on whole cents.")
        return Decimal(int(value * 100)).scaleb(-2)


def read(text: str) -> Fraction:
    """Return a shown number: a decimal, or a fraction such as 1/3, with either minus sign."""
    plain = text.replace("−", "-").replace(",", "").replace(" ", "")
    return Fraction(plain)


def written(value: Fraction, places: int = 6) -> str:
    """Write an exact number with its sign and thousands, without needless zeros."""
    scaled = half_up(value.numerator * 10**places, value.denominator)
    whole, _, rest = f"{Decimal(scaled).scaleb(-places):,f}".partition(".")
    return f"{whole}.{rest.rstrip('0'):0<2}".replace("-", "−")


def show(value: Fraction | Decimal | int) -> str:
    """Write an exact number so that ``read`` gets it back: a decimal where it ends as one."""
    number = Fraction(value)
    rest, places = number.denominator, 0
    for prime in (2, 5):
        count = 0
        while rest % prime == 0:
            rest //= prime
            count += 1
        places = max(places, count)
    if rest != 1:
        return f"{number.numerator}/{number.denominator}"
    scaled = number.numerator * (10**places // number.denominator)
    digits = f"{abs(scaled):0{places + 1}d}"  # Decimal would round beyond 28 digits
    ended = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{ended}" if scaled < 0 else ended


def cents(value: Number) -> Number:
    """Round to whole cents, halves away from zero."""
    return Fraction(half_up_cents(value), 100)


def share(total: Number, part: Number, whole: Number, rank: Number, left: Number) -> Number:
    """Return a part by largest remainder: the floor of its share of the size, and a cent by rank.

    total in dollars. The cents that floors leave over go to ranks 1 to ``left``; the sign of the
    total is put back last.
    """
    size = abs(total)
    found = floor(size * 100 * part / whole) + (1 if rank <= left else 0)
    return Fraction(found if total >= 0 else -found, 100)


FUNCTIONS: Mapping[str, Callable[..., Number]] = {
    "cents": cents,
    "share": share,
    "max": max,
    "min": min,
}
OPERATORS: Mapping[type[ast.operator], Callable[[Number, Number], Number]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
}


def evaluate(formula: str, numbers: Mapping[str, Number]) -> Number:
    """Evaluate a formula of + − × /, cents, share, max and min over named exact numbers."""
    try:
        tree = ast.parse(formula, mode="eval").body
    except SyntaxError:
        raise BadFormula(f"{formula} is no formula.") from None
    return _value(tree, numbers)


def _value(node: ast.expr, numbers: Mapping[str, Number]) -> Number:
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return Fraction(node.value)
    if isinstance(node, ast.Name) and node.id in numbers:
        return numbers[node.id]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand, numbers)
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        left, right = _value(node.left, numbers), _value(node.right, numbers)
        if isinstance(node.op, ast.Div) and right == 0:
            raise BadFormula("The formula divides by zero.")
        return OPERATORS[type(node.op)](left, right)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        function = FUNCTIONS.get(node.func.id)
        if function is not None:
            return function(*(_value(a, numbers) for a in node.args))
    raise BadFormula(f"The formula holds {ast.unparse(node)}, which is not shown.")
