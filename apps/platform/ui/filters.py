"""Filter sets made from a screen: each field gets the filter its type asks for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import django_filters
from django import forms
from django.contrib.postgres.fields.ranges import DateRangeField, DateTimeRangeField
from django.db import models
from django.db.models import Q, QuerySet

from apps.platform.accounts.rules import Viewer
from apps.platform.core.tradetime import TradeDay, is_plausible
from apps.platform.ui.choices import SeveralFilter, has_few_values
from apps.platform.ui.fields import QuantityField
from apps.platform.ui.screens import Screen
from apps.platform.ui.workflow import WORKFLOWS

WAITING = "waits"
DATE = forms.DateInput(attrs={"type": "date"})


def filter_set(screen: Screen) -> type[django_filters.FilterSet]:
    """Return the filter set of a screen: its filters and, where it can search, one search box."""
    attributes: dict[str, Any] = {}
    if screen.search:
        attributes["q"] = django_filters.CharFilter(
            method=_search(screen),
            label="Search",
            widget=forms.TextInput(attrs={"type": "search", "placeholder": "Search"}),
        )
    for path in screen.filters:
        attributes |= _filters_for(screen, path)
    for path in screen.windows:
        attributes |= _window(screen, path)
    desk = WORKFLOWS.get(screen.name)
    waits = screen.waits or (desk.waiting if desk else None)
    if waits is not None:
        attributes[WAITING] = WaitingFilter(waits)
    attributes["Meta"] = type("Meta", (), {"model": screen.model, "fields": [], "form": WindowForm})
    return type(f"{screen.name}FilterSet", (django_filters.FilterSet,), attributes)


class WaitingFilter(django_filters.ChoiceFilter):  # type: ignore[misc]  # it has no types
    """Keeps the rows that wait for the viewer, whom the filter set is told after it is made."""

    def __init__(self, waits: Callable[[Viewer], Q]) -> None:
        super().__init__(choices=[("you", "for you")], label="Waits", empty_label="any")
        self.waits = waits

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Keep what waits for the viewer, where that is asked for."""
        viewer: Viewer | None = getattr(self.parent, "viewer", None)
        return qs.filter(self.waits(viewer)) if value and viewer else qs


class WindowForm(forms.Form):
    """The form of a list's filters; it refuses a window that ends before it starts (BRQ-0111)."""

    def clean(self) -> dict[str, Any]:
        """Check every pair of ``…_since`` and ``…_until``."""
        found: dict[str, Any] = super().clean() or {}
        for name, since in list(found.items()):
            until = found.get(f"{name.removesuffix('_since')}_until")
            if name.endswith("_since") and since and until and until < since:
                self.add_error(
                    f"{name.removesuffix('_since')}_until",
                    f"RMR-E-0111: end before start, {until} is before {since}.",
                )
        return found


def _window(screen: Screen, path: str) -> dict[str, django_filters.Filter]:
    label = next((screen.label(c) for c in screen.all_columns if c.path == path), path)

    def since(queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        after = Q(**{f"{path}__endswith__gt": value})  # the upper end of days is outside
        return queryset.filter(after | Q(**{f"{path}__upper_inf": True}))

    return {
        f"{path}_since": django_filters.DateFilter(
            method=since, label=f"{label}: window from", widget=DATE
        ),
        f"{path}_until": django_filters.DateFilter(
            field_name=f"{path}__startswith",
            lookup_expr="lte",
            label=f"{label}: window to",
            widget=DATE,
        ),
    }


def _search(screen: Screen) -> Any:
    def search(queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        wanted = Q()
        for path in screen.search:
            wanted |= Q(**{f"{path}__icontains": value})
        return queryset.filter(wanted)

    return search


def _filters_for(screen: Screen, path: str) -> dict[str, django_filters.Filter]:
    field = screen.field(path)
    label = next((screen.label(c) for c in screen.all_columns if c.path == path), "")
    label = label or str(field.verbose_name).capitalize()
    if isinstance(field, DateRangeField):
        return {
            f"{path}_on": django_filters.DateFilter(
                field_name=path, lookup_expr="contains", label=f"{label} on", widget=DATE
            )
        }
    if isinstance(field, DateTimeRangeField):
        return {
            f"{path}_on": django_filters.DateFilter(
                method=_known_on(path), label=f"{label} at the end of", widget=DATE
            ),
            f"{path}_at": django_filters.IsoDateTimeFilter(
                field_name=path, lookup_expr="contains", label=f"{label} at (time)"
            ),
        }
    if isinstance(field, models.DateTimeField):
        return {
            f"{path}_from": django_filters.DateFilter(
                method=_within(path, "gte", lambda day: day.start),
                label=f"{label} from",
                widget=DATE,
            ),
            f"{path}_to": django_filters.DateFilter(
                method=_within(path, "lt", lambda day: day.end), label=f"{label} to", widget=DATE
            ),
        }
    if isinstance(field, models.DateField):
        return {
            f"{path}_from": django_filters.DateFilter(
                field_name=path, lookup_expr="gte", label=f"{label} from", widget=DATE
            ),
            f"{path}_to": django_filters.DateFilter(
                field_name=path, lookup_expr="lte", label=f"{label} to", widget=DATE
            ),
        }
    if isinstance(field, QuantityField):
        return {
            f"{path}_min": django_filters.NumberFilter(
                field_name=path, lookup_expr="gte", label=f"{label} at least"
            )
        }
    return {path: _plain(field, path, label)}


def _known_on(path: str) -> Any:
    """Return a filter for what was known when a Pacific day ended."""

    def known(queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        if not is_plausible(value):
            return queryset.none()
        return queryset.filter(**{f"{path}__contains": TradeDay(value).end})

    return known


EARLIEST, LATEST = date(1800, 1, 1), date(2199, 12, 31)


def _within(path: str, comparison: str, moment: Callable[[TradeDay], datetime]) -> Any:
    """Return a filter of moments by a Pacific day, which is whole on both ends of a window."""

    def within(queryset: QuerySet[Any], name: str, value: date) -> QuerySet[Any]:
        day = TradeDay(min(max(value, EARLIEST), LATEST))
        return queryset.filter(**{f"{path}__{comparison}": moment(day)})

    return within


def _plain(field: Any, path: str, label: str) -> django_filters.Filter:
    if has_few_values(field, path):
        return SeveralFilter(
            field_name=path,
            choices=field.choices or (),
            declared=bool(field.choices),
            label=label,
            widget=forms.CheckboxSelectMultiple,
        )
    if isinstance(field, models.BooleanField):
        return django_filters.BooleanFilter(field_name=path, label=label)
    if isinstance(field, models.IntegerField):
        return django_filters.NumberFilter(field_name=path, label=label)
    if path.rpartition("__")[2] == "code":
        return django_filters.CharFilter(method=_identifier(path), label=label)
    return django_filters.CharFilter(field_name=path, lookup_expr="icontains", label=label)


SEPARATORS = r"[ _.\-]*"


def _identifier(path: str) -> Any:
    """Return a filter of IDs: case, blanks, separators and what cannot be seen do not matter."""

    def alike(queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        plain = unicodedata.normalize("NFKC", value)[:MOST_OF_AN_ID]
        letters = [re.escape(c) for c in plain if c.isalnum()]
        if not letters:
            return queryset.filter(**{f"{path}__icontains": value})
        return queryset.filter(**{f"{path}__iregex": SEPARATORS.join(letters)})

    return alike


MOST_OF_AN_ID = 80
