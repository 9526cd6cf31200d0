"""A settled day with energy, and a request on its way to a decision."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from apps.settlement.cost_recovery import services
from tests.bidding.costs.conftest import calculate, costs_on_file, day_on_file
from tests.reliability.retirements.papers import PAPER

__all__ = ["calculate", "costs_on_file", "day_on_file"]

MARKET = Path(__file__).resolve().parents[3] / "fixtures" / "demo" / "market"
GAS = "2024-09-04 HE17-HE18 18600.00 Replacement gas"


@pytest.fixture
def energy(load):
    """Load the energy of the demo day: 24 intervals of 15.5 MWh of the Sunset generator."""
    rows = (MARKET / "market_intervals_2024-09-04.csv").read_text()
    return load("market-intervals", rows, sender="iso.admin")


@pytest.fixture
def file(person):
    """Draft a request of the Sunset generator, with a document."""

    def go(items=GAS, kind="GAS", who="sc.sunset", paper=True, **change):
        at = datetime.now(UTC)
        words = {
            "kind": kind,
            "resource": "SUNSET_2_UNITS",
            "items": items,
            "reason": "the pipeline was cut",
        } | change
        case = services.file_request(
            given=services.RecoveryInput(**words), actor=person(who), at=at
        )
        if paper:
            services.document_for(
                case=case, file_name="invoice.pdf", content=PAPER, actor=person(who), at=at
            )
        return case

    return go


@pytest.fixture
def reviewed(file, person):
    """Bring a request to its decision; the analyst reviewed it."""

    def go(basis="30", **words):
        case, at = file(**words), datetime.now(UTC)
        services.submit(case_id=case.pk, actor=person("sc.sunset"), at=at)
        services.review(case_id=case.pk, actor=person("iso.analyst"), at=at)
        return services.recommend(
            case_id=case.pk,
            actor=person("iso.analyst"),
            at=at,
            note="invoices agree",
            basis=Decimal(basis) if basis else None,
        )

    return go
