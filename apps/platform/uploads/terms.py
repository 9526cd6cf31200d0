"""What an upload kind is, and the workflow of an upload."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from apps.platform.accounts.terms import ISO_ROLES
from apps.platform.kernel.datasets import Dataset
from apps.platform.kernel.findings import Finding
from apps.platform.kernel.records import Record
from apps.platform.kernel.states import Move, States
from apps.platform.kernel.tradetime import Span

UPLOAD_STATES = States(
    initial="RECEIVED",
    moves=(
        Move("read", "RECEIVED", "READY", ISO_ROLES, "Read"),
        Move("refuse", "RECEIVED", "REFUSED", ISO_ROLES, "Refuse"),
        Move("reread", "READY", "RECEIVED", ISO_ROLES, "Check again"),
        Move("reread", "REFUSED", "RECEIVED", ISO_ROLES, "Check again"),
        Move("confirm", "READY", "CONFIRMED", ISO_ROLES, "Confirm"),
        Move("withdraw", "READY", "WITHDRAWN", ISO_ROLES, "Withdraw"),
        Move("withdraw", "RECEIVED", "WITHDRAWN", ISO_ROLES, "Withdraw"),
    ),
)


@dataclass(frozen=True)
class Option:
    """A value beside the file, such as the RA year of a list that does not say it.

    ``type`` is ``year``, ``date`` or ``ids``. Most are asked for with the file; one that
    ``answers`` a finding, by its code, is not: it lists values of that finding which the sender
    says are right, and only where the file was refused for them.
    """

    name: str
    label: str
    type: str
    help: str = ""
    answers: str = ""


@dataclass(frozen=True)
class Storing:
    """What a kind is handed to store: the typed rows of one period, and where they belong."""

    frame: pl.DataFrame
    version: Any
    options: Mapping[str, str]
    actor: Any
    proposer: Any


Check = Callable[[pl.DataFrame, Mapping[str, str]], list[Finding]]


@dataclass(frozen=True)
class UploadKind:
    """One kind of file: its layout, who may send it, what is checked, and how it is stored.

    ``period_of`` names the period of every row, ``span_of`` the days of a period. ``replaces``:
    a new version stands for the whole period, so rows left out end. ``owner_of`` tells the party a
    row as received belongs to, where SCs may see their own rows; ``published`` rows everybody who
    signed in may see. ``second_person_for``: codes of findings that make a file need a second
    person though its kind needs none. ``leads_to`` tells (label, address) of what a confirmed
    period sets off, where a browser goes next.
    """

    code: str
    title: str
    dataset: Dataset
    record: Record
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
    owner_of: Callable[[Mapping[str, str]], int | None] | None = None
    published: bool = False
    second_person_for: frozenset[str] = frozenset()
    options: tuple[Option, ...] = ()
    leads_to: Callable[[str], tuple[str, str]] | None = None
    requirements: tuple[str, ...] = field(default=())

    @property
    def asked(self) -> tuple[Option, ...]:
        """The options that are asked for together with the file."""
        return tuple(o for o in self.options if not o.answers)

    @property
    def answers(self) -> tuple[Option, ...]:
        """The options by which a sender answers what a file was refused for."""
        return tuple(o for o in self.options if o.answers)


MOST_IDS = 500


def listed_ids(options: Mapping[str, str], name: str) -> frozenset[str]:
    """Return the IDs that an option of type ``ids`` lists between commas."""
    return frozenset(filter(None, (part.strip() for part in options.get(name, "").split(","))))


class UnknownKind(LookupError):
    """There is no upload kind of that name."""


_KINDS: dict[str, UploadKind] = {}
Touched = Callable[[str, list[Span], list[str]], list[tuple[str, str, bool]]]
_TOUCHED: list[Touched] = []
Watcher = Callable[[Any, Any, Any], None]
_WATCHERS: list[Watcher] = []


def register_kind(kind: UploadKind) -> None:
    """Offer a kind of file; called once for each at start-up."""
    _KINDS[kind.code] = kind


def kind(code: str) -> UploadKind:
    """Return a kind by its code; raises UnknownKind with the list of what there is."""
    if code not in _KINDS:
        raise UnknownKind(
            f"There is no upload kind {code!r}; there are {', '.join(sorted(_KINDS))}."
        )
    return _KINDS[code]


def dataset_title(name: str) -> str:
    """Return what people call a dataset; its name where no kind of file writes it."""
    titles = (k.dataset.title for k in _KINDS.values() if k.dataset.name == name)
    return next(titles, name)


def kind_title(code: str) -> str:
    """Return what people call a kind of file; its code where the kind is gone."""
    return _KINDS[code].title if code in _KINDS else code


def tell_touched(reader: Touched) -> None:
    """Let a higher floor tell what rests on the days of a dataset: (label, address, stale now).

    It is given the dataset, the days, and the versions that were made of them, if any yet.
    """
    _TOUCHED.append(reader)


def touched(dataset: str, spans: list[Span], made: list[str]) -> list[tuple[str, str, bool]]:
    """Return what rests on some days of a dataset, as every floor that knows tells it."""
    return [found for reader in _TOUCHED for found in reader(dataset, spans, made)]


def kinds() -> list[UploadKind]:
    """Return every kind by its title."""
    return sorted(_KINDS.values(), key=lambda k: k.title)


def watch(watcher: Watcher) -> None:
    """Have a function told (dataset version, actor, moment) of every new dataset version."""
    if watcher not in _WATCHERS:
        _WATCHERS.append(watcher)


def tell_watchers(version: Any, actor: Any, at: Any) -> None:
    """Tell every watcher of a new dataset version, inside the confirming transaction."""
    for watcher in _WATCHERS:
        watcher(version, actor, at)
