"""Lists of CPM: its cases, its reports, and what is on file."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from apps.adequacy.cpm import selectors
from apps.adequacy.cpm.codes import CPM_READERS, OFFERERS, PROCURERS
from apps.adequacy.cpm.models import (
    CpmDeficiency,
    CpmDesignation,
    CpmFact,
    CpmOffer,
    CpmPriceChange,
    CpmReport,
    Solicitation,
)
from apps.platform.accounts.codes import CONTRACT_WRITERS, ISO_ROLES
from apps.platform.ui.hooks import MENU, MenuItem
from apps.platform.ui.screens import SCREENS, Column, Screen, link_to


def _tool(label: str, name: str, roles: frozenset[Any]) -> Any:
    return lambda viewer: [(label, reverse(name))] if viewer.may(roles) else []


CODE = "resource__code"
SOLICITATION_LIST = Screen(
    name="cpm-solicitations",
    title="CPM solicitations",
    model=Solicitation,
    select=selectors.solicitations,
    columns=(
        Column("id", "No.", link=link_to("cpm-solicitations-case", "pk")),
        "kind",
        "type",
        "reason",
        "need_mw",
        Column("local_area__code", "Area"),
        "first_date",
        "last_date",
        "closes_at",
        "state",
    ),
    filters=("kind", "type", "state", "first_date"),
    search=("text",),
    order=("-opened_at", "-id"),
    roles=CPM_READERS,
    group="cases",
    implements=("BRQ-0305",),
    tools=_tool("Solicit offers", "cpm-solicitations-new", PROCURERS),
    empty="No solicitation has been opened.",
)
OFFER_LIST = Screen(
    name="cpm-offers",
    title="CPM offers",
    model=CpmOffer,
    select=selectors.offers,
    columns=(
        Column(CODE, "Resource ID", link=link_to("cpm-offers-case", "pk")),
        Column("solicitation__id", "Solicitation"),
        "mw",
        "price",
        "cap",
        "approved_price",
        "effectiveness",
        "taken_mw",
        "state",
        Column("sc__code", "SC"),
        Column("docket", shown=False),
    ),
    filters=(CODE, "solicitation__id", "state", "sc__code"),
    search=(CODE, "docket"),
    order=("-opened_at", "-id"),
    roles=CPM_READERS,
    group="cases",
    implements=("BRQ-0305", "BRQ-0310"),
    tools=_tool("Offer", "cpm-offers-new", OFFERERS),
    empty="No offer has been made.",
)
DESIGNATION_LIST = Screen(
    name="cpm-designations",
    title="CPM designations",
    model=CpmDesignation,
    select=selectors.designations,
    columns=(
        Column(CODE, "Resource ID", link=link_to("cpm-designations-case", "pk")),
        "type",
        "reason",
        "mw",
        "first_date",
        "last_date",
        "selected_on",
        "report_due",
        "report_posted_at",
        "state",
        Column("sc__code", "SC"),
        Column("part", shown=False),
    ),
    filters=(CODE, "type", "reason", "state", "first_date"),
    search=(CODE, "text"),
    order=("-opened_at", "-id"),
    roles=CPM_READERS,
    group="cases",
    implements=("BRQ-0300", "BRQ-0330"),
    tools=_tool("Designate", "cpm-designations-new", PROCURERS),
    empty="No CPM designation is on file.",
)
PRICE_LIST = Screen(
    name="cpm-price-changes",
    title="CPM price changes",
    model=CpmPriceChange,
    select=selectors.price_changes,
    columns=(
        Column(f"designation__{CODE}", "Resource ID", link=link_to("cpm-price-changes-case", "pk")),
        "price",
        "first_date",
        "last_date",
        "docket",
        "state",
        "optional_from",
        "optional_to",
    ),
    filters=(f"designation__{CODE}", "state", "optional_from"),
    search=("reference", "docket"),
    order=("-opened_at", "-id"),
    roles=ISO_ROLES,
    group="cases",
    implements=("BRQ-1320",),
    tools=_tool("Change a price", "cpm-price-changes-new", CONTRACT_WRITERS),
    empty="No CPM price has been changed.",
)
REPORTS = Screen(
    name="cpm-reports",
    title="CPM designation reports",
    model=CpmReport,
    select=selectors.reports,
    columns=(
        "resource_code",
        "type",
        "reason",
        "mw",
        "price",
        "first_date",
        "last_date",
        "selected_on",
        "due",
        "posted_at",
        "text",
    ),
    filters=("resource_code", "type", "reason", "first_date"),
    search=("resource_code", "text"),
    order=("-posted_at", "-id"),
    roles=CPM_READERS,
    public=True,
    group="public",
    implements=("BRQ-0330",),
    intro="Every designation under the capacity procurement mechanism that a report is posted of.",
    empty="No report has been posted.",
)
FACT_LIST = Screen(
    name="cpm-facts",
    title="CPM facts of public record",
    model=CpmFact,
    select=selectors.facts,
    columns=(
        "fact_id",
        "kind",
        "resource_code",
        "tac_area",
        "effective_date",
        "term_days",
        "quantity",
        "value",
        "unit",
        "note",
        Column("source_url", shown=False),
        Column(
            "line_no", "Row in file", link=link_to("uploaded-row", "dataset_version_id", "line_no")
        ),
    ),
    extra=("dataset_version_id",),
    filters=("kind", "resource_code", "unit"),
    search=("kind", "resource_code", "note"),
    order=("fact_id", "pk"),
    roles=CPM_READERS,
    group="inputs",
    in_search=False,
    implements=("BRQ-0310",),
    empty="The table of CPM facts is not loaded.",
)
DEFICIENCY_LIST = Screen(
    name="cpm-deficiencies",
    title="CPM deficiencies",
    model=CpmDeficiency,
    select=selectors.deficiencies,
    columns=(
        "designation_no",
        Column("sc__code", "SC"),
        "mw",
        Column(
            "line_no", "Row in file", link=link_to("uploaded-row", "dataset_version_id", "line_no")
        ),
        Column("source", shown=False),
    ),
    extra=("dataset_version_id",),
    filters=("designation_no", "sc__code"),
    search=("sc__code",),
    order=("-designation_no", "pk"),
    roles=CPM_READERS,
    group="inputs",
    in_search=False,
    implements=("BRQ-1320",),
    empty="No deficiency is on file; load bears every designation.",
)
SCREENS.register(
    SOLICITATION_LIST,
    OFFER_LIST,
    DESIGNATION_LIST,
    PRICE_LIST,
    REPORTS,
    FACT_LIST,
    DEFICIENCY_LIST,
)
for position, screen in enumerate(
    (SOLICITATION_LIST, OFFER_LIST, DESIGNATION_LIST, PRICE_LIST, REPORTS, DEFICIENCY_LIST)
):
    MENU.register(
        MenuItem(
            group="CPM",
            label=screen.title,
            name=screen.name,
            roles=screen.roles,
            order=10 + position,
        )
    )
MENU.register(
    MenuItem(group="Inputs", label="CPM facts", name="cpm-facts", roles=CPM_READERS, order=80)
)
