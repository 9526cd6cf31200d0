"""Lists of the Master File, and the desk of changes of SC."""

from __future__ import annotations

from django.urls import reverse

from apps.platform.accounts.codes import ISO_ROLES, SIGNED_IN
from apps.platform.accounts.rules import Viewer
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
from apps.reference.masterfile import forms, selectors, services
from apps.reference.masterfile.codes import RETRIEVERS
from apps.reference.masterfile.hooks import TRANSFER_PANELS
from apps.reference.masterfile.models import (
    CurvePoint,
    MasterFileChange,
    MasterFileRecord,
    MsgConfiguration,
    MsgTransition,
    Retrieval,
    ScTransfer,
)

ROW = Column(
    "line_no", "Row in file", link=link_to("uploaded-row", "dataset_version_id", "line_no")
)
RESOURCE = Column("resource__code", "Resource ID")


TRANSFERS = Workflow(
    name="sc-transfers",
    noun="change of SC",
    model=ScTransfer,
    select=selectors.transfers,
    roles=ISO_ROLES,
    heading=lambda c: f"{c.resource.code}: {c.from_sc.code} → {c.to_sc.code}, {c.first_date}",
    facts=lambda c, viewer: [
        CaseFact(
            "Resource",
            c.resource.code,
            address=reverse("sc-associations", query={"q": c.resource.code}),
        ),
        CaseFact("SC to the day before", c.from_sc.code),
        CaseFact("SC from then on", c.to_sc.code),
        CaseFact("From trade date", c.first_date),
        CaseFact("Reference", c.reference),
        CaseFact("Decided by", c.decided_by.username if c.decided_by else None),
    ],
    steps={
        "approve": Transition(services.transfer_approve),
        **turning_down(ScTransfer),
    },
    opening=CreateForm(
        title="Change the SC of a resource",
        button="Propose",
        form=forms.TransferForm,
        perform=services.propose_transfer,
        roles=RETRIEVERS,
        intro="Obligations, payments and statements follow by day. A second person approves.",
        example={
            "resource": "RESOURCE_1_UNIT",
            "to_sc": "SC_NEW",
            "first_date": "2026-07-01",
            "reference": "Letter of both SCs",
        },
    ),
    panels=lambda case, viewer: [
        panel for panels in TRANSFER_PANELS for panel in panels(case, viewer)
    ],
    implements=("BRQ-0225",),
)
WORKFLOWS.register(TRANSFERS)

RECORD_COLUMNS = (
    RESOURCE,
    "name",
    "sc_code",
    "pmax_mw",
    "pmin_mw",
    "moo_qualified",
    "rmr_flag",
    "rmr_cd_type",
    "contract_effective",
    "contract_end",
    "use_limit",
    "car",
    "msg",
    "els",
    Column("fuel_type", shown=False),
    Column("fuel_region", shown=False),
    "local_area",
    Column("tac_area", shown=False),
    "day",
    ROW,
)
EXTRA = ("dataset_version_id",)


def _tools(viewer: Viewer) -> list[tuple[str, str]]:
    found = [
        ("RMR", reverse("rmr-attributes")),
        ("Configurations", reverse("msg-configurations")),
        ("Transitions", reverse("msg-transitions")),
        ("Curves", reverse("heat-rate-points")),
    ]
    if viewer.is_iso:
        found += [
            ("Changes", reverse("master-file-changes")),
            ("Retrievals", reverse("retrievals")),
            ("Verify", reverse("master-file-check")),
        ]
    return (
        [*found, ("Retrieve now", reverse("master-file-retrieve"))]
        if viewer.may(RETRIEVERS)
        else found
    )


