"""Codes of resources and the datasets about them."""

from __future__ import annotations

from enum import StrEnum

from apps.platform.core.datasets import Dataset
from apps.platform.uploads.codes import Option


class Vintage(StrEnum):
    """Which tariff an RMR contract falls under, decided by its effective date alone."""

    NEW = "NEW"
    LEGACY = "LEGACY"


class CreditLabel(StrEnum):
    """How a credit of an RMR resource is labelled."""

    RMR = "RMR"
    RMRL = "RMRL"


class Raaim(StrEnum):
    """Whether the availability incentive mechanism measures a resource."""

    SUBJECT = "SUBJECT"
    EXEMPT = "EXEMPT"


LOCAL_AREAS = (
    "LA_BASIN",
    "BIG_CREEK_VENTURA",
    "SAN_DIEGO_IV",
    "BAY_AREA",
    "FRESNO",
    "SIERRA",
    "STOCKTON",
    "KERN",
    "HUMBOLDT",
    "NCNB",
    "CAISO_SYSTEM",
)
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")

RESOURCE_ATTRIBUTES = Dataset("resources.attributes", "Resource attributes", "all")
CAPABILITY_LIST = Dataset("resources.capability_list", "Generating capability list", "as_of")
PUBLIC_NQC = Dataset("resources.nqc_public", "Public NQC list", "ra_year")
RMR_NQC_EFC = Dataset("resources.rmr_nqc_efc", "NQC and EFC of RMR resources", "ra_year")
EFC_LIST = Dataset("resources.efc_list", "EFC list", "ra_year")
NQC_BY_MONTH = Dataset("resources.nqc_by_month", "NQC and Pmax by month", "ra_year")
FORMER_IDS = Dataset("resources.former_ids", "Former IDs of resources", "all")
EVER = "all"
NEW_RESOURCES = "RES-NEW"  # the violation of a file that creates resources
FOR_NEW_RESOURCES = frozenset({NEW_RESOURCES})
NEAR_RESOURCE = "RES-NEAR"  # the violation of an ID that comes close to a known one
NEW_IDS = Option(
    "new_ids",
    "IDs close to one on file",
    "ids",
    "Each differs by one slip from a resource on file. Correct the row where it was mistyped. Mark "
    "it where it is a resource of its own; programs send new_ids=ID,ID beside the file.",
    answers=NEAR_RESOURCE,
)
