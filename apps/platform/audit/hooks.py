"""Where other apps tell who could act as whom, and which models are none of the four kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from apps.platform.audit.codes import Tie
from apps.platform.core.effective import Parameter
from apps.platform.core.registry import Registry

TieSource = Callable[[datetime], Iterable[Tie]]


TIES: Registry[TieSource] = Registry(
    "audit.ties",
    meaning="Asked (moment) for the ties between accounts that count then, beside those of the "
    "log, before somebody decides as a second person.",
)

DATED_VALUE: Registry[Callable[[Parameter, date], Any]] = Registry(
    "audit.dated_value",
    meaning="Asked (parameter, day) for the value of a dated parameter as it is known now.",
    limit=1,
)


@dataclass(frozen=True)
class PlainModel:
    """A model, by its label, that is none of the four kinds, with the reason."""

    label: str
    reason: str


PLAIN_MODELS = Registry(
    "audit.plain_models",
    meaning="Models that are none of Fact, EffectiveDated, Case and Result, each with its reason.",
    of=PlainModel,
    key=lambda model: model.label,
)
