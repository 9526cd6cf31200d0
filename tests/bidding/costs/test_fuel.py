"""The registered fuel decides the formula, and a cost without its inputs has no value."""

from datetime import date
from decimal import Decimal

import pytest

from apps.bidding.costs import services
from apps.bidding.costs.models import CommitmentCostLine, CostViolation, DebSegment, RegionProposal
from apps.bidding.costs.rules import AdderBook, FuelKind, Point, formula_of, fuel_kind
from apps.platform.core.violations import ValidationFailed
from tests.bidding.costs.files import COMMITMENT, MASTER, POINTS

D = Decimal


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("GAS", FuelKind.GAS),
        ("natural gas", FuelKind.GAS),
        (" Ng ", FuelKind.GAS),
        ("OIL", FuelKind.OTHER),
        ("BIOGAS", FuelKind.OTHER),
        ("", FuelKind.UNKNOWN),
        (" ", FuelKind.UNKNOWN),
        (None, FuelKind.UNKNOWN),
    ],
)
def test_what_a_fuel_type_means(said, kind):
    assert fuel_kind(said) is kind


HEAT, COST, BOTH = [Point(1, 9, None)], [Point(1, None, 9)], [Point(1, 9, 9)]


@pytest.mark.brq("BRQ-0065", "BRQ-0066")
@pytest.mark.parametrize(
    ("fuel", "points", "gas_index", "by_heat", "codes"),
    [
        ("GAS", HEAT, True, True, []),
        ("GAS", BOTH, True, True, ["RMR-W-0065C"]),
        ("GAS", COST, True, None, ["RMR-E-0065H"]),
        ("WASTE", COST, True, False, []),
        ("WASTE", BOTH, True, False, []),
        ("WASTE", HEAT, True, None, ["RMR-E-0065N"]),
        ("OIL", HEAT, False, True, []),
        ("", HEAT, True, None, ["RMR-E-0065T"]),
        ("", COST, True, None, ["RMR-E-0065T"]),
    ],
)
def test_the_fuel_decides_the_formula(fuel, points, gas_index, by_heat, codes):
    found = formula_of(fuel, points, index="X", gas_index=gas_index)
    assert (found.by_heat, [f.code for f in found.violations]) == (by_heat, codes)


def bid(run, unit):
    rows = DebSegment.objects.filter(run=run, unit=unit).order_by("segment_no")
    return [(r.from_mw, r.to_mw, r.published, r.fuel_index) for r in rows]


