"""A screen: one declaration of how rows are shown, for page, filters, API and export alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.postgres.fields.ranges import RangeField
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.urls import reverse

from apps.platform.accounts.hooks import ROW_POLICIES
from apps.platform.accounts.rules import Viewer
from apps.platform.core.quantity import Quantity
from apps.platform.core.registry import Registry
from apps.platform.ui.fields import quantity_of

Row = Mapping[str, Any]
# tables of accounts and of the desk itself: what is in them is no business of a party's
OF_PEOPLE = (
    "accounts_",
    "sign_in_",
    "audit_",
    "jobs_",
    "notifications_",
    "parameters_",
    "runs_",
    "ui_",
    "uploads_upload",
)


@dataclass(frozen=True)
class Column:
    """One column of a screen.

    ``path`` is a field path such as ``resource__code``; the label and format follow from the model
    unless said here. ``link`` gives the address a cell leads to. ``shown`` is whether it is shown
    before anybody chooses columns. ``link_roles``: who may open what the link leads to, where more
    people read the list; others see the text alone. ``text`` is what a page writes for the row;
    files and the API keep the value. ``breaks``: its words may go on in a second line.
    """

    path: str
    label: str = ""
    link: Callable[[Row], str | None] | None = None
    link_roles: frozenset[Any] | None = None
    shown: bool = True
    help: str = ""
    computed: models.Field[Any, Any] | None = None
    text: Callable[[Row], str] | None = None
    breaks: bool = False

    def address(self, row: Row, viewer: Viewer | None) -> str | None:
        """Return where a cell leads this viewer; none where it leads nowhere or is not theirs."""
        if self.link is None:
            return None
        mine = self.link_roles is None or (viewer is not None and viewer.may(self.link_roles))
        return self.link(row) if mine else None


IN_FORCE = "in_force"


def in_force_column() -> Column:
    """Return the column of a list that has superseded rows beside those in force."""
    return Column(
        IN_FORCE,
        "In force",
        computed=models.BooleanField(verbose_name="in force"),
        help="No: a later version or value has replaced it; nothing counts by it any more.",
    )


def opens_in_force(viewer: Viewer) -> Mapping[str, str]:
    """Open a list with the rows in force alone; the others are one filter away."""
    return {IN_FORCE: "true"}


def link_to(view: str, *paths: str) -> Callable[[Row], str | None]:
    """Return a cell's link: the address of a view for the row's values; none where one is blank."""

    def address(row: Row) -> str | None:
        values = [row.get(path) for path in paths]
        return reverse(view, args=values) if all(v is not None for v in values) else None

    return address


@dataclass(frozen=True)
class BulkAction:
    """Something to do with many rows at once; ``perform(key, actor, at, reason)`` does one.

    It raises ValueError, LookupError or MoveRefused for a row that cannot be. ``typed``: the person
    types the number of rows to confirm.
    """

    code: str
    label: str
    roles: frozenset[Any]
    perform: Callable[[str, Any, datetime, str], Any]
    reason: bool = False
    typed: bool = False
    where: tuple[str, ...] = ()


@dataclass(frozen=True)
class Summary:
    """What stands above and below the rows of a list: a template, and totals by column path."""

    template: str
    context: Mapping[str, Any]
    totals: Mapping[str, Any] = field(default_factory=dict)


class UnknownColumn(LookupError):
    """A screen names a field that its model lacks."""


@dataclass(frozen=True)
class Screen:
    """How one model is listed: columns, filters, search, roles; the selector scopes the rows.

    ``in_search`` False: rows without a name of their own, such as hours of demand; the search of
    everything leaves them to the list's own search. ``chart(rows, moment)`` describes a picture of
    the filtered rows. ``windows`` are from-to fields of days that a window of two days filters:
    rows with a day in it. ``summary(rows, viewer, query)`` says what the filtered rows come to, and
    ``opens_with(viewer)`` which filters the page has before anybody chooses any. ``waits(viewer)``
    says which rows wait for the viewer, where rows are no cases of a desk: the home page counts
    them, and a filter leads to them.
    """

    name: str
    title: str
    model: type[models.Model]
    select: Callable[..., models.QuerySet[Any]]
    columns: tuple[Column | str, ...]
    roles: frozenset[Any]
    filters: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    order: tuple[str, ...] = ("-pk",)
    intro: str = ""
    empty: str = "Nothing here yet."
    implements: tuple[str, ...] = ()
    public: bool = False
    extra: tuple[str, ...] = ()
    group: str = ""
    tools: Callable[[Viewer], list[tuple[str, str]]] | None = None
    actions: tuple[BulkAction, ...] = ()
    in_search: bool = True
    chart: Callable[[models.QuerySet[Any], datetime], dict[str, Any] | None] | None = None
    windows: tuple[str, ...] = ()
    summary: Callable[[models.QuerySet[Any], Viewer, Mapping[str, str]], Summary] | None = None
    opens_with: Callable[[Viewer], Mapping[str, str]] | None = None
    waits: Callable[[Viewer], models.Q] | None = None

    def __post_init__(self) -> None:
        for column in self.all_columns:
            self.field(column.path)

    @property
    def all_columns(self) -> list[Column]:
        """The columns, names turned into declarations."""
        return [Column(c) if isinstance(c, str) else c for c in self.columns]

    def field(self, path: str) -> Any:
        """Return the model field at a path; raises UnknownColumn where there is none."""
        for column in self.all_columns:
            if column.path == path and column.computed is not None:
                return column.computed
        model: Any = self.model
        field: Any = None
        for part in path.split("__"):
            try:
                field = model._meta.get_field(part)
            except FieldDoesNotExist:
                raise UnknownColumn(f"screen {self.name}: {model} has no field {part}") from None
            model = getattr(field, "related_model", None) or model
        return field

    def label(self, column: Column) -> str:
        """Return a heading: the declared one, else the field's own name, with its unit."""
        field = self.field(column.path)
        unit = self.unit(column.path)
        text = column.label or str(field.verbose_name)
        text = text[:1].upper() + text[1:]
        return f"{text} ({unit})" if unit and unit not in text else text

    def unit(self, path: str) -> str:
        """Return the unit of a column's numbers, or nothing."""
        quantity = quantity_of(self.field(path))
        return quantity.unit if quantity else ""

    def quantity(self, path: str) -> Quantity | None:
        """Return the quantity of a column, or None."""
        return quantity_of(self.field(path))

    def is_range(self, path: str) -> bool:
        """Whether a column holds a from-to."""
        return isinstance(self.field(path), RangeField)

    def visible_to(self, viewer: Viewer) -> bool:
        """Whether a viewer may open the screen at all."""
        return self.public or viewer.may(self.roles)

    @property
    def of_parties(self) -> bool:
        """Whether rows are of single parties, so that a look at them is noted."""
        table = self.model._meta.db_table
        return table in ROW_POLICIES and not table.startswith(OF_PEOPLE)

    @property
    def key_paths(self) -> list[str]:
        """The fields that name a row.

        A composite key is given by its parts: asked for as one, it widens the select list, and
        Django's ORDER BY by position then sorts by the wrong column.
        """
        key = self.model._meta.pk
        if isinstance(key, models.CompositePrimaryKey):
            return [str(getattr(field, "attname", name)) for name, field in self._parts(key)]
        return ["pk"]

    def _parts(self, key: models.CompositePrimaryKey) -> list[tuple[str, Any]]:
        return [(name, self.model._meta.get_field(name)) for name in key.field_names]

    def rows(self, *, viewer: Viewer) -> models.QuerySet[Any]:
        """Return the viewer's rows as dictionaries, in the screen's order."""
        paths = [c.path for c in self.all_columns]
        wanted = dict.fromkeys([*self.key_paths, *paths, *self.extra])
        return self.select(viewer=viewer).order_by(*self.order).values(*wanted)


SCREENS = Registry(
    "ui.screens",
    meaning="Lists of the product: each gets a page, filters, an API, exports and saved views.",
    of=Screen,
    key=lambda screen: screen.name,
    order=lambda screen: screen.name,
)
