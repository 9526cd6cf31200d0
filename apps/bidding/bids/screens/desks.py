"""Desks of bids, files of bids and use-limit instructions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse

from apps.bidding.bids import forms, selectors, services
from apps.bidding.bids.codes import BID_READERS, BIDDERS, INSTRUCTORS
from apps.bidding.bids.layouts import BID_ROW
from apps.bidding.bids.models import Bid, BidFile, Instruction
from apps.bidding.costs.codes import DAILY_COSTS
from apps.bidding.costs.selectors import commitment_lines_of, deb_steps, sealed_run
from apps.bidding.costs.services import eligible_on
from apps.platform.accounts.rules import Viewer
from apps.platform.core.quantity import COST, dollars, plain
from apps.platform.core.rulebook import implements
from apps.platform.ui.form_fields import file_given
from apps.platform.ui.workflow import WORKFLOWS, CaseFact, CreateForm, Transition, Workflow
from apps.reference.resources.selectors import own_resources_now, resource_ids


@implements("BRQ-0521", source="BRS 1.2 section 6.3.1")
def prefill(viewer: Viewer, query: Mapping[str, str]) -> Mapping[str, Any]:
    """Begin a bid with calculated costs, opportunity cost included, for use-limited resources.

    The SC may overwrite all of it. Others begin with nothing (BRQ-0521).
    """
    found: dict[str, Any] = dict(query)
    try:
        day = date.fromisoformat(query.get("trade_date", ""))
    except ValueError:
        return found
    code = query.get("resource", "")
    key = resource_ids({code}).get(code)
    own = key is not None and own_resources_now(viewer).filter(resource_id=key).exists()
    if key is None or not own or not eligible_on(key, day):
        return found
    steps = deb_steps(key, day, query.get("config", ""))
    found["energy"] = [[plain(s.from_mw), plain(s.to_mw), plain(s.published)] for s in steps]
    for line in commitment_lines_of(sealed_run(DAILY_COSTS, day), {key}):
        if line.config == query.get("config", "") and not line.to_config:
            name = {"START_UP": "startup", "MIN_LOAD": "min_load"}[line.cost_type]
            found[name] = line.amount
    return found


def _bid(*, actor: Any, at: Any, energy: Any, **given: Any) -> Bid:
    curve = [[row["from_mw"], row["to_mw"], row["usd_mwh"]] for row in energy]
    return services.submit_bid(given=services.BidInput(energy=curve, **given), actor=actor, at=at)


def _bid_facts(bid: Bid, viewer: Viewer) -> list[CaseFact]:
    return [
        CaseFact("Resource", bid.resource.code),
        CaseFact("SC", bid.sc.code),
        CaseFact("Market", bid.market),
        CaseFact("Trade date", bid.trade_date),
        CaseFact("Hours ending", f"{bid.first_hour} to {bid.last_hour}"),
        CaseFact("Configuration", bid.config),
        CaseFact("Energy", "; ".join(f"{a}–{b} MW at {p}" for a, b, p in bid.energy)),
        CaseFact("RUC", bid.ruc_mw, "MW"),
        CaseFact(
            "Ancillary services",
            "; ".join(f"{s['product']} {s['mw']} MW at {s['usd_mw']}" for s in bid.services),
        ),
        CaseFact("Self-schedule", bid.self_schedule_mw, "MW"),
        CaseFact("Start-up", bid.startup, "USD"),
        CaseFact("Minimum load", bid.min_load, "USD"),
        CaseFact(
            "Transitions",
            "; ".join(f"to {t['to']} {dollars(Decimal(t['usd']), COST)}" for t in bid.transitions),
        ),
        CaseFact("Remarks", " ".join(f"{r['code']}: {r['message']}" for r in bid.remarks)),
        *(
            [
                CaseFact(
                    "From file",
                    f"no. {bid.bid_file_id}",
                    address=reverse("bid-files-case", args=[bid.bid_file_id]),
                )
            ]
            if bid.bid_file_id
            else []
        ),
    ]


BIDS = Workflow(
    name="bids",
    noun="bid",
    model=Bid,
    select=selectors.bids,
    roles=BID_READERS,
    heading=lambda b: f"{b.resource.code} {b.market} {b.trade_date}",
    facts=_bid_facts,
    steps={"withdraw": Transition(services.withdraw_bid)},
    opening=CreateForm(
        title="Submit a bid",
        button="Submit",
        form=forms.BidForm,
        perform=_bid,
        roles=BIDDERS,
        prefill=prefill,
        intro="For your own RMR resources. Energy above cost is refused with the limit. A newer "
        "bid for an hour stands before an older one.",
        example={
            "market": "DA",
            "resource": "RESOURCE_1_UNIT",
            "trade_date": "2026-05-01",
            "first_hour": 1,
            "energy": [{"from_mw": "10", "to_mw": "30", "usd_mwh": "39.00"}],
            "services": [{"product": "SPIN", "mw": "15", "usd_mw": "0"}],
            "ruc_mw": "30",
        },
    ),
    links=lambda b, viewer: [
        ("After insertion", reverse("bid-day", args=[b.market, b.trade_date, b.resource_id]))
    ],
    implements=("BRQ-0520", "BRQ-0521", "BRQ-0525"),
)


def _file(*, actor: Any, at: Any, rows: str = "", file: Any = None) -> BidFile:
    return services.take_file(actor=actor, at=at, file=file_given(file, rows))


FILES = Workflow(
    name="bid-files",
    noun="bid file",
    model=BidFile,
    select=selectors.bid_files,
    roles=BID_READERS,
    heading=lambda f: f.file_name,
    facts=lambda f, viewer: [
        CaseFact("SC", f.sc.code),
        CaseFact("Rows", f.row_count),
        CaseFact("Bids taken", f.bid_count),
        CaseFact("Fingerprint", f.sha256),
    ],
    steps={},
    opening=CreateForm(
        title="Send a file of bids",
        button="Send",
        form=forms.BidFileForm,
        perform=_file,
        roles=BIDDERS,
        files=True,
        layouts=(BID_ROW,),
        intro="All of it is taken or none: one wrong row refuses the file and names every row.",
        example={
            "rows": "MARKET,RESOURCE_ID,TRADE_DATE,HOUR_ENDING,PRODUCT,FROM_MW,MW,PRICE\n"
            "DA,RESOURCE_1_UNIT,2026-05-01,1,ENERGY,10,30,39.00\n"
        },
    ),
    violations=lambda f: f.violations,
    panels=lambda f, viewer: [("uploads/_party_file.html", {"violations": f.violations})],
    links=lambda f, viewer: [
        ("Its bids", reverse("bids", query={"bid_file__file_name": f.file_name}))
    ],
    implements=("BRQ-0520",),
)


def _instruct(*, actor: Any, at: Any, **given: Any) -> Instruction:
    return services.instruct_card(given=services.InstructionInput(**given), actor=actor, at=at)


INSTRUCTIONS = Workflow(
    name="use-limit-instructions",
    noun="use-limit instruction",
    model=Instruction,
    select=selectors.instructions,
    roles=BID_READERS,
    heading=lambda c: f"{c.resource.code}: card of {plain(c.curtailed_mw)} MW",
    facts=lambda c, viewer: [
        CaseFact("Resource", c.resource.code),
        CaseFact("To preserve", c.limit_type),
        CaseFact("Nature of work", c.nature),
        CaseFact("To be out", c.curtailed_mw, "MW"),
        CaseFact("From", c.starts_at),
        CaseFact("To", c.ends_at),
        CaseFact("Reason", c.reason),
        CaseFact("Instructed by", c.opened_by.username if viewer.is_iso else "the ISO"),
        *(
            [
                CaseFact(
                    "Outage card",
                    f"no. {c.card_id}",
                    address=reverse("outage-cards-case", args=[c.card_id]),
                )
            ]
            if c.card_id
            else []
        ),
    ],
    steps={
        "card": Transition(services.instruction_card),
        "withdraw": Transition(services.instruction_withdraw, note_needed=True),
    },
    opening=CreateForm(
        title="Instruct an outage card",
        button="Instruct",
        form=forms.InstructionForm,
        perform=_instruct,
        roles=INSTRUCTORS,
        intro="In extreme cases, to preserve starts, run hours or energy. The SC is told and files "
        "the card.",
        example={
            "resource": "RESOURCE_1_UNIT",
            "limit_type": "STARTS",
            "nature": "ANNUAL_USE_LIMIT_REACHED",
            "curtailed_mw": "20",
            "starts_at": "2026-05-01T06:00:00-07:00",
            "ends_at": "2026-05-02T00:00:00-07:00",
            "reason": "Three starts are left",
        },
    ),
    implements=("BRQ-0530",),
)
WORKFLOWS.register(BIDS, FILES, INSTRUCTIONS)