def codes(run, unit):
    return sorted(CostViolation.objects.filter(run=run, unit=unit).values_list("code", flat=True))


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0065", "BRQ-0066", "BRQ-0523")
def test_a_day_prices_each_fuel_by_its_own_formula(costs_on_file, calculate, load):
    before = bid(calculate(), "GRNLF2_1_UNIT")
    assert [step[3] for step in before] == ["PGE_CITYGATE"]
    changed = (
        POINTS.replace("GRNLF2_1_UNIT,,1,10,9800,", "GRNLF2_1_UNIT,,1,10,9800,95")
        .replace("GRNLF2_1_UNIT,,2,49.2,9000,", "GRNLF2_1_UNIT,,2,49.2,9000,95")
        .replace("METEC_2_PL1X3,,1,150,8200,", "METEC_2_PL1X3,,1,150,,80")
        .replace("METEC_2_PL1X3,,2,300,7000,", "METEC_2_PL1X3,,2,300,,80")
        .replace("METEC_2_PL1X3,,3,597.05,7100,", "METEC_2_PL1X3,,3,597.05,,80")
    )
    load("heat-rate-points", changed, sender="iso.admin")
    load(
        "master-file",
        MASTER.replace(
            "OAK C_7_UNIT 1,Oakland 1,SYN_GEN_LEGACY,55,10,R,Y,2,1998-01-01,2024-12-31,N,N,OIL,N,Y,"
            "BAY_AREA,,FROIL",
            "OAK C_7_UNIT 1,Oakland 1,SYN_GEN_LEGACY,55,10,R,Y,2,1998-01-01,"
            "2024-12-31,N,N,OIL,N,Y,BAY_AREA,,FRPGE2GHG",
        ).replace("Y,N,GAS,N,N,,PGE-TAC", "Y,N,,N,N,,PGE-TAC"),
        sender="iso.admin",
        options={"as_of": "2024-01-01"},
    )
    run = calculate()
    assert bid(run, "GRNLF2_1_UNIT") == before
    assert codes(run, "GRNLF2_1_UNIT") == ["RMR-W-0065C"]
    least = CommitmentCostLine.objects.get(run=run, unit="GRNLF2_1_UNIT", cost_type="MIN_LOAD")
    assert least.amount == D("465.68")  # by heat, as without the cost column
    for unit, code in (
        ("METEC_2_PL1X3", "RMR-E-0065H"),
        ("OAK C_7_UNIT 1", "RMR-E-0065N"),
        ("SUNSET_2_UNITS", "RMR-E-0065T"),
    ):
        assert bid(run, unit) == []
        assert code in codes(run, unit)


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0523")
def test_no_proxy_cost_from_nothing(costs_on_file, calculate, load):
    load(
        "cost-adders",
        "RESOURCE_ID,ADDER,CONFIG_ID,TO_CONFIG,AMOUNT_USD,ORIGIN,EFFECTIVE_FROM,"
        "EFFECTIVE_TO,SOURCE\nSUNSET_2_UNITS,MMA_START_UP,,,1200,NEGOTIATED,2024-01-01,,a\n",
        sender="iso.admin",
    )
    given = COMMITMENT.replace("GRNLF2_1_UNIT,,,120,2,", "GRNLF2_1_UNIT,,,,,").replace(
        "SUNSET_2_UNITS,,,900,6,0.053165,Y,PROXY,PROXY\n", ""
    )
    load("commitment-inputs", given, sender="iso.admin", options={"as_of": "2024-01-01"})
    run = calculate()
    kinds = CommitmentCostLine.objects.filter(run=run)
    assert not kinds.filter(unit="SUNSET_2_UNITS").exists()
    assert codes(run, "SUNSET_2_UNITS") == ["RMR-E-0523"]
    assert [k.cost_type for k in kinds.filter(unit="GRNLF2_1_UNIT")] == ["MIN_LOAD"]
    assert codes(run, "GRNLF2_1_UNIT") == ["RMR-E-0523", "RMR-E-0523"]  # fuel, auxiliary power
    assert not kinds.filter(unit="SYN_MESA_2_CC", cost_type="MIN_LOAD").exists()  # no VOM rate


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0092")
@pytest.mark.parametrize("scalar", ["0.5", "0.999999", "0", "-1", "10.01"])
def test_a_volatility_scalar_below_one_is_refused(person, now, scalar):
    given = services.RegionInput(
        region="FRPGE2GHG",
        index="PGE_CITYGATE",
        volatility=D(scalar),
        first_date=date(2024, 9, 1),
        last_date=None,
        reference="x",
    )
    with pytest.raises(ValidationFailed) as caught:
        services.propose_region(given=given, actor=person("iso.contracts"), at=now)
    assert [f.code for f in caught.value.violations] == ["COST-SCALAR"]
    assert not RegionProposal.objects.exists()


@pytest.mark.brq("BRQ-0062", "BRQ-1206")
def test_one_adder_is_approved_or_on_file():
    book = AdderBook(
        {(1, "MMA_START_UP", "", ""): D(0), (2, "OC_TRANSITION", "A", "B"): D(5)},
        {
            (1, "MMA_START_UP", "A", ""): D(900),
            (3, "MMA_MIN_LOAD", "A", ""): D(7),
            (3, "MMA_START_UP", "A", ""): None,
            (2, "OC_TRANSITION", "A", "C"): D(6),
        },
        frozenset({2}),
    )
    assert [(a.key, a.amount, a.approved) for a in book.all()] == [
        ((1, "MMA_START_UP", "", ""), D(0), True),
        ((1, "MMA_START_UP", "A", ""), D(0), True),
        ((3, "MMA_MIN_LOAD", "A", ""), D(7), False),
    ]


@pytest.mark.parametrize(
    ("index", "gas"),
    [("PGE_CITYGATE", True), ("HENRY_HUB", True), ("DISTILLATE", False), ("JET FUEL", False)],
)
def test_an_index_is_one_of_gas_whichever_file_brought_its_price(index, gas):
    from apps.bidding.costs.rules import is_gas_index

    assert is_gas_index(index) is gas
