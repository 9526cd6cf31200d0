"""The list of RMR attributes, and the contracts that follow a resource to its new SC."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from apps.platform.accounts.codes import ISO_ROLES
from apps.platform.accounts.rules import Viewer
from apps.platform.core.tradetime import FAR_FUTURE
from apps.platform.runs.selectors import published_days
from apps.platform.ui.hooks import MENU, MenuItem
from apps.platform.ui.screens import SCREENS, Screen
from apps.reliability.designations.selectors import NOW, contracts
from apps.reliability.verification import selectors


def carried(case: Any, viewer: Viewer) -> list[tuple[str, dict[str, Any]]]:
    """Return what follows a resource to its new SC, for the page of a change of SC."""
    held = contracts(viewer=viewer).filter(
        resource_id=case.resource_id,
        known__contains=NOW,
        valid__overlap=(case.first_date, FAR_FUTURE),
    )
    return [
        (
            "verification/_carried.html",
            {"contracts": held.order_by("valid"), "days": published_days(since=case.first_date)},
        )
    ]


def _master_file() -> Screen:
    whole = SCREENS.get("master-file")
    if whole is None:
        raise ImproperlyConfigured("The Master File must start before its verification.")
    return whole


RMR = replace(
    _master_file(),
    name="rmr-attributes",
    title="RMR attributes",
    select=selectors.rmr_records,
    filters=("resource__code", "sc_code", "moo_qualified", "local_area"),
    intro="What the RA system takes of new-tariff RMR resources. Legacy RMR stands on the list of "
    "contracts with identity, vintage and dates only.",
    implements=("BRQ-0100", "BRQ-0035"),
    empty="No record of a new-tariff RMR resource is on file.",
    tools=None,
)
SCREENS.register(RMR)
MENU.register(
    MenuItem(
        group="Reference",
        label="Master File check",
        name="master-file-check",
        roles=ISO_ROLES,
        order=49,
    )
)
