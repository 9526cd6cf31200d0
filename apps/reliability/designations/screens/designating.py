"""The desks and lists of findings and designations."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse

from apps.platform.accounts.rules import Viewer
from apps.platform.accounts.terms import CONTRACT_WRITERS, ISO_ROLES
from apps.platform.kernel.tradetime import Span
from apps.platform.ui.casework import DESKS, CaseDesk, Opening, Shown, Step, turning_down
from apps.platform.ui.hooks import MENU, MenuItem
from apps.platform.ui.screens import SCREENS, Column, Screen, link_to
from apps.reliability.designations import forms, selectors, services
from apps.reliability.designations.models import Designation, StudyFinding
from apps.reliability.designations.terms import DESK_READERS, NEEDS, PLANNERS, Need
from apps.reliability.retirements.hooks import NOTICE_LINKS


def needs_text(needs: list[str]) -> str:
    """Write what a study found."""
    return ", ".join(NEEDS[Need(n)] for n in needs) or "not needed"


FINDINGS = CaseDesk(
    name="study-findings",
    noun="study finding",
    model=StudyFinding,
    select=selectors.findings,
    roles=ISO_ROLES,
    heading=lambda c: f"{c.notice.resource.code}: {needs_text(c.needs)}",
    facts=lambda c, viewer: [
        Shown(
            "Notice",
            f"no. {c.notice_id}",
            address=reverse("retirement-notices-case", args=[c.notice_id]),
        ),
        Shown("Resource", c.notice.resource.code),
        Shown("Study", c.study),
        Shown("Study of", c.study_date),
        Shown("Needed for", needs_text(c.needs)),
        Shown("Need", c.need_mw, "MW"),
        Shown("Available", c.available_mw, "MW"),
        Shown("Note", c.note),
    ],
    steps={"withdraw": Step(services.finding_withdraw)},
    opening=Opening(
        title="Enter what a study found",
        button="Keep the finding",
        form=forms.FindingForm,
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


def _facts(case: Designation, viewer: Viewer) -> list[Shown]:
    span = span_of(case)
    facts = [
        Shown("Resource", case.resource.code),
        Shown("Days", f"{span.first} → {span.last}"),
        Shown("RA year", case.ra_year),
        Shown("Need", NEEDS[Need(case.need)]),
        Shown("Ground", f"Risk of retirement: {case.notice.state_requested.lower()} wished for"),
        Shown("Local area", case.local_area.code if case.local_area else None),
        Shown("Contract capacity", case.contract_mw, "MW"),
        Shown("Pmax on file", case.pmax_mw, "MW"),
        Shown("Why they differ", case.mw_override),
        Shown("Vintage", getattr(case, "vintage", None)),
        Shown("Effective", case.effective_date),
        Shown("Conditional", case.conditional),
        Shown("Board", case.board_date),
        Shown("Decided by", case.decided_by.username if case.decided_by else None),
        Shown("Invented for the demo", case.is_synthetic or None),
    ]
    if viewer.is_iso:
        facts += [
            Shown(
                "Notice",
                f"no. {case.notice_id}",
                address=reverse("retirement-notices-case", args=[case.notice_id]),
            ),
            Shown(
                "Finding",
                case.finding.study,
                address=reverse("study-findings-case", args=[case.finding_id]),
            ),
        ]
        if case.renews_id:
            facts.append(
                Shown(
                    "Renews",
                    f"no. {case.renews_id}",
                    address=reverse("designations-case", args=[case.renews_id]),
                )
            )
    return facts


def _links(case: Designation, viewer: Viewer) -> list[tuple[str, str]]:
    if case.state != "DESIGNATED" or not viewer.may(CONTRACT_WRITERS):
        return []
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
    ]


def _panels(case: Designation, viewer: Viewer) -> list[tuple[str, dict[str, Any]]]:
    held = selectors.contracts(viewer=viewer).filter(
        resource_id=case.resource_id, known__contains=selectors.NOW, valid__overlap=case.period
    )
    return [("designations/_contracts.html", {"contracts": held.order_by("valid")})]


def _propose(*, actor: Any, at: Any, **wish: Any) -> Designation:
    return services.propose_designation(wish=services.DesignationWish(**wish), actor=actor, at=at)


DESIGNATIONS = CaseDesk(
    name="designations",
    noun="designation",
    model=Designation,
    select=selectors.designations,
    roles=DESK_READERS,
    heading=lambda c: f"{c.resource.code}, {span_of(c).first:%Y-%m} to {span_of(c).last:%Y-%m}",
    facts=_facts,
    steps={
        "approve": Step(services.designation_approve),
        **turning_down(Designation),
        "lapse": Step(services.designation_lapse, note_needed=True),
        "terminate": Step(
            services.designation_terminate, form=forms.TerminateForm, note_needed=True
        ),
    },
    opening=Opening(
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
    takes_papers=services.designation_paper,
    paper_roles=CONTRACT_WRITERS,
    implements=("BRQ-0015", "BRQ-0020", "BRQ-0040", "BRQ-0055", "BRQ-1316"),
)
DESKS.register(FINDINGS, DESIGNATIONS)


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
    select=selectors.findings,
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
