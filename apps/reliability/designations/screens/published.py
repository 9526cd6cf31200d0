"""Lists of what is published of contracts: payloads in their versions, and public facts."""

from __future__ import annotations

from django.urls import reverse

from apps.platform.accounts.codes import ISO_ROLES
from apps.platform.ui.hooks import MENU, MenuItem
from apps.platform.ui.screens import SCREENS, Column, Screen, link_to
from apps.reliability.designations import selectors
from apps.reliability.designations.codes import DESK_READERS
from apps.reliability.designations.models import (
    CapacityPayload,
    PayloadPublication,
    PublicFact,
)

PAYLOAD_COLUMNS = (
    "trade_date",
    Column("resource__code", "Resource ID"),
    Column("tac_area__code", "TAC area"),
    "obligation_type",
    "mw",
    "price",
    "version",
    "contract_no",
    "contract_start",
    "contract_end",
    Column("publication__at", "Published"),
    Column("publication__cause", "Because of", shown=False),
)
PAYLOADS = Screen(
    name="capacity-payload",
    title="Reliability capacity payload",
    model=CapacityPayload,
    select=selectors.newest_payloads,
    columns=PAYLOAD_COLUMNS,
    filters=("trade_date", "resource__code", "tac_area__code", "obligation_type", "contract_no"),
    search=("resource__code", "contract_no"),
    order=("-trade_date", "resource__code", "tac_area__code", "obligation_type"),
    roles=DESK_READERS,
    group="contracts",
    intro="What settlements are told of each new-tariff resource and trade date, in its newest "
    "version. Legacy contracts are never sent.",
    tools=lambda viewer: (
        [("Versions", reverse("capacity-payload-versions"))]
        + ([("Publications", reverse("payload-publications"))] if viewer.is_iso else [])
    ),
    implements=("BRQ-1210", "BRQ-0255"),
    empty="Nothing is published. The payload of a contract is published with its terms.",
    in_search=False,
)
HISTORY = Screen(
    name="capacity-payload-versions",
    title="Payload versions",
    model=CapacityPayload,
    select=selectors.payloads,
    columns=PAYLOAD_COLUMNS,
    filters=(
        "trade_date",
        "resource__code",
        "tac_area__code",
        "obligation_type",
        "contract_no",
        "version",
    ),
    search=("resource__code", "contract_no"),
    order=("-trade_date", "resource__code", "tac_area__code", "obligation_type", "-version"),
    roles=DESK_READERS,
    group="contracts",
    intro="Every version that was published, as it was.",
    implements=("BRQ-0255",),
    in_search=False,
)
PUBLICATIONS = Screen(
    name="payload-publications",
    title="Payload publications",
    model=PayloadPublication,
    select=selectors.publications,
    columns=(
        "at",
        "cause",
        "records",
        Column("actor__username", "By"),
        Column(
            "price_change__id",
            "Price change",
            link=link_to("price-changes-case", "price_change_id"),
        ),
    ),
    extra=("price_change_id",),
    filters=("at", "cause"),
    search=("cause",),
    order=("-at", "-id"),
    roles=ISO_ROLES,
    group="contracts",
    implements=("BRQ-0255",),
)
FACTS = Screen(
    name="rmr-facts",
    title="RMR facts of public record",
    model=PublicFact,
    select=selectors.public_facts,
    columns=(
        "fact_id",
        "resource_name",
        Column("resource__code", "Resource ID"),
        "event",
        "event_date",
        "period_start",
        "period_end",
        "need",
        "local_area",
        "quantity",
        "value",
        "unit",
        "docket",
        "note",
        Column("source_url", shown=False),
        Column(
            "line_no", "Row in file", link=link_to("uploaded-row", "dataset_version_id", "line_no")
        ),
    ),
    extra=("dataset_version_id",),
    filters=("resource__code", "event", "need"),
    search=("resource_name", "resource__code", "event", "docket", "note"),
    order=("fact_id",),
    roles=ISO_ROLES,
    group="reference",
    intro="What pages say of RMR agreements, each with its page. Sources that disagree both stand.",
    empty="No fact is on file. Upload the table of RMR facts.",
)
SCREENS.register(PAYLOADS, HISTORY, PUBLICATIONS, FACTS)
MENU.register(
    MenuItem(
        group="Contracts",
        label=PAYLOADS.title,
        name=PAYLOADS.name,
        roles=DESK_READERS,
        order=33,
    )
)
MENU.register(
    MenuItem(group="Reference", label=FACTS.title, name="rmr-facts", roles=ISO_ROLES, order=40)
)
