"""Lists of bids, of the must-offer obligation hour by hour, and of use limits."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from apps.bidding.bids import selectors
from apps.bidding.bids.codes import BID_READERS, BIDDERS, INSTRUCTORS
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
from apps.platform.ui.hooks import MENU, MenuItem
from apps.platform.ui.screens import SCREENS, Column, Row, Screen, link_to


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
SCREENS.register(BID_LIST, FILE_LIST, HOURS, SHORT, ROWS, INSTRUCTION_LIST, SERVICES, LIMITS, USE)
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
    MENU.register(
        MenuItem(
            group=group,
            label=screen.title,
            name=screen.name,
            roles=BID_READERS,
            order=(10 if group == "Bids" else 60) + position,
            pages=("bid-day",) if screen is HOURS else (),
        )
    )
MENU.register(
    MenuItem(group="Bids", label="Use limits", name="use-limits", roles=BID_READERS, order=50)
)
