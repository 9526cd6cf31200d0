"""Units of the domain: each knows its sign on screen and its exact stored scale."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

from apps.platform.core.numbers import PLAIN

# room for the product of any three quantities: nothing is lost before the one named rounding
EXACT = Context(prec=100)


class InexactQuantity(ValueError):
    """A number has more decimals than its unit can hold; nothing is rounded silently."""


@dataclass(frozen=True)
class Quantity:
    """A unit with a fixed number of decimal places, stored as a whole number of 10^-places.

    ``least``: how many decimals people always see, so that columns line up.
    """

    code: str
    unit: str
    places: int
    least: int = 2

    @property
    def scale(self) -> int:
        """How many stored steps make one unit."""
        return int(10**self.places)

    def to_scaled(self, value: Decimal | int | str) -> int:
        """Return the stored whole number of an exact value.

        Raises InexactQuantity for more decimals than ``places``, or a value that is no number.
        """
        number = value if isinstance(value, Decimal) else Decimal(str(value))
        if not number.is_finite():
            raise InexactQuantity(f"{value} is not a finite number of {self.unit}")
        scaled = number.scaleb(self.places)
        if scaled != scaled.to_integral_value():
            raise InexactQuantity(f"{value} {self.unit} has more than {self.places} decimals")
        return int(scaled)

    def half_up(self, value: Decimal) -> int:
        """Return the stored whole number nearest to an exact value, halves away from zero."""
        return int(EXACT.scaleb(value, self.places).to_integral_value(ROUND_HALF_UP, EXACT))

    def from_scaled(self, scaled: int) -> Decimal:
        """Return the exact value of a stored whole number."""
        return Decimal(scaled).scaleb(-self.places)

    def text(self, value: Decimal) -> str:
        """Write a value with thousands separators and at least the unit's usual decimals."""
        trimmed = value.normalize()
        exponent = trimmed.as_tuple().exponent
        shown = max(min(self.places, self.least), -exponent if isinstance(exponent, int) else 0)
        return f"{value:,.{shown}f}"


USD = Quantity("USD", "$", 2)
USD_PER_MW_DAY = Quantity("USD_PER_MW_DAY", "$/MW-day", 6)
USD_PER_MWH = Quantity("USD_PER_MWH", "$/MWh", 6)
MW = Quantity("MW", "MW", 4)
MWH = Quantity("MWH", "MWh", 4, least=4)
SHARE = Quantity("SHARE", "share", 10)
BTU_PER_KWH = Quantity("BTU_PER_KWH", "Btu/kWh", 4)
USD_PER_MMBTU = Quantity("USD_PER_MMBTU", "$/MMBtu", 6)
USD_PER_TONNE = Quantity("USD_PER_TONNE", "$/mtCO2e", 6)
TONNE_PER_MMBTU = Quantity("TONNE_PER_MMBTU", "mtCO2e/MMBtu", 8, least=4)
MMBTU = Quantity("MMBTU", "MMBtu", 4)
MODEL = Quantity("MODEL", "", 6)  # a number of a published model, before it is a quantity of ours
COST = Quantity("COST", "$", 6)  # a part of a cost, before it is rounded to cents
USD_PER_KW_MONTH = Quantity("USD_PER_KW_MONTH", "$/kW-month", 6)
WEIGHT = Quantity("WEIGHT", "", 4)  # by which an amount is shared: MWh or $, as its basis says
USED = Quantity("USED", "used", 4, least=0)  # starts, run hours or MWh, as the limit says
QUANTITIES = {
    q.code: q
    for q in (
        USD,
        USD_PER_MW_DAY,
        USD_PER_MWH,
        MW,
        MWH,
        SHARE,
        BTU_PER_KWH,
        USD_PER_MMBTU,
        USD_PER_TONNE,
        TONNE_PER_MMBTU,
        MMBTU,
        MODEL,
        COST,
        WEIGHT,
        USED,
        USD_PER_KW_MONTH,
    )
}


def dollars(value: Decimal, unit: Quantity = USD) -> str:
    """Write an amount of dollars as sentences and tiles do: ``$12,450.00``, ``-$831.37``.

    Columns that name their unit write the number alone. unit: ``COST`` keeps all decimals.
    """
    return in_dollars(unit.text(value))


def in_dollars(text: str) -> str:
    """Put the dollar sign to a number that is written already."""
    return f"-${text[1:]}" if text.startswith("-") else f"${text}"


def plain(value: Decimal) -> str:
    """Write a number in full without zeros at its end, as machines exchange it."""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def half_up(numerator: int, denominator: int) -> int:
    """Round a quotient to a whole number, halves away from zero; the denominator is above 0."""
    whole, rest = divmod(abs(numerator), denominator)
    whole += 2 * rest >= denominator
    return whole if numerator >= 0 else -whole


def parse_decimal(text: str) -> Decimal | None:
    """Return the exact number of a plain decimal text of a program, or None where it is none.

    A sign and a decimal point are allowed, also ``.52``; at most twelve decimals. Exponents,
    separators, NaN and infinity are not: what people type is read by ``core.numbers``.
    """
    return Decimal(text) if PLAIN.fullmatch(text) else None


def common_scale(values: list[Decimal]) -> list[int]:
    """Return whole numbers in the same proportions as exact decimals, by the finest decimal."""
    places = max((-int(v.as_tuple().exponent) for v in values), default=0)
    return [int(v.scaleb(max(places, 0))) for v in values]
