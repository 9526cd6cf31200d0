"""Desk and lists of plans, and of what conflicts with RMR."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from apps.adequacy.plans import forms, selectors, services
from apps.adequacy.plans.codes import FILERS, PLAN_READERS, PLAN_TYPES
from apps.adequacy.plans.layouts import RA_FILING, SUPPLY_FLEX, SUPPLY_GENERIC
from apps.adequacy.plans.models import PlanFiling, PlanRow
from apps.platform.ui.form_fields import file_given
from apps.platform.ui.hooks import MENU, MenuItem
from apps.platform.ui.screens import SCREENS, Column, Screen, link_to
from apps.platform.ui.workflow import WORKFLOWS, CaseFact, CreateForm, Transition, Workflow


def _file(*, actor: Any, at: Any, rows: str = "", file: Any = None, **given: Any) -> PlanFiling:
    return services.file_plan(
        given=services.PlanInput(**given), actor=actor, at=at, file=file_given(file, rows)
    )


PLANS = Workflow(
    name="plans",
    noun="plan",
    model=PlanFiling,
    select=selectors.filings,
    roles=PLAN_READERS,
    heading=lambda f: f"{PLAN_TYPES[f.plan_type]} {f.part.lower()} {f.period}, {f.sc.code}",
    facts=lambda f, viewer: [
        CaseFact("SC", f.sc.code),
        CaseFact("Horizon", f.horizon),
        CaseFact("Period", f"{f.first_date} to {f.last_date}"),
        CaseFact("Version", f.version),
        CaseFact("File", f.file_name),
        CaseFact("Rows", f.row_count),
        CaseFact("Accepted", f.accepted_at),
        CaseFact("Held until", f.ended_at),
        CaseFact("Fingerprint", f.sha256),
    ],
    steps={"withdraw": Transition(services.withdraw_plan, note_needed=True)},
    opening=CreateForm(
        title="File a plan",
        button="File",
        form=forms.PlanForm,
        perform=_file,
        roles=FILERS,
        files=True,
        layouts=(RA_FILING, SUPPLY_GENERIC, SUPPLY_FLEX),
        intro="In the public layouts. All of it is accepted or none: the state says which. Each "
        "wrong row is named. RMR "
        "capacity is not shown in plans: it reaches LSEs as credit.",
        example={
            "plan_type": "SUPPLY_PLAN",
            "part": "GENERIC",
            "horizon": "MONTHLY",
            "period": "2024-09",
            "rows": "Supplier SCID,Resource ID,Local RA MW,System RA MW,Total RA MW,"
            "Start Date,End Date,LSE SCID\n"
            "SYN_GEN_A,RESOURCE_1_UNIT,20,5,25,9/1/2024,9/30/2024,SYN_LSE_A\n",
        },
    ),
    violations=lambda f: f.violations,
    panels=lambda f, viewer: [("uploads/_party_file.html", {"violations": f.violations})],
    links=lambda f, viewer: [
        ("Its rows", reverse("plan-rows", query={"filing__period": f.period}))
    ],
    implements=("BRQ-0119",),
)
WORKFLOWS.register(PLANS)
FILED = Screen(
    name="plans",
    title="RA and supply plans",
    model=PlanFiling,
    select=selectors.filings,
    columns=(
        Column("period", link=link_to("plans-case", "pk")),
        "plan_type",
        "part",
        "horizon",
        Column("sc__code", "SC"),
        "version",
        "state",
        "row_count",
        Column("opened_at", "Filed"),
        Column("file_name", shown=False),
    ),
    filters=("plan_type", "part", "horizon", "period", "sc__code", "state"),
    search=("file_name", "sc__code"),
    order=("-opened_at", "-id"),
    roles=PLAN_READERS,
    group="cases",
    implements=("BRQ-0119",),
    empty="No plan has been filed.",
    tools=lambda viewer: [("File a plan", reverse("plans-new"))] if viewer.may(FILERS) else [],
)
ROW_COLUMNS: tuple[Column | str, ...] = (
    Column("resource__code", "Resource ID"),
    Column("filing__plan_type", "Plan"),
    Column("filing__part", "Part"),
    Column("filing__period", "Period"),
    "scid",
    "lse",
    "local_mw",
    "system_mw",
    "mw",
    "category",
    "first_date",
    "last_date",
    Column("line_no", link=link_to("plans-case", "filing_id")),
)
ROWS = Screen(
    name="plan-rows",
    title="Plan rows in force",
    model=PlanRow,
    select=selectors.plan_rows,
    columns=ROW_COLUMNS,
    extra=("filing_id",),
    in_search=False,
    filters=(
        "resource__code",
        "filing__plan_type",
        "filing__part",
        "filing__period",
        "scid",
        "lse",
    ),
    search=("resource__code", "scid", "lse"),
    order=("resource__code", "first_date", "pk"),
    roles=PLAN_READERS,
    group="cases",
    implements=("BRQ-0119",),
    intro="Rows of accepted plans.",
    empty="No plan is in force.",
)
CONFLICTS = Screen(
    name="plan-conflicts",
    title="Plans that conflict with RMR",
    model=PlanRow,
    select=selectors.conflicts,
    columns=ROW_COLUMNS,
    extra=("filing_id",),
    in_search=False,
    filters=("resource__code", "filing__period", "scid"),
    search=("resource__code", "scid"),
    order=("resource__code", "first_date", "pk"),
    roles=PLAN_READERS,
    group="cases",
    implements=("BRQ-0119",),
    intro="RMR-W-0119: rows accepted before their resource came under an RMR contract. Their SC "
    "files the plan anew without them.",
    empty="No accepted row conflicts with RMR.",
)
SCREENS.register(FILED, ROWS, CONFLICTS)
for position, (label, name, roles) in enumerate(
    (
        ("RA column", "ra-capacity", PLAN_READERS),
        ("RA and supply plans", "plans", PLAN_READERS),
        ("Plan rows", "plan-rows", PLAN_READERS),
        ("Plan conflicts", "plan-conflicts", PLAN_READERS),
    )
):
    MENU.register(
        MenuItem(group="Adequacy", label=label, name=name, roles=roles, order=20 + position)
    )
