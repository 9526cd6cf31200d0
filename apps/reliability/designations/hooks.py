"""Who can tell what a price change costs whom, and which credits hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from apps.platform.core.registry import Registry
from apps.platform.core.tradetime import Span

# (contract, new price by trade date) -> dollars more or less for each SC, by its code, in cents
CostPreview = Callable[[str, Mapping[date, Decimal]], "tuple[dict[str, int], int]"]


# (resource, days after an ending) -> what stands on them, in sentences
StandsBeyond = Callable[[int, Span], list[str]]


# rows with a resource and a period -> the same rows with ``credits`` and ``credits_mw``
CountCredits = Callable[[Any], Any]


R = TypeVar("R")


COST_PREVIEW: Registry[CostPreview] = Registry(
    "designations.cost_preview",
    meaning="Asked what new prices of a contract cost each SC, before they are approved.",
    limit=1,
)
CREDITS: Registry[CountCredits] = Registry(
    "designations.credits",
    meaning="Given rows with a resource and a period; returns them with the credits that hold.",
    limit=1,
)
BEYOND_THE_END: Registry[StandsBeyond] = Registry(
    "designations.beyond_the_end",
    meaning="Asked what stands for a resource on days that the ending of a designation takes away.",
)


def cost_preview(contract_no: str, prices: Mapping[date, Decimal]) -> tuple[dict[str, int], int]:
    """Return what new prices cost each SC in cents, and how many of the days could be allocated."""
    preview = COST_PREVIEW.only()
    return preview(contract_no, prices) if preview else ({}, 0)


def credits_counted(rows: R) -> R:
    """Return rows with ``credits``, how many hold on their days, and ``credits_mw``."""
    (count,) = CREDITS
    found: R = count(rows)
    return found


def standing_beyond(resource_id: int, days: Span) -> list[str]:
    """Return in sentences what stands for a resource on days no designation covers any longer."""
    return [line for told in BEYOND_THE_END for line in told(resource_id, days)]
