"""Tables of the registries and of what is registered in them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import django_tables2
from django.utils.html import format_html
from django.utils.safestring import SafeString

TEXT = {"td": {"class": "txt breaks"}, "th": {"class": "txt"}}
NUMBER = {"td": {"class": "num"}, "th": {"class": "num"}}
NAME = {"td": {"class": "txt mono breaks"}, "th": {"class": "txt"}}


class RegistryTable(django_tables2.Table):  # type: ignore[misc]  # the library has no types
    """Every registry: its name leads to its entries."""

    name = django_tables2.Column("Registry", attrs=NAME)
    meaning = django_tables2.Column("What reads it, and what for", attrs=TEXT)
    takes = django_tables2.Column("Takes", attrs=NAME)
    count = django_tables2.Column("Entries", attrs=NUMBER)
    state = django_tables2.Column("After start-up", attrs=TEXT)

    class Meta:
        template_name = "ui/_table.html"

    def render_name(self, value: str) -> SafeString:
        """Return the name with the way to its entries."""
        return format_html('<a href="?{}">{}</a>', urlencode({"registry": value}), value)


class EntryTable(django_tables2.Table):  # type: ignore[misc]  # the library has no types
    """Entries of registries, each with the line that registered it."""

    registry = django_tables2.Column("Registry", attrs=NAME)
    key = django_tables2.Column("Key", attrs=NAME)
    value = django_tables2.Column("What", attrs=NAME)
    place = django_tables2.Column("Registered at", attrs=NAME, order_by=("file", "line"))

    class Meta:
        template_name = "ui/_table.html"


def tables_of(found: list[Any], named: str, words: str) -> django_tables2.Table:
    """Return the registries, or where one or some words are chosen the entries that fit."""
    if not named and not words:
        return RegistryTable(found)
    return EntryTable([entry for each in found for entry in each.entries])
