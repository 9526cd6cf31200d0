"""The page Data quality of a trade date: before the run, by page, API and command."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.bidding.costs.models import CostViolation
from apps.platform.audit.services import MoveRefused
from apps.platform.core.words import counted
from apps.platform.runs import services as runs
from apps.platform.runs.hooks import READINESS, Hold, HoldEffect, ReadinessCheck, files_of_hold
from apps.platform.runs.models import Run
from apps.platform.runs.services import counted_holds
from apps.platform.uploads.hooks import UPLOAD_KINDS
from apps.settlement.settlements.codes import DAILY
from apps.settlement.settlements.models import CapacityPayment
from apps.settlement.settlements.services import data_quality_of, explain_line
from tests.conftest import DAY
from tests.scenarios import world
from tests.scenarios.files import DAY as SCENARIO
from tests.scenarios.files import written
from tests.scenarios.test_scenarios import SCENARIOS, prepare

UPWARD = next(p for p in SCENARIOS if p.name == "given_an_upward_transition_with_mma")
FROM_NOW = date(2026, 12, 2)
pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-1206", "BRQ-1215", "BRQ-1225")]


@pytest.fixture
def without_costs(load, person, monkeypatch):
    """A scenario's day whose transition takes its MMA from costs that nobody calculated."""
    monkeypatch.setattr(world, "costs", lambda *given: None)
    prepare(UPWARD / "when", SCENARIO, load, person, monkeypatch)
    monkeypatch.undo()


@pytest.fixture
def without_results(load, person, monkeypatch):
    """A day from December 2026 on: a contract in force, metered demand, no market result."""
    terms = {
        "CONTRACT_ID": "C_RMR",
        "RESOURCE_ID": "S_RMR",
        "EFFECTIVE_DATE": "2026-01-01",
        "CONDITION": "",
        "START_DATE": "2026-01-01",
        "END_DATE": "2026-12-31",
        "RELIABILITY_SCOPE": "LOCAL",
        "LOCAL_AREA": "SIERRA",
        "PRICE_USD_PER_MW_DAY": "220",
        "TAC_AREA": "PGE-TAC",
        "OBLIGATION_TYPE": "GENERIC",
        "MW": "100",
        "SOURCE": "constructed",
    }

    def sent(kind, text, **words):
        load(kind, written([terms]) if kind == "contract-terms" else text, **words)

    folder = next(p for p in SCENARIOS if p.name == "given_the_first_day_of_a_contract")
    prepare(folder / "when", FROM_NOW, sent, person, monkeypatch)


def page_of(client, day):
    return client.get(f"/trade-dates/{day}/data-quality/").content.decode()


def test_it_opens_before_the_run_with_every_input(as_user):
    page = page_of(as_user("iso.analyst"), DAY)
    assert not Run.objects.filter(kind=DAILY, trade_date=DAY).exists()
    assert "Metered demand" in page
    assert "iso.operator" in page or "demo" in page
    assert "Costs of the day" in page
    assert "Fuel index prices" in page
    found = data_quality_of(DAY, datetime.now(UTC))
    (demand,) = [i for i in found.inputs if i.dataset.name == "market.metered_demand"]
    assert demand.required
    assert demand.version.row_count > 0
    assert found.missing == []


def test_files_that_hold_from_a_day_on_are_shown_where_their_rows_are_in_force(load):
    """A price of the day before 2024-09-04 is in force on it, whenever its file came."""
    load("fuel-prices", "FUEL_INDEX,PRICE_DATE,USD_MMBTU\nPGE_CITYGATE,2024-09-03,2.71\n")
    found = data_quality_of(DAY, datetime.now(UTC))
    on_file = {i.dataset.name for i in found.inputs if i.version}
    assert "costs.fuel_prices" in on_file
    periods = {i.version.period for i in found.inputs if i.dataset.name == "costs.fuel_prices"}
    assert "2024-09-03" in periods
    keys = [(i.version.pk, i.dataset.name) for i in found.inputs if i.version]
    assert len(keys) == len(set(keys))


def test_a_newer_file_of_terms_hides_no_older_one(without_results):
    terms = [
        i.version
        for i in data_quality_of(FROM_NOW, datetime.now(UTC)).inputs
        if i.dataset.name == "designations.contract_terms"
    ]
    assert len(terms) >= 2  # the demo's, and the file of the fixture
    assert sum(v.row_count for v in terms) > 1


