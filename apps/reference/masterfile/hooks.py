"""What higher apps know of the resources of a Master File."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import polars as pl

from apps.platform.core.registry import Registry
from apps.platform.core.violations import Violation

UNDER_CONTRACT: Registry[Callable[[date], Mapping[str, str]]] = Registry(
    "masterfile.under_contract",
    meaning="Asked (day) what each resource with an RMR contract or designation has, by its ID.",
)
VERIFIERS: Registry[Callable[[date], list[str]]] = Registry(
    "masterfile.verifiers",
    meaning="Asked (day) for the lines of the verification of the Master File.",
)
TRANSFER_PANELS: Registry[Callable[[Any, Any], list[tuple[str, dict[str, Any]]]]] = Registry(
    "masterfile.transfer_panels",
    meaning="Asked (change of SC, viewer) for what follows a resource to its new SC.",
)
RECORD_CHECKS: Registry[Callable[[pl.DataFrame, date], list[Violation]]] = Registry(
    "masterfile.record_checks",
    meaning="Asked (rows of a Master File, its day) for what they mean for costs, as violations.",
)
CURVE_CHECKS: Registry[Callable[[pl.DataFrame], list[Violation]]] = Registry(
    "masterfile.curve_checks",
    meaning="Asked (rows of a file of curve points) for what they mean for bids, as violations.",
)
