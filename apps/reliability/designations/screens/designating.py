"""The desks and lists of findings and designations."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse

from apps.platform.accounts.codes import CONTRACT_WRITERS, ISO_ROLES
from apps.platform.accounts.rules import Viewer
from apps.platform.core.tradetime import PACIFIC, Span
from apps.platform.core.words import counted
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
from apps.reliability.designations import forms, selectors, services
from apps.reliability.designations.codes import DESK_READERS, NEEDS, PLANNERS, Need
from apps.reliability.designations.models import Designation, StudyFinding
from apps.reliability.designations.screens.ending import ending_links
from apps.reliability.retirements.hooks import NOTICE_LINKS
from apps.reliability.retirements.selectors import asked_for


def needs_text(needs: list[str]) -> str:
    """Write what a study found."""
    return ", ".join(NEEDS[Need(n)] for n in needs) or "not needed"


FINDINGS = Workflow(
    name="study-findings",
    noun="study finding",
    model=StudyFinding,
    select=selectors.study_findings,
    roles=ISO_ROLES,
    heading=lambda c: f"{c.notice.resource.code}: {needs_text(c.needs)}",
    facts=lambda c, viewer: [
        CaseFact(
            "Notice",
            f"no. {c.notice_id}",
            address=reverse("retirement-notices-case", args=[c.notice_id]),
        ),
        CaseFact("Resource", c.notice.resource.code),
        CaseFact("Study", c.study),
        CaseFact("Study of", c.study_date),
        CaseFact("Needed for", needs_text(c.needs)),
        CaseFact("Need", c.need_mw, "MW"),
        CaseFact("Available", c.available_mw, "MW"),
        CaseFact("Note", c.note),
    ],
    steps={"withdraw": Transition(services.finding_withdraw)},
    opening=CreateForm(
        title="Enter what a study found",
        button="Keep the finding",
        form=forms.StudyFindingForm,
        perform=services.finding_open,
        roles=PLANNERS,
        intro="The public list then says whether the resource is needed.",
        example={
            "notice": 1,
            "study": "Local capacity study",
            "study_date": "2026-03-01",
            "needs": ["LOCAL"],
            "need_mw": "734",
            "available_mw": "695",
        },
    ),
    links=lambda c, viewer: (
        [("Designate", reverse("designations-new", query={"notice": c.notice_id, "finding": c.pk}))]
        if c.needs and viewer.may(CONTRACT_WRITERS)
        else []
    ),
    implements=("BRQ-0015",),
)


def span_of(case: Designation) -> Span:
    """Return the days of a designation."""
    return Span(case.period.lower, case.period.upper)


def _facts(case: Designation, viewer: Viewer) -> list[CaseFact]:
    span = span_of(case)
    facts = [
        CaseFact("Resource", case.resource.code),
        CaseFact("Days", f"{span.first} → {span.last}{_past(case, span)}"),
        CaseFact("RA year", case.ra_year),
        CaseFact("Need", NEEDS[Need(case.need)]),
        CaseFact("Ground", _ground(case)),
        CaseFact("Local area", case.local_area.code if case.local_area else None),
        CaseFact("Contract capacity", case.contract_mw, "MW"),
        CaseFact("Pmax on file", case.pmax_mw, "MW"),
        CaseFact("Why they differ", case.mw_override),
        CaseFact("Vintage", getattr(case, "vintage", None)),
        CaseFact("Effective", case.effective_date),
        CaseFact("Conditional", case.conditional),
        CaseFact("Board", case.board_date),
        CaseFact("Decided by", case.decided_by.username if case.decided_by else None),
        CaseFact("Invented for the demo", case.is_synthetic or None),
    ]
    if viewer.is_iso:
        facts += [
            CaseFact(
                "Notice",
                f"no. {case.notice_id}",
                address=reverse("retirement-notices-case", args=[case.notice_id]),
            ),
            CaseFact(
                "Finding",
                case.finding.study,
                address=reverse("study-findings-case", args=[case.finding_id]),
            ),
        ]
        if case.renews_id:
            facts.append(
                CaseFact(
                    "Renews",
                    f"no. {case.renews_id}{_gap(case)}",
                    address=reverse("designations-case", args=[case.renews_id]),
                )
            )
    return facts


def _past(case: Designation, span: Span) -> str:
    """Say of a proposal that all its days had passed when it was made."""
    over = span.last < case.opened_at.astimezone(PACIFIC).date()
    return ", wholly in the past" if over and case.state == "PROPOSED" else ""


def _ground(case: Designation) -> str:
    """Say what the notice asks for, where its viewer sees it: an SC after another does not."""
    asked = asked_for(case.notice_id)
    return f"Risk of retirement: the notice asks for {asked}" if asked else "Risk of retirement"


def _gap(case: Designation) -> str:
    """Say that a renewal does not follow on what it renews, and what that means."""
    before = case.renews
    if before is None or before.period.upper == case.period.lower:
        return ""
    days = (case.period.lower - before.period.upper).days
    return (
        f", after a gap of {counted(days, 'day')}: effective anew from {case.effective_date}, "
        f"not from {before.effective_date}"
    )


def _links(case: Designation, viewer: Viewer) -> list[tuple[str, str]]:
    if case.state not in selectors.STANDING or not viewer.may(CONTRACT_WRITERS):
        return []
    if case.state == "TERMINATED":
        return ending_links(case)
    span = span_of(case)
    return [
        (
            "Contract terms",
            reverse(
                "contract-proposals-new",
                query={"designation": case.pk, "first_date": span.first, "last_date": span.last},
            ),
        ),
        (
            "Renew",
            reverse(
                "designations-new",
                query={
                    "renews": case.pk,
                    "need": case.need,
                    "start": span.end,
                    "ra_year": span.end.year,
                    "end": f"{span.end.year}-12-31",
                },
            ),
        ),
        *ending_links(case),
    ]


def _panels(case: Designation, viewer: Viewer) -> list[tuple[str, dict[str, Any]]]:
    held = selectors.contracts(viewer=viewer).filter(
        resource_id=case.resource_id, known__contains=selectors.NOW, valid__overlap=case.period
    )
    return [("designations/_contracts.html", {"contracts": held.order_by("valid")})]


def _propose(*, actor: Any, at: Any, **given: Any) -> Designation:
    return services.propose_designation(
        given=services.DesignationInput(**given), actor=actor, at=at
    )


DESIGNATIONS = Workflow(
    name="designations",
    noun="designation",
    model=Designation,
    select=selectors.designations,
    roles=DESK_READERS,
    heading=lambda c: f"{c.resource.code}, {span_of(c).first:%Y-%m} to {span_of(c).last:%Y-%m}",
    facts=_facts,
    steps={
        "approve": Transition(services.designation_approve),
        **turning_down(Designation),
    },
    opening=CreateForm(
        title="Designate a resource RMR",
        button="Propose",
        form=forms.DesignationForm,
        perform=_propose,
        roles=CONTRACT_WRITERS,
        intro="From a notice and what a study found, or as a renewal. Vintage, Pmax and local area "
        "are derived. A second person approves.",
        example={
            "notice": 1,
            "finding": 1,
            "need": "LOCAL",
            "ra_year": 2026,
            "start": "2026-05-01",
            "end": "2026-12-31",
            "conditional": True,
            "board_date": "2026-03-25",
        },
    ),
    panels=_panels,
    links=_links,
    takes_documents=services.designation_document,
    document_roles=CONTRACT_WRITERS,
    implements=("BRQ-0015", "BRQ-0020", "BRQ-0040", "BRQ-0055", "BRQ-1316"),
)
WORKFLOWS.register(FINDINGS, DESIGNATIONS)


def _from_notice(case: Any, viewer: Viewer) -> list[tuple[str, str]]:
    if case.state in ("ANNOUNCED", "COMPLETED") and viewer.may(PLANNERS):
        return [("Study finding", reverse("study-findings-new", query={"notice": case.pk}))]
    return []


NOTICE_LINKS.register(_from_notice)


COLUMNS = (
    Column("resource__code", "Resource ID", link=link_to("designations-case", "pk")),
    "ra_year",
    "period",
    "need",
    Column("local_area__code", "Local area"),
    "contract_mw",
    Column(
        "vintage",
        "Vintage",
        computed=models.CharField(verbose_name="vintage"),
        help="Derived from the effective date, never typed",
    ),
    Column("effective_date", shown=False),
    "conditional",
)
CASES = Screen(
    name="designations",
    title="Designations",
    model=Designation,
    select=selectors.designations,
    columns=(
        *COLUMNS,
        "state",
        "board_date",
        Column("opened_by__username", "Proposed by", shown=False),
        Column("decided_by__username", "Decided by", shown=False),
        "is_synthetic",
    ),
    filters=("resource__code", "ra_year", "need", "local_area__code", "state"),
    windows=("period",),
    search=("resource__code",),
    order=("-ra_year", "resource__code", "-id"),
    roles=DESK_READERS,
    group="cases",
    tools=lambda viewer: (
        [("Designate", reverse("designations-new"))] if viewer.may(CONTRACT_WRITERS) else []
    ),
    implements=("BRQ-0015", "BRQ-0055"),
    empty="No designation yet. It starts from a notice and a study finding.",
)
FINDING_LIST = Screen(
    name="study-findings",
    title="Study findings",
    model=StudyFinding,
    select=selectors.study_findings,
    columns=(
        Column("notice__resource__code", "Resource ID", link=link_to("study-findings-case", "pk")),
        "study",
        "study_date",
        "needs",
        "need_mw",
        "available_mw",
        "state",
        Column("opened_by__username", "Entered by", shown=False),
    ),
    filters=("notice__resource__code", "study_date", "state"),
    search=("notice__resource__code", "study"),
    order=("-study_date", "-id"),
    roles=ISO_ROLES,
    group="cases",
    implements=("BRQ-0015",),
)
SCREENS.register(CASES, FINDING_LIST)
for position, (screen, roles) in enumerate(((CASES, DESK_READERS), (FINDING_LIST, ISO_ROLES))):
    MENU.register(
        MenuItem(
            group="Designation",
            label=screen.title,
            name=screen.name,
            roles=roles,
            order=2 + position,
        )
    )
