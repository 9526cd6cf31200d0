"""Desks and lists of payloads, exceptional dispatch and dispatch flags."""

from __future__ import annotations

import json
from typing import Any

from django.urls import reverse

from apps.bidding.market_payloads import forms, selectors, services
from apps.bidding.market_payloads.codes import AUDIENCES, DISPATCHERS, READERS, SENDERS, Audience
from apps.bidding.market_payloads.models import (
    Delivery,
    Dispatch,
    ExceptionalDispatch,
    MarketPayload,
)
from apps.platform.accounts.codes import ISO_ROLES
from apps.platform.accounts.rules import Viewer
from apps.platform.core.quantity import plain
from apps.platform.ui.hooks import MENU, MenuItem
from apps.platform.ui.screens import SCREENS, Column, Screen, link_to
from apps.platform.ui.workflow import WORKFLOWS, CaseFact, CreateForm, Transition, Workflow


def _panels(case: MarketPayload, viewer: Viewer) -> list[tuple[str, dict[str, Any]]]:
    text = case.body.text
    if text.startswith("{"):  # sent without blanks, shown with them
        text = json.dumps(
            {k: v for k, v in sorted(json.loads(text).items(), reverse=True)}, indent=1
        )
    return [
        (
            "market_payloads/_payload.html",
            {
                "alerts": case.alerts,
                "attempts": list(case.attempts.all()[:50]),
                "name": services.file_name(case),
                "start": text[:4000],
                "more": len(text) > 4000,
            },
        )
    ]


PAYLOADS = Workflow(
    name="market-payloads",
    noun="market payload",
    model=MarketPayload,
    select=selectors.payloads,
    roles=ISO_ROLES,
    heading=lambda p: f"{AUDIENCES[Audience(p.audience)]} {p.trade_date} v{p.version}",
    facts=lambda p, viewer: [
        CaseFact("Trade date", p.trade_date),
        CaseFact("Records", p.records),
        CaseFact("Because of", p.cause),
        CaseFact("Fingerprint", p.sha256),
        CaseFact("Delivered", p.delivered_at),
    ],
    steps={"resend": Transition(services.resend)},
    panels=_panels,
    links=lambda p, viewer: [("Download", reverse("payload-text", args=[p.pk]))],
    implements=("BRQ-0076", "BRQ-06a", "BRQ-06b", "BRQ-06c", "BRQ-0700", "BRQ-0701", "BRQ-0705"),
)


def _issue(*, actor: Any, at: Any, **given: Any) -> ExceptionalDispatch:
    return services.issue_dispatch(given=services.DispatchInput(**given), actor=actor, at=at)


EXCEPTIONAL = Workflow(
    name="exceptional-dispatches",
    noun="exceptional dispatch",
    model=ExceptionalDispatch,
    select=selectors.exceptional_dispatches,
    roles=READERS,
    heading=lambda c: f"{c.resource.code} to {plain(c.mw)} MW, {c.instruction}",
    facts=lambda c, viewer: [
        CaseFact("Resource", c.resource.code),
        CaseFact("RMR", c.vintage or "no RMR resource"),
        CaseFact("Instruction", c.get_instruction_display()),
        CaseFact("Market", c.market),
        CaseFact("To", c.mw, "MW"),
        CaseFact("From", c.starts_at),
        CaseFact("Until", c.ends_at),
        CaseFact("CPM alert", "raised" if c.cpm_alert else "none"),
        CaseFact("Reason", c.reason),
    ],
    steps={"cancel": Transition(services.cancel_dispatch, note_needed=True)},
    opening=CreateForm(
        title="Dispatch exceptionally",
        button="Log the instruction",
        form=forms.DispatchForm,
        perform=_issue,
        roles=DISPATCHERS,
        intro="RMR instruction types are for legacy RMR only. RMR raises no CPM alert.",
        example={
            "resource": "RESOURCE_1_UNIT",
            "instruction": "SYSEMR",
            "market": "RT",
            "mw": "40",
            "starts_at": "2026-05-01T17:00:00-07:00",
            "reason": "Line overload",
        },
    ),
    implements=("BRQ-0720", "BRQ-0740", "BRQ-0750"),
)
WORKFLOWS.register(PAYLOADS, EXCEPTIONAL)

