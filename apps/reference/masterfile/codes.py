"""Datasets of the Master File, who sends them, and the workflow of a change of SC."""

from __future__ import annotations

from apps.platform.accounts.codes import APPROVERS, CONTRACT_WRITERS, SERVICE_ACCOUNTS, UPLOADERS
from apps.platform.core.datasets import Dataset
from apps.platform.core.states import Move, States

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
