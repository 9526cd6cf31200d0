"""Desks and lists of notices, affidavits and referrals; the public list."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import models
from django.urls import reverse

from apps.platform.accounts.rules import Viewer
from apps.platform.audit.services import plain_move
from apps.platform.ui.hooks import MENU, MenuItem
from apps.platform.ui.screens import SCREENS, Column, Screen, link_to
from apps.platform.ui.workflow import WORKFLOWS, CaseFact, CreateForm, Transition, Workflow
from apps.reliability.retirements import forms, selectors, services
from apps.reliability.retirements.codes import (
    DECISIONS,
    FILERS,
    NOTICE_READERS,
    REFERRAL_READERS,
    REFERRERS,
    RETURN_REASONS,
    TAKEN_BACK,
    Decision,
    ReturnReason,
)
from apps.reliability.retirements.hooks import NOTICE_LINKS
from apps.reliability.retirements.models import (
    PublicListEntry,
    Referral,
    RetirementNotice,
    ReturnAffidavit,
)


def _file(*, actor: Any, at: Any, document: Any = None, **given: Any) -> RetirementNotice:
    return services.file_notice(
        given=services.NoticeInput(**given), actor=actor, at=at, document=document
    )


def _notice_facts(case: RetirementNotice, viewer: Viewer) -> list[CaseFact]:
    return [
        CaseFact("Resource", case.resource.code),
        CaseFact("Owner", case.owner),
        CaseFact("SC", case.sc.code if case.sc else None),
        CaseFact("Change", f"{case.state_before} → {case.state_requested}"),
        CaseFact("Notice", case.notice_date),
        CaseFact("Requested for", case.requested_date),
        CaseFact("Capacity", case.capacity_mw, "MW"),
        CaseFact("Local area", case.local_area.code if case.local_area else None),
        CaseFact("Decision", DECISIONS[Decision(case.decision)]),
        CaseFact("Reason", case.reason),
        CaseFact("Invented for the demo", case.is_synthetic or None),
    ]


def _notice_links(case: RetirementNotice, viewer: Viewer) -> list[tuple[str, str]]:
    links = []
    if case.state in TAKEN_BACK and viewer.may(FILERS):
        label = "Take back" if case.state == "ANNOUNCED" else "Return to service"
        links.append((label, reverse("return-affidavits-new", query={"notice": case.pk})))
    if viewer.may(REFERRERS):
        links.append(
            ("Refer to market monitoring", reverse("referrals-new", query={"notice": case.pk}))
        )
    return [*(link for source in NOTICE_LINKS for link in source(case, viewer)), *links]


NOTICES = Workflow(
    name="retirement-notices",
    noun="retirement notice",
    model=RetirementNotice,
    select=selectors.notices,
    roles=NOTICE_READERS,
    heading=lambda c: f"{c.resource.code}: {c.state_before} → {c.state_requested}",
    facts=_notice_facts,
    steps={
        "submit": Transition(services.submit, lacks=services.notice_lacks),
        "complete": Transition(services.complete),
        "discard": Transition(partial(plain_move, model=RetirementNotice, action="discard")),
    },
    opening=CreateForm(
        title="File a notice of retirement or mothball",
        button="File the notice",
        form=forms.NoticeForm,
        perform=_file,
        roles=FILERS,
        intro="With its affidavit attached the notice is announced at once; without, it stays a "
        "draft until you attach and submit it.",
        files=True,
        example={
            "resource": "RESOURCE_1_UNIT",
            "owner": "Owner of the unit",
            "state_before": "MOTHBALLED",
            "state_requested": "RETIRED",
            "notice_date": "2026-03-03",
            "requested_date": "2026-06-01",
            "reason": "Age of plant",
        },
    ),
    links=_notice_links,
    takes_documents=services.notice_document,
    document_roles=FILERS,
    implements=("BRQ-0001",),
)


OUTCOMES = {"REPORTED": "Referred to FERC", "CLOSED_NO_ACTION": "Closed without action"}


def _affidavit_facts(case: ReturnAffidavit, viewer: Viewer) -> list[CaseFact]:
    return [
        CaseFact(
            "Notice",
            f"no. {case.notice_id}",
            address=reverse("retirement-notices-case", args=[case.notice_id]),
        ),
        CaseFact("Resource", case.notice.resource.code),
        CaseFact("SC", case.sc.code if case.sc else None),
        CaseFact("Reason", RETURN_REASONS[ReturnReason(case.reason_code)]),
        CaseFact("Back on", case.return_date),
        CaseFact("Justification", case.justification),
        CaseFact("Outcome", OUTCOMES.get(case.state, "") if viewer.is_iso else ""),
    ]


AFFIDAVITS = Workflow(
    name="return-affidavits",
    noun="return affidavit",
    model=ReturnAffidavit,
    select=selectors.affidavits,
    roles=NOTICE_READERS,
    heading=lambda c: f"{c.notice.resource.code} back on {c.return_date}",
    facts=_affidavit_facts,
    steps={
        "submit": Transition(services.affidavit_submit, lacks=services.affidavit_lacks),
        **{
            action: Transition(partial(services.affidavit_move, action=action), note_needed=needed)
            for action, needed in (
                ("forward", False),
                ("ask_monitoring", True),
                ("answer", True),
                ("close", True),
                ("report", True),
                ("discard", False),
            )
        },
    },
    opening=CreateForm(
        title="Take a notice back or return to service",
        button="File the affidavit",
        form=forms.AffidavitForm,
        perform=services.affidavit_open,
        roles=FILERS,
        intro="Regulatory Contracts receives it and forwards it to Legal.",
        files=True,
        example={
            "notice": 1,
            "reason_code": "RA_CONTRACT",
            "return_date": "2026-05-01",
            "justification": "A resource adequacy contract for the next year was signed.",
        },
    ),
    takes_documents=services.affidavit_document,
    document_roles=FILERS,
    state_of=lambda case, viewer: getattr(case, "stage", case.state),
    implements=("BRQ-0051", "BRQ-0052"),
)
REFERRALS = Workflow(
    name="referrals",
    noun="referral",
    model=Referral,
    select=selectors.referrals,
    roles=REFERRAL_READERS,
    heading=lambda c: f"Referral of {c.notice.resource.code}",
    facts=lambda case, viewer: [
        CaseFact(
            "Notice",
            f"no. {case.notice_id}",
            address=reverse("retirement-notices-case", args=[case.notice_id]),
        ),
        CaseFact("Resource", case.notice.resource.code),
        CaseFact("What seems wrong", case.why),
    ],
    steps={
        "answer": Transition(partial(plain_move, model=Referral, action="answer"), note_needed=True)
    },
    opening=CreateForm(
        title="Refer a notice to market monitoring",
        button="Refer",
        form=forms.ReferralForm,
        perform=services.refer,
        roles=REFERRERS,
        intro="The referral is on record for Regulatory Contracts, Legal and market monitoring, "
        "and for nobody else.",
        example={"notice": 1, "why": "The stated repair cost is below that of the last year."},
    ),
    implements=("BRQ-0050",),
)
WORKFLOWS.register(NOTICES, AFFIDAVITS, REFERRALS)


def _tools(viewer: Viewer) -> list[tuple[str, str]]:
    return [("File a notice", reverse("retirement-notices-new"))] if viewer.may(FILERS) else []


NOTICE_LIST = Screen(
    name="retirement-notices",
    title="Retirement notices",
    model=RetirementNotice,
    select=selectors.notices,
    columns=(
        Column("resource__code", "Resource ID", link=link_to("retirement-notices-case", "pk")),
        "owner",
        Column("sc__code", "SC"),
        "state_before",
        "state_requested",
        "capacity_mw",
        "notice_date",
        "requested_date",
        "state",
        "decision",
        Column("local_area__code", "Local area", shown=False),
        Column("opened_by__username", "Opened by", shown=False),
        "is_synthetic",
    ),
    filters=("resource__code", "state", "decision", "notice_date", "requested_date"),
    search=("resource__code", "owner", "reason"),
    order=("-notice_date", "-id"),
    roles=NOTICE_READERS,
    group="cases",
    tools=_tools,
    implements=("BRQ-0001",),
    empty="No notice yet. An owner's SC files one, or Regulatory Contracts for it.",
)
AFFIDAVIT_LIST = Screen(
    name="return-affidavits",
    title="Return affidavits",
    model=ReturnAffidavit,
    select=selectors.affidavits,
    columns=(
        Column(
            "notice__resource__code", "Resource ID", link=link_to("return-affidavits-case", "pk")
        ),
        Column("sc__code", "SC"),
        "reason_code",
        "return_date",
        Column("stage", "State", computed=models.CharField(verbose_name="state")),
        Column("opened_at", "Opened"),
        Column("opened_by__username", "Opened by", shown=False),
    ),
    filters=("notice__resource__code", "reason_code", "return_date"),
    search=("notice__resource__code", "justification"),
    order=("-opened_at", "-id"),
    roles=NOTICE_READERS,
    group="cases",
    implements=("BRQ-0051", "BRQ-0052"),
    empty="No affidavit yet. It is opened from the notice that it takes back.",
)
REFERRAL_LIST = Screen(
    name="referrals",
    title="Referrals to market monitoring",
    model=Referral,
    select=selectors.referrals,
    columns=(
        Column("notice__resource__code", "Resource ID", link=link_to("referrals-case", "pk")),
        "why",
        "state",
        Column("opened_by__username", "Referred by"),
        Column("opened_at", "Referred"),
    ),
    filters=("notice__resource__code", "state", "opened_at"),
    search=("notice__resource__code", "why"),
    order=("-opened_at", "-id"),
    roles=REFERRAL_READERS,
    group="cases",
    implements=("BRQ-0050",),
)
PUBLIC_COLUMNS = (
    "resource_code",
    Column("resource_name", shown=False),
    "owner",
    "capacity_mw",
    "local_area",
    Column("state_before", shown=False),
    "state_requested",
    "notice_date",
    "requested_date",
    "state",
    "decision",
    "is_synthetic",
)
PUBLIC_LIST = Screen(
    name="retirement-list",
    title="Retiring and mothballing resources",
    model=PublicListEntry,
    select=selectors.public_list,
    columns=(*PUBLIC_COLUMNS, Column("at", "Changed", shown=False)),
    filters=("resource_code", "local_area", "state", "decision", "requested_date"),
    search=("resource_code", "resource_name", "owner"),
    order=("requested_date", "resource_code", "id"),
    roles=NOTICE_READERS,
    public=True,
    group="public",
    intro="Every resource that gave notice, whatever its size. Notices that were taken back stay "
    "visible.",
    tools=lambda viewer: [
        ("Atom feed", reverse("retirement-feed", args=["atom"])),
        ("RSS feed", reverse("retirement-feed", args=["rss"])),
        ("Changes", reverse("retirement-changes")),
        ("Daily briefing", reverse("daily-briefing")),
    ],
    implements=("BRQ-0010",),
    empty="No resource has given notice.",
)
CHANGES = Screen(
    name="retirement-changes",
    title="Changes of the public list",
    model=PublicListEntry,
    select=selectors.entries,
    columns=("at", "change", "version", *PUBLIC_COLUMNS),
    filters=("resource_code", "at"),
    search=("resource_code", "resource_name", "owner", "change"),
    order=("-at", "-id"),
    roles=NOTICE_READERS,
    public=True,
    group="public",
    intro="One row for each change, as the feed tells it.",
    implements=("BRQ-0010",),
)
SCREENS.register(NOTICE_LIST, AFFIDAVIT_LIST, REFERRAL_LIST, PUBLIC_LIST, CHANGES)
for position, (screen, roles) in enumerate(
    (
        (NOTICE_LIST, NOTICE_READERS),
        (AFFIDAVIT_LIST, NOTICE_READERS),
        (REFERRAL_LIST, REFERRAL_READERS),
    )
):
    MENU.register(
        MenuItem(
            group="Designation",
            label=screen.title,
            name=screen.name,
            roles=roles,
            order=20 + position,
        )
    )
MENU.register(MenuItem(group="Designation", label="Public list", name="retirement-list", order=10))
MENU.register(
    MenuItem(group="Designation", label="Daily briefing", name="daily-briefing", order=11)
)
