"""Two sets of lines side by side, as the API answers them; amounts in dollars."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from apps.platform.ui.serializers import UsdField, named_amounts
from apps.settlement.settlements.rules.causes import MEANINGS

CauseParts = named_amounts("CauseParts", "$", MEANINGS)


class MovedSerializer(serializers.Serializer[Any]):
    """What an SC or a charge code was, is, and changed by."""

    name = serializers.CharField(help_text="SC or charge code")
    was = UsdField("the older side")
    now = UsdField("the newer side")
    change = UsdField("newer less older")
    lines = serializers.IntegerField(help_text="how many lines changed")


class LineOfScSerializer(serializers.Serializer[Any]):
    """What names a line among those of all SCs; blank where a line has none of it."""

    sc = serializers.CharField()
    charge_code = serializers.CharField()
    resource = serializers.CharField(help_text="resource ID, or blank")
    tac_area = serializers.CharField(help_text="or blank")
    contract_no = serializers.CharField(help_text="or blank")


class ComparedLineSerializer(LineOfScSerializer):
    """One line of either side, with what it rests on."""

    was = UsdField("null: not on the older side", allow_null=True)
    now = UsdField("null: not on the newer side", allow_null=True)
    change = UsdField("newer less older")
    stands = serializers.CharField(help_text="how the two sides stand to each other")
    determinants = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField(), min_length=4, max_length=4),
        help_text="those that differ: symbol, value of the older side, of the newer, unit",
    )
    parts_usd = CauseParts(
        source="by_cause",
        allow_null=True,
        help_text="what each cause did; null: runs of two trade dates, no older run, or unsplit",
    )


class StatementCompareSerializer(serializers.Serializer[Any]):
    """Two settled runs, line by line, the largest change first."""

    old = serializers.IntegerField(
        source="old.pk", allow_null=True, help_text="number of the older run; null: none"
    )
    new = serializers.IntegerField(source="new.pk", help_text="number of the newer run")
    trade_date = serializers.DateField(source="new.trade_date")
    change_usd = UsdField("what all lines changed by together", source="change")
    by_sc = MovedSerializer(many=True)
    by_charge = MovedSerializer(many=True, source="by_code")
    lines = ComparedLineSerializer(many=True, source="shown", help_text="one page of them")
    differing = serializers.IntegerField(help_text="lines that changed by the least or more")
    below_least = serializers.IntegerField(
        source="hidden", help_text="lines that changed by less; counted and summed all the same"
    )
    same = serializers.IntegerField(help_text="lines that did not change")
    unsplit = serializers.CharField(
        help_text="why no change is split by cause for now; blank where it is, or never can be"
    )
    inputs_changed = serializers.ListField(
        child=serializers.CharField(),
        source="inputs_that_changed",
        help_text="inputs and parameters in which the two runs differ",
    )


class PublicationPreviewSerializer(StatementCompareSerializer):
    """What publishing a run would change, line by line; old is what is published now."""


class CauseLineSerializer(LineOfScSerializer):
    """A line, or all lines of an SC, with what each cause did to it."""

    was = UsdField("before")
    now = UsdField("after")
    parts_usd = CauseParts(source="by_cause", help_text="they add up to the change")


class RunCausesSerializer(serializers.Serializer[Any]):
    """The change between two runs of a trade date, split by cause."""

    was_usd = UsdField("before", source="was")
    now_usd = UsdField("after", source="now")
    parts_usd = CauseParts(source="by_cause", help_text="they add up to the change")
    by_sc = CauseLineSerializer(many=True, help_text="charge code, resource... are blank here")
    lines = CauseLineSerializer(many=True, help_text="the largest movers first")
    more_lines = serializers.IntegerField(source="more", help_text="lines that moved less")


class ShadowLineSerializer(serializers.Serializer[Any]):
    """A line of the statement, of the file, or of both."""

    charge_code = serializers.CharField()
    resource = serializers.CharField(help_text="resource ID, or blank")
    tac_area = serializers.CharField(help_text="or blank")
    contract_no = serializers.CharField(help_text="or blank")
    line_no = serializers.IntegerField(allow_null=True, help_text="null: only in the file")
    ours = UsdField("of the statement; null: only in the file", allow_null=True)
    theirs = UsdField("of the file; null: only on the statement", allow_null=True)
    quantity = serializers.CharField(help_text="of the statement, in its unit, or blank")
    their_quantity = serializers.CharField(help_text="of the file, or blank")
    stands = serializers.CharField(help_text="ONLY_YOURS, ONLY_OURS or DIFFERENT")
    change = UsdField("theirs less ours")


class StatementShadowSerializer(serializers.Serializer[Any]):
    """An SC's own figures against its statement; nothing of it is kept."""

    ours_usd = UsdField("sum of the statement", source="ours")
    theirs_usd = UsdField("sum of the file", source="theirs")
    same = serializers.IntegerField(help_text="lines without a difference")
    below_least = serializers.IntegerField(source="hidden", help_text="smaller differences")
    lines = ShadowLineSerializer(many=True, source="shown", help_text="largest difference first")
