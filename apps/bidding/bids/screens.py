"""Desks and lists of bids, insertion, shortfalls and use limits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse

from apps.bidding.bids import forms, selectors, services
from apps.bidding.bids.models import (
    Bid,
    BidFile,
    BidHour,
    BidRow,
    CertifiedService,
    Instruction,
    UseLimit,
    UseReading,
)
from apps.bidding.bids.terms import BID_READERS, BIDDERS, INSTRUCTORS
from apps.bidding.costs.selectors import commitment_lines_of, deb_steps, sealed_run
from apps.bidding.costs.services import eligible_on
from apps.bidding.costs.terms import DAILY_COSTS
from apps.platform.accounts.rules import Viewer
from apps.platform.kernel.quantity import COST, dollars, plain
from apps.platform.kernel.rulebook import implements
from apps.platform.ui.casework import CaseDesk, Opening, Shown, Step, register_desk
from apps.platform.ui.form_fields import file_given
from apps.platform.ui.screens import Column, Row, Screen, link_to, register
from apps.platform.ui.terms import add_to_menu
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


def _bid(*, actor: Any, at: Any, energy: Any, **wish: Any) -> Bid:
    curve = [[row["from_mw"], row["to_mw"], row["usd_mwh"]] for row in energy]
    return services.submit_bid(wish=services.BidWish(energy=curve, **wish), actor=actor, at=at)


def _bid_facts(bid: Bid, viewer: Viewer) -> list[Shown]:
    return [
        Shown("Resource", bid.resource.code),
        Shown("SC", bid.sc.code),
        Shown("Market", bid.market),
        Shown("Trade date", bid.trade_date),
        Shown("Hours ending", f"{bid.first_hour} to {bid.last_hour}"),
        Shown("Configuration", bid.config),
        Shown("Energy", "; ".join(f"{a}–{b} MW at {p}" for a, b, p in bid.energy)),
        Shown("RUC", bid.ruc_mw, "MW"),
        Shown(
            "Ancillary services",
            "; ".join(f"{s['product']} {s['mw']} MW at {s['usd_mw']}" for s in bid.services),
        ),
        Shown("Self-schedule", bid.self_schedule_mw, "MW"),
        Shown("Start-up", bid.startup, "USD"),
        Shown("Minimum load", bid.min_load, "USD"),
        Shown(
            "Transitions",
            "; ".join(f"to {t['to']} {dollars(Decimal(t['usd']), COST)}" for t in bid.transitions),
        ),
        Shown("Remarks", " ".join(f"{r['code']}: {r['message']}" for r in bid.remarks)),
        *(
            [
                Shown(
                    "From file",
                    f"no. {bid.bid_file_id}",
                    address=reverse("bid-files-case", args=[bid.bid_file_id]),
                )
            ]
            if bid.bid_file_id
            else []
        ),
    ]


BIDS = CaseDesk(
    name="bids",
    noun="bid",
    model=Bid,
    select=selectors.bids,
    roles=BID_READERS,
    heading=lambda b: f"{b.resource.code} {b.market} {b.trade_date}",
    facts=_bid_facts,
    steps={"withdraw": Step(services.withdraw_bid)},
    opening=Opening(
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


FILES = CaseDesk(
    name="bid-files",
    noun="bid file",
    model=BidFile,
    select=selectors.bid_files,
    roles=BID_READERS,
    heading=lambda f: f.file_name,
    facts=lambda f, viewer: [
        Shown("SC", f.sc.code),
        Shown("Rows", f.row_count),
        Shown("Bids taken", f.bid_count),
        Shown("Fingerprint", f.sha256),
    ],
    steps={},
    opening=Opening(
        title="Send a file of bids",
        button="Send",
        form=forms.BidFileForm,
        perform=_file,
        roles=BIDDERS,
        files=True,
        intro="All of it is taken or none: one wrong row refuses the file and names every row.",
        example={
            "rows": "MARKET,RESOURCE_ID,TRADE_DATE,HOUR_ENDING,PRODUCT,FROM_MW,MW,PRICE\n"
            "DA,RESOURCE_1_UNIT,2026-05-01,1,ENERGY,10,30,39.00\n"
        },
    ),
    panels=lambda f, viewer: [("uploads/_party_file.html", {"findings": f.findings})],
    links=lambda f, viewer: [
        ("Its bids", reverse("bids", query={"bid_file__file_name": f.file_name}))
    ],
    implements=("BRQ-0520",),
)


def _instruct(*, actor: Any, at: Any, **wish: Any) -> Instruction:
    return services.instruct_card(wish=services.InstructionWish(**wish), actor=actor, at=at)


INSTRUCTIONS = CaseDesk(
    name="use-limit-instructions",
    noun="use-limit instruction",
    model=Instruction,
    select=selectors.instructions,
    roles=BID_READERS,
    heading=lambda c: f"{c.resource.code}: card of {plain(c.curtailed_mw)} MW",
    facts=lambda c, viewer: [
        Shown("Resource", c.resource.code),
        Shown("To preserve", c.limit_type),
        Shown("Nature of work", c.nature),
        Shown("To be out", c.curtailed_mw, "MW"),
        Shown("From", c.starts_at),
        Shown("To", c.ends_at),
        Shown("Reason", c.reason),
        Shown("Instructed by", c.opened_by.username if viewer.is_iso else "the ISO"),
        *(
            [
                Shown(
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
        "card": Step(services.instruction_card),
        "withdraw": Step(services.instruction_withdraw, note_needed=True),
    },
    opening=Opening(
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
register_desk(BIDS, FILES, INSTRUCTIONS)


def _tool(label: str, name: str, roles: frozenset[Any]) -> Any:
    return lambda viewer: [(label, reverse(name))] if viewer.may(roles) else []


def _day_page(row: Row) -> str | None:
    page = reverse("bid-day", args=[row["market"], row["trade_date"], row["resource_id"]])
    return f"{page}?hour={row['hour_ending']}"


BID_LIST = Screen(
    name="bids",
    title="Bids",
    model=Bid,
    select=selectors.bids,
    columns=(
        Column("resource__code", "Resource ID", link=link_to("bids-case", "pk")),
        "market",
        "trade_date",
        "state",
        "first_hour",
        "last_hour",
        "config",
        "ruc_mw",
        "self_schedule_mw",
        "startup",
        "min_load",
        Column("sc__code", "SC"),
        Column("opened_at", "Sent"),
        Column("bid_file__file_name", "File", shown=False),
    ),
    filters=("resource__code", "market", "trade_date", "state", "sc__code", "bid_file__file_name"),
    search=("resource__code",),
    order=("-trade_date", "resource__code", "market", "-pk"),
    roles=BID_READERS,
    group="bids",
    tools=lambda viewer: (
        [
            ("Submit a bid", reverse("bids-new")),
            ("Send a file", reverse("bid-files-new")),
            ("Cost limits", reverse("default-energy-bids")),
        ]
        if viewer.may(BIDDERS)
        else []
    ),
    intro="What SCs sent, as they sent it. What became of it hour by hour is under Bids after "
    "insertion.",
    implements=("BRQ-0520", "BRQ-0500", "BRQ-0505"),
    empty="No bid has been sent.",
)
FILE_LIST = Screen(
    name="bid-files",
    title="Bid files",
    model=BidFile,
    select=selectors.bid_files,
    columns=(
        Column("file_name", link=link_to("bid-files-case", "pk")),
        "state",
        "row_count",
        "bid_count",
        Column("sc__code", "SC"),
        Column("opened_at", "Sent"),
        Column("sha256", shown=False),
    ),
    filters=("state", "sc__code"),
    search=("file_name",),
    order=("-opened_at", "-id"),
    roles=BID_READERS,
    group="bids",
    tools=_tool("Send a file", "bid-files-new", BIDDERS),
    intro="Bids of many hours sent at once: all of a file is taken or none.",
    implements=("BRQ-0520",),
    empty="No file of bids has been sent.",
)
HOURS = Screen(
    name="bid-hours",
    title="Must-offer by hour",
    model=BidHour,
    select=selectors.bid_hours,
    columns=(
        "trade_date",
        "hour_ending",
        Column("unit", "Resource", link=_day_page),
        "market",
        "vintage",
        Column("moo", "MOO", shown=False),
        Column("pmax_mw", shown=False),
        Column("outage_mw", shown=False),
        "obligation_mw",
        "offered_mw",
        "shortfall_mw",
        "inserted",
        Column("closed", shown=False),
        "reason",
    ),
    extra=("resource_id",),
    filters=("trade_date", "unit", "market", "vintage", "inserted"),
    search=("unit",),
    order=("-trade_date", "unit", "market", "hour_ending"),
    in_search=False,
    roles=BID_READERS,
    group="bids",
    implements=("BRQ-0260", "BRQ-0520"),
    intro="What each RMR resource owes, what its SC offered, and what the ISO inserted.",
    empty="No insertion has run yet.",
)
SHORT = Screen(
    name="must-offer-shortfalls",
    title="Must-offer shortfalls",
    model=BidHour,
    select=selectors.shortfalls,
    columns=(
        "trade_date",
        "hour_ending",
        Column("unit", "Resource", link=_day_page),
        "market",
        "obligation_mw",
        "offered_mw",
        "shortfall_mw",
        "inserted",
        "reason",
    ),
    extra=("resource_id",),
    filters=("trade_date", "unit", "market", "inserted"),
    search=("unit",),
    order=("-trade_date", "unit", "market", "hour_ending"),
    in_search=False,
    roles=BID_READERS,
    group="bids",
    implements=("BRQ-0260",),
    intro="RMR-W-0260: hours in which an SC left out some of its obligation, inserted or not.",
    empty="No shortfall.",
)
ROWS = Screen(
    name="inserted-bids",
    title="Bids after insertion",
    model=BidRow,
    select=selectors.bid_rows,
    columns=(
        "trade_date",
        "hour_ending",
        Column("unit", "Resource", link=_day_page),
        "market",
        "config",
        "to_config",
        "product",
        "from_mw",
        "to_mw",
        "price",
        "source",
        Column("bid_id", "Bid no."),
    ),
    extra=("resource_id",),
    filters=("trade_date", "unit", "market", "product", "source"),
    search=("unit",),
    order=("-trade_date", "unit", "market", "hour_ending", "line_no"),
    in_search=False,
    roles=BID_READERS,
    group="bids",
    implements=("BRQ-0520", "BRQ-0523"),
    intro="What the markets receive: the SC's part untouched, the ISO's appended. Energy in $/MWh, "
    "RUC and services in $/MW, commitment costs in $ a start, run-hour or transition.",
    empty="No insertion has run yet.",
)
INSTRUCTION_LIST = Screen(
    name="use-limit-instructions",
    title="Use-limit instructions",
    model=Instruction,
    select=selectors.instructions,
    columns=(
        Column("resource__code", "Resource ID", link=link_to("use-limit-instructions-case", "pk")),
        "state",
        "limit_type",
        "curtailed_mw",
        "starts_at",
        "ends_at",
        "nature",
        "reason",
    ),
    filters=("resource__code", "limit_type", "state"),
    search=("resource__code",),
    order=("-opened_at", "-id"),
    roles=BID_READERS,
    group="bids",
    tools=_tool("Instruct a card", "use-limit-instructions-new", INSTRUCTORS),
    intro="Outage cards that the ISO asked for to preserve starts, run hours or energy.",
    implements=("BRQ-0530",),
    empty="No card has been instructed.",
)
FILE_ROW = Column(
    "line_no", "Row in file", link=link_to("uploaded-row", "dataset_version_id", "line_no")
)
KEPT: dict[str, Any] = {
    "roles": BID_READERS,
    "group": "inputs",
    "extra": ("dataset_version_id",),
    "in_search": False,
    "search": ("resource__code",),
}
RESOURCE = Column("resource__code", "Resource ID")
SERVICES = Screen(
    name="certified-services",
    title="Certified ancillary services",
    model=CertifiedService,
    select=selectors.certified_services,
    columns=(RESOURCE, "product", "mw", "effective_date", FILE_ROW),
    filters=("resource__code", "product"),
    order=("resource__code", "product", "-effective_date"),
    implements=("BRQ-0523",),
    **KEPT,
)
LIMITS = Screen(
    name="use-limit-list",
    title="Use limits on file",
    model=UseLimit,
    select=selectors.use_limits,
    columns=(RESOURCE, "limit_type", "first_date", "last_date", "limit", FILE_ROW),
    filters=("resource__code", "limit_type"),
    order=("resource__code", "limit_type", "first_date"),
    implements=("BRQ-0530",),
    **KEPT,
)
USE = Screen(
    name="use-readings",
    title="Use against limits by day",
    model=UseReading,
    select=selectors.use_readings,
    columns=("trade_date", RESOURCE, "limit_type", "used", FILE_ROW),
    filters=("trade_date", "resource__code", "limit_type"),
    order=("-trade_date", "resource__code", "limit_type", "-pk"),
    implements=("BRQ-0530",),
    **KEPT,
)
register(BID_LIST, FILE_LIST, HOURS, SHORT, ROWS, INSTRUCTION_LIST, SERVICES, LIMITS, USE)
for position, (screen, group) in enumerate(
    (
        (BID_LIST, "Bids"),
        (ROWS, "Bids"),
        (HOURS, "Bids"),
        (SHORT, "Bids"),
        (FILE_LIST, "Bids"),
        (INSTRUCTION_LIST, "Bids"),
        (SERVICES, "Inputs"),
        (LIMITS, "Inputs"),
        (USE, "Inputs"),
    )
):
    add_to_menu(
        group=group,
        label=screen.title,
        name=screen.name,
        roles=BID_READERS,
        order=(10 if group == "Bids" else 60) + position,
        pages=("bid-day",) if screen is HOURS else (),
    )
add_to_menu(group="Bids", label="Use limits", name="use-limits", roles=BID_READERS, order=50)
