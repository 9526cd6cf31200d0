"""What if: a day with something changed, apart from every result."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db.models import Sum

from apps.platform.core.violations import ValidationFailed
from apps.platform.runs.models import Run
from apps.settlement.settlements.models import AllocationLine, CapacityPayment, ChargeLine
from apps.settlement.statements.models import Statement, StatementLine
from apps.settlement.what_if import services
from apps.settlement.what_if.models import WhatIf
from apps.settlement.what_if.rules import read_changes

pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-1201")]
RESULTS = (CapacityPayment, AllocationLine, ChargeLine, Statement, StatementLine, Run)


def make(run, changes, person, now, who="iso.analyst"):
    given = services.TrialInput(base=str(run.pk), title="test", changes=changes)
    return services.try_out(given=given, actor=person(who), at=now)


def test_a_price_tried_moves_the_payment_and_its_shares_and_no_result(settle, person, now):
    run = settle()
    before = {model: model.objects.count() for model in RESULTS}
    paid = CapacityPayment.objects.get(run=run, contract_no="RMR-SUNSET")
    what_if = make(run, "# after the filing\nprice RMR-SUNSET = +10%\n", person, now)
    told = {row[0]: row for row in what_if.outcome["by_charge"]}
    assert told["RMR-CAP"][3] == int(paid.amount * 10)  # 10 % in cents
    assert told["RMR-ALLOC"][3] == -told["RMR-CAP"][3]
    assert sum(row[3] for row in what_if.outcome["by_sc"]) == 0
    assert what_if.outcome["checks"] == []
    assert before == {model: model.objects.count() for model in RESULTS}
    same = make(run, f"price RMR-SUNSET = {paid.price}", person, now)
    assert (same.outcome["moved"], same.outcome["by_sc"]) == (0, [])


def test_demand_capacity_parameters_and_market_prices(settle, person, now):
    run = settle()
    total = AllocationLine.objects.filter(run=run).aggregate(s=Sum("amount"))["s"]
    demand = make(run, "demand SYN_LSE_BAY PGE-TAC = +50%", person, now)
    assert sum(row[3] for row in demand.outcome["by_sc"]) == 0
    bay = next(row for row in demand.outcome["by_sc"] if row[0] == "SYN_LSE_BAY")
    assert bay[3] > 0
    assert sum(row[2] for row in demand.outcome["by_charge"] if row[0] == "RMR-ALLOC") in (
        0,
        int(total * 100),
    )
    mw = make(run, "capacity RMR-SUNSET PGE-TAC GENERIC = 1", person, now)
    assert mw.outcome["moved"]
    basis = make(run, "parameter settlements.capacity_mw_basis = SUM", person, now)
    assert basis.outcome["moved"]
    assert make(run, "lmp = +10%", person, now).outcome["checks"] == []


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        ("", [0]),
        ("# nothing", [0]),
        ("price", [1]),
        ("price RMR-SUNSET = -5", [1]),
        ("price NOBODY = 5", [1]),
        ("demand SYN_LSE_BAY NO-TAC = 5", [1]),
        ("capacity RMR-SUNSET PGE-TAC NOTHING = 5", [1]),
        ("lmp = 5", [1]),
        ("parameter no.such = 5", [1]),
        ("parameter settlements.tolerance_mw = x", [1]),
        ("price RMR-SUNSET = 1e9\nlmp = ten\nparameter = 5", [1, 2, 3]),
        ("price RMR-SUNSET = 5.1234567", [1]),
        ("demand SYN_LSE_BAY PGE-TAC = -101%", [1]),
        ("delete from runs", [1]),
    ],
)
def test_what_cannot_be_changed_is_named_with_its_line(settle, person, now, changes, lines):
    run = settle()
    with pytest.raises(ValidationFailed) as trouble:
        make(run, changes, person, now)
    assert [f.line for f in trouble.value.violations] == lines
    assert not WhatIf.objects.exists()


def test_trials_are_the_isos_and_made_by_analysts(settle, person, now, as_user):
    run = settle()
    with pytest.raises(ValidationFailed, match="roles"):
        make(run, "lmp = +1%", person, now, who="iso.operator")
    with pytest.raises(ValidationFailed, match="no settled run"):
        services.try_out(
            given=services.TrialInput("2024-13-04", "x", "lmp = +1%"),
            actor=person("iso.analyst"),
            at=now,
        )
    client = as_user("iso.analyst")
    form = {"base": str(run.trade_date), "title": "Price", "changes": "price RMR-SUNSET = +10%"}
    answer = client.post("/what-ifs/new/", form)
    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    assert "it is no result and is never published" in page
    bad = client.post("/what-ifs/new/", form | {"changes": "price NOBODY = 1"})
    assert bad.status_code == 400
    assert "there is no contract NOBODY" in bad.content.decode()
    api = client.post("/api/v1/what-ifs/new/", form, content_type="application/json")
    assert api.status_code == 201
    what_if = WhatIf.objects.latest("pk")
    client.post(f"/what-ifs/{what_if.pk}/discard/")
    what_if.refresh_from_db()
    assert what_if.state == "DISCARDED"
    assert as_user("sc.bay").get("/what-ifs/").status_code == 403


@pytest.mark.parametrize("percent", ["+10%", "-5%", "+0.5%"])
def test_a_percentage_is_exact(percent):
    (change,) = read_changes(f"demand A B = {percent}", {})
    from apps.platform.core.quantity import MWH

    factor = 1 + Decimal(percent[:-1]) / 100
    assert change.value(Decimal(1000), MWH) == 1000 * factor