PAYLOAD_LIST = Screen(
    name="market-payloads",
    title="Market payloads",
    model=MarketPayload,
    select=selectors.payloads,
    columns=(
        Column("trade_date", link=link_to("market-payloads-case", "pk")),
        "audience",
        "version",
        "state",
        "records",
        "cause",
        Column("opened_at", "Made"),
        "delivered_at",
        Column("sha256", shown=False),
    ),
    filters=("trade_date", "audience", "state"),
    order=("-trade_date", "audience", "-version"),
    roles=ISO_ROLES,
    group="market",
    in_search=False,
    tools=lambda viewer: (
        [("Make and send now", reverse("market-view"))] if viewer.may(SENDERS) else []
    ),
    implements=("BRQ-0076", "BRQ-0080", "BRQ-0094"),
    intro="What the markets, settlements and reports are told of each trade date, version by "
    "version, and whether it was taken.",
    empty="Nothing has been published yet.",
)
DELIVERIES = Screen(
    name="market-deliveries",
    title="Deliveries",
    model=Delivery,
    select=selectors.deliveries,
    columns=(
        "at",
        Column("payload__audience", "Audience", link=link_to("market-payloads-case", "payload_id")),
        Column("payload__trade_date", "Trade date"),
        Column("payload__version", "Version"),
        "destination",
        "taken",
        "sentence",
    ),
    extra=("payload_id",),
    filters=("payload__audience", "payload__trade_date", "taken"),
    order=("-at", "-pk"),
    roles=ISO_ROLES,
    group="market",
    in_search=False,
    intro="Every attempt to hand a payload over, and what the other side said.",
    implements=("BRQ-0076",),
    empty="Nothing was handed over yet.",
)
EXCEPTIONAL_LIST = Screen(
    name="exceptional-dispatches",
    title="Exceptional dispatches",
    model=ExceptionalDispatch,
    select=selectors.exceptional_dispatches,
    columns=(
        Column("resource__code", "Resource ID", link=link_to("exceptional-dispatches-case", "pk")),
        "state",
        "vintage",
        "instruction",
        "market",
        "mw",
        "starts_at",
        "ends_at",
        "cpm_alert",
        "reason",
    ),
    filters=("resource__code", "vintage", "instruction", "state", "cpm_alert"),
    search=("resource__code", "reason"),
    order=("-starts_at", "-id"),
    roles=READERS,
    group="market",
    tools=lambda viewer: (
        [("Dispatch", reverse("exceptional-dispatches-new"))] if viewer.may(DISPATCHERS) else []
    ),
    intro="Instructions outside the market. RMR types are for legacy RMR; new-tariff RMR raises no "
    "CPM alert.",
    implements=("BRQ-0720", "BRQ-0750"),
    empty="No exceptional dispatch is on file.",
)


def _dispatch_list(name: str, title: str, select: Any, intro: str, *brqs: str) -> Screen:
    return Screen(
        name=name,
        title=title,
        model=Dispatch,
        select=select,
        columns=(
            "trade_date",
            "hour_ending",
            "interval",
            Column("resource__code", "Resource ID"),
            "vintage",
            "day_ahead_mw",
            "real_time_mw",
            "incremental_mw",
            "rmr_flag",
            Column(
                "line_no",
                "Row in file",
                link=link_to("uploaded-row", "dataset_version_id", "line_no"),
            ),
        ),
        extra=("dataset_version_id",),
        filters=("trade_date", "resource__code", "vintage", "rmr_flag"),
        search=("resource__code",),
        in_search=False,
        order=("-trade_date", "resource__code", "hour_ending", "interval"),
        roles=READERS,
        group="market",
        intro=intro,
        implements=brqs,
        empty="No dispatch is on file.",
    )


DISPATCHES = _dispatch_list(
    "dispatch-flags",
    "Dispatch and RMR flag",
    selectors.dispatches,
    "The RMR flag is set for legacy resources only, where real-time is above day-ahead.",
    "BRQ-0761",
)
REPORT = _dispatch_list(
    "rmr-dispatch-report",
    "RMR dispatch report (legacy)",
    selectors.rmr_dispatches,
    "The RMR-only report lists legacy resources. New-tariff RMR stands in the reports of any "
    "resource adequacy resource.",
    "BRQ-0760",
)
SCREENS.register(PAYLOAD_LIST, DELIVERIES, EXCEPTIONAL_LIST, DISPATCHES, REPORT)
for position, screen in enumerate((PAYLOAD_LIST, DELIVERIES, EXCEPTIONAL_LIST, DISPATCHES, REPORT)):
    MENU.register(
        MenuItem(
            group="Market",
            label=screen.title,
            name=screen.name,
            roles=screen.roles,
            order=10 + position,
        )
    )
