"""Kinds of files, and who is told of or knows about a new dataset version."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

import polars as pl

from apps.platform.accounts.rules import Viewer
from apps.platform.core.datasets import Dataset
from apps.platform.core.layouts import FileLayout
from apps.platform.core.registry import Registry
from apps.platform.core.tradetime import Span
from apps.platform.core.violations import Violation
from apps.platform.uploads.codes import COVERS, WHOLE, Option


@dataclass(frozen=True)
class Storing:
    """What a kind is handed to store: the typed rows of one period, and where they belong."""

    frame: pl.DataFrame
    version: Any
    options: Mapping[str, str]
    actor: Any
    proposer: Any


Check = Callable[[pl.DataFrame, Mapping[str, str]], list[Violation]]
Tells = Callable[
    [pl.DataFrame, pl.DataFrame, Mapping[str, str]], tuple[Mapping[str, str], list[Violation]]
]


@dataclass(frozen=True)
class Parts:
    """Which parts of a period a file corrects: those it has a row of; the others stay in force.

    ``columns``: the fields of the layout that name a part, such as an SC and an hour; what the kind
    calls ``current`` has them too. ``rows``: for each model that holds rows of the kind, its
    database columns that name the same part; none of them is ever null.
    """

    columns: tuple[str, ...]
    rows: Mapping[type[Any], tuple[str, ...]]


@dataclass(frozen=True)
class Judged:
    """What a check of plausibility is handed: the rows of one period, and what is in force of it.

    ``texts``: the rows of the file as received, under their numbers, by the names of the layout's
    fields; ``columns`` are those that the file has. ``base``: the number of the version in force, 0
    where there is none. ``first``: the first day of the period, None of one that is for ever;
    ``today``: the day on which it is asked.

    ``day``: whose thresholds are asked for: the first day of the period, today where a dataset has
    one period for ever, and no day before the first that has thresholds. ``whole`` has the rows of
    the period as they will be in force: those of the file, and those that stay. ``before`` are the
    rows in force now, None where there are none; ``current`` reads those of another period.
    """

    dataset: Dataset
    layout: FileLayout
    period: str
    day: date
    frame: pl.DataFrame
    whole: pl.DataFrame
    before: pl.DataFrame | None
    options: Mapping[str, str]
    texts: pl.DataFrame
    base: int
    current: Callable[[str], pl.DataFrame | None]
    columns: frozenset[str]
    first: date | None
    today: date


@dataclass(frozen=True)
class PlausibilityCheck:
    """A declared question to the rows of a period: are they likely to be right?

    What it finds are warnings of its code. Each needs an acknowledgement of its own, with a reason,
    by a second person before the file is confirmed.
    """

    code: str
    title: str
    said: Callable[[Judged], list[Violation]]


CHECKS_OF_ALL_KINDS = Registry(
    "uploads.checks_of_all_kinds",
    meaning="Checks of plausibility that the files of every kind are put to.",
    of=PlausibilityCheck,
    key=lambda check: check.code,
)


class Reaching(NamedTuple):
    """Rows of a period whose days are asked for.

    ``version``: the one they were confirmed in; None of a file that waits, of which ``kept`` is
    what its kind kept.
    """

    dataset: str
    period: str
    version: Any | None = None
    kept: Any = None


@dataclass(frozen=True)
class UploadKind:
    """One kind of file: its layout, who may send it, what is checked, and how it is stored.

    ``period_of`` names the period of every row, ``span_of`` the days of a period. ``replaces``:
    a new version stands for the whole period, so rows left out end, unless ``parts`` says which
    parts of a period a file corrects. ``read_as``: makes the rows as read those that count, such as
    hours numbered another way. ``tells``: returns the options with what the texts as received say
    of them, and what stands against what the sender said. ``plausible``: checks whose warnings
    a second person acknowledges one by one. ``owner_of`` tells the party a row as received belongs
    to, where SCs may see their own rows; ``open_to`` whether a viewer may see a row that is not one
    party's alone; ``published`` rows everybody who signed in may see. ``second_person_for``: codes
    of violations that make a file need a second person though its kind needs none.
    ``leads_to`` tells (label, address) of what a confirmed
    period sets off, where a browser goes next. ``reach``: of rows that hold from a day on
    until the next of their series, the days on which those of a period hold, or those they take the
    place of, of a version or of a file that waits. ``keeps``: makes of the typed rows of a file
    without errors what others ask of it while it waits, as plain values: they need not parse it
    anew.
    """

    code: str
    title: str
    dataset: Dataset
    layout: FileLayout
    help: str
    upload_roles: frozenset[Any]
    confirm_roles: frozenset[Any]
    second_person: bool
    period_of: Callable[[pl.DataFrame, Mapping[str, str]], pl.Series]
    span_of: Callable[[str], Span]
    check: Check
    store: Callable[[Storing], None]
    current: Callable[[str], pl.DataFrame | None]
    replaces: bool = True
    parts: Parts | None = None
    read_as: Callable[[pl.DataFrame, Mapping[str, str]], pl.DataFrame] | None = None
    tells: Tells | None = None
    plausible: tuple[PlausibilityCheck, ...] = ()
    owner_of: Callable[[Mapping[str, str]], int | None] | None = None
    open_to: Callable[[Mapping[str, str], Viewer], bool] | None = None
    published: bool = False
    second_person_for: frozenset[str] = frozenset()
    options: tuple[Option, ...] = ()
    leads_to: Callable[[str], tuple[str, str]] | None = None
    reach: Callable[[Reaching], Span] | None = None
    keeps: Callable[[pl.DataFrame], Any] | None = None
    requirements: tuple[str, ...] = field(default=())

    @property
    def asked(self) -> tuple[Option, ...]:
        """The options that are asked for together with the file."""
        parts = (COVERS,) if self.parts else ()
        return (*(o for o in self.options if not o.answers), *parts)

    @property
    def needed(self) -> tuple[Option, ...]:
        """The options without which a file of this kind is not taken in."""
        return tuple(o for o in self.asked if not o.optional)

    @property
    def answers(self) -> tuple[Option, ...]:
        """The options by which a sender answers what a file was refused for."""
        return tuple(o for o in self.options if o.answers)

    @property
    def checks(self) -> tuple[PlausibilityCheck, ...]:
        """The checks of plausibility that its files are put to: its own, and those of all kinds."""
        return (*self.plausible, *CHECKS_OF_ALL_KINDS)

    @property
    def plausibility_codes(self) -> frozenset[str]:
        """The codes of warnings that need an acknowledgement of their own."""
        return frozenset(check.code for check in self.checks)

    def parts_of(self, options: Mapping[str, str]) -> tuple[str, ...]:
        """Return the fields that name the parts a file corrects; none where it is the whole."""
        return self.parts.columns if self.parts and options.get(COVERS.name) != WHOLE else ()


class Touched(NamedTuple):
    """A result that a file touches: what it is called, where it is, and whether it is stale now.

    ``since``: what was done since it became stale, in words; nothing where nothing was.
    """

    label: str
    address: str
    stale: bool
    since: str = ""


class UnknownKind(LookupError):
    """There is no upload kind of that name."""


UPLOAD_KINDS = Registry(
    "uploads.kinds",
    meaning="Files that can be sent: by page, API and command.",
    of=UploadKind,
    key=lambda kind: kind.code,
    order=lambda kind: kind.title,
)
DATASET_WATCHERS: Registry[Callable[[Any, Any, Any], None]] = Registry(
    "uploads.watchers",
    meaning="Called (dataset version, actor, moment) for every new version, inside the confirming "
    "transaction.",
)
TOUCHED: Registry[Callable[[str, list[Span], list[str]], list[Touched]]] = Registry(
    "uploads.touched",
    meaning="Asked what rests on the days of a dataset, and whether it is stale. Given are "
    "the dataset, the days, and the versions that were made of them, if any yet.",
)
OUTDATED: Registry[Callable[[Span, datetime], str]] = Registry(
    "uploads.outdated",
    meaning="Given days and the moment at which a file became known: the page that tells which "
    "calculations it outdated.",
    limit=1,
)


def kind(code: str) -> UploadKind:
    """Return a kind by its code; raises UnknownKind with the list of what there is."""
    found = UPLOAD_KINDS.get(code)
    if found is None:
        known = ", ".join(sorted(UPLOAD_KINDS.keys()))
        raise UnknownKind(f"There is no upload kind {code!r}; there are {known}.")
    return found


def kind_title(code: str) -> str:
    """Return what people call a kind of file; its code where the kind is gone."""
    found = UPLOAD_KINDS.get(code)
    return found.title if found else code


def dataset_title(name: str) -> str:
    """Return what people call a dataset; its name where no kind of file writes it."""
    return next((k.dataset.title for k in UPLOAD_KINDS if k.dataset.name == name), name)
