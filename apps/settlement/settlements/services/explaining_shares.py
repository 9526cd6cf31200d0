"""A share told to an SC in the numbers of its formula, and in nothing of others behind it."""

from __future__ import annotations

from decimal import Decimal

from apps.platform.core.explanation import CalculationStep, Operand
from apps.platform.core.formula import Formula, read, written
from apps.platform.core.quantity import SHARE, USD
from apps.settlement.settlements.rules.share_formulas import RATE
from apps.settlement.settlements.rules.telling import Telling


def told_by_rate(formula: Formula) -> bool:
    """Whether a share is told as a rate, as too few SCs share it for their sum to be told."""
    return formula.formula == RATE


def shared_operands(formula: Formula) -> list[Operand]:
    """Return the numbers of a share's formula as operands; turns of residual cents left out."""
    turns = ("Rank", "Left")
    kept = [n for n in formula.numbers if n.symbol not in turns]
    return [Operand(n.symbol, n.meaning, _grouped(n.text), n.unit) for n in kept]


def _grouped(text: str) -> str:
    return text if "/" in text else f"{Decimal(text):,f}".replace("-", "−")


def shared_steps(formula: Formula, requirement: str) -> list[CalculationStep]:
    """Return the steps from what an SC is told of a share to its whole cents."""
    text = {n.symbol: n.text for n in formula.numbers}
    unit = next(n.unit for n in formula.numbers if n.symbol == "Own")
    own = read(text["Own"])
    if told_by_rate(formula):
        exact = read(text["Rate"]) * own
        worked = f"{text['Rate']} $/{unit} × {_grouped(text['Own'])} {unit}"
        steps = [
            CalculationStep(
                "Rate times own quantity, exact",
                "Rate × Own",
                worked,
                written(exact, 8),
                "$",
                "The rate has as many decimals as the whole cents need.",
                requirement,
            )
        ]
    else:
        share = own / read(text["All"])
        exact = read(text["Total"]) * share
        steps = [
            CalculationStep(
                "Share",
                "Own / All",
                f"{_grouped(text['Own'])} / {_grouped(text['All'])} {unit}",
                written(share, 10),
                SHARE.unit,
                "Shown with 10 decimals; the calculation keeps it exact.",
                requirement,
            ),
            CalculationStep(
                "Share of the amount, exact",
                "Total × Share",
                f"{_grouped(text['Total'])} × {written(share, 10)}",
                written(exact, 8),
                "$",
                "",
                requirement,
            ),
        ]
    return [
        *steps,
        CalculationStep(
            "Rounded by largest remainder",
            "whole cents, the rest to the largest remainders, ties to the lower SC",
            f"turn {text['Rank']}, {text['Left']} cents left over",
            USD.text(formula.worked_out()),
            "$",
            "So that all parts add up to the amount to the cent.",
            requirement,
        ),
    ]


def withheld_words(telling: Telling, formula: Formula) -> str:
    """Return why an SC is not told all that is behind its share; empty where it is."""
    said = []
    if not telling.terms:
        said.append(
            "The owner's price, capacity, costs and market revenue are not shown: "
            "they are its own unless the contract is opened as public at FERC."
        )
    if told_by_rate(formula):
        said.append(
            "Too few SCs share it for the sum to be shown without telling another's "
            "quantity: the rate stands for it."
        )
    return " ".join(said)