def test_an_area_without_demand_is_named_before_the_run(without_results, settle, person, load):
    """given a local contract; when no demand of its area is sent; then it takes a reason"""
    head = "SC_ID,TAC_AREA,TRADE_DATE,HOUR_ENDING,MWH\n"
    rows = "".join(f"SYN_LSE_COAST,SCE-TAC,{FROM_NOW},{h},100\n" for h in range(1, 25))
    load("metered-demand", head + rows, options={"covers": "WHOLE"})
    found = data_quality_of(FROM_NOW, datetime.now(UTC))
    (hold,) = [h for h in found.holds if h.code == "CONTRACT-NO-DEMAND"]
    assert (hold.resource, hold.effect) == ("S_RMR", HoldEffect.REASON)
    assert "no metered demand of 2026-12-02 in PGE-TAC" in hold.sentence
    assert found.state == "REASON"


def test_errors_of_the_costs_are_named(without_costs, calculate):
    calculate("costs.daily", SCENARIO)
    run = Run.objects.get(kind="costs.daily", trade_date=SCENARIO)
    errors = list(
        CostViolation.objects.filter(run=run, severity="error").values_list("message", flat=True)
    )
    found = data_quality_of(SCENARIO, datetime.now(UTC))
    (check,) = [c for c in found.checks if c.check.name == "cost-errors"]
    assert [h.sentence.partition(": ")[2] for h in check.holds] == errors
    assert check.state == ("NAMED" if errors else "READY")


def test_a_day_without_demand_says_what_is_missing(as_user):
    page = page_of(as_user("iso.analyst"), "2025-01-15")
    assert "The day cannot be settled yet." in page
    assert "Metered demand: none on file." in page
    assert 'href="/upload/metered-demand/"' in page
    assert "Settle 2025-01-15" not in page


def test_it_names_what_is_held_with_the_button_that_mends_it(without_costs, as_user):
    analyst = as_user("iso.analyst")
    page = page_of(analyst, SCENARIO)
    assert "S_MSG: the costs of 2025-10-08 are not calculated" in page
    assert "Calculate daily costs: 2025-10-08" in page
    answer = analyst.post(
        f"/trade-dates/{SCENARIO}/prepare/", {"check": "availability"}, follow=True
    )
    assert "No calculation is missing" in answer.content.decode()
    assert not Run.objects.filter(kind="costs.daily", trade_date=SCENARIO).exists()
    answer = analyst.post(f"/trade-dates/{SCENARIO}/prepare/", {"check": "nonsense"}, follow=True)
    assert "There is no check" in answer.content.decode()
    answer = analyst.post(f"/trade-dates/{SCENARIO}/prepare/", {"check": "costs"}, follow=True)
    assert "Requested: Daily costs (2025-10-08)." in answer.content.decode()
    assert answer.redirect_chain[-1][0].endswith("/data-quality/")
    run = Run.objects.get(kind="costs.daily", trade_date=SCENARIO)
    runs.execute(run_id=run.pk, at=datetime.now(UTC))
    costs = data_quality_of(SCENARIO, datetime.now(UTC)).checks[0]
    assert [h.code for h in costs.holds] != ["COSTS-MISSING"]
    assert "Calculate daily costs" not in page_of(as_user("iso.operator"), SCENARIO)


def test_the_api_and_the_command_say_the_same(without_costs, as_user):
    client = as_user("iso.analyst")
    told = client.get(f"/api/v1/trade-dates/{SCENARIO}/data-quality/").json()
    assert told["state"] == "HELD"
    (costs,) = [c for c in told["checks"] if c["name"] == "costs"]
    assert (costs["state"], costs["holds"][0]["resource"]) == ("HELD", "S_MSG")
    assert costs["runs"] == [{"kind": "costs.daily", "days": ["2025-10-08"]}]
    out = StringIO()
    with pytest.raises(CommandError) as trouble:
        call_command("data_quality", str(SCENARIO), "--as", "iso.analyst", stdout=out)
    assert trouble.value.returncode == 3
    assert "manage.py run costs.daily 2025-10-08 --as USER --wait" in str(trouble.value)
    assert json.loads(out.getvalue()) == told
    wrong = client.post(
        f"/api/v1/trade-dates/{SCENARIO}/prepare/",
        {"check_name": "nonsense"},
        content_type="application/json",
    )
    assert (wrong.status_code, wrong.json()["code"]) == (409, "RUN-REFUSED")
    made = client.post(f"/api/v1/trade-dates/{SCENARIO}/prepare/", content_type="application/json")
    assert [r["kind"] for r in made.json()["runs"]] == ["costs.daily", "availability.daily"]
    with pytest.raises(CommandError) as trouble:
        call_command("data_quality", str(SCENARIO), "--as", "sc.sunset", stdout=StringIO())
    assert trouble.value.returncode == 2


