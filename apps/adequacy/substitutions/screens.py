"""Desks and lists of substitution and exemption."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.urls import reverse

from apps.adequacy.substitutions import forms, selectors, services
from apps.adequacy.substitutions.codes import READERS, REASON_CODES, REQUESTERS
from apps.adequacy.substitutions.models import Exemption, Substitution
from apps.platform.audit.services import plain_move
from apps.platform.core.quantity import plain
from apps.platform.ui.hooks import MENU, MenuItem
from apps.platform.ui.screens import SCREENS, Column, Screen, link_to
from apps.platform.ui.workflow import WORKFLOWS, CaseFact, CreateForm, Transition, Workflow


def _ask(*, actor: Any, at: Any, **given: Any) -> Substitution:
    return services.request_substitution(
        given=services.SubstitutionInput(**given), actor=actor, at=at
    )


def _exempt(*, actor: Any, at: Any, document: Any = None, **given: Any) -> Exemption:
    return services.request_exemption(
        given=services.ExemptionInput(**given), actor=actor, at=at, document=document
    )


SUBSTITUTIONS = Workflow(
    name="substitutions",
    noun="substitution",
    model=Substitution,
    select=selectors.substitutions,
    roles=READERS,
    heading=lambda s: f"{s.substitute.code} for {s.resource.code}: {plain(s.mw)} MW",
    facts=lambda s, viewer: [
        CaseFact("Outage", s.outage),
        CaseFact("Type", s.outage_type),
        CaseFact("Nature of work", s.nature),
        CaseFact("Out", s.resource.code),
        CaseFact("Substitute", s.substitute.code),
        CaseFact("Part", s.part),
        CaseFact("Substituted", s.mw, "MW"),
        CaseFact("From", s.starts_at),
        CaseFact("To", s.ends_at),
        CaseFact("Market", s.process.replace("_", "-").lower()),
        CaseFact("SC", s.sc.code),
        CaseFact("Why late", s.late_reason),
        CaseFact("Remarks", " ".join(f"{r['code']}: {r['message']}" for r in s.remarks)),
        CaseFact("Ended", s.ended_at),
    ],
    steps={
        "approve": Transition(services.substitution_approve),
        "deny": Transition(services.substitution_deny, note_needed=True),
        "withdraw": Transition(services.withdraw_substitution),
        "cancel": Transition(services.cancel_substitution, note_needed=True),
    },
    opening=CreateForm(
        title="Substitute capacity",
        button="Ask for it",
        form=forms.SubstitutionForm,
        perform=_ask,
        roles=REQUESTERS,
        intro="Another resource stands in for one that is out, for its generic or its flexible "
        "part. RMR of either vintage never does. “Find substitutes” lists what is allowed.",
        example={
            "outage": "16040712",
            "substitute": "RESOURCE_1_UNIT",
            "part": "GENERIC",
            "mw": "25",
        },
    ),
    links=lambda s, viewer: [
        (
            "Find substitutes",
            reverse("substitute-candidates", query={"outage": s.outage, "part": s.part}),
        )
    ],
    implements=("BRQ-0210", "BRQ-0211", "MSIM-2005"),
)
EXEMPTIONS = Workflow(
    name="exemptions",
    noun="exemption request",
    model=Exemption,
    select=selectors.exemptions,
    roles=READERS,
    heading=lambda e: f"{e.resource.code}: outage {e.outage}",
    facts=lambda e, viewer: [
        CaseFact("Outage", e.outage),
        CaseFact("Type", e.outage_type),
        CaseFact("Nature of work", e.nature),
        CaseFact("Resource", e.resource.code),
        CaseFact("From", e.starts_at),
        CaseFact("To", e.ends_at),
        CaseFact("Ground", REASON_CODES[e.reason_code]),
        CaseFact("Reason", e.reason),
        CaseFact("SC", e.sc.code),
    ],
    steps={
        "approve": Transition(partial(services.exemption_decide, action="approve")),
        "deny": Transition(partial(services.exemption_decide, action="deny"), note_needed=True),
        "withdraw": Transition(partial(plain_move, model=Exemption, action="withdraw")),
    },
    opening=CreateForm(
        title="Ask for an exemption",
        button="Ask for it",
        form=forms.ExemptionForm,
        perform=_exempt,
        roles=REQUESTERS,
        files=True,
        intro="RAAIM leaves an exempt outage out. Say why, with evidence; another person decides.",
        example={"outage": "16040712", "reason_code": "TRANSMISSION", "reason": "Line 12 was out"},
    ),
    takes_documents=services.exemption_document,
    document_roles=READERS,
    implements=("BRQ-0215",),
)
WORKFLOWS.register(SUBSTITUTIONS, EXEMPTIONS)
SUBSTITUTION_LIST = Screen(
    name="substitutions",
    title="Substitutions",
    model=Substitution,
    select=selectors.substitutions,
    columns=(
        Column("resource__code", "Out", link=link_to("substitutions-case", "pk")),
        Column("substitute__code", "Substitute"),
        "outage",
        "outage_type",
        "part",
        "mw",
        "starts_at",
        "ends_at",
        "process",
        "state",
        Column("sc__code", "SC"),
    ),
    filters=("resource__code", "substitute__code", "outage", "outage_type", "part", "state"),
    search=("resource__code", "substitute__code", "outage"),
    order=("-opened_at", "-id"),
    roles=READERS,
    group="cases",
    implements=("BRQ-0210",),
    tools=lambda viewer: (
        [
            ("Find substitutes", reverse("substitute-candidates")),
            ("Substitute", reverse("substitutions-new")),
        ]
        if viewer.may(REQUESTERS)
        else []
    ),
    empty="No substitution has been asked for.",
)
EXEMPTION_LIST = Screen(
    name="exemptions",
    title="Exemption requests",
    model=Exemption,
    select=selectors.exemptions,
    columns=(
        Column("resource__code", "Resource ID", link=link_to("exemptions-case", "pk")),
        "outage",
        "outage_type",
        "nature",
        "starts_at",
        "ends_at",
        "reason_code",
        "state",
        Column("sc__code", "SC"),
    ),
    filters=("resource__code", "outage", "reason_code", "state"),
    search=("resource__code", "outage"),
    order=("-opened_at", "-id"),
    roles=READERS,
    group="cases",
    implements=("BRQ-0215",),
    tools=lambda viewer: (
        [("Ask for one", reverse("exemptions-new"))] if viewer.may(REQUESTERS) else []
    ),
    empty="No exemption has been asked for.",
)
SCREENS.register(SUBSTITUTION_LIST, EXEMPTION_LIST)
for position, (label, name) in enumerate(
    (
        ("Find substitutes", "substitute-candidates"),
        ("Substitutions", "substitutions"),
        ("Exemption requests", "exemptions"),
    )
):
    MENU.register(
        MenuItem(group="Adequacy", label=label, name=name, roles=READERS, order=60 + position)
    )
