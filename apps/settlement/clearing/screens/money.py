"""Invoices, postings, receipts, payment dates, defaults and losses."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from apps.platform.accounts.codes import ISO_ROLES
from apps.platform.accounts.rules import Viewer
from apps.platform.core.quantity import dollars
from apps.platform.ui.hooks import MENU, MenuItem
from apps.platform.ui.screens import SCREENS, Column, Screen, link_to
from apps.platform.ui.workflow import (
    WORKFLOWS,
    CaseFact,
    CreateForm,
    Transition,
    Workflow,
    turning_down,
)
from apps.settlement.clearing import forms, selectors, services
from apps.settlement.clearing.codes import CLEARERS, READERS
from apps.settlement.clearing.models import (
    DefaultLoss,
    Invoice,
    PaymentDay,
    PaymentDefault,
    Posting,
    Receipt,
)


def _receipt(*, actor: Any, at: Any, **words: Any) -> Any:
    return services.enter_receipt(given=services.ReceiptInput(**words), actor=actor, at=at)


def _loss(*, actor: Any, at: Any, **words: Any) -> Any:
    return services.propose_loss(given=services.LossInput(**words), actor=actor, at=at)


RECEIPTS = Workflow(
    name="receipts",
    noun="receipt",
    model=Receipt,
    select=selectors.receipts,
    roles=READERS,
    heading=lambda r: f"{r.sc.code}: {dollars(r.amount)} received {r.received_on}",
    facts=lambda r, viewer: [
        CaseFact("SC", r.sc.code),
        CaseFact("Received", r.amount, "USD"),
        CaseFact("Received on", r.received_on),
        CaseFact("Bank reference", r.bank_reference),
    ],
    steps={
        "confirm": Transition(services.confirm_receipt),
        **turning_down(Receipt),
        "reverse": Transition(services.reverse_receipt, note_needed=True),
    },
    opening=CreateForm(
        title="Enter money received",
        button="Enter it",
        form=forms.ReceiptForm,
        perform=_receipt,
        roles=CLEARERS,
        intro="Money an SC paid into the clearing account. A second person confirms it; it then "
        "meets the SC's oldest open invoices.",
        example={
            "sc": "AN_SC",
            "amount": "1250.00",
            "received_on": "2024-09-24",
            "bank_reference": "WIRE-77",
        },
    ),
    implements=("BRQ-1401",),
)


def _landing(case: PaymentDay) -> dict[str, Any] | None:
    """Return a chart of where the defaults of a payment date land."""
    short = [row for row in case.plan["paid"] if row["short"] != "0.00"]
    parts = [(f"security of {d['sc']}", d["security"]) for d in case.plan["defaults"]]
    parts += [("reserve", str(sum(float(d["reserve"]) for d in case.plan["defaults"])))]
    parts += [(row["sc"], row["short"]) for row in short]
    kept = [(name, float(value)) for name, value in parts if float(value)]
    if not kept:
        return None
    return {
        "kind": "stacked-bar",
        "unit": "$",
        "title": "Where the unpaid amount lands",
        "categories": [name for name, _ in kept],
        "series": [{"name": "$", "data": [value for _, value in kept]}],
    }


def _day_panels(case: PaymentDay, viewer: Viewer) -> list[tuple[str, dict[str, Any]]]:
    return [
        (
            "clearing/payment_date.html",
            {"case": case, "defaults": case.defaults.select_related("sc"), "chart": _landing(case)},
        )
    ]


DAYS = Workflow(
    name="payment-dates",
    noun="payment date",
    model=PaymentDay,
    select=selectors.payment_days,
    roles=ISO_ROLES,
    heading=lambda p: f"Payment date {p.day}",
    facts=lambda p, viewer: [
        CaseFact("Payment date", p.day),
        CaseFact("Prepared by", p.opened_by.username),
        CaseFact("Defaults", len(p.plan["defaults"])),
        CaseFact("Creditors", len(p.plan["paid"])),
        CaseFact("Closed by", p.decided_by.username if p.decided_by else None),
    ],
    steps={
        "close": Transition(services.close_day),
        "prepare_again": Transition(services.prepare_again),
        "withdraw": turning_down(PaymentDay)["withdraw"],
    },
    opening=CreateForm(
        title="Prepare a payment date",
        button="Prepare it",
        form=forms.PaymentDateForm,
        perform=services.prepare_date,
        roles=CLEARERS,
        intro="Shows who did not pay, what meets it and what each creditor gets. A second person "
        "closes it as shown.",
        example={"day": "2024-09-24"},
    ),
    panels=_day_panels,
    implements=("BRQ-1401",),
)
DEFAULTS = Workflow(
    name="payment-defaults",
    noun="payment default",
    model=PaymentDefault,
    select=selectors.payment_defaults,
    roles=READERS,
    heading=lambda d: f"{d.sc.code} did not pay {dollars(d.unpaid)} on {d.day}",
    facts=lambda d, viewer: [
        CaseFact("SC", d.sc.code),
        CaseFact("Payment date", d.day),
        CaseFact("Unpaid", d.unpaid, "USD"),
        CaseFact("From its security", d.security, "USD"),
        CaseFact("From the reserve", d.reserve, "USD"),
        CaseFact("Short-paid to creditors (CC 5910)", d.shortfall, "USD"),
        CaseFact("Received later", d.received, "USD"),
        *(
            [
                CaseFact(
                    "Payment date no.",
                    d.payment_day_id,
                    address=reverse("payment-dates-case", args=[d.payment_day_id]),
                )
            ]
            if viewer.is_iso
            else []
        ),
    ],
    steps={},
    links=lambda d, viewer: (
        [("Share the loss", reverse("default-losses-new", query={"default": d.pk}))]
        if d.state == "OPEN" and viewer.may(CLEARERS)
        else []
    ),
    implements=("BRQ-1401",),
)


def _loss_panels(case: DefaultLoss, viewer: Viewer) -> list[tuple[str, dict[str, Any]]]:
    shares = sorted(case.measures, key=lambda m: (-float(m["share"]), m["sc"]))
    chart = {
        "kind": "stacked-bar",
        "unit": "$",
        "title": "Where the loss lands",
        "categories": [m["sc"] for m in shares[:30]],
        "series": [{"name": "share", "data": [float(m["share"]) for m in shares[:30]]}],
    }
    return [("clearing/default_loss.html", {"case": case, "shares": shares, "chart": chart})]


LOSSES = Workflow(
    name="default-losses",
    noun="default loss",
    model=DefaultLoss,
    select=selectors.default_losses,
    roles=ISO_ROLES,
    heading=lambda c: f"Loss of {dollars(c.amount)} by {c.default.sc.code}",
    facts=lambda c, viewer: [
        CaseFact(
            "Default",
            str(c.default_id),
            address=reverse("payment-defaults-case", args=[c.default_id]),
        ),
        CaseFact("Loss", c.amount, "USD"),
        CaseFact("Look-back", f"{c.first_date} to {c.last_date}"),
        CaseFact("Grounds", c.reference),
    ],
    steps={"approve": Transition(services.approve_loss), **turning_down(DefaultLoss)},
    opening=CreateForm(
        title="Share a default loss",
        button="Propose it",
        form=forms.LossForm,
        perform=_loss,
        roles=CLEARERS,
        intro="What stays unpaid is shared by all participants: 20 % by what is payable to them, "
        "30 % by absolute invoices, 50 % by energy. A second person approves.",
        example={"default": 1, "reference": "Board decision of 2024-12-01"},
    ),
    panels=_loss_panels,
    implements=("BRQ-1401",),
)
WORKFLOWS.register(RECEIPTS, DAYS, DEFAULTS, LOSSES)

INVOICES = Screen(
    name="invoices",
    title="Invoices",
    model=Invoice,
    select=selectors.invoices,
    columns=(
        Column("number", link=link_to("invoice", "pk")),
        Column("sc__code", "SC"),
        "day",
        "due",
        "charges",
        "payments",
        "net",
        "first_date",
        "last_date",
        Column("run__run_type", "Alone for", shown=False),
        "is_synthetic",
        Column("issued_at", shown=False),
    ),
    filters=("sc__code", "day", "due"),
    search=("number", "sc__code"),
    order=("-day", "sc__code", "pk"),
    roles=READERS,
    group="settlement",
    intro="Weekly market invoices and those of optional runs. An invoice bills increments; above "
    "zero is to be paid by the SC.",
    empty="No invoice has been issued. The weekly ones come each Wednesday.",
    implements=("BRQ-1201", "BRQ-1202"),
)
LEDGER = Screen(
    name="ledger",
    title="Ledger",
    model=Posting,
    select=selectors.postings,
    columns=(
        Column("entry_id", "Entry"),
        Column("entry__day", "Day"),
        Column("entry__kind", "Kind"),
        "account",
        Column("sc__code", "SC"),
        Column("amount", "Debit, credit below 0"),
        Column("entry__payment_date", "Payment date"),
        Column("invoice__number", "Invoice"),
        Column("entry__sentence", "What happened"),
        Column("entry__book", "Book"),
        Column("entry__at", "Entered", shown=False),
    ),
    filters=(
        "entry__book",
        "entry__kind",
        "account",
        "sc__code",
        "entry__day",
        "entry__payment_date",
    ),
    search=("entry__sentence", "sc__code", "invoice__number"),
    order=("-entry_id", "pk"),
    roles=READERS,
    group="settlement",
    in_search=False,
    intro="Every entry of the market clearing account and, in its own book, of legacy RMR.",
    empty="Nothing has been entered.",
    implements=("BRQ-1410", "BRQ-1401"),
)
RECEIPT_LIST = Screen(
    name="receipts",
    title="Receipts",
    model=Receipt,
    select=selectors.receipts,
    columns=(
        Column("id", "No.", link=link_to("receipts-case", "pk")),
        Column("sc__code", "SC"),
        "amount",
        "received_on",
        "bank_reference",
        "state",
    ),
    filters=("sc__code", "received_on", "state"),
    search=("bank_reference", "sc__code"),
    order=("-pk",),
    roles=READERS,
    group="settlement",
    empty="No money has been entered.",
    implements=("BRQ-1401",),
)
DAY_LIST = Screen(
    name="payment-dates",
    title="Payment dates",
    model=PaymentDay,
    select=selectors.payment_days,
    columns=(
        Column("id", "No.", link=link_to("payment-dates-case", "pk")),
        Column("day", link=link_to("payment-dates-case", "pk")),
        "state",
        Column("opened_by__username", "Prepared by"),
        Column("decided_by__username", "Closed by"),
    ),
    filters=("day", "state"),
    order=("-day", "-pk"),
    roles=ISO_ROLES,
    group="settlement",
    empty="No payment date has been prepared.",
    implements=("BRQ-1401",),
)
DEFAULT_LIST = Screen(
    name="payment-defaults",
    title="Payment defaults",
    model=PaymentDefault,
    select=selectors.payment_defaults,
    columns=(
        Column("id", "No.", link=link_to("payment-defaults-case", "pk")),
        "day",
        Column("sc__code", "SC"),
        "unpaid",
        "security",
        "reserve",
        "shortfall",
        "received",
        "state",
    ),
    filters=("day", "sc__code", "state"),
    search=("sc__code",),
    order=("-day", "sc__code"),
    roles=READERS,
    group="settlement",
    empty="Everybody has paid.",
    implements=("BRQ-1401",),
)
LOSS_LIST = Screen(
    name="default-losses",
    title="Default losses",
    model=DefaultLoss,
    select=selectors.default_losses,
    columns=(
        Column("id", "No.", link=link_to("default-losses-case", "pk")),
        Column("default__sc__code", "SC in default"),
        "amount",
        "first_date",
        "last_date",
        "state",
        "reference",
    ),
    filters=("default__sc__code", "state"),
    search=("default__sc__code", "reference"),
    order=("-pk",),
    roles=ISO_ROLES,
    group="settlement",
    empty="No loss has been shared.",
    implements=("BRQ-1401",),
)
LISTS = (
    (INVOICES, 20),
    (LEDGER, 22),
    (RECEIPT_LIST, 23),
    (DAY_LIST, 24),
    (DEFAULT_LIST, 25),
    (LOSS_LIST, 26),
)
SCREENS.register(*(screen for screen, _ in LISTS))
for screen, order in LISTS:
    MENU.register(
        MenuItem(
            group="Clearing",
            label=screen.title,
            name=screen.name,
            roles=screen.roles,
            order=order,
        )
    )
MENU.register(
    MenuItem(
        group="Clearing", label="Trial balance", name="trial-balance", roles=ISO_ROLES, order=21
    )
)
