"""Desk and lists of credits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from apps.adequacy.credits import forms, selectors, services
from apps.adequacy.credits.codes import CREDIT_READERS, CREDIT_WRITERS, KINDS
from apps.adequacy.credits.models import (
    CreditProposal,
    CreditShare,
    DemandForecast,
    FlexCover,
    FlexObligation,
    FlexStep,
    LoadShare,
    RmrCredit,
    YearlyCredit,
)
from apps.platform.accounts.codes import ISO_ROLES
from apps.platform.core.tradetime import PACIFIC
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

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _propose(*, actor: Any, at: Any, **given: Any) -> CreditProposal:
    return services.propose_credit(given=services.CreditInput(**given), actor=actor, at=at)


def _period(case: CreditProposal) -> str:
    return f"{case.ra_year}-{case.ra_month:02d}" if case.ra_month else f"{case.ra_year}"


def _gets(case: CreditProposal) -> services.WhoGets | None:
    """Who would get a credit that waits; of a decided one the distribution tells."""
    if case.state != "PROPOSED":
        return None
    return services.who_gets(_period(case), [(case.mw, case.tac_areas)])[0]


def _who(case: CreditProposal, viewer: Any) -> list[tuple[str, dict[str, Any]]]:
    gets = _gets(case)
    return [] if gets is None or gets.lacks else [("credits/_who_gets.html", {"gets": gets})]


PROPOSALS = Workflow(
    name="credit-proposals",
    noun="credit proposal",
    model=CreditProposal,
    select=selectors.proposals,
    roles=ISO_ROLES,
    heading=lambda c: f"{KINDS[c.kind]} of {c.resource.code}, {_period(c)}",
    facts=lambda c, viewer: [
        CaseFact("Resource", c.resource.code),
        CaseFact("Process", c.process),
        CaseFact("Period", _period(c)),
        CaseFact("Kind", c.kind),
        CaseFact("Flexible category", c.category),
        CaseFact("Label", c.label),
        CaseFact("TAC areas", c.tac_areas),
        CaseFact("Credit", c.mw, "MW"),
        CaseFact("Reference", c.reference),
        CaseFact(
            "Override",
            f"{c.override_reason}, by {c.opened_by.username} on "
            f"{c.opened_at.astimezone(PACIFIC):%Y-%m-%d %H:%M} Pacific"
            if c.override_reason
            else "",
        ),
        CaseFact("Who gets it", gets.words if (gets := _gets(c)) else ""),
        CaseFact("Remarks", " ".join(f"{r['code']}: {r['message']}" for r in c.remarks)),
    ],
    steps={"approve": Transition(services.credit_approve), **turning_down(CreditProposal)},
    opening=CreateForm(
        title="Propose a credit",
        button="Propose",
        form=forms.CreditForm,
        perform=_propose,
        roles=CREDIT_WRITERS,
        intro="Annual or of a month. The label RMR or RMRL follows from contract and month. The "
        "kind follows the reason of the designation; system and local credits together stay within "
        "NQC, flexible ones within EFC and its category. Beyond that, or where they are not on "
        "file, a reason is needed, and above Pmax none helps. Approved, it is distributed to LSEs "
        "at once.",
        example={
            "resource": "RESOURCE_1_UNIT",
            "kind": "LOCAL",
            "mw": "49.20",
            "tac_areas": "PGE-TAC",
            "ra_year": 2024,
            "ra_month": 9,
            "reference": "Designation of 2023-11-01",
        },
    ),
    panels=_who,
    links=lambda c, viewer: [
        ("The distribution", reverse("credit-distribution", args=[_period(c)]))
    ],
    implements=("BRQ-0114", "BRQ-0116", "BRQ-0117"),
)
WORKFLOWS.register(PROPOSALS)


def share_chart(rows: Any, at: datetime) -> dict[str, Any] | None:
    """Return published credits stacked: a bar for each LSE, a colour for each resource."""
    from django.db.models import Sum

    found = rows.order_by().values_list("lse_code", "unit").annotate(mw=Sum("mw"))
    sums = {(lse, unit): float(mw) for lse, unit, mw in found}
    if not sums:
        return None
    lses = sorted({lse for lse, _ in sums})[:40]
    units = sorted({unit for _, unit in sums})[:12]
    return {
        "kind": "stacked-bar",
        "unit": "MW-months",
        "title": "RMR credits by LSE, a colour for each resource",
        "categories": lses,
        "series": [{"name": u, "data": [sums.get((lse, u), 0) for lse in lses]} for u in units],
    }


OWN_NOTE = "RMR credits cannot be transferred between LSEs. An SC sees the credits of its own load."
YEARLY = Screen(
    name="lse-credits",
    title="RMR credits of LSEs",
    model=YearlyCredit,
    select=selectors.yearly,
    columns=("lse_code", "tac", "kind", "category", "label", *MONTHS, "process", "ra_year"),
    filters=("lse_code", "tac", "kind", "label", "process", "ra_year"),
    search=("lse_code",),
    order=("lse_code", "tac", "process", "kind", "category", "label", "id"),
    roles=CREDIT_READERS,
    group="results",
    in_search=False,
    implements=("BRQ-0114", "BRQ-0116", "BRQ-0117"),
    intro="Published credits in the public shape: a row for each LSE and zone, twelve months. "
    + OWN_NOTE,
    empty="No credits have been published.",
    tools=lambda viewer: [
        ("By resource", reverse("credit-shares")),
        ("Flexible", reverse("flex-cover")),
    ],
)
SHARES = Screen(
    name="credit-shares",
    title="RMR credits by resource",
    model=CreditShare,
    select=selectors.shares,
    columns=(
        "ra_year",
        "ra_month",
        "unit",
        "kind",
        "category",
        "label",
        "tac",
        "lse_code",
        "share",
        "mw",
        Column("process", shown=False),
    ),
    filters=("ra_year", "ra_month", "unit", "kind", "label", "tac", "lse_code", "process"),
    search=("unit", "lse_code"),
    order=("-trade_date", "run_id", "line_no"),
    roles=CREDIT_READERS,
    group="results",
    in_search=False,
    chart=share_chart,
    implements=("BRQ-0114",),
    intro="Published credits with the resource they are of. " + OWN_NOTE,
    empty="No credits have been published.",
)
COVER = Screen(
    name="flex-cover",
    title="Flexible obligations and credits",
    model=FlexCover,
    select=selectors.covers,
    columns=(
        "ra_year",
        "ra_month",
        "lse_code",
        "category",
        "need_mw",
        "credit_mw",
        "unmet_mw",
        "left_mw",
        Column("process", shown=False),
    ),
    filters=("ra_year", "ra_month", "lse_code", "category", "process"),
    search=("lse_code",),
    order=("-trade_date", "run_id", "line_no"),
    roles=CREDIT_READERS,
    group="results",
    in_search=False,
    implements=("BRQ-0121",),
    intro="How each category stands after the cascade. " + OWN_NOTE,
    tools=lambda viewer: [("Step by step", reverse("flex-steps"))],
    empty="No flexible obligation has been distributed.",
)
STEPS = Screen(
    name="flex-steps",
    title="Flexible cascade, step by step",
    model=FlexStep,
    select=selectors.steps,
    columns=(
        "ra_year",
        "ra_month",
        "lse_code",
        Column("line_no", "Step"),
        "obligation",
        "credit",
        "mw",
        Column("process", shown=False),
    ),
    filters=("ra_year", "ra_month", "lse_code", "obligation", "credit", "process"),
    search=("lse_code",),
    order=("-trade_date", "run_id", "line_no"),
    roles=CREDIT_READERS,
    group="results",
    in_search=False,
    implements=("BRQ-0121",),
    intro="Obligation 1 first with credit of category 1; then 2 with what is left of 1, then 2; "
    "then 3 with 1, 2, 3.",
    empty="No flexible credit has been applied.",
)
ON_FILE = Screen(
    name="rmr-credits",
    title="RMR credits on file",
    model=RmrCredit,
    select=selectors.credits_on_file,
    columns=(
        Column("resource__code", "Resource ID"),
        "process",
        "kind",
        "category",
        "label",
        "tac_areas",
        "mw",
        "valid",
        "override_reason",
        "reference",
        Column("proposed_by__username", "Proposed by", shown=False),
        Column("approved_by__username", "Approved by", shown=False),
        Column("known", "Known", shown=False),
        Column(
            "line_no", "Row in file", link=link_to("uploaded-row", "dataset_version_id", "line_no")
        ),
    ),
    extra=("dataset_version_id",),
    filters=("resource__code", "process", "kind", "label"),
    search=("resource__code",),
    order=("-valid", "resource__code", "kind", "pk"),
    roles=ISO_ROLES,
    group="inputs",
    in_search=False,
    implements=("BRQ-0116", "BRQ-0117"),
    tools=lambda viewer: (
        [("Propose a credit", reverse("credit-proposals-new"))]
        if viewer.may(CREDIT_WRITERS)
        else []
    ),
    empty="No credit is on file.",
)
LISTED = Screen(
    name="credit-proposals",
    title="Credit proposals",
    model=CreditProposal,
    select=selectors.proposals,
    columns=(
        Column("resource__code", "Resource ID", link=link_to("credit-proposals-case", "pk")),
        "process",
        "ra_year",
        "ra_month",
        "kind",
        "category",
        "label",
        "tac_areas",
        "mw",
        "state",
        "override_reason",
        "reference",
    ),
    filters=("resource__code", "process", "kind", "ra_year", "state"),
    search=("resource__code", "reference"),
    order=("-opened_at", "-id"),
    roles=ISO_ROLES,
    group="cases",
    implements=("BRQ-0116",),
    tools=lambda viewer: (
        [("Propose a credit", reverse("credit-proposals-new"))]
        if viewer.may(CREDIT_WRITERS)
        else []
    ),
    empty="No credit has been proposed at the desk.",
)
FILE_ROW = Column(
    "line_no", "Row in file", link=link_to("uploaded-row", "dataset_version_id", "line_no")
)
KEPT: dict[str, Any] = {
    "group": "inputs",
    "extra": ("dataset_version_id",),
    "in_search": False,
    "implements": ("BRQ-0114",),
}
FORECASTS = Screen(
    name="demand-forecasts",
    title="CEC demand forecasts",
    model=DemandForecast,
    select=selectors.forecasts,
    columns=("ra_year", "ra_month", Column("tac_area__code", "TAC area"), "forecast_mw", FILE_ROW),
    filters=("ra_year", "ra_month", "tac_area__code"),
    search=("tac_area__code",),
    order=("-ra_year", "ra_month", "tac_area__code", "pk"),
    roles=CREDIT_READERS,
    **KEPT,
)
LOADS = Screen(
    name="load-shares",
    title="LSE load shares",
    model=LoadShare,
    select=selectors.load_shares,
    columns=(
        "ra_year",
        "ra_month",
        Column("tac_area__code", "TAC area"),
        Column("lse__code", "LSE"),
        "share",
        FILE_ROW,
    ),
    filters=("ra_year", "ra_month", "tac_area__code", "lse__code"),
    search=("lse__code",),
    order=("-ra_year", "ra_month", "tac_area__code", "lse__code", "pk"),
    roles=CREDIT_READERS,
    intro="An LSE sees its own shares.",
    **KEPT,
)
OBLIGED = Screen(
    name="flex-obligations",
    title="Flexible obligations",
    model=FlexObligation,
    select=selectors.flex_obligations,
    columns=(
        "ra_year",
        "ra_month",
        Column("lse__code", "LSE"),
        "c1_mw",
        "c2_mw",
        "c3_mw",
        FILE_ROW,
    ),
    filters=("ra_year", "ra_month", "lse__code"),
    search=("lse__code",),
    order=("-ra_year", "ra_month", "lse__code", "pk"),
    roles=CREDIT_READERS,
    intro="An LSE sees its own.",
    **KEPT,
)
SCREENS.register(YEARLY, SHARES, COVER, STEPS, ON_FILE, LISTED, FORECASTS, LOADS, OBLIGED)
for position, (label, name, roles) in enumerate(
    (
        ("Credit distribution", "credit-periods", ISO_ROLES),
        ("RMR credits of LSEs", "lse-credits", CREDIT_READERS),
        ("RMR credits by resource", "credit-shares", CREDIT_READERS),
        ("Flexible cover", "flex-cover", CREDIT_READERS),
        ("Credits on file", "rmr-credits", ISO_ROLES),
        ("Credit proposals", "credit-proposals", ISO_ROLES),
    )
):
    MENU.register(
        MenuItem(group="Adequacy", label=label, name=name, roles=roles, order=10 + position)
    )
for position, screen in enumerate((FORECASTS, LOADS, OBLIGED)):
    MENU.register(
        MenuItem(
            group="Inputs",
            label=screen.title,
            name=screen.name,
            roles=CREDIT_READERS,
            order=76 + position,
        )
    )
