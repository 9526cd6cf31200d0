"""Desks and lists of substitution and exemption."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.urls import reverse

from apps.adequacy.substitutions import forms, selectors, services
from apps.adequacy.substitutions.models import Exemption, Substitution
from apps.adequacy.substitutions.terms import READERS, REASON_CODES, REQUESTERS
from apps.platform.audit.services import plain_move
from apps.platform.kernel.quantity import plain
from apps.platform.ui.casework import DESKS, CaseDesk, Opening, Shown, Step
from apps.platform.ui.hooks import MENU, MenuItem
from apps.platform.ui.screens import SCREENS, Column, Screen, link_to


def _ask(*, actor: Any, at: Any, **wish: Any) -> Substitution:
    return services.request_substitution(wish=services.SubstitutionWish(**wish), actor=actor, at=at)


def _exempt(*, actor: Any, at: Any, document: Any = None, **wish: Any) -> Exemption:
    return services.request_exemption(
        wish=services.ExemptionWish(**wish), actor=actor, at=at, document=document
    )


SUBSTITUTIONS = CaseDesk(
    name="substitutions",
    noun="substitution",
    model=Substitution,
    select=selectors.substitutions,
    roles=READERS,
    heading=lambda s: f"{s.substitute.code} for {s.resource.code}: {plain(s.mw)} MW",
    facts=lambda s, viewer: [
        Shown("Outage", s.outage),
        Shown("Type", s.outage_type),
        Shown("Nature of work", s.nature),
        Shown("Out", s.resource.code),
        Shown("Substitute", s.substitute.code),
        Shown("Part", s.part),
        Shown("Substituted", s.mw, "MW"),
        Shown("From", s.starts_at),
        Shown("To", s.ends_at),
        Shown("Market", s.process.replace("_", "-").lower()),
        Shown("SC", s.sc.code),
        Shown("Why late", s.late_reason),
        Shown("Remarks", " ".join(f"{r['code']}: {r['message']}" for r in s.remarks)),
        Shown("Ended", s.ended_at),
    ],
    steps={
        "approve": Step(services.substitution_approve),
        "deny": Step(services.substitution_deny, note_needed=True),
        "withdraw": Step(services.withdraw_substitution),
        "cancel": Step(services.cancel_substitution, note_needed=True),
    },
    opening=Opening(
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
EXEMPTIONS = CaseDesk(
    name="exemptions",
    noun="exemption request",
    model=Exemption,
    select=selectors.exemptions,
    roles=READERS,
    heading=lambda e: f"{e.resource.code}: outage {e.outage}",
    facts=lambda e, viewer: [
        Shown("Outage", e.outage),
        Shown("Type", e.outage_type),
        Shown("Nature of work", e.nature),
        Shown("Resource", e.resource.code),
        Shown("From", e.starts_at),
        Shown("To", e.ends_at),
        Shown("Ground", REASON_CODES[e.reason_code]),
        Shown("Reason", e.reason),
        Shown("SC", e.sc.code),
    ],
    steps={
        "approve": Step(partial(services.exemption_decide, action="approve")),
        "deny": Step(partial(services.exemption_decide, action="deny"), note_needed=True),
        "withdraw": Step(partial(plain_move, model=Exemption, action="withdraw")),
    },
    opening=Opening(
        title="Ask for an exemption",
        button="Ask for it",
        form=forms.ExemptionForm,
        perform=_exempt,
        roles=REQUESTERS,
        files=True,
        intro="RAAIM leaves an exempt outage out. Say why, with evidence; another person decides.",
        example={"outage": "16040712", "reason_code": "TRANSMISSION", "reason": "Line 12 was out"},
    ),
    takes_papers=services.exemption_paper,
    paper_roles=READERS,
    implements=("BRQ-0215",),
)
DESKS.register(SUBSTITUTIONS, EXEMPTIONS)
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
