"""Datasets of the Master File, who sends them, and the workflow of a change of SC."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from apps.platform.accounts.terms import APPROVERS, CONTRACT_WRITERS, SERVICE_ACCOUNTS, UPLOADERS
from apps.platform.kernel.datasets import Dataset
from apps.platform.kernel.states import Move, States

RECORDS = Dataset("masterfile.records", "Master File of resources", "as_of")
CONFIGURATIONS = Dataset("masterfile.configurations", "MSG configurations", "all")
TRANSITIONS = Dataset("masterfile.transitions", "MSG transitions", "all")
POINTS = Dataset("masterfile.points", "Heat-rate and average-cost points", "all")
SENDER, CHECKER = SERVICE_ACCOUNTS
RETRIEVERS = UPLOADERS | CONTRACT_WRITERS

TRANSFER_STATES = States(
    initial="PROPOSED",
    moves=(
        Move("approve", "PROPOSED", "APPROVED", APPROVERS, "Approve", second_person=True),
        Move("reject", "PROPOSED", "REJECTED", APPROVERS, "Reject", second_person=True, ends=True),
        Move("withdraw", "PROPOSED", "WITHDRAWN", RETRIEVERS, "Withdraw", ends=True),
    ),
)

# a word in a file's name -> the kind of file it is; the first that fits
KIND_OF_NAME = (
    ("transition", "msg-transitions"),
    ("config", "msg-configurations"),
    ("heat", "heat-rate-points"),
    ("point", "heat-rate-points"),
    ("master", "master-file"),
    ("resource", "master-file"),
)


def kind_of_name(name: str) -> str | None:
    """Return the upload kind a retrieved file is, by its name; None for one nobody asked for."""
    text = name.casefold()
    return next((kind for word, kind in KIND_OF_NAME if word in text), None)


# a day -> what each resource with an RMR contract or designation has, by resource ID
_UNDER_CONTRACT: list[Callable[[date], Mapping[str, str]]] = []
# a day -> the lines of its verification
_VERIFIERS: list[Callable[[date], list[str]]] = []
# (change of SC, viewer) -> templates with their context
Panels = Callable[[Any, Any], list[tuple[str, dict[str, Any]]]]
_TRANSFER_PANELS: list[Panels] = []


def ask_contracts_of(reader: Callable[[date], Mapping[str, str]]) -> None:
    """Have a higher app say which resources are under contract on a day; called at start-up."""
    if reader not in _UNDER_CONTRACT:
        _UNDER_CONTRACT.append(reader)


def under_contract(day: date) -> dict[str, str]:
    """Return the resources of a day under an RMR contract or designation, with which one."""
    return {code: what for reader in _UNDER_CONTRACT for code, what in reader(day).items()}


def verify_with(verifier: Callable[[date], list[str]]) -> None:
    """Have a higher app hold the Master File of a day against its contracts; at start-up."""
    if verifier not in _VERIFIERS:
        _VERIFIERS.append(verifier)


def verification_lines(day: date) -> list[str]:
    """Return what the verification of a day says, line by line."""
    return [line for verifier in _VERIFIERS for line in verifier(day)]


def show_with_transfer(panels: Panels) -> None:
    """Have a higher app asked for what follows a resource to its new SC; called at start-up."""
    if panels not in _TRANSFER_PANELS:
        _TRANSFER_PANELS.append(panels)


def transfer_panels(case: Any, viewer: Any) -> list[tuple[str, dict[str, Any]]]:
    """Return what higher apps show with a change of SC."""
    return [panel for panels in _TRANSFER_PANELS for panel in panels(case, viewer)]
