"""Invoices, the double-entry sub-ledger, and the cases that post to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pgtrigger
from django.conf import settings
from django.db import models

from apps.platform.accounts.codes import NOBODY_READS, OWN_PARTY
from apps.platform.accounts.hooks import ROW_POLICIES, RowPolicy
from apps.platform.accounts.models import tracked
from apps.platform.audit.hooks import PLAIN_MODELS, PlainModel
from apps.platform.audit.models import Case, append_only, case_triggers, second_person
from apps.platform.ui.fields import AddressField, QuantityField
from apps.settlement.clearing.codes import (
    CALL_STATES,
    CREDIT_STATES,
    DEFAULT_STATES,
    LOSS_STATES,
    PAYMENT_STATES,
    RECEIPT_STATES,
)

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

    from apps.platform.accounts.models import Party

OWN = f"sc_id = {OWN_PARTY}"
for table in (
    *("invoice", "posting", "receipt", "paymentdefault"),
    *("creditentry", "exposure", "collateralcall"),
):
    ROW_POLICIES.register(RowPolicy(f"clearing_{table}", OWN))
for table in ("invoiceline", "invoicestatement"):
    ROW_POLICIES.register(
        RowPolicy(f"clearing_{table}", "invoice_id in (select id from clearing_invoice)")
    )
ROW_POLICIES.register(RowPolicy("clearing_entry", "id in (select entry_id from clearing_posting)"))
ROW_POLICIES.register(RowPolicy("clearing_paymentday", NOBODY_READS))
ROW_POLICIES.register(RowPolicy("clearing_defaultloss", NOBODY_READS))
PLAIN_MODELS.register(
    PlainModel("clearing.Invoice", "an invoice as issued, append-only"),
    PlainModel("clearing.InvoiceLine", "a line of an invoice as issued, append-only"),
    PlainModel("clearing.InvoiceStatement", "which statement an invoice bills, append-only"),
    PlainModel("clearing.Entry", "an entry of the ledger, append-only"),
    PlainModel("clearing.Posting", "a posting of an entry, append-only and balanced"),
    PlainModel("clearing.Exposure", "a liability as measured, append-only"),
)


def _sc() -> models.ForeignKey[Party | Combinable, Party]:
    return models.ForeignKey("accounts.Party", on_delete=models.PROTECT, related_name="+")


def _person(null: bool = True) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=null, related_name="+"
    )


class Invoice(models.Model):
    """An SC's invoice: the increments of the statements of one publication window, or of one run.

    charges and payments are gross; ``net`` above zero is to be paid by the SC by ``due``.
    """

    number = models.CharField(max_length=60, unique=True)
    sc = _sc()
    run = models.ForeignKey("runs.Run", on_delete=models.PROTECT, null=True, related_name="+")
    day = models.DateField("invoice date")
    first_date = models.DateField("published from")
    last_date = models.DateField("published to")
    due = models.DateField("payment date")
    charges = QuantityField("USD")
    payments = QuantityField("USD")
    net = QuantityField("USD")
    issued_at = models.DateTimeField("issued")
    issued_by = _person(null=False)
    is_synthetic = models.BooleanField("synthetic", default=False)

    class Meta:
        ordering = ("-day", "sc")
        triggers = append_only()
        constraints = [
            models.CheckConstraint(
                name="an_invoice_is_charges_plus_payments",
                condition=models.Q(net=models.F("charges") + models.F("payments")),
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def optional(self) -> bool:
        """Whether it bills one optional run alone."""
        return self.run_id is not None


class InvoiceLine(models.Model):
    """What an invoice bills of one charge code."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="lines")
    charge_code = models.CharField("charge", max_length=20)
    charges = QuantityField("USD")
    payments = QuantityField("USD")
    net = QuantityField("USD")

    class Meta:
        ordering = ("invoice", "charge_code")
        triggers = append_only()
        constraints = [
            models.UniqueConstraint(
                fields=["invoice", "charge_code"], name="an_invoice_bills_a_charge_once"
            )
        ]


