"""The desk of outage cards."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from apps.platform.ui.hooks import MENU, MenuItem
from apps.platform.ui.screens import SCREENS, Column, Screen, link_to
from apps.platform.ui.workflow import WORKFLOWS, CaseFact, CreateForm, Transition, Workflow
from apps.reference.outages import forms, selectors, services
from apps.reference.outages.codes import FILERS, OUTAGE_READERS
from apps.reference.outages.models import NatureOfWork, OutageCard, ReportedOutage


def _file(*, actor: Any, at: Any, **given: Any) -> OutageCard:
    return services.file_outage(given=services.OutageInput(**given), actor=actor, at=at)


OUTAGES = Workflow(
    name="outage-cards",
    noun="outage card",
    model=OutageCard,
    select=selectors.outage_cards,
    roles=OUTAGE_READERS,
    heading=lambda c: f"{c.resource.code}: {c.curtailed_mw.normalize():f} MW out",
    facts=lambda c, viewer: [
        CaseFact("Resource", c.resource.code),
        CaseFact("Type", c.outage_type),
        CaseFact("Nature of work", c.nature),
        CaseFact("Curtailed", c.curtailed_mw, "MW"),
        CaseFact("From", c.starts_at),
        CaseFact("To", c.ends_at),
        CaseFact("Reason", c.reason),
        CaseFact("OMS outage", c.mrid),
    ],
    steps={"cancel": Transition(services.cancel_outage, note_needed=True)},
    opening=CreateForm(
        title="File an outage",
        button="File the card",
        form=forms.OutageForm,
        perform=_file,
        roles=FILERS,
        intro="Megawatts that are out lower the must-offer obligation of the hours they touch.",
        example={
            "resource": "RESOURCE_1_UNIT",
            "outage_type": "FORCED",
            "nature": "PLANT_TROUBLE",
            "curtailed_mw": "19.2",
            "starts_at": "2026-05-01T06:00:00-07:00",
            "reason": "Tube leak",
        },
    ),
    implements=("BRQ-0520", "BRQ-0530"),
)
WORKFLOWS.register(OUTAGES)
CARDS = Screen(
    name="outage-cards",
    title="Outage cards",
    model=OutageCard,
    select=selectors.outage_cards,
    columns=(
        Column("resource__code", "Resource ID", link=link_to("outage-cards-case", "pk")),
        "outage_type",
        "nature",
        "curtailed_mw",
        "starts_at",
        "ends_at",
        "state",
        "reason",
    ),
    filters=("resource__code", "outage_type", "nature", "state"),
    search=("resource__code", "reason"),
    order=("-starts_at", "-id"),
    roles=OUTAGE_READERS,
    group="cases",
    tools=lambda viewer: (
        [("File an outage", reverse("outage-cards-new"))] if viewer.may(FILERS) else []
    ),
    implements=("BRQ-0520",),
    empty="No outage is on file.",
)
FILE_ROW = Column(
    "line_no", "Row in file", link=link_to("uploaded-row", "dataset_version_id", "line_no")
)
REPORTED = Screen(
    name="reported-outages",
    title="Reported outages",
    model=ReportedOutage,
    select=selectors.reported_outages,
    columns=(
        Column("resource__code", "Resource ID"),
        "mrid",
        "outage_type",
        "nature",
        "curtailed_mw",
        "starts_at",
        "ends_at",
        Column("pmax_mw", shown=False),
        Column("nqc_mw", shown=False),
        FILE_ROW,
    ),
    extra=("dataset_version_id",),
    filters=("resource__code", "mrid", "outage_type", "nature"),
    search=("resource__code", "mrid"),
    order=("-starts_at", "resource__code", "-pk"),
    roles=OUTAGE_READERS,
    group="inputs",
    in_search=False,
    implements=("BRQ-0216",),
    intro="The public report of curtailed generators. Concurrent outages of a resource add up.",
    empty="No outage report is loaded.",
)
NATURES_ON_FILE = Screen(
    name="natures-of-work",
    title="Nature of work",
    model=NatureOfWork,
    select=selectors.natures,
    columns=(
        "code",
        "outage_type",
        "raaim_exempt",
        "substitution",
        "first_date",
        "last_date",
        "source",
        FILE_ROW,
    ),
    extra=("dataset_version_id",),
    filters=("code", "outage_type", "raaim_exempt"),
    search=("code",),
    order=("code", "outage_type", "first_date"),
    roles=OUTAGE_READERS,
    group="inputs",
    in_search=False,
    implements=("BRQ-0215",),
    intro="Which outages RAAIM exempts and which want a substitute, by date. A new file of the "
    "whole table changes it, confirmed by a second person.",
)
SCREENS.register(CARDS, REPORTED, NATURES_ON_FILE)
MENU.register(
    MenuItem(
        group="Adequacy",
        label="Reported outages",
        name="reported-outages",
        roles=OUTAGE_READERS,
        order=51,
    )
)
MENU.register(
    MenuItem(
        group="Inputs",
        label="Nature of work",
        name="natures-of-work",
        roles=OUTAGE_READERS,
        order=75,
    )
)
MENU.register(
    MenuItem(
        group="Adequacy", label="Outage cards", name="outage-cards", roles=OUTAGE_READERS, order=50
    )
)
