"""Filters by a few known values, such as states: several at once, each with its number of rows."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import Count, Q, QuerySet

from apps.platform.accounts.rules import Viewer
from apps.platform.ui.screens import Screen

FEW_VALUES = frozenset({"state", "kind", "severity", "market", "outcome", "run_type"})
MOST_OFFERED = 40
MOST_COUNTED = 200_000  # rows of a table; beyond it a grouped count takes a tenth of a second


def has_few_values(field: Any, path: str) -> bool:
    """Whether a field of a list holds one of a few values, which a page can offer."""
    if field.choices:
        return True
    return path in FEW_VALUES and isinstance(field, models.CharField)


class SeveralField(forms.MultipleChoiceField):
    """Values to choose from; where a field does not declare them, any text is taken.

    Rows of a value may come and go, and an address that asks for a value without rows is no error.
    """

    def __init__(self, *, declared: bool = False, **more: Any) -> None:
        super().__init__(**more)
        self.declared = declared
        self.words: dict[str, str] = {}

    def to_python(self, value: Any) -> list[str]:
        """Return the values asked for; a single text counts as one."""
        values = [value] if isinstance(value, str) else super().to_python(value)
        if any("\x00" in text for text in values):
            raise ValidationError("Null characters are not allowed.")
        return [text for text in values if text]

    def valid_value(self, value: Any) -> bool:
        """Take any value, or one of those that the field declares."""
        return not self.declared or bool(super().valid_value(value))


class SeveralFilter(django_filters.Filter):  # type: ignore[misc]  # it has no types
    """Keeps the rows with any of the values; case does not matter.

    A text that is no value of any row is looked for inside the values, as lists were always asked.
    """

    field_class = SeveralField

    def filter(self, qs: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        """Keep the rows with one of the values."""
        wanted = Q()
        for text in value or ():
            same = Q(**{f"{self.field_name}__iexact": text})
            partial = Q(**{f"{self.field_name}__icontains": text})
            known = text in dict(self.field.choices) or qs.filter(same).exists()
            wanted |= same if known else partial
        return qs.filter(wanted)


def offer_values(screen: Screen, viewer: Viewer, found: django_filters.FilterSet) -> list[str]:
    """Give the filters of few values what the viewer's rows hold, with counts; return their names.

    One query for each; of a large table none where a field declares its values, which then stand
    without counts. A column writes such a value as its cells do. Of more than 40 values those with
    most rows are offered.
    """
    names = [n for n, f in found.filters.items() if isinstance(f, SeveralFilter)]
    if not names:
        return names
    many, rows = has_many_rows(screen.model), screen.select(viewer=viewer).order_by()
    for name in names:
        path = found.filters[name].field_name
        written = next((c.text for c in screen.all_columns if c.path == path), None)
        declared = dict(screen.field(path).choices or ())
        counts = {} if declared and many else _counts(rows, path)
        asked = [v for v in found.form[name].value() or () if v not in counts]
        if declared and many:
            asked = [*declared, *(v for v in asked if v not in declared)]
        words = {
            value: written({path: value}) if written else str(declared.get(value, value))
            for value in [*counts, *asked]
        }
        field = found.form.fields[name]
        field.words = words
        field.choices = [
            (v, word if declared and many else f"{word} ({counts.get(v, 0):,})")
            for v, word in words.items()
        ]
    return names


def _counts(rows: QuerySet[Any], path: str) -> dict[str, int]:
    held = rows.values(path).annotate(held=Count("*")).order_by("-held", path)[:MOST_OFFERED]
    return {r[path]: r["held"] for r in held if r[path]}


def has_many_rows(model: type[models.Model]) -> bool:
    """Whether a table is so large that counting its rows by value would hold up its page.

    By the database's own estimate, which costs nothing; -1 stands for a table never looked at.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select reltuples from pg_class where oid = %s::regclass", [model._meta.db_table]
        )
        (estimate,) = cursor.fetchone()
    return bool(estimate > MOST_COUNTED)
