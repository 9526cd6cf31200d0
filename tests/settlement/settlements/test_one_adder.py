"""An adder is found in one way: proxy costs, claw-back and the payload hold the same amounts."""

from collections import defaultdict
from decimal import Decimal

import pytest

from apps.bidding.costs.models import CommitmentCostLine
from apps.bidding.market_payloads.services.content import settlement_content
from apps.platform.core.quantity import COST
from apps.platform.core.tradetime import FAR_MOMENT
from apps.reference.resources.selectors import resource_ids
from apps.settlement.settlements.services.inputs import adders_of
from tests.bidding.costs.conftest import DAY, calculate, costs_on_file, day_on_file  # noqa: F401
from tests.bidding.costs.files import MASTER, POINTS, RATES, TRANSITIONS
from tests.scenarios.files import DAY as SCENARIO_DAY
from tests.scenarios.test_scenarios import SCENARIOS, prepare

pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-0062", "BRQ-0080", "BRQ-1206")]
D = Decimal
MESA = "SYN_MESA_2_CC"
ON_FILE = {
    ("START_UP", "1X1", ""): D(1000),
    ("START_UP", "2X1", ""): D(2500),
    ("MIN_LOAD", "1X1", ""): D(40),
    ("MIN_LOAD", "2X1", ""): D(60),
    ("TRANSITION", "1X1", "2X1"): D(1620),  # 2500 − 1000, and opportunity cost of 120
}
HEAD = "RESOURCE_ID,ADDER,CONFIG_ID,TO_CONFIG,AMOUNT_USD,ORIGIN,EFFECTIVE_FROM,EFFECTIVE_TO,SOURCE"
APPROVED = f"""{HEAD}
SYN_MESA_2_CC,MMA_START_UP,2X1,,4100,NEGOTIATED,2024-01-01,,agreement
SYN_MESA_2_CC,MMA_MIN_LOAD,,,75,NEGOTIATED,2024-01-01,,agreement
SYN_MESA_2_CC,OC_TRANSITION,1X1,2X1,0,CALCULATED,2024-01-01,,study
"""


@pytest.fixture
def stages(costs_on_file, load):  # noqa: F811
    """Load curves, rates and an opportunity cost of Mesa, whose adders the Master File holds."""
    limited = MASTER.replace("2024-12-31,N,N,GAS,Y,Y", "2024-12-31,Y,N,GAS,Y,Y")
    points = f"{MESA},1X1,1,20,9100,\n{MESA},1X1,2,60,8000,\n"
    points += f"{MESA},2X1,1,50,8300,\n{MESA},2X1,2,120,7600,\n"
    for kind, text, options in (
        ("master-file", limited, {"as_of": "2024-01-01"}),
        ("cost-rates", f"{RATES}VOM,{MESA},2024-01-01,2.00\n", {}),
        ("heat-rate-points", POINTS + points, {}),
        ("msg-transitions", TRANSITIONS.replace("1X1,2X1,30,", "1X1,2X1,30,120"), {}),
    ):
        load(kind, text, sender="iso.admin", options=options)


def three_ways(run):
    """Return Mesa's adders by cost and place: of proxy costs, of settlement, of the payload."""
    costs = {
        (r.cost_type, r.config, r.to_config): r.mma + r.oc
        for r in CommitmentCostLine.objects.filter(run=run, unit=MESA)
    }
    key = resource_ids({MESA})[MESA]
    sums = adders_of(DAY, FAR_MOMENT, {key}).sums
    settled = {place[1:]: COST.from_scaled(steps) for place, steps in sums.items()}
    told = defaultdict(D)
    lines = settlement_content(DAY).text.split("\n\n")[0].splitlines()[1:]
    for run_id, _, unit, source, target, kind, amount, _ in (line.split(",") for line in lines):
        assert run_id == str(run.pk)
        if unit == MESA:
            told[kind.partition("_")[2], source, target] += D(amount)
    return costs, settled, dict(told)


def test_costs_settlement_and_payload_hold_the_same_adders(stages, calculate, load):  # noqa: F811
    costs, settled, told = three_ways(calculate())
    assert settled == told == ON_FILE
    # 2X1 is not started, and downward transitions have no adder
    assert costs == {
        **{place: usd for place, usd in ON_FILE.items() if place[:2] != ("START_UP", "2X1")},
        ("TRANSITION", "2X1", "1X1"): D(0),
    }
    load("cost-adders", APPROVED, sender="iso.admin")
    content = settlement_content(DAY)
    assert [a.code for a in content.alerts] == ["MKT-ADDERS"]
    costs, settled, told = three_ways(calculate())
    assert settled == told
    assert settled == ON_FILE | {
        ("START_UP", "2X1", ""): D(4100),
        ("MIN_LOAD", "1X1", ""): D(75),
        ("MIN_LOAD", "2X1", ""): D(75),
        ("TRANSITION", "1X1", "2X1"): D(3100),
    } | ({("MIN_LOAD", "", ""): D(75)} if ("MIN_LOAD", "", "") in settled else {})
    assert costs["TRANSITION", "1X1", "2X1"] == D(3100)
    assert costs["MIN_LOAD", "2X1", ""] == D(75)


def test_a_manifest_counts_adders_pmax_and_proxy_costs(load, person, settle, as_user, monkeypatch):
    folder = next(p for p in SCENARIOS if p.name == "given_adders_of_the_master_file")
    prepare(folder / "when", SCENARIO_DAY, load, person, monkeypatch)
    run = settle(SCENARIO_DAY)
    said = {i.name: len(i.term_ids) for i in run.inputs.all()}
    # two starts, two of minimum load, one transition
    assert (said["cost adders"], said["Pmax"], said["proxy costs"]) == (5, 1, 0)
    page = as_user("iso.admin").get(f"/runs/{run.pk}/").content.decode()
    assert "<td>cost adders</td><td>5</td>" in page
    assert "<td>Pmax</td><td>1</td>" in page