def test_a_contract_that_no_market_result_names_takes_a_reason(
    without_results, settle, person, as_user
):
    """Given a contract in force and no market row of it, publishing says why, and it is printed."""
    found = data_quality_of(FROM_NOW, datetime.now(UTC))
    (results,) = [c for c in found.checks if c.check.name == "results"]
    assert results.state == "REASON"
    (named,) = [h for h in results.holds if h.resource == "S_RMR"]
    assert named.sentence.startswith(
        "S_RMR (C_RMR): no market result of 2026-12-02 names it; its capacity is paid and no "
        "market revenue is taken back."
    )
    assert [code for code, _ in results.files] == ["market-hours", "commitments"]
    run = settle(FROM_NOW, publish=False)
    paid = CapacityPayment.objects.get(run=run, resource__code="S_RMR")
    assert (paid.outcome, paid.amount) == ("SETTLED", Decimal("-22000.00"))
    assert run.totals["Parts to be answered for"] == str(len(run.holds))
    assert "Parts held" not in run.totals
    n = len(run.holds)
    said = counted_holds(run.holds)
    parts = f"{counted(n, 'part')} of this run {'is' if n == 1 else 'are'}"
    assert said == f"{parts} settled in full and to be answered for"
    client = as_user("iso.approver")
    page = client.get(f"/runs/{run.pk}/").content.decode()
    assert "<h2>To be answered for: an input is missing or outdated</h2>" in page
    assert "What is held is not settled" not in page
    assert "Publish and answer for it" in page
    told = client.post(
        f"/api/v1/runs/{run.pk}/publish/",
        {"confirm": f"{run.trade_date} v{run.version}"},
        content_type="application/json",
    ).json()
    assert told["violations"][0]["message"].startswith(said)
    with pytest.raises(MoveRefused, match=f"^{said}: S_RMR"):
        runs.publish(run_id=run.pk, actor=person("iso.approver"), at=datetime.now(UTC))
    with pytest.raises(MoveRefused):
        runs.publish(
            run_id=run.pk, actor=run.opened_by, at=datetime.now(UTC), answered_for="I say so"
        )
    with pytest.raises(MoveRefused, match="answered_for"):  # a reason for another effect
        runs.publish(
            run_id=run.pk,
            actor=person("iso.approver"),
            at=datetime.now(UTC),
            over_holds="The market closes.",
        )
    run = runs.publish(
        run_id=run.pk,
        actor=person("iso.approver"),
        at=datetime.now(UTC),
        answered_for="The unit was off all day.",
    )
    assert (run.over_holds, run.answered_for) == ("", "The unit was off all day.")
    page = as_user("iso.approver").get(f"/runs/{run.pk}/").content.decode()
    assert "<b>Answered for by iso.approver, because:</b> The unit was off all day." in page
    told = explain_line(
        run=run,
        charge_code="RMR-CAP",
        resource_id=paid.resource_id,
        sc_id=paid.sc_id,
        tac_area_id=None,
        stored=paid.amount,
        viewer=person("iso.analyst").viewer(),
    )
    assert "because: The unit was off all day." in told.sentence


def test_every_hold_of_every_check_leads_to_what_resolves_it():
    """A calculation, or files that there are, for each code of the declared checks."""
    for check in READINESS:
        if check.kind != DAILY:
            continue
        assert check.codes, check.name
        wanted = check.files_for({}) if check.files_for else check.files
        assert all(code in UPLOAD_KINDS for code in wanted)
    for violation in _codes_of_cost_runs():
        files = files_of_hold("COSTS-ERROR", "", {"violation": violation})
        assert files, violation
        assert all(code in UPLOAD_KINDS for code in files)
    assert files_of_hold("COSTS-MISSING", "costs.daily", {}) == ()  # a calculation resolves it


def _codes_of_cost_runs():
    """Every code of an error that the source of cost runs gives."""
    from apps.bidding import costs

    root = Path(costs.__file__).parent
    rooms = ("rules/energy.py", "rules/fuel.py", "services/committing.py")
    rooms += ("services/default_bids.py", "services/curve_pricing.py", "services/calculating.py")
    text = "".join((root / name).read_text() for name in rooms)
    return sorted(set(re.findall(r'"(RMR-E-\d+[A-Z]?)"', text)))


