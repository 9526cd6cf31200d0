"""Invoices, liabilities and balances as the API and the commands answer them; in dollars."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.platform.ui.serializers import FilledField, UsdField, as_stored
from apps.settlement.clearing.codes import COMPONENTS
from apps.settlement.clearing.models import Invoice
from apps.settlement.clearing.rules import why_at_least
from apps.settlement.clearing.services import held_on


class InvoiceLineSerializer(serializers.Serializer[Any]):
    """One charge code of an invoice."""

    charge_code = serializers.CharField()
    charges_usd = UsdField("to be paid by the SC", source="charges")
    payments_usd = UsdField("to be paid to the SC; negative", source="payments")
    net_usd = UsdField("charges and payments", source="net")


class InvoicedStatementSerializer(serializers.Serializer[Any]):
    """A statement that an invoice bills."""

    statement = serializers.IntegerField(source="statement_id")
    trade_date = serializers.DateField(source="statement.trade_date")
    version = serializers.IntegerField(source="statement.version")
    billed_usd = UsdField("the change, or all of a first version", source="amount")


class InvoicedHeldLineSerializer(serializers.Serializer[Any]):
    """Lines of a statement that have no amount until an input is made good; no sum holds them."""

    trade_date = serializers.DateField()
    version = serializers.IntegerField()
    resource = FilledField(help_text="resource ID; null: shares of what others' are charged")
    charge_codes = serializers.ListField(
        child=serializers.CharField(), source="charges", help_text="charge codes without an amount"
    )
    sentence = serializers.CharField(help_text="which input is missing or outdated, in words")
    until = serializers.CharField(help_text="what has to come before it is charged or paid")


class InvoiceShowSerializer(serializers.Serializer[Any]):
    """An invoice with its lines and statements."""

    id = serializers.IntegerField(source="pk")
    number = serializers.CharField()
    sc = serializers.CharField(source="sc.code", help_text="scheduling coordinator")
    optional = serializers.BooleanField(help_text="of an optional run, which is invoiced alone")
    invoice_date = serializers.DateField(source="day")
    published_from = serializers.DateField(source="first_date")
    published_to = serializers.DateField(source="last_date")
    payment_date = serializers.DateField(source="due", help_text="last day to pay")
    charges_usd = UsdField("to be paid by the SC", source="charges")
    payments_usd = UsdField("to be paid to the SC; negative", source="payments")
    net_usd = UsdField("positive is to be paid by the SC", source="net")
    synthetic = serializers.BooleanField(source="is_synthetic", help_text="rests on made-up data")
    lines = InvoiceLineSerializer(many=True)
    statements = serializers.SerializerMethodField()
    held = serializers.SerializerMethodField(
        help_text="lines of these statements without an amount; the sums are without them"
    )

    @extend_schema_field(InvoicedStatementSerializer(many=True))
    def get_statements(self, invoice: Invoice) -> Any:
        """The statements it bills."""
        rows = invoice.billed.select_related("statement").order_by("statement_id")
        return InvoicedStatementSerializer(rows, many=True).data

    @extend_schema_field(InvoicedHeldLineSerializer(many=True))
    def get_held(self, invoice: Invoice) -> Any:
        """What is held of its statements, in the order of their days."""
        rows = [
            vars(line) | {"trade_date": s.trade_date, "version": s.version}
            for s, line in held_on(invoice)
        ]
        return InvoicedHeldLineSerializer(rows, many=True).data


class ComponentsSerializer(serializers.Serializer[Any]):
    """What a liability is made of."""

    def get_fields(self) -> Any:
        """Return one amount a component."""
        return {name: UsdField(said, source=name.lower()) for name, said in COMPONENTS.items()}


class ProjectedSerializer(serializers.Serializer[Any]):
    """The RMR cost of a contract without history, as an SC bears it."""

    contract = serializers.CharField()
    cost = serializers.CharField(help_text="of a day; $; blank: the owner's")
    share = serializers.CharField(help_text="of the SC a day; $")
    days = serializers.IntegerField()
    since = serializers.CharField(help_text="first day; YYYY-MM-DD")


class RmrPartsSerializer(serializers.Serializer[Any]):
    """How much of a liability is RMR."""

    published = serializers.CharField(help_text="$")
    extrapolated = serializers.CharField(help_text="$")
    projected = serializers.CharField(help_text="$")


def _named(said: str) -> serializers.ListField:
    pair = serializers.ListField(child=serializers.CharField(), min_length=2, max_length=2)
    return serializers.ListField(child=pair, help_text=f"{said}; $")


@extend_schema_field(
    {
        "type": "array",
        "items": {
            "type": "array",
            "minItems": 2,
            "maxItems": 2,
            "items": {"oneOf": [{"type": "integer"}, {"type": "string"}]},
        },
    }
)
class AdjustmentsField(serializers.ReadOnlyField):
    """Adjustments by their number."""


class ExposureDetailsSerializer(serializers.Serializer[Any]):
    """The numbers behind a liability; amounts as people read them."""

    invoiced = _named("invoices not due yet")
    past_due = _named("invoices past due")
    apart = serializers.CharField(help_text="amounts set apart; $")
    published = _named("statements not invoiced yet")
    estimated = _named("calculated trade dates not published yet")
    average = serializers.CharField(help_text="of a trade date in the window; $")
    window = serializers.ListField(
        child=serializers.CharField(), help_text="trade dates the average is taken of"
    )
    gap = serializers.ListField(
        child=serializers.CharField(), help_text="trade dates nobody calculated yet"
    )
    beyond = serializers.IntegerField(
        required=False, help_text="older such trade dates, whose liability is not known"
    )
    to_payment = serializers.IntegerField(help_text="days until payment")
    projected = ProjectedSerializer(many=True)
    adjustments = AdjustmentsField(help_text="number of each and its amount; $")
    rmr = RmrPartsSerializer()


class ExposureShowSerializer(serializers.Serializer[Any]):
    """A measured liability with the numbers behind it."""

    id = serializers.IntegerField(source="pk")
    sc = serializers.CharField(source="sc.code", help_text="scheduling coordinator")
    as_of = serializers.DateField()
    eal_usd = UsdField("estimated aggregate liability", source="eal")
    at_least = serializers.SerializerMethodField(
        help_text="why the liability is at least the amount, and answers no call; empty where it "
        "is the amount"
    )
    unsecured_usd = UsdField("unsecured credit", source="unsecured")
    security_usd = UsdField("security posted", source="security")
    available_usd = UsdField("credit and security less the liability", source="available")
    collateral_required_usd = UsdField("what has to be posted", source="required")
    components = ComponentsSerializer(source="*")
    details = as_stored(ExposureDetailsSerializer, "the numbers behind the components")

    def get_at_least(self, exposure: Any) -> str:
        """Say why it is at least the amount."""
        return why_at_least(exposure.details)


class AccountBalanceSerializer(serializers.Serializer[Any]):
    """The balance of an account."""

    account = serializers.CharField()
    title = serializers.CharField()
    balance_usd = UsdField("debits less credits", source="balance")


class TrialBalanceSerializer(serializers.Serializer[Any]):
    """The balances of both books; each book adds up to zero."""

    MARKET = AccountBalanceSerializer(many=True)
    LEGACY = AccountBalanceSerializer(many=True)
