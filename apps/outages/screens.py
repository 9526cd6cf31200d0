"""The desk of outage cards."""

from __future__ import annotations

from typing import Any

from apps.outages import forms, selectors, services
from apps.outages.models import OutageCard
from apps.outages.terms import FILERS, OUTAGE_READERS
from apps.ui.casework import CaseDesk, Opening, Shown, Step, register_desk
from apps.ui.screens import Column, Screen, link_to, register
from apps.ui.terms import add_to_menu


def _file(*, actor: Any, at: Any, **wish: Any) -> OutageCard:
    return services.file_outage(wish=services.OutageWish(**wish), actor=actor, at=at)


OUTAGES = CaseDesk(
    name="outage-cards",
    noun="outage card",
    model=OutageCard,
    select=selectors.outage_cards,
    roles=OUTAGE_READERS,
    heading=lambda c: f"{c.resource.code}: {c.curtailed_mw.normalize():f} MW out",
    facts=lambda c, viewer: [
        Shown("Resource", c.resource.code),
        Shown("Type", c.outage_type),
        Shown("Nature of work", c.nature),
        Shown("Curtailed", c.curtailed_mw, "MW"),
        Shown("From", c.starts_at),
        Shown("To", c.ends_at),
        Shown("Reason", c.reason),
    ],
    steps={"cancel": Step(services.cancel_outage, note_needed=True)},
    opening=Opening(
        title="File an outage",
        button="File the card",
        form=forms.OutageForm,
        perform=_file,
        roles=FILERS,
        intro="Megawatts that are out lower the must-offer obligation of the hours they touch.",
        example={"resource": "RESOURCE_1_UNIT", "outage_type": "FORCED",
                 "nature": "PLANT_TROUBLE", "curtailed_mw": "19.2",
                 "starts_at": "2026-05-01T06:00:00-07:00", "reason": "Tube leak"},
    ),
    implements=("BRQ-0520", "BRQ-0530"),
)  # fmt: skip
register_desk(OUTAGES)
CARDS = Screen(
    name="outage-cards",
    title="Outage cards",
    model=OutageCard,
    select=selectors.outage_cards,
    columns=(
        Column("resource__code", "Resource ID", link=link_to("outage-cards-case", "pk")),
        "outage_type", "nature", "curtailed_mw", "starts_at", "ends_at", "state", "reason",
    ),
    filters=("resource__code", "outage_type", "nature", "state"),
    search=("resource__code", "reason"),
    order=("-starts_at", "-id"),
    roles=OUTAGE_READERS,
    group="cases",
    tools=lambda viewer: [("File an outage", "/outage-cards/new/")] if viewer.may(FILERS) else [],
    implements=("BRQ-0520",),
    empty="No outage is on file.",
)  # fmt: skip
register(CARDS)
add_to_menu(group="Bids", label="Outage cards", address="/outage-cards/", roles=OUTAGE_READERS,
            order=60)  # fmt: skip
