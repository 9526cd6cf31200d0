"""The small house of resource adequacy: capacity on file, credits distributed."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest

from tests import acts
from tests.adequacy import files


@pytest.fixture(scope="module")
def capacity_on_file(world):
    """Generators that are no RMR, with NQC and EFC of 2024; they stay for the tests of the file."""
    with world():
        acts.load("resources", files.RESOURCES)
        acts.load("nqc-list", files.NQC, options={"ra_year": "2024"})
        acts.load("efc-list", files.EFC)
        yield


@pytest.fixture
def capacity(capacity_on_file, db):
    """Begin with that capacity on file."""


@pytest.fixture
def shares(load):
    """Forecasts, load shares and flexible obligations of 2024."""
    load("demand-forecasts", files.FORECASTS)
    load("load-shares", files.SHARES)
    load("flex-obligations", files.OBLIGATIONS)


@pytest.fixture
def run_of(person):
    """Compute the newest requested run of a kind and day; publish it on request."""
    from apps.platform.runs import services
    from apps.platform.runs.models import Run

    def go(kind, day, *, publish=False):
        run = Run.objects.filter(kind=kind, trade_date=day).order_by("-pk").first()
        assert run is not None, f"nobody asked for {kind} of {day}"
        run = services.execute(run_id=run.pk, at=datetime.now(UTC))
        assert run.state == "SEALED" or run.state == "PUBLISHED", run.error
        if publish:
            run = services.publish(
                run_id=run.pk, actor=person("iso.approver"), at=datetime.now(UTC)
            )
        return run

    return go


def plan_of(text, *, who="iso.operator", sc="SYN_GEN_SOUTH", at=None, **given):
    """File a plan as somebody; return the filing."""
    from apps.adequacy.plans import services

    told = {
        "plan_type": "SUPPLY_PLAN",
        "part": "GENERIC",
        "horizon": "MONTHLY",
        "period": "2024-09",
    } | given
    sent = io.BytesIO(text.encode())
    sent.name = "plan.csv"
    return services.file_plan(
        given=services.PlanInput(sc=sc if who.startswith("iso.") else "", **told),
        actor=acts.person(who),
        at=at or datetime.now(UTC),
        file=sent,
    )


@pytest.fixture
def file_plan(db):
    """File a plan as somebody; return the filing."""
    return plan_of


@pytest.fixture
def outages(load, capacity):
    load("outage-report", files.report(files.HARBOR, files.SUNSET))


@pytest.fixture
def changes_hands(load):
    """Sunset and Cedar go from SYN_GEN_SUNSET to SYN_LSE_BAY on 2024-09-06."""
    load(
        "resources",
        files.RESOURCES.splitlines()[0]
        + "\nSUNSET_2_UNITS,Midway Sunset,248,PGE-TAC,,SYN_LSE_BAY,2024-09-06,SYNTHETIC\n"
        "SYN_CEDAR_4_ST,Cedar,62,PGE-TAC,,SYN_LSE_BAY,2024-09-06,SYNTHETIC\n",
    )
