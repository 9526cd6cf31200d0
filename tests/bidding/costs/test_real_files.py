"""The public price and heat-rate files themselves, where they lie beside the project."""

from datetime import date
from decimal import Decimal

import pytest

from apps.bidding.costs.models import (
    AllowancePrice,
    CostViolation,
    DebSegment,
    FuelPrice,
    FuelRegion,
    ReferencePoint,
    ReferenceUnit,
)
from tests.conftest import SHARED

RATES = "RATE,RESOURCE_ID,EFFECTIVE_DT,USD_MWH\nGMC,,2024-01-01,0.35\nVOM,,2024-01-01,2.80\n"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not SHARED.exists(), reason="the public data are not beside the project"),
]


def file(name):
    return (SHARED / name).read_bytes()


@pytest.mark.brq("BRQ-0065")
def test_weekly_citygates_load_as_they_are(load):
    versions = load("gas-prices", file("fuel_ghg/citygate_weekly_2023_2025.csv"))
    assert len(versions) == 131
    day = FuelPrice.objects.filter(price_date="2024-09-04").order_by("index")
    assert [(p.index, p.price) for p in day] == [
        ("PGE_CITYGATE", Decimal("2.64")),
        ("SOCAL_CITYGATE", Decimal("2.11")),
    ]
    assert not FuelPrice.objects.filter(price_date="2023-01-04", index="PGE_CITYGATE").exists()


def test_henry_hub_loads_without_its_holidays(load):
    load("gas-prices", file("fuel_ghg/henry_hub_daily_2019_2020.csv"))
    assert FuelPrice.objects.filter(index="HENRY_HUB").count() == 360


def test_allowance_auctions_load_with_their_dollar_signs(load):
    load("allowance-auctions", file("fuel_ghg/carb_joint_auction_quarterly.csv"))
    assert AllowancePrice.objects.count() == 45
    assert AllowancePrice.objects.get(price_date="2024-07-01").price == Decimal("30.24")


@pytest.mark.brq("BRQ-0091", "BRQ-0092")
def test_fuel_regions_load_from_the_workbook(load):
    load("fuel-regions", file("fuel_ghg/caiso_gpi_fuel_regions.xlsx"))
    rows = FuelRegion.objects.all()
    assert rows.count() == 181
    assert rows.get(region="FRSDG1").hub == "SoCal Citygate"


@pytest.mark.brq("BRQ-0065")
def test_every_published_curve_is_priced_or_says_why_not(load, calculate):
    load("gas-prices", file("fuel_ghg/citygate_weekly_2023_2025.csv"))
    load("allowance-auctions", file("fuel_ghg/carb_joint_auction_quarterly.csv"))
    load("cost-rates", RATES)
    load("wecc-curves", file("heat_rates/wecc_ads2032_ciso_io_curves.csv"))
    load("capow-generators", file("heat_rates/capow_generators.csv"))
    load("epa-heat-rates", file("heat_rates/cems_annual_ca_2023.csv"))
    assert [ReferenceUnit.objects.filter(source=s).count() for s in ("WECC", "CAPOW", "EPA")] == [
        425,
        275,
        245,
    ]
    metcalf = ReferencePoint.objects.filter(unit="Metcalf CC1a").order_by("-mw").first()
    assert (metcalf.mw, round(metcalf.heat_rate)) == (298, 7107)  # as the data's description says
    run = calculate(date(2024, 9, 4), kind="costs.reference")
    priced = set(DebSegment.objects.filter(run=run).values_list("source", "unit"))
    found = CostViolation.objects.filter(run=run, code__startswith="RMR-E")
    without = set(found.values_list("unit", flat=True))
    units = set(ReferenceUnit.objects.values_list("source", "unit"))
    assert len(priced) + len(without) == len(units), without
    assert len(priced) > 850
