"""Filter sets made from a screen: each field gets the filter its type asks for."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.contrib.postgres.fields.ranges import DateRangeField, DateTimeRangeField
from django.db import models
from django.db.models import Q, QuerySet

from apps.ui.fields import QuantityField
from apps.ui.screens import Screen

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
    attributes["Meta"] = type("Meta", (), {"model": screen.model, "fields": []})
    return type(f"{screen.name}FilterSet", (django_filters.FilterSet,), attributes)


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
            f"{path}_at": django_filters.IsoDateTimeFilter(
                field_name=path, lookup_expr="contains", label=f"{label} at (time)"
            )
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


def _plain(field: Any, path: str, label: str) -> django_filters.Filter:
    if field.choices:
        return django_filters.ChoiceFilter(
            field_name=path, choices=field.choices, label=label, empty_label="any"
        )
    if isinstance(field, models.BooleanField):
        return django_filters.BooleanFilter(field_name=path, label=label)
    if isinstance(field, models.IntegerField):
        return django_filters.NumberFilter(field_name=path, label=label)
    return django_filters.CharFilter(field_name=path, lookup_expr="icontains", label=label)
