"""The desk and the list of disputes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse

from apps.platform.accounts.codes import SIGNED_IN
from apps.platform.accounts.rules import Viewer
from apps.platform.core.quantity import dollars
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
from apps.settlement.disputes import forms, selectors, services
from apps.settlement.disputes.codes import DECIDERS, DISPUTERS
from apps.settlement.disputes.models import Dispute
from apps.settlement.statements.hooks import LineAction
from apps.settlement.statements.selectors import statement_lines


def _file(*, actor: Any, at: Any, **given: Any) -> Dispute:
    return services.file_dispute(given=services.DisputeInput(**given), actor=actor, at=at)


def _prefill(viewer: Viewer, query: Mapping[str, str]) -> Mapping[str, Any]:
    """Begin with the line somebody came from, and the reason with what it says."""
    number, line = query.get("statement", ""), query.get("line", "")
    if not (number.isdecimal() and line.isdecimal() and len(number + line) < 18):
        return {}
    found = (
        statement_lines(viewer=viewer)
        .select_related("statement__run", "resource", "tac_area")
        .filter(statement_id=int(number), line_no=int(line))
        .first()
    )
    if found is None:
        return {}
    about = [
        found.charge_code,
        found.resource.code if found.resource else "",
        found.contract_no,
        found.tac_area.code if found.tac_area else "",
    ]
    said = " ".join(part for part in about if part)
    return {
        "statement": found.statement_id,
        "line": found.line_no,
        "reason": f"{said}, {found.trade_date}, {found.statement.run.run_type or 'run'} version "
        f"{found.statement.version}: billed {dollars(found.amount)}. ",
    }


def offered(viewer: Viewer, statement: Any, at: datetime) -> LineAction | None:
    """Offer a dispute of a statement's lines while its window is open, else say why not."""
    if not statement.line_count:
        return None
    window = selectors.window_for(statement)
    is_open = window.open_on(at.astimezone(PACIFIC).date())
    closed = "" if is_open or window.until is None else " That day has passed."
    sentence = f"Disputes: {window.sentence}{closed}"
    if not (is_open and viewer.may(DISPUTERS)):
        return LineAction("Dispute", sentence)
    return LineAction(
        "Dispute",
        sentence,
        lambda line: reverse("disputes-new", query={"statement": statement.pk, "line": line}),
    )


def _facts(case: Dispute, viewer: Viewer) -> list[CaseFact]:
    decided = case.decided_by
    who = decided.username if decided and viewer.is_iso else ("the ISO" if decided else None)
    return [
        CaseFact("SC", case.sc.code),
        CaseFact("Trade date", case.trade_date),
        CaseFact(
            "Statement", str(case.statement), address=reverse("statement", args=[case.statement_id])
        ),
        CaseFact(
            "Line",
            f"{case.line_no}, {case.charge_code}",
            address=reverse("statement-line", args=[case.statement_id, case.line_no]),
        ),
        CaseFact("Run", case.run_type),
        CaseFact("Line says", case.stated, "USD"),
        CaseFact("Should be", case.should_be, "USD"),
        CaseFact("Asked back", case.amount, "USD"),
        CaseFact("Open to dispute", "the change only" if case.change_only else "the full amount"),
        CaseFact("Window ends", case.until),
        CaseFact("Figure due", case.figure_by if case.amount is None else None),
        CaseFact("Why", case.reason),
        CaseFact("Decided by", who),
        CaseFact("Granted", case.granted, "USD"),
        CaseFact("Corrected in", case.correct_in),
        CaseFact(
            "Line after correction",
            case.outcome_amount,
            "USD",
            reverse("statement", args=[case.outcome_id]) if case.outcome_id else "",
        ),
        CaseFact(
            "Came of it",
            case.stated - case.outcome_amount if case.outcome_amount is not None else None,
            "USD",
        ),
    ]


def _panels(case: Dispute, viewer: Viewer) -> list[tuple[str, dict[str, Any]]]:
    """Show the ISO what granting it would do to others, before it decides."""
    if not viewer.may(DECIDERS) or case.amount is None or case.state not in ("OPEN", "ACCEPTED"):
        return []
    return [("disputes/effect.html", {"effects": services.effect_of(case, case.granted)})]


DISPUTES = Workflow(
    name="disputes",
    noun="dispute",
    model=Dispute,
    select=selectors.disputes,
    roles=SIGNED_IN,
    heading=lambda d: f"{d.sc.code}: {d}",
    facts=_facts,
    steps={
        "quantify": Transition(services.quantify, form=forms.FigureForm),
        "accept": Transition(services.accept, form=forms.AcceptForm),
        "deny": Transition(services.deny, note_needed=True),
        "withdraw": turning_down(Dispute)["withdraw"],
    },
    opening=CreateForm(
        title="Dispute a statement line",
        button="File the dispute",
        form=forms.DisputeForm,
        perform=_file,
        roles=DISPUTERS,
        intro="Open the line on your statement and press Dispute to come here with it filled in. "
        "Which runs take disputes, and until when, stands on each statement.",
        prefill=_prefill,
        example={
            "statement": 12,
            "line": 3,
            "should_be": "-21950.00",
            "reason": "Metered demand of HE12 was read twice",
        },
    ),
    panels=_panels,
    takes_documents=lambda case, file_name, content, actor, at: services.document_for(
        case=case, file_name=file_name, content=content, actor=actor, at=at
    ),
    document_roles=DISPUTERS | DECIDERS,
    implements=("BRQ-1203",),
)
WORKFLOWS.register(DISPUTES)
DISPUTE_LIST = Screen(
    name="disputes",
    title="Disputes",
    model=Dispute,
    select=selectors.disputes,
    columns=(
        Column("id", "No.", link=link_to("disputes-case", "pk")),
        Column("trade_date", link=link_to("disputes-case", "pk")),
        Column("sc__code", "SC"),
        "run_type",
        "charge_code",
        "line_no",
        "state",
        "amount",
        "granted",
        "correct_in",
        "until",
        "figure_by",
        "outcome_amount",
        Column("opened_at", "Filed"),
        Column("placeholder", shown=False),
        Column("reason", shown=False),
    ),
    filters=("state", "trade_date", "sc__code", "charge_code", "run_type"),
    search=("reason", "charge_code", "sc__code"),
    order=("-opened_at", "-id"),
    roles=SIGNED_IN,
    group="settlement",
    empty="No dispute has been filed. Open a statement line and press Dispute.",
    implements=("BRQ-1203",),
)
SCREENS.register(DISPUTE_LIST)
MENU.register(
    MenuItem(group="Settlement", label="Disputes", name="disputes", roles=SIGNED_IN, order=16)
)