def test_each_error_of_the_costs_leads_to_its_own_file(as_user, monkeypatch):
    hold = Hold(
        "COSTS-ERROR",
        1,
        "OAK",
        "OAK: no heat rate.",
        details={"violation": "RMR-E-0065H"},
        effect=HoldEffect.NAMED,
    )
    (check,) = [c for c in READINESS if c.name == "cost-errors"]
    monkeypatch.setattr(
        "apps.settlement.settlements.services.data_quality.readiness_on",
        lambda day, at: [(check, [hold])],
    )
    page = page_of(as_user("iso.analyst"), DAY)
    row = page.split("Errors of the costs of the day")[1].split("</tr>")[0]
    assert 'href="/upload/heat-rate-points/"' in row
    assert "/upload/commitment-inputs/" not in row


def test_an_advisory_input_says_so_in_the_words_of_the_trade(as_user):
    page = page_of(as_user("iso.analyst"), DAY)
    assert ">ADVISORY<" in page
    assert ">NAMED<" not in page
    assert "Made good by" not in page


@pytest.mark.django_db
def test_every_file_that_costs_read_stands_among_the_inputs():
    """Whatever file the costs are made from is shown before a run; of those that stand for each
    other, such as published and other gas prices, those whose rows are in force.
    """
    from apps.bidding.costs import codes
    from apps.bidding.costs.services import files_of_costs
    from apps.platform.core.datasets import Dataset

    told = {i.dataset.name for i in data_quality_of(DAY, datetime.now(UTC)).inputs}
    of_costs = {d.name for d in vars(codes).values() if isinstance(d, Dataset)}
    assert {codes.PUBLISHED_GAS.name, codes.AUCTIONS.name} <= of_costs
    groups = [{d.name for d in files.datasets} for files in files_of_costs(DAY, datetime.now(UTC))]
    assert of_costs - told - {name for group in groups if group & told for name in group} == set()


def test_before_that_it_is_named_and_nothing_is_asked(settle):
    found = data_quality_of(DAY, datetime.now(UTC))
    (results,) = [c for c in found.checks if c.check.name == "results"]
    assert {h.effect for h in results.holds} == {HoldEffect.NAMED}
    assert not [h for h in results.holds if "reason" in h.sentence]  # none is asked for
    run = settle(DAY)
    assert (run.state, run.holds) == ("PUBLISHED", [])


def test_warnings_of_a_file_stand_with_who_confirmed_them(as_user):
    """The demo's contract terms hold for units that nobody designated: a file confirmed so."""
    found = data_quality_of(DAY, datetime.now(UTC)).acknowledged
    told = {(v.dataset, f.code, f.person) for v, f in found}
    assert ("designations.contract_terms", "RMR-W-0015", "iso.approver") in told
    page = page_of(as_user("iso.analyst"), DAY)
    assert "RMR-W-0015" in page
    assert "No designation of SUNSET_2_UNITS" in page


def test_what_was_said_of_terms_stands_before_publishing(load, settle, as_user):
    """given terms without a designation; when a day of theirs waits; then its page says so"""
    head = "CONTRACT_ID,RESOURCE_ID,EFFECTIVE_DATE,CONDITION,START_DATE,END_DATE,RELIABILITY_SCOPE,"
    head += "LOCAL_AREA,PRICE_USD_PER_MW_DAY,TAC_AREA,OBLIGATION_TYPE,MW,SOURCE\n"
    row = (
        "T-CED,SYN_CEDAR_4_ST,2024-03-01,,2024-03-01,2024-12-31,SYSTEM,,100,PGE-TAC,GENERIC,62,T\n"
    )
    load("contract-terms", head + row, sender="iso.contracts")
    run = settle(publish=False)
    page = as_user("iso.approver").get(f"/runs/{run.pk}/").content.decode()
    before = page[page.index("Before publishing") :]
    assert "RMR-W-0015" in before
    assert "No designation of SYN_CEDAR_4_ST" in before
    assert "Warning when the file was read" in before


def test_another_input_adds_its_own_check(as_user, settle):
    def find(day, known_at):
        return [Hold("TEST-GONE", 1, "X_UNIT", "X_UNIT: its test input is missing.")]

    check = ReadinessCheck(DAILY, "test", "Test input", find, ("market-hours",))
    with READINESS.replaced(*READINESS, check):
        page = page_of(as_user("iso.analyst"), DAY)
        run = settle(DAY, publish=False)
        assert [h["code"] for h in run.holds] == ["TEST-GONE"]
    assert "X_UNIT: its test input is missing." in page


def test_it_is_of_the_iso_alone_and_linked(as_user):
    assert as_user("sc.sunset").get(f"/trade-dates/{DAY}/data-quality/").status_code in (403, 404)
    client = as_user("iso.analyst")
    for address in (f"/trade-dates/{DAY}/", "/trade-dates/", "/settlement-board/"):
        assert f"/trade-dates/{DAY}/data-quality/" in client.get(address).content.decode(), address
