"""Credit entries, exposures and collateral calls."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from apps.platform.audit.services import plain_move
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
from apps.settlement.clearing.codes import CLEARERS, CREDIT_TITLES, READERS, CreditKind
from apps.settlement.clearing.models import CollateralCall, CreditEntry, Exposure
from apps.settlement.clearing.rules import why_at_least

MOST_DAYS = 120


def _credit(*, actor: Any, at: Any, **words: Any) -> Any:
    return services.propose_credit(given=services.CreditEntryInput(**words), actor=actor, at=at)


CREDIT = Workflow(
    name="credit-entries",
    noun="credit entry",
    model=CreditEntry,
    select=selectors.credit_entries,
    roles=READERS,
    heading=lambda c: (
        f"{CREDIT_TITLES[CreditKind(c.kind)]}"
        f"{' of ' + c.sc.code if c.sc else ''}: {dollars(c.amount)}"
    ),
    facts=lambda c, viewer: [
        CaseFact("What", CREDIT_TITLES[CreditKind(c.kind)]),
        CaseFact("SC", c.sc.code if c.sc else None),
        CaseFact("Amount", c.amount, "USD"),
        CaseFact("From", c.first_date),
        CaseFact("To", c.last_date),
        CaseFact("Grounds", c.reference),
    ],
    steps={
        "approve": Transition(services.approve_credit),
        **turning_down(CreditEntry),
        "release": Transition(services.release_credit),
    },
    opening=CreateForm(
        title="Enter credit of an SC",
        button="Propose it",
        form=forms.CreditEntryForm,
        perform=_credit,
        roles=CLEARERS,
        intro="Limits, securities and adjustments count once a second person approved them.",
        example={
            "kind": "SECURITY",
            "sc": "AN_SC",
            "amount": "5000000.00",
            "first_date": "2024-09-01",
            "reference": "Escrow agreement of 2024-08-20",
        },
    ),
    implements=("BRQ-1402",),
)


def _newest(call: CollateralCall) -> str:
    """Say why the newest measurement of the SC answers no call, where that is so."""
    newest = Exposure.objects.filter(sc_id=call.sc_id).order_by("-at", "-pk").first()
    said = why_at_least(newest.details) if newest else ""
    return f"As of {newest.as_of}. {said}" if newest and said else ""


CALLS = Workflow(
    name="collateral-calls",
    noun="collateral call",
    model=CollateralCall,
    select=selectors.collateral_calls,
    roles=READERS,
    heading=lambda c: f"{c.sc.code}: {dollars(c.amount)} collateral by {c.due}",
    facts=lambda c, viewer: [
        CaseFact("SC", c.sc.code),
        CaseFact("Called", c.amount, "USD"),
        CaseFact("Due", c.due),
        CaseFact("Liability", c.exposure.eal, "USD", reverse("exposure", args=[c.exposure_id])),
        CaseFact("As of", c.exposure.as_of),
        CaseFact("Newest measurement", _newest(c)),
    ],
    steps={
        "cancel": Transition(
            partial(plain_move, model=CollateralCall, action="cancel"), note_needed=True
        )
    },
    implements=("BRQ-1402",),
)
WORKFLOWS.register(CREDIT, CALLS)


def exposure_chart(rows: QuerySet[Any], at: datetime) -> dict[str, Any] | None:
    """Return liability and limit by day, of one SC or summed over several."""
    newest: dict[tuple[Any, Any], tuple[Any, Any]] = {}
    found = rows.order_by("as_of", "sc_id", "number")
    for day, sc, eal, unsecured, security in found.values_list(
        "as_of", "sc_id", "eal", "unsecured", "security"
    ):
        newest[day, sc] = (eal, unsecured + security)
    days = sorted({day for day, _ in newest})[-MOST_DAYS:]
    if not days:
        return None
    sums = {d: [v for (day, _), v in newest.items() if day == d] for d in days}
    return {
        "kind": "line",
        "unit": "$",
        "title": "Liability of the SCs listed against their limits",
        "categories": [str(d) for d in days],
        "series": [
            {"name": "liability", "data": [float(sum(e for e, _ in sums[d])) for d in days]},
            {
                "name": "limit and security",
                "data": [float(sum(x for _, x in sums[d])) for d in days],
            },
        ],
    }


EXPOSURES = Screen(
    name="exposures",
    title="Exposure",
    model=Exposure,
    select=selectors.exposures,
    columns=(
        Column("as_of", link=link_to("exposure", "pk")),
        Column("sc__code", "SC"),
        "eal",
        "unsecured",
        "security",
        "available",
        "required",
        "projected_rmr",
        "past_due",
        *(
            Column(name, shown=False)
            for name in (
                "invoiced",
                "published",
                "estimated",
                "extrapolated",
                "adjustments",
                "number",
                "at",
            )
        ),
        "is_synthetic",
    ),
    filters=("sc__code", "as_of"),
    search=("sc__code",),
    order=("-as_of", "sc__code", "-number"),
    roles=READERS,
    group="settlement",
    chart=exposure_chart,
    in_search=False,
    intro="Estimated aggregate liability of each SC against its limit and security, measured each "
    "day. Above the limit collateral is called.",
    empty="No liability has been measured.",
    implements=("BRQ-1402",),
)
CREDIT_LIST = Screen(
    name="credit-entries",
    title="Credit",
    model=CreditEntry,
    select=selectors.credit_entries,
    columns=(
        Column("id", "No.", link=link_to("credit-entries-case", "pk")),
        Column("sc__code", "SC"),
        "kind",
        "amount",
        "first_date",
        "last_date",
        "state",
        "reference",
    ),
    filters=("sc__code", "kind", "state"),
    search=("sc__code", "reference"),
    order=("-pk",),
    roles=READERS,
    group="settlement",
    empty="No limit or security has been entered.",
    implements=("BRQ-1402",),
)
CALL_LIST = Screen(
    name="collateral-calls",
    title="Collateral calls",
    model=CollateralCall,
    select=selectors.collateral_calls,
    columns=(
        Column("id", "No.", link=link_to("collateral-calls-case", "pk")),
        Column("sc__code", "SC"),
        "amount",
        "due",
        "state",
        Column("opened_at", "Called"),
    ),
    filters=("sc__code", "due", "state"),
    search=("sc__code",),
    order=("-pk",),
    roles=READERS,
    group="settlement",
    empty="No collateral has been called.",
    implements=("BRQ-1402",),
)
LISTS = ((EXPOSURES, 30), (CALL_LIST, 31), (CREDIT_LIST, 32))
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
