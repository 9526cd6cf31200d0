"""Kinds of calculations, what they are given and hand back, and who is told of their results."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import polars as pl

from apps.platform.core.datasets import Dataset
from apps.platform.core.effective import Parameter, ParameterSet
from apps.platform.core.registry import Registry, qualified_name


@dataclass(frozen=True)
class Invariant:
    """Something that must hold of a result, with the sentence that says how it stood."""

    name: str
    passed: bool
    sentence: str


@dataclass(frozen=True)
class Read:
    """A dataset that a run reads; ``required``: without a version the run cannot start."""

    dataset: Dataset
    required: bool = True


@dataclass(frozen=True)
class DatedInput:
    """What a run reads that is no whole dataset: which values, and a fingerprint of what they say.

    ``ids``: a key for each value read, so that their number is how many were: of its row, or of the
    resource or index it is of where it comes from several tables.
    """

    name: str
    ids: Sequence[int | str]
    content_hash: str


@dataclass(frozen=True)
class RunContext:
    """What a calculation is given: the day, the moment of knowledge, and the parameters."""

    run: Any
    trade_date: date
    known_at: datetime
    params: ParameterSet


class HoldEffect(StrEnum):
    """What a missing or outdated input does to a run.

    HELD: what depends on it has no amount, and the run is published with a reason only. REASON: all
    has its amount, and the run is published with a reason only. NAMED: it is shown before the run.
    """

    HELD = "HELD"
    REASON = "REASON"
    NAMED = "NAMED"


@dataclass(frozen=True)
class Hold:
    """An input of a run that is missing or outdated, and what that does.

    ``resource``: its code; ``sentence``: which input, in words. ``kind`` and ``days``: the
    calculation and the trade dates that make it good; no kind where a file or a term has to come.
    ``details``: what the calculation itself reads of it, as plain values.
    """

    code: str
    resource_id: int
    resource: str
    sentence: str
    kind: str = ""
    days: tuple[date, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    effect: HoldEffect = HoldEffect.HELD

    def as_dict(self) -> dict[str, Any]:
        """Return it as it is kept on the run and told by the API.

        The effect is left out where it is HELD: so were all before there were others, and what they
        are fingerprinted by stays the same.
        """
        other = {} if self.effect == HoldEffect.HELD else {"effect": self.effect.value}
        return other | {
            "code": self.code,
            "resource_id": self.resource_id,
            "resource": self.resource,
            "sentence": self.sentence,
            "kind": self.kind,
            "days": [str(d) for d in self.days],
            "details": dict(self.details),
        }


@dataclass(frozen=True)
class ReadinessCheck:
    """An input that runs of a kind need: what of it is missing or outdated on a trade date.

    ``find`` is a pure function of the trade date and the moment that is known, so that a run keeps
    what it was requested with. ``codes``: those of its holds. ``files``: kinds of files that make
    good what no calculation does; ``files_for(details)`` says which of a single hold, where its
    holds differ.
    ``worst`` says what its holds do at most on a trade date: one that only names is not asked for
    a run.
    """

    kind: str
    name: str
    title: str
    find: Callable[[date, datetime], list[Hold]]
    files: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    files_for: Callable[[Mapping[str, Any]], tuple[str, ...]] | None = None
    worst: Callable[[date, datetime], HoldEffect] = lambda day, known_at: HoldEffect.HELD

    @property
    def differs(self) -> bool:
        """Whether its holds are made good by different files."""
        return self.files_for is not None


@dataclass(frozen=True)
class Computed:
    """What a calculation hands back: frames by model, control totals, invariants and holds."""

    writes: Sequence[tuple[Any, pl.DataFrame]]
    totals: dict[str, str]
    invariants: Sequence[Invariant]
    holds: Sequence[Hold] = ()


@dataclass(frozen=True)
class RunKind:
    """One calculation: what it reads, which parameters it asks, and how it computes.

    ``by_hand``: a second person publishes a sealed run; without it a run is complete once
    sealed, and what waits for its publication is called then. ``lists``: where its result is to
    be seen. ``preview`` names the page that shows what publishing would change, ``prepare`` the
    address that requests what a trade date lacks, ``quality`` the page of a trade date's
    inputs. ``calendar`` tells the types of run a trade date has and the one that is due at a
    moment. ``dated_inputs_over`` gives what ``dated_inputs`` does for each of several trade
    dates, in one reading; without it they are asked one by one. ``sometimes``: the names of
    terms that are left out where none is in force; every other name of ``dated_inputs`` is
    always among them. ``files_behind`` tells the dataset versions behind its terms and behind what
    it takes from other calculations, as known at a moment: their warnings stand before publishing.
    """

    code: str
    title: str
    reads: tuple[Read, ...]
    dated_inputs: Callable[[date, datetime], list[DatedInput]]
    parameters: tuple[Parameter, ...]
    compute: Callable[[RunContext], Computed]
    requirements: tuple[str, ...] = field(default=())
    by_hand: bool = True
    lists: tuple[tuple[str, str], ...] = ()
    calendar: Callable[[date, datetime], tuple[list[str], str]] | None = None
    preview: str = ""
    prepare: str = ""
    quality: str = ""
    dated_inputs_over: (
        Callable[[Iterable[date], datetime], Iterable[tuple[date, list[DatedInput]]]] | None
    ) = None
    sometimes: tuple[str, ...] = ()
    files_behind: Callable[[date, datetime], list[Any]] | None = None

    @property
    def may_lack(self) -> list[str]:
        """The names of inputs whose absence from a manifest means that there is none of them."""
        return sorted({*(r.dataset.name for r in self.reads), *self.sometimes})


@dataclass(frozen=True)
class Correction:
    """Something approved that trade dates are settled by, maybe long after they were.

    ``source``: a word for its kind; ``title`` and ``address`` lead back to it. ``days``: the trade
    dates whose results it may move, published or not.
    """

    source: str
    title: str
    address: str
    resource_id: int
    days: tuple[date, ...]


@dataclass(frozen=True)
class RestsOn:
    """A calculation of a trade date that takes from another one of the same day.

    ``kind`` takes from ``on``, each by its code. ``takes`` tells which of some days take anything
    of it, as known at a moment, in one reading: those alone are outdated with it.
    """

    kind: str
    on: str
    takes: Callable[[Sequence[date], datetime], set[date]]


@dataclass(frozen=True)
class PublicationHook:
    """What to call (run, earlier current run or None, moment) when a run of a kind is published."""

    kind: str
    call: Callable[[Any, Any, Any], Any]


@dataclass(frozen=True)
class PublishedTables:
    """A model, by its label, for whose rows of a run a publication of a kind answers."""

    kind: str
    model: str


RUN_KINDS = Registry(
    "runs.kinds",
    meaning="Calculations that can be requested for a trade date.",
    of=RunKind,
    key=lambda kind: kind.code,
    order=lambda kind: kind.code,
)
RESTS_ON = Registry(
    "runs.rests_on",
    meaning="Calculations of a trade date that take from another one of the same day.",
    of=RestsOn,
    key=lambda rests: f"{rests.kind} {rests.on}",
)
READINESS = Registry(
    "runs.readiness",
    meaning="Inputs whose readiness is checked before a trade date is calculated, each with what "
    "of it is missing or outdated.",
    of=ReadinessCheck,
    key=lambda check: f"{check.kind} {check.name}",
)
RUN_WORKER: Registry[Callable[[int], Any]] = Registry(
    "runs.worker", meaning="Called with the number of a requested run to queue it.", limit=1
)
PUBLICATION_HOOKS = Registry(
    "runs.publication_hooks",
    meaning="Called when a run of a kind is published, inside the publishing transaction.",
    of=PublicationHook,
    key=lambda hook: f"{hook.kind} {qualified_name(hook.call)}",
)
CORRECTION_HOOKS: Registry[Callable[[Correction, dict[str, list[date]], Any, datetime], None]] = (
    Registry(
        "runs.correction_hooks",
        meaning="Called (correction, published days it moves by run kind, actor, moment) when "
        "something is approved that trade dates are settled by.",
    )
)
PUBLISHED_TABLES = Registry(
    "runs.published_tables",
    meaning="Models whose rows the hash of a publication is made of.",
    of=PublishedTables,
    key=lambda table: f"{table.kind} {table.model}",
    order=lambda table: (table.kind, table.model),
)


def files_of_hold(code: str, kind: str, details: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the kinds of files that make a hold good; none where a calculation does.

    code, kind, details: those of the hold, also of one that is kept on a run.
    """
    check = next((c for c in READINESS if code in c.codes), None)
    if check is None or kind:
        return ()
    return check.files_for(details) if check.files_for else check.files


def enqueue(run_id: int) -> None:
    """Hand a requested run to a worker."""
    for send in RUN_WORKER:
        send(run_id)


def kind_title(code: str) -> str:
    """Return what people call a kind of run; its code where the kind is gone."""
    found = RUN_KINDS.get(code)
    return found.title if found else code