RECORDS = Screen(
    name="master-file",
    title="Master File",
    model=MasterFileRecord,
    select=selectors.records,
    columns=RECORD_COLUMNS,
    extra=EXTRA,
    filters=("resource__code", "sc_code", "rmr_flag", "moo_qualified", "msg", "local_area"),
    search=("resource__code", "name"),
    order=("resource__code",),
    roles=SIGNED_IN,
    group="reference",
    intro="The newest day's records. The folder or address of the site is asked each morning.",
    tools=_tools,
    implements=("BRQ-0100",),
    empty="No Master File is on file yet. Put one into the watched folder, or upload it.",
)
CHANGES = Screen(
    name="master-file-changes",
    title="Master File changes",
    model=MasterFileChange,
    select=selectors.changes,
    columns=("day", RESOURCE, "field", "before", "after", "effect", ROW),
    extra=EXTRA,
    filters=("day", "resource__code", "field"),
    search=("resource__code", "field", "effect"),
    order=("-day", "resource__code", "field", "id"),
    roles=ISO_ROLES,
    group="reference",
    intro="What each day's file says otherwise than the one before, and what was done with it.",
    implements=("BRQ-0100", "BRQ-0048"),
    empty="No change yet: there is no second day.",
)
RETRIEVALS = Screen(
    name="retrievals",
    title="Retrievals",
    model=Retrieval,
    select=selectors.retrievals,
    columns=(
        "at",
        "day",
        "source",
        "file_name",
        "outcome",
        "sentence",
        Column("upload_id", "Upload", link=link_to("upload", "upload_id")),
    ),
    filters=("day", "outcome"),
    search=("file_name", "sentence"),
    order=("-at", "-id"),
    roles=ISO_ROLES,
    group="reference",
    implements=("BRQ-0100",),
    empty="Nothing has been retrieved yet.",
)
CONFIGURATIONS = Screen(
    name="msg-configurations",
    title="MSG configurations",
    model=MsgConfiguration,
    select=selectors.configurations,
    columns=(
        RESOURCE,
        "config",
        "pmin_mw",
        "pmax_mw",
        "startup",
        "mma_startup",
        "mma_min_load",
        "effective_date",
        ROW,
    ),
    extra=EXTRA,
    filters=("resource__code", "config", "effective_date"),
    search=("resource__code", "config"),
    order=("resource__code", "config", "effective_date"),
    roles=SIGNED_IN,
    group="reference",
)
TRANSITIONS = Screen(
    name="msg-transitions",
    title="MSG transitions",
    model=MsgTransition,
    select=selectors.transitions,
    columns=(
        RESOURCE,
        "from_config",
        "to_config",
        "minutes",
        "oc_transition",
        "effective_date",
        ROW,
    ),
    extra=EXTRA,
    filters=("resource__code", "effective_date"),
    search=("resource__code", "from_config", "to_config"),
    order=("resource__code", "from_config", "to_config", "effective_date"),
    roles=SIGNED_IN,
    group="reference",
)
POINTS = Screen(
    name="heat-rate-points",
    title="Heat-rate and cost points",
    model=CurvePoint,
    select=selectors.points,
    columns=(RESOURCE, "config", "point_no", "mw", "heat_rate", "cost", ROW),
    extra=EXTRA,
    filters=("resource__code", "config"),
    search=("resource__code", "config"),
    order=("resource__code", "config", "point_no"),
    roles=SIGNED_IN,
    group="reference",
)
TRANSFER_LIST = Screen(
    name="sc-transfers",
    title="Changes of SC",
    model=ScTransfer,
    select=selectors.transfers,
    columns=(
        Column("resource__code", "Resource ID", link=link_to("sc-transfers-case", "pk")),
        Column("from_sc__code", "From"),
        Column("to_sc__code", "To"),
        "first_date",
        "state",
        "reference",
        Column("opened_by__username", "Proposed by"),
        Column("decided_by__username", "Decided by"),
    ),
    filters=("resource__code", "state", "first_date"),
    search=("resource__code", "from_sc__code", "to_sc__code", "reference"),
    order=("-first_date", "-id"),
    roles=ISO_ROLES,
    group="cases",
    tools=lambda viewer: (
        [("Change an SC", reverse("sc-transfers-new"))] if viewer.may(RETRIEVERS) else []
    ),
    implements=("BRQ-0225",),
)
ALL = (RECORDS, CHANGES, RETRIEVALS, CONFIGURATIONS, TRANSITIONS, POINTS, TRANSFER_LIST)
SCREENS.register(*ALL)
for position, screen in enumerate((RECORDS, TRANSFER_LIST)):
    MENU.register(
        MenuItem(
            group="Reference",
            label=screen.title,
            name=screen.name,
            roles=screen.roles,
            order=50 + position,
        )
    )