class InvoiceStatement(models.Model):
    """A statement on the one invoice that bills it."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="billed")
    statement = models.OneToOneField(
        "statements.Statement", on_delete=models.PROTECT, related_name="billing"
    )
    amount = QuantityField("USD", "billed")

    class Meta:
        triggers = append_only()


class Entry(models.Model):
    """Something that happened in one book of the ledger; its postings add up to zero."""

    kind = models.CharField(max_length=24)
    book = models.CharField(max_length=8)
    day = models.DateField("day")
    payment_date = models.DateField("payment date", null=True)
    sentence = models.CharField("what happened", max_length=300)
    address = AddressField(max_length=120, blank=True)
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="reversed_by"
    )
    at = models.DateTimeField("entered")
    actor = _person(null=False)

    class Meta:
        verbose_name_plural = "entries"
        ordering = ("-at", "-id")
        triggers = append_only()


BALANCED = """
    IF (SELECT coalesce(sum(amount), 0) FROM clearing_posting WHERE entry_id = NEW.entry_id) <> 0
    THEN RAISE EXCEPTION 'The postings of entry % do not add up to zero', NEW.entry_id;
    END IF;
    RETURN NULL;
"""


class Posting(models.Model):
    """One side of an entry: above zero a debit, below a credit, of an account or an SC's part."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="postings")
    account = models.CharField(max_length=16)
    sc = models.ForeignKey("accounts.Party", on_delete=models.PROTECT, null=True, related_name="+")
    invoice = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, null=True, related_name="postings"
    )
    amount = QuantityField("USD")

    class Meta:
        ordering = ("entry", "id")
        triggers = [
            *append_only(),
            pgtrigger.Trigger(
                name="entries_balance",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                level=pgtrigger.Row,
                timing=pgtrigger.Deferred,
                func=BALANCED,
            ),
        ]
        constraints = [
            models.CheckConstraint(name="a_posting_moves_something", condition=~models.Q(amount=0)),
            models.CheckConstraint(
                name="parts_of_scs_name_their_sc",
                condition=~models.Q(account__in=["SC", "DEPOSIT", "SHORTFALL"])
                | models.Q(sc__isnull=False),
            ),
        ]


@tracked
class Receipt(Case):
    """Money an SC paid into the clearing account."""

    sc = _sc()
    amount = QuantityField("USD", "received")
    received_on = models.DateField("received on")
    bank_reference = models.CharField("bank reference", max_length=80)
    decided_by = _person()

    STATES = RECEIPT_STATES

    class Meta:
        verbose_name = "receipt"
        ordering = ("-opened_at", "-id")
        triggers = case_triggers(RECEIPT_STATES)
        constraints = [
            *second_person("a_receipt", "CONFIRMED", "REJECTED", "REVERSED"),
            models.UniqueConstraint(
                fields=["bank_reference"],
                name="a_bank_reference_is_entered_once",
                condition=models.Q(state__in=["ENTERED", "CONFIRMED"]),
            ),
            models.CheckConstraint(
                name="a_receipt_is_above_zero", condition=models.Q(amount__gt=0)
            ),
        ]


@tracked
class PaymentDay(Case):
    """A payment date: prepared with what would happen, closed by a second person.

    ``plan`` is what was shown; closing is refused where it is no longer what would happen.
    """

    day = models.DateField("payment date")
    plan = models.JSONField()
    decided_by = _person()

    STATES = PAYMENT_STATES

    class Meta:
        verbose_name = "payment date"
        ordering = ("-day", "-id")
        triggers = case_triggers(PAYMENT_STATES)
        constraints = [
            *second_person("a_payment_date", "CLOSED"),
            models.UniqueConstraint(
                fields=["day"],
                name="a_payment_date_is_closed_once",
                condition=models.Q(state__in=["PREPARED", "CLOSED"]),
            ),
        ]


@tracked
class PaymentDefault(Case):
    """What an SC did not pay on a payment date, what met it, and what came in later."""

    payment_day = models.ForeignKey(PaymentDay, on_delete=models.PROTECT, related_name="defaults")
    sc = _sc()
    day = models.DateField("payment date")
    unpaid = QuantityField("USD", "unpaid")
    security = QuantityField("USD", "from its security")
    reserve = QuantityField("USD", "from the reserve")
    shortfall = QuantityField("USD", "short-paid to creditors")
    received = QuantityField("USD", "received later", default=0)

    STATES = DEFAULT_STATES

    class Meta:
        verbose_name = "payment default"
        ordering = ("-day", "sc")
        triggers = case_triggers(DEFAULT_STATES)
        constraints = [
            models.UniqueConstraint(
                fields=["payment_day", "sc"], name="an_sc_defaults_once_a_payment_date"
            ),
            models.CheckConstraint(
                name="a_default_is_met_or_short",
                condition=models.Q(
                    unpaid__gte=models.F("security") + models.F("reserve") + models.F("shortfall")
                ),
            ),
        ]


