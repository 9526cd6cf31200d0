"""Retrieve the Master File, apply it, verify it; change a resource's SC."""

from apps.reference.masterfile.services.files import (
    check_configuration_file,
    check_master_file,
    check_point_file,
    check_transition_file,
    current_configurations,
    current_master_file,
    current_points,
    current_transitions,
    owner_of_record,
    store_configurations,
    store_master_file,
    store_points,
    store_transitions,
)
from apps.reference.masterfile.services.retrieving import ensure_accounts, retrieve
from apps.reference.masterfile.services.sources import (
    FolderSource,
    HttpSource,
    SourceTrouble,
    source_of,
)
from apps.reference.masterfile.services.transfers import (
    propose_transfer,
    transfer_approve,
)

__all__ = [
    "FolderSource",
    "HttpSource",
    "SourceTrouble",
    "check_configuration_file",
    "check_master_file",
    "check_point_file",
    "check_transition_file",
    "current_configurations",
    "current_master_file",
    "current_points",
    "current_transitions",
    "ensure_accounts",
    "owner_of_record",
    "propose_transfer",
    "retrieve",
    "source_of",
    "store_configurations",
    "store_master_file",
    "store_points",
    "store_transitions",
    "transfer_approve",
]
