"""The desk and the list of cost recovery requests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from apps.platform.accounts.rules import Viewer
from apps.platform.core.tradetime import PACIFIC
from apps.platform.core.typed_rows import TypedRows
from apps.platform.ui.hooks import MENU, MenuItem
from apps.platform.ui.screens import SCREENS, Column, Screen, link_to
from apps.platform.ui.workflow import WORKFLOWS, CaseFact, CreateForm, Transition, Workflow
from apps.settlement.cost_recovery import forms, selectors, services
from apps.settlement.cost_recovery.codes import (
    DESK,
    KIND_TITLES,
    READERS,
    RECOVERERS,
    REVIEWERS,
    WAITING_STATES,
    RecoveryKind,
)
from apps.settlement.cost_recovery.hooks import settled_by_day
from apps.settlement.cost_recovery.models import CostRecoveryRequest

SAID = {"QUESTION": "The ISO asked", "ANSWER": "The SC answered", "DECISION": "The ISO decided"}


def _file(*, actor: Any, at: Any, **given: Any) -> CostRecoveryRequest:
    return services.file_request(given=services.RecoveryInput(**given), actor=actor, at=at)


def _days(case: CostRecoveryRequest) -> str:
    return (
        str(case.first_date)
        if case.first_date == case.last_date
        else (f"{case.first_date} to {case.last_date}")
    )


def _facts(case: CostRecoveryRequest, viewer: Viewer) -> list[CaseFact]:
    def person(one: Any) -> Any:
        return (one.username if viewer.is_iso else "the ISO") if one else None

    return [
        CaseFact("SC", case.sc.code),
        CaseFact(
            "Resource", case.resource.code, address=reverse("resource", args=[case.resource_id])
        ),
        CaseFact("Cost", KIND_TITLES[RecoveryKind(case.kind)]),
        CaseFact("Trade dates", _days(case)),
        CaseFact("Claimed", case.claimed, "USD"),
        CaseFact("Approved", case.approved, "USD"),
        CaseFact("Justification", case.reason),
        *([CaseFact("Own reference", case.reference)] if case.reference else []),
        *(
            [CaseFact("Cost basis set", case.basis, "USD_PER_MWH")]
            if case.basis is not None
            else []
        ),
        *([CaseFact("Revision of the items", case.revision)] if case.revision > 1 else []),
        CaseFact("Decision due", case.decide_by),
        *([CaseFact("Answer due", case.answer_by)] if case.answer_by else []),
        CaseFact("Reviewed by", person(case.reviewed_by)),
        CaseFact("Decided by", person(case.decided_by)),
        CaseFact("Decided", case.decided_at),
        *(
            CaseFact(f"{SAID[m.kind]}, {m.at.astimezone(PACIFIC):%Y-%m-%d %H:%M}", m.text)
            for m in case.messages.all()
        ),
    ]


def _items_written(case: CostRecoveryRequest) -> dict[str, TypedRows]:
    """Return the items of a draft as rows to change."""
    rows = [
        {
            "trade_date": str(i.trade_date),
            "first_hour": str(i.first_hour),
            "last_hour": str(i.last_hour),
            "amount": f"{i.claimed:,.2f}",
            "what": i.what,
        }
        for i in selectors.items_of(case)
    ]
    return {"items": TypedRows(tuple(rows))}


def _items_claimed(case: CostRecoveryRequest) -> dict[str, TypedRows]:
    """Return the items of a request as rows to approve, each in full unless an amount is typed."""
    rows = [
        {"item": str(i.number), "what": i.what, "claimed": f"{i.claimed:,.2f}", "amount": ""}
        for i in selectors.items_of(case)
    ]
    return {"granted": TypedRows(tuple(rows))}


def _begun(viewer: Viewer, query: Mapping[str, str]) -> dict[str, Any]:
    """Begin a request with the resource and the trade date of the page it was opened from."""
    found: dict[str, Any] = {k: v for k, v in query.items() if k in ("kind", "resource")}
    try:
        day = date.fromisoformat(query.get("trade_date", ""))
    except ValueError:
        return found
    return {**found, "items": TypedRows(({"trade_date": str(day)},))}


def _own_resources(viewer: Viewer) -> dict[str, list[tuple[str, str]]]:
    codes = selectors.recoverable_resources(viewer=viewer)
    return {"resource": [(code, code) for code in codes]}


def _panels(case: CostRecoveryRequest, viewer: Viewer) -> list[tuple[str, dict[str, Any]]]:
    """Show each trade date in numbers, and where it was settled."""
    found: list[tuple[str, dict[str, Any]]] = [
        (
            "cost_recovery/preview.html",
            {"days": services.preview_of(case), "case": case, "iso": viewer.is_iso},
        ),
    ]
    if case.approved is not None:
        found.append(
            ("cost_recovery/settled.html", {"rows": settled_by_day(case, viewer), "case": case})
        )
    return found


REQUESTS = Workflow(
    name=DESK,
    noun="cost recovery request",
    model=CostRecoveryRequest,
    select=selectors.recovery_requests,
    roles=READERS,
    heading=lambda c: f"{c}: {c.kind} of {c.resource.code}, {_days(c)}",
    facts=_facts,
    steps={
        "revise": Transition(services.revise, form=forms.ItemsForm, prefill=_items_written),
        "submit": Transition(services.submit, lacks=services.lacks_document),
        "review": Transition(services.review),
        "ask": Transition(services.ask, note_needed=True),
        "answer": Transition(services.answer, note_needed=True),
        "recommend": Transition(services.recommend, form=forms.RecommendForm, note_needed=True),
        "send_back": Transition(services.send_back, note_needed=True),
        "approve": Transition(services.approve, form=forms.ApproveForm, prefill=_items_claimed),
        "refuse": Transition(services.refuse, note_needed=True),
        "withdraw": Transition(services.withdraw),
    },
    opening=CreateForm(
        title="New cost recovery request",
        button="Save draft",
        prefill=_begun,
        choices=_own_resources,
        about=("resource", "trade_date"),
        form=forms.CostRecoveryForm,
        perform=_file,
        roles=RECOVERERS,
        intro="For your own resources under a new-tariff RMR contract. It is a draft first: see "
        "what each trade date would recover, add the documents, then submit it.",
        example={
            "kind": "GAS",
            "resource": "RESOURCE_1_UNIT",
            "items": "2024-09-04 HE7-HE22 12450.00 Replacement gas, invoice 77",
            "reason": "The pipeline was cut; gas came from a second hub",
        },
    ),
    panels=_panels,
    takes_documents=lambda case, file_name, content, actor, at: services.document_for(
        case=case, file_name=file_name, content=content, actor=actor, at=at
    ),
    document_roles=RECOVERERS | REVIEWERS,
    implements=("BRQ-1265", "BRQ-1270", "BRQ-1275"),
)
WORKFLOWS.register(REQUESTS)


def ageing_chart(rows: QuerySet[Any], at: datetime) -> dict[str, Any] | None:
    """Return how many requests wait by how old they are, one series a state."""
    found = selectors.ageing(rows, today=at.astimezone(PACIFIC).date())
    if not any(row[state] for row in found for state in WAITING_STATES):
        return None
    return {
        "kind": "stacked-bar",
        "unit": "requests",
        "title": "Waiting requests by age",
        "categories": [row["age"] for row in found],
        "series": [
            {"name": state.lower(), "data": [row[state] for row in found]}
            for state in WAITING_STATES
        ],
    }


REQUEST_LIST = Screen(
    name=DESK,
    title="Cost recovery",
    model=CostRecoveryRequest,
    select=selectors.recovery_requests,
    columns=(
        Column("id", "No.", link=link_to(f"{DESK}-case", "pk")),
        Column("resource__code", "Resource ID", link=link_to(f"{DESK}-case", "pk")),
        Column("sc__code", "SC"),
        "kind",
        "first_date",
        "last_date",
        "claimed",
        "approved",
        "state",
        "decide_by",
        Column("opened_at", "Filed", shown=False),
        Column("reason", shown=False),
        Column("reference", shown=False),
        Column("answer_by", shown=False),
    ),
    filters=("state", "kind", "sc__code", "resource__code", "first_date", "decide_by"),
    search=("resource__code", "reason", "reference", "sc__code"),
    order=("-opened_at", "-id"),
    roles=READERS,
    group="settlement",
    intro="Gas, repair and motoring costs of RMR resources that SCs ask to recover.",
    empty="No request has been filed. An SC files one with New cost recovery request.",
    chart=ageing_chart,
    implements=("BRQ-1265", "BRQ-1270"),
)
SCREENS.register(REQUEST_LIST)
MENU.register(
    MenuItem(group="Settlement", label="Cost recovery", name=DESK, roles=READERS, order=18)
)
