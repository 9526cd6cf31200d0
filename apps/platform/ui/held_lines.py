"""Held lines as the API shows them: of a statement, of a month and of an invoice alike."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from apps.platform.ui.serializers import FilledField


class HeldLineSerializer(serializers.Serializer[Any]):
    """Lines that have no amount until an input is made good; no sum holds them."""

    resource = FilledField(help_text="resource ID; null: shares of what others' are charged")
    charge_codes = serializers.ListField(
        child=serializers.CharField(), source="charges", help_text="charge codes without an amount"
    )
    sentence = serializers.CharField(help_text="which input is missing or outdated, in words")
    until = serializers.CharField(help_text="what has to come before it is charged or paid")


class HeldLineOfDaySerializer(HeldLineSerializer):
    """A held line with the statement it is missing on."""

    trade_date = serializers.DateField()
    version = serializers.IntegerField()


def held_of_days(found: Any) -> Any:
    """Return held lines of several statements with the trade date and version of each."""
    rows = [vars(line) | {"trade_date": s.trade_date, "version": s.version} for s, line in found]
    return HeldLineOfDaySerializer(rows, many=True).data
