"""Lists of resources, capability, NQC and EFC."""

from __future__ import annotations

from apps.platform.accounts.codes import SIGNED_IN
from apps.platform.ui.hooks import MENU, MenuItem
from apps.platform.ui.screens import (
    IN_FORCE,
    SCREENS,
    Column,
    Screen,
    in_force_column,
    link_to,
    opens_in_force,
)
from apps.reference.resources import selectors
from apps.reference.resources.models import (
    CapabilityListing,
    EffectiveFlexibleCapacity,
    FormerResourceId,
    NetQualifyingCapacity,
    NqcByMonth,
    NqcListEntry,
    ResourceAttributes,
    ScAssociation,
)

ROW = Column(
    "line_no", "Row in file", link=link_to("uploaded-row", "dataset_version_id", "line_no")
)
VERSION = Column("dataset_version__version", "Version")

RESOURCES = Screen(
    name="resources",
    title="Resources",
    model=ResourceAttributes,
    select=selectors.attributes,
    columns=(
        Column("resource__code", "Resource ID", link=link_to("resource", "resource_id")),
        "name",
        "pmax_mw",
        "pmin_mw",
        Column("tac_area__code", "TAC area"),
        Column("local_area__code", "Local area"),
        Column("valid", "Trade dates"),
        Column("known", "Known"),
        Column("reference", "Source"),
        Column("proposed_by__username", "Sent by", shown=False),
        Column("approved_by__username", "Confirmed by", shown=False),
        in_force_column(),
        ROW,
    ),
    extra=("dataset_version_id", "resource_id"),
    filters=(IN_FORCE, "resource__code", "tac_area__code", "local_area__code", "valid", "known"),
    search=("resource__code", "name"),
    order=("resource__code", "valid", "known"),
    roles=SIGNED_IN,
    group="reference",
    intro="Master File attributes by trade date and by when we knew them.",
    empty="No resource is on file. Upload the resource list first.",
    opens_with=opens_in_force,
)
ASSOCIATIONS = Screen(
    name="sc-associations",
    title="SC of each resource",
    model=ScAssociation,
    select=selectors.associations,
    columns=(
        Column("resource__code", "Resource ID"),
        Column("sc__code", "SC"),
        Column("valid", "Trade dates"),
        Column("known", "Known"),
        Column("reference", "Source"),
        in_force_column(),
        ROW,
    ),
    extra=("dataset_version_id",),
    filters=(IN_FORCE, "resource__code", "sc__code", "valid", "known"),
    search=("resource__code", "sc__code"),
    order=("resource__code", "valid", "known"),
    roles=SIGNED_IN,
    group="reference",
    implements=(),
    opens_with=opens_in_force,
)
CAPABILITY = Screen(
    name="capability-list",
    title="Generating capability list",
    model=CapabilityListing,
    select=selectors.capability_listings,
    columns=(
        Column("resource__code", "Resource ID"),
        "unit_name",
        "agg_type",
        "parent_id",
        "net_dependable_mw",
        "nameplate_mw",
        "pto_area",
        "unit_type",
        "energy_source",
        "zone",
        "commercial_date",
        "as_of_date",
        VERSION,
        in_force_column(),
        ROW,
    ),
    extra=("dataset_version_id",),
    filters=(IN_FORCE, "resource__code", "pto_area", "energy_source", "as_of_date"),
    search=("resource__code", "unit_name", "parent_id"),
    order=("resource__code", "-dataset_version__version"),
    roles=SIGNED_IN,
    group="reference",
    intro="The public list of dependable capacity. Members of an aggregate are marked; summing "
    "them with their parent counts twice.",
    opens_with=opens_in_force,
)
NQC = Screen(
    name="nqc",
    title="Net qualifying capacity",
    model=NetQualifyingCapacity,
    select=selectors.nqcs,
    columns=(
        Column("resource__code", "Resource ID"),
        "ra_year",
        "ra_month",
        "nqc_mw",
        Column("local_area__code", "Local area"),
        Column("dataset_version__dataset", "List"),
        VERSION,
        in_force_column(),
        ROW,
    ),
    extra=("dataset_version_id",),
    filters=(IN_FORCE, "resource__code", "ra_year", "ra_month", "dataset_version__dataset"),
    search=("resource__code",),
    order=("resource__code", "ra_year", "ra_month", "-dataset_version__version"),
    roles=SIGNED_IN,
    group="reference",
    implements=("BRQ-0105",),
    intro="From the public list and from uploads for RMR resources; the list column says which.",
    opens_with=opens_in_force,
)
EFC = Screen(
    name="efc",
    title="Effective flexible capacity",
    model=EffectiveFlexibleCapacity,
    select=selectors.efcs,
    columns=(
        Column("resource__code", "Resource ID"),
        "ra_year",
        "ra_month",
        "efc_mw",
        "flex_category",
        VERSION,
        in_force_column(),
        ROW,
    ),
    extra=("dataset_version_id",),
    filters=(IN_FORCE, "resource__code", "ra_year", "ra_month", "flex_category"),
    search=("resource__code",),
    order=("resource__code", "ra_year", "ra_month", "-dataset_version__version"),
    roles=SIGNED_IN,
    group="reference",
    implements=("BRQ-0105",),
    opens_with=opens_in_force,
)
NQC_ENTRIES = Screen(
    name="nqc-list",
    title="Public NQC list",
    model=NqcListEntry,
    select=selectors.nqc_entries,
    columns=(
        Column("resource__code", "Resource ID"),
        "ra_year",
        "generator_name",
        "path_designation",
        "local_area",
        "dispatchable",
        "deliverability",
        "deliverable_mw",
        Column("comments", shown=False),
        VERSION,
        in_force_column(),
        ROW,
    ),
    extra=("dataset_version_id",),
    filters=(IN_FORCE, "resource__code", "ra_year", "local_area"),
    search=("resource__code", "generator_name"),
    order=("resource__code", "-dataset_version__version"),
    roles=SIGNED_IN,
    group="reference",
    opens_with=opens_in_force,
)
NQC_MONTHS = Screen(
    name="nqc-by-month",
    title="NQC and Pmax by month",
    model=NqcByMonth,
    select=selectors.nqc_by_month,
    columns=(
        Column("resource__code", "Resource ID"),
        "resource_name",
        "ra_year",
        "ra_month",
        "nqc_mw",
        "pmax_mw",
        "holds",
        "first_seen",
        "last_seen",
        Column("outage_rows", shown=False),
        ROW,
    ),
    extra=("dataset_version_id",),
    filters=("resource__code", "ra_year", "ra_month", "holds"),
    search=("resource__code", "resource_name"),
    order=("resource__code", "ra_year", "ra_month", "last_seen", "id"),
    roles=SIGNED_IN,
    group="reference",
    intro="As public outage reports printed them. Of several rows of a month the one seen last "
    "holds.",
    in_search=False,
)
SCREENS.register(NQC_MONTHS)
MENU.register(
    MenuItem(
        group="Reference", label=NQC_MONTHS.title, name="nqc-by-month", roles=SIGNED_IN, order=16
    )
)
FORMER = Screen(
    name="former-resource-ids",
    title="Former IDs of resources",
    model=FormerResourceId,
    select=selectors.former_ids,
    columns=(
        "former_id",
        Column("resource__code", "Resource ID"),
        "renamed_on",
        "reason",
        VERSION,
        in_force_column(),
        ROW,
    ),
    extra=("dataset_version_id",),
    filters=(IN_FORCE, "former_id", "resource__code", "renamed_on"),
    search=("former_id", "resource__code"),
    order=("former_id", "id"),
    opens_with=opens_in_force,
    roles=SIGNED_IN,
    group="reference",
    intro="A row under a former ID is refused with the ID of today.",
    empty="No former ID is on file.",
)
SCREENS.register(FORMER)
MENU.register(
    MenuItem(group="Reference", label=FORMER.title, name=FORMER.name, roles=SIGNED_IN, order=17)
)
SCREENS.register(RESOURCES, ASSOCIATIONS, CAPABILITY, NQC, EFC, NQC_ENTRIES)
for position, screen in enumerate((RESOURCES, ASSOCIATIONS, NQC, EFC, NQC_ENTRIES, CAPABILITY)):
    MENU.register(
        MenuItem(
            group="Reference",
            label=screen.title,
            name=screen.name,
            roles=SIGNED_IN,
            order=10 + position,
        )
    )
