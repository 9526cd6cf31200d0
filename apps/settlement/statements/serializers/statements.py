"""Statements as the API answers them: one with its lines, a month, the invoices to be."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.platform.runs.selectors import input_changes
from apps.platform.ui.held_lines import (
    HeldLineOfDaySerializer,
    HeldLineSerializer,
    held_of_days,
)
from apps.platform.ui.serializers import FilledField, UsdField
from apps.settlement.settlements.selectors import held_of_sc, published_over
from apps.settlement.statements import selectors, services
from apps.settlement.statements.models import Statement
from apps.settlement.statements.serializers.comparisons import RunCausesSerializer


class StatementLineSerializer(serializers.Serializer[Any]):
    """A line of a statement; positive is to be paid by the SC."""

    line_no = serializers.IntegerField()
    charge_code = serializers.CharField()
    resource_id = serializers.CharField(source="resource.code", allow_null=True)
    contract_no = FilledField()
    tac_area = serializers.CharField(source="tac_area.code", allow_null=True)
    amount_usd = UsdField("in full", source="amount")
    previous_usd = UsdField(
        "on the version before; null: none", source="previous_amount", allow_null=True
    )
    change_usd = UsdField("null: a first version", source="change", allow_null=True)


class StatementHeadSerializer(serializers.Serializer[Any]):
    """A statement without its lines."""

    id = serializers.IntegerField(source="pk")
    sc = serializers.CharField(source="sc.code", help_text="scheduling coordinator")
    trade_date = serializers.DateField()
    version = serializers.IntegerField()
    run_type = serializers.CharField(source="run.run_type", help_text="run of the calendar")
    charges_usd = UsdField("to be paid by the SC", source="charges")
    payments_usd = UsdField("to be paid to the SC; negative", source="payments")
    total_usd = UsdField("charges and payments", source="total")
    change_usd = UsdField(
        "since the version before; null: a first one", source="change", allow_null=True
    )
    previous = serializers.IntegerField(
        source="previous_id", allow_null=True, help_text="statement of the version before"
    )
    synthetic = serializers.BooleanField(source="is_synthetic", help_text="rests on made-up data")


class StatementShowSerializer(StatementHeadSerializer):
    """A statement with its lines."""

    held = serializers.SerializerMethodField(
        help_text="lines without an amount, why, and until what; the sums are without them"
    )
    published_over = serializers.SerializerMethodField(
        help_text="over how many missing or outdated inputs, of all SCs; null: over none"
    )
    lines = serializers.SerializerMethodField()

    def get_published_over(self, statement: Statement) -> str | None:
        """That the version was published over missing or outdated inputs, if it was."""
        return published_over(statement.run, in_full=False) or None

    @extend_schema_field(HeldLineSerializer(many=True))
    def get_held(self, statement: Statement) -> Any:
        """What is held of the SC's own resources, by resource ID, and of its shares."""
        found = held_of_sc(run=statement.run, sc_id=statement.sc_id)
        return HeldLineSerializer(found, many=True).data

    @extend_schema_field(StatementLineSerializer(many=True))
    def get_lines(self, statement: Statement) -> Any:
        """Every line, in order."""
        return StatementLineSerializer(selectors.lines_of(statement), many=True).data


class InputChangeSerializer(serializers.Serializer[Any]):
    """An input or a parameter in which two runs differ."""

    input = serializers.CharField(source="name")
    was = serializers.SerializerMethodField(help_text="version, count or value; null: none")
    now = serializers.SerializerMethodField(help_text="version, count or value; null: none")

    def get_was(self, change: Any) -> str | None:
        """What the earlier run read."""
        return _said(change["was"])

    def get_now(self, change: Any) -> str | None:
        """What the later run read."""
        return _said(change["now"])


def _said(entry: Any) -> str | None:
    if entry is None or isinstance(entry, str):
        return entry
    version = entry.dataset_version
    return str(version) if version else entry.terms_said


class StatementChangesSerializer(StatementHeadSerializer):
    """A later version with its changed lines, and the inputs that differ."""

    lines = serializers.SerializerMethodField()
    causes = serializers.SerializerMethodField()

    @extend_schema_field(StatementLineSerializer(many=True))
    def get_lines(self, statement: Statement) -> Any:
        """The lines that changed, in order."""
        rows = selectors.lines_of(statement, changed_only=True)
        return StatementLineSerializer(rows, many=True).data

    @extend_schema_field(InputChangeSerializer(many=True))
    def get_causes(self, statement: Statement) -> Any:
        """The inputs and parameters that differ."""
        earlier = statement.previous
        changes = input_changes(statement.run, earlier.run) if earlier else []
        return InputChangeSerializer(changes, many=True).data


class StatementDifferenceSerializer(StatementChangesSerializer):
    """A later version against the one before, its change split by cause."""

    split = serializers.SerializerMethodField()

    @extend_schema_field(RunCausesSerializer)
    def get_split(self, statement: Statement) -> Any:
        """The change of this SC, in parts that add up."""
        earlier: Any = statement.previous
        found = services.why(old=earlier.run, new=statement.run, sc_id=statement.sc_id)
        return RunCausesSerializer(found).data


class MonthChargeSerializer(serializers.Serializer[Any]):
    """One charge code of a month."""

    charge_code = serializers.CharField()
    lines = serializers.IntegerField(help_text="how many lines")
    charges = UsdField("to be paid by the SC")
    payments = UsdField("to be paid to the SC; negative")
    total = UsdField("charges and payments")


class StatementMonthSerializer(serializers.Serializer[Any]):
    """An SC's month: the newest statement of each trade date."""

    sc = serializers.CharField(source="sc.code")
    month = serializers.CharField(source="name", help_text="YYYY-MM")
    total_usd = UsdField("as it stands now", source="total")
    charges = MonthChargeSerializer(many=True, source="by_code")
    statements = StatementHeadSerializer(many=True)
    held = serializers.SerializerMethodField(
        help_text="lines of these statements without an amount; the sums are without them"
    )

    @extend_schema_field(HeldLineOfDaySerializer(many=True))
    def get_held(self, month: services.Month) -> Any:
        """What is held, in the order of the trade dates."""
        return held_of_days(month.held_lines)


class BilledStatementSerializer(StatementHeadSerializer):
    """A statement on an invoice, with what is billed of it."""

    billed_usd = serializers.SerializerMethodField()

    @extend_schema_field(UsdField("the change, or all of a first version"))
    def get_billed_usd(self, statement: Statement) -> Any:
        """The change, or all of a first version."""
        return format(services.increment(statement), "f")


class InvoiceWeekSerializer(serializers.Serializer[Any]):
    """An invoice to be: the statements published in its window, or one of an optional run."""

    invoice_date = serializers.DateField(source="week.day")
    optional = serializers.BooleanField(help_text="of an optional run, which is invoiced alone")
    published_from = serializers.DateField(source="week.first")
    published_to = serializers.DateField(source="week.last")
    due = serializers.DateField(source="week.due", help_text="last day to pay")
    amount_usd = UsdField("positive is to be paid by the SC", source="amount")
    statements = BilledStatementSerializer(many=True)
    held = serializers.SerializerMethodField(
        help_text="lines of these statements without an amount; the sums are without them"
    )

    @extend_schema_field(HeldLineOfDaySerializer(many=True))
    def get_held(self, billed: services.Billed) -> Any:
        """What is held, in the order of the statements."""
        return held_of_days(billed.held_lines)