@tracked
class DefaultLoss(Case):
    """An unpaid amount shared by all participants, with the measures it is shared by."""

    default = models.ForeignKey(PaymentDefault, on_delete=models.PROTECT, related_name="losses")
    amount = QuantityField("USD", "loss")
    first_date = models.DateField("look-back from")
    last_date = models.DateField("look-back to")
    measures = models.JSONField()
    reference = models.CharField(max_length=300)
    decided_by = _person()

    STATES = LOSS_STATES

    class Meta:
        verbose_name = "default loss"
        verbose_name_plural = "default losses"
        ordering = ("-opened_at", "-id")
        triggers = case_triggers(LOSS_STATES)
        constraints = [
            *second_person("a_default_loss", "APPROVED", "REJECTED"),
            models.UniqueConstraint(
                fields=["default"],
                name="a_default_is_lost_once",
                condition=models.Q(state__in=["PROPOSED", "APPROVED"]),
            ),
        ]


@tracked
class CreditEntry(Case):
    """A limit, a security, an adjustment of an SC, or money for the reserve, by two people."""

    kind = models.CharField(max_length=10)
    sc = models.ForeignKey("accounts.Party", on_delete=models.PROTECT, null=True, related_name="+")
    amount = QuantityField("USD")
    first_date = models.DateField("from")
    last_date = models.DateField("to", null=True)
    reference = models.CharField(max_length=300)
    decided_by = _person()

    STATES = CREDIT_STATES

    class Meta:
        verbose_name = "credit entry"
        verbose_name_plural = "credit entries"
        ordering = ("-opened_at", "-id")
        triggers = case_triggers(CREDIT_STATES)
        constraints = [
            *second_person("a_credit_entry", "APPROVED", "REJECTED", "RELEASED"),
            models.CheckConstraint(
                name="only_the_reserve_has_no_sc",
                condition=models.Q(kind="RESERVE", sc__isnull=True)
                | (~models.Q(kind="RESERVE") & models.Q(sc__isnull=False)),
            ),
        ]


class Exposure(models.Model):
    """An SC's estimated aggregate liability as measured for a day, with every number behind it."""

    sc = _sc()
    as_of = models.DateField("as of")
    number = models.PositiveIntegerField("measurement")
    at = models.DateTimeField("measured")
    invoiced = QuantityField("USD")
    published = QuantityField("USD")
    estimated = QuantityField("USD")
    extrapolated = QuantityField("USD")
    projected_rmr = QuantityField("USD", "projected RMR")
    past_due = QuantityField("USD", "past due")
    adjustments = QuantityField("USD")
    eal = QuantityField("USD", "liability")
    unsecured = QuantityField("USD", "unsecured limit")
    security = QuantityField("USD")
    available = QuantityField("USD", "available credit")
    required = QuantityField("USD", "collateral missing")
    details = models.JSONField()
    is_synthetic = models.BooleanField("synthetic", default=False)

    class Meta:
        ordering = ("-as_of", "sc", "-number")
        triggers = append_only()
        constraints = [
            models.UniqueConstraint(
                fields=["sc", "as_of", "number"], name="an_exposure_is_numbered_once"
            )
        ]


@tracked
class CollateralCall(Case):
    """Collateral an SC has to put up by a day, for a liability above its limit."""

    sc = _sc()
    exposure = models.ForeignKey(Exposure, on_delete=models.PROTECT, related_name="calls")
    amount = QuantityField("USD", "called")
    due = models.DateField("due")

    STATES = CALL_STATES

    class Meta:
        verbose_name = "collateral call"
        ordering = ("-opened_at", "-id")
        triggers = case_triggers(CALL_STATES)
        constraints = [
            models.UniqueConstraint(
                fields=["sc"],
                name="an_sc_is_called_once_at_a_time",
                condition=models.Q(state__in=["CALLED", "OVERDUE"]),
            )
        ]
