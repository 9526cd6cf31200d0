"""A month that is held is no part of the year's carry, and the month's end says which it is."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import polars as pl
import pytest

from apps.platform.audit.services import MoveRefused
from apps.platform.core.effective import ParameterSet, Value
from apps.platform.core.tradetime import Span
from apps.platform.parameters import services as parameters
from apps.platform.runs import services as runs
from apps.platform.runs.models import CurrentRun
from apps.platform.runs.selectors import stale_cause
from apps.settlement.settlements.models import RaaimLine, RaaimPool
from apps.settlement.settlements.rules.chain import DayOfChain
from apps.settlement.settlements.rules.holds import HeldResults, MonthHeld, held_of
from apps.settlement.settlements.rules.nodes import raaim
from apps.settlement.settlements.rules.raaim import months_in_the_pool
from apps.settlement.settlements.services import holds_on, prepare_day
from apps.settlement.settlements.services.inputs import YEAR_ROWS, Year
from apps.settlement.statements import services
from apps.settlement.statements.models import Statement, StatementLine
from tests import acts
from tests.pdfs import Pdf
from tests.scenarios import world as world_of
from tests.scenarios.files import demand, given, written
from tests.scenarios.test_scenarios import SCENARIOS, prepare

pytestmark = pytest.mark.brq("BRQ-1240", "BRQ-1215", "BRQ-1206")
CARRIED = next(p for p in SCENARIOS if p.name == "given_money_carried_from_a_month_before")
SEPTEMBER, OCTOBER = date(2025, 9, 30), date(2025, 10, 31)
LATE = [date(2025, 9, n) for n in (22, 23, 24, 25, 26, 29, 30)]
SHORT, GOOD, OTHER = 1, 2, 3
# the end of a month measures each of its days several times
MONTH_ENDS = pytest.mark.turns(
    3, of=("apps/settlement/settlements/", "apps/adequacy/availability/", "apps/platform/runs/")
)


def row(month, key, owed, lost, hours=105):
    """MWh of a resource in a month, 105 assessed hours."""
    return (month, key, "GENERIC", "RA", 10 + key, owed * 10**4, lost * 10**4, hours)


YEAR = [
    row(1, SHORT, 10_500, 1_000),
    row(1, OTHER, 10_500, 500),
    row(2, GOOD, 21_000, 1_050),
    row(3, GOOD, 21_000, 0),
]
VALUES = {
    raaim.LOWER_BOUND: "0.945",
    raaim.RAAIM_UPPER: "0.985",
    raaim.RAAIM_PRICE: "3.79",
    raaim.RAAIM_CAP: "3",
}


def month_end(*held, month=3, carryover="YEAR", begins="1998-01-01"):
    """Settle RAAIM of the end of a month of 2025 with (month, resource) held; return the pool."""
    ends = {1: 31, 2: 28, 3: 31}
    values = VALUES | {raaim.RAAIM_CARRYOVER: carryover, raaim.RAAIM_FROM: begins}
    params = ParameterSet(
        {
            p.name: [Value(p.name, text, Span(date(2020, 1, 1)), "test")]
            for p, text in values.items()
        }
    )
    months = [MonthHeld(date(2025, m, 1), key, "GENERIC", "RA", 10, 21, 0) for m, key in held]
    book = {
        "availability": Year(
            pl.DataFrame([r for r in YEAR if r[0] <= month], schema=YEAR_ROWS, orient="row"), {}
        ),
        "holds": HeldResults({}, tuple(months)),
    }
    done = raaim.availability_month(book, DayOfChain(date(2025, month, ends[month]), params))
    pool = done["raaim_pool"]
    return pool and (pool.carried_in, pool.charges, pool.paid, pool.carried_over, pool.to_load)


@pytest.mark.parametrize(
    ("held", "pool"),
    [
        ((), (15_250_24, 0, 15_250_24, 0, 0)),
        (((1, SHORT),), (0, 0, 0, 0, 0)),  # its charge of January is unknown: nothing is carried
        (((1, OTHER),), (15_250_24, 0, 15_250_24, 0, 0)),  # held, and neither charged nor paid
        (((2, GOOD),), (15_250_24, 0, 15_250_24, 0, 0)),
        (((3, GOOD),), (15_250_24, 0, 0, 15_250_24, 0)),  # of the month itself: all is carried on
        (((1, SHORT), (3, GOOD)), None),
    ],
)
def test_the_carry_leaves_out_what_is_held_in_its_month(held, pool):
    found = month_end(*held)
    if pool is None:
        assert found is None
    else:
        assert found == pool


def test_a_resource_held_in_one_month_has_its_part_in_the_others():
    assert month_end((1, GOOD), (2, SHORT)) == month_end()
    assert month_end((2, SHORT), month=1) == (0, 15_250_24, 0, 15_250_24, 0)


@pytest.mark.parametrize(
    ("begins", "brought", "held"),
    [
        ("2024-05-01", 15_250_24, None),
        ("2025-01-31", 15_250_24, None),
        ("2025-02-01", 0, ()),
        ("2025-03-15", 0, ()),
        ("2025-07-01", 0, ()),
    ],
)
def test_a_site_that_begins_within_a_year_takes_no_carry_of_before(begins, brought, held):
    """The end of a month is settled all the same; months before the first one hold nothing."""
    pool = month_end(begins=begins)
    assert (pool or (0,))[0] == brought
    if held is not None:
        assert month_end((1, OTHER), (1, SHORT), begins=begins) == pool


@pytest.mark.parametrize(
    ("day", "carries", "begins", "first", "months"),
    [
        (date(2025, 6, 30), True, date(1998, 1, 1), 1, 6),
        (date(2025, 6, 30), True, date(2025, 4, 15), 4, 3),
        (date(2025, 6, 30), True, date(2025, 6, 1), 6, 1),
        (date(2025, 6, 30), True, date(2025, 12, 1), 6, 1),
        (date(2025, 6, 30), True, date(2026, 2, 1), 6, 1),
        (date(2026, 1, 31), True, date(2025, 4, 15), 1, 1),
        (date(2025, 6, 30), False, date(1998, 1, 1), 6, 1),
    ],
)
def test_the_months_of_a_pool(day, carries, begins, first, months):
    found = months_in_the_pool(day, carries=carries, begins=begins)
    assert found == [date(day.year, first + n, 1) for n in range(months)]


def test_a_hold_kept_without_a_month_is_of_the_month_settled():
    month = {"ra_type": "FLEX", "source": "RMR", "sc_id": 3, "assessed": 20, "measured": 5}
    old = {"resource_id": 7, "sentence": "held", "details": {"month": month}}
    named = old | {"details": {"month": month | {"month": "2025-03-01"}}}
    held = held_of([old, named], date(2025, 6, 30))
    assert held.resources_in(date(2025, 6, 1)) == {7}
    assert held.resources_in(date(2025, 3, 1)) == {7}
    assert held.resources_in(date(2025, 5, 1)) == set()
    assert [m.month for m in held.months] == [date(2025, 6, 1), date(2025, 3, 1)]


@pytest.fixture(scope="module")
def until_september(world):
    """September carries 15,250.24 of S_GEN to October; S_GEN is measured for 21 days of it only."""
    with world(), pytest.MonkeyPatch.context() as monkeypatch:
        prepare(CARRIED / "when", OCTOBER, acts.load, acts.person, monkeypatch)
        world_of.designate(
            [
                {
                    "RESOURCE_ID": "S_GEN",
                    "MW": "50",
                    "FIRST_DATE": "2025-09-22",
                    "LAST_DATE": "2025-09-30",
                    "PRICE": "6.31",
                }
            ],
            acts.person,
        )
        yield


@pytest.fixture
def september_held(until_september, db, person, monkeypatch):
    """Return what measures S_GEN on the days of September that are missing."""

    def measured():
        for day in LATE:
            world_of.sealed(monkeypatch, "availability.daily", day, [], person)

    return measured


def published(run, person, **words):
    return runs.publish(run_id=run.pk, actor=person("iso.approver"), at=datetime.now(UTC), **words)


def paid_in_october(run):
    (line,) = RaaimLine.objects.filter(run=run)
    (pool,) = RaaimPool.objects.filter(run=run)
    return line.resource.code, line.payment, pool.carried_in, pool.paid


@MONTH_ENDS
def test_an_earlier_month_that_is_not_measured_holds_the_months_end(september_held, settle, person):
    run = settle(OCTOBER, publish=False)
    (hold,) = run.holds
    assert (hold["code"], hold["resource"]) == ("AVAILABILITY-MISSING", "S_GEN")
    assert (hold["kind"], hold["days"]) == ("availability.daily", [str(d) for d in LATE])
    assert hold["details"]["month"]["month"] == "2025-09-01"
    assert hold["sentence"] == (
        "S_GEN GENERIC in 2025-09, whose pool is carried on: 21 of 28 assessed days measured; not "
        "measured: 2025-09-22 to 2025-09-26, 2025-09-29 to 2025-09-30."
    )
    assert not RaaimLine.objects.filter(run=run, outcome="DATA_HOLD").exists()
    with pytest.raises(MoveRefused, match="held without an amount: S_GEN GENERIC in 2025-09"):
        published(run, person)
    run.refresh_from_db()
    assert (run.state, run.over_holds) == ("SEALED", "")


def the_statements_name_the_held_month(run):
    """Its SC is told which month, why and until what, in each form; who has RAAIM too, how many."""
    (hold,) = run.holds
    until = "Availability of 2025-09-22 to 2025-09-26, 2025-09-29 to 2025-09-30 is calculated"
    of_others = "Resources of other SCs: 1 input is missing or outdated"
    owner = hold["details"]["month"]["sc_id"]
    own = Statement.objects.get(run=run, sc_id=owner)
    (line, *shares) = services.document_of(own).held
    assert (line.resource, line.charges, line.until) == ("S_GEN", ("RAAIM-SET",), until)
    assert line.sentence == hold["sentence"]
    for form in ("json", "xml", "csv"):
        said = "".join(services.written(own, form)[1])
        assert until in said
        assert hold["sentence"] in said
    assert until in Pdf(services.pdf_of(own)).text
    assert [
        (s.sc_id, h.until) for s, h in services.month_of(own.sc, OCTOBER).held_lines if h.resource
    ] == [(owner, until)]
    rest = Statement.objects.filter(run=run).exclude(sc_id=owner)
    told = [h for s in rest for h in services.document_of(s).held]
    assert told
    for held in (*told, *shares):
        assert held.resource == ""
        assert "S_GEN" not in held.sentence
        assert held.sentence.startswith(of_others)
        assert set(held.charges) <= {"RAAIM-SET", "RAAIM-ALLOC"}


@MONTH_ENDS
def test_published_over_it_nothing_is_carried_and_measured_afterwards_all_of_it(
    september_held, settle, person
):
    run = settle(OCTOBER, publish=False)
    assert not RaaimPool.objects.filter(run=run).exclude(carried_in=0).exists()
    assert not StatementLine.objects.filter(run=run, charge_code="RAAIM-SET").exists()
    published(run, person, over_holds="September is disputed.")
    the_statements_name_the_held_month(run)
    assert stale_cause(CurrentRun.objects.get(run=run).run) == ""
    september_held()
    assert "availability of 2025-09-" in stale_cause(run)
    again = settle(OCTOBER)
    assert (again.state, again.holds, again.version) == ("PUBLISHED", [], 2)
    assert paid_in_october(again) == (
        "S_BIG",
        Decimal("-15250.24"),
        Decimal("15250.24"),
        Decimal("15250.24"),
    )
    line = StatementLine.objects.get(run=again, charge_code="RAAIM-SET", resource__code="S_BIG")
    assert (line.amount, line.previous_amount) in (
        (Decimal("-15250.24"), None),
        (Decimal("-15250.24"), Decimal(0)),
    )


@MONTH_ENDS
def test_a_month_published_over_its_holds_still_holds_the_next(
    september_held, settle, load, person
):
    load_rows = given(CARRIED / "when", "load")
    load("metered-demand", written(demand(load_rows, SEPTEMBER)), sender="iso.admin")
    first = settle(SEPTEMBER, publish=False)
    assert [h["details"]["month"]["month"] for h in first.holds] == ["2025-09-01"]
    published(first, person, over_holds="The market closes.")
    (hold,) = holds_on(OCTOBER, datetime.now(UTC))
    assert (hold.resource, hold.details["month"]["month"]) == ("S_GEN", "2025-09-01")
    run = settle(OCTOBER, publish=False)
    with pytest.raises(MoveRefused, match="held"):
        published(run, person)
    done = published(run, person, over_holds="September was published over its holds.")
    assert done.state == "PUBLISHED"


@MONTH_ENDS
def test_what_is_missing_is_calculated_in_the_earlier_month(september_held, settle, person):
    run = settle(OCTOBER, publish=False)
    made = prepare_day(holds=run.holds, actor=person("iso.analyst"), at=datetime.now(UTC))
    assert [(r.kind, r.trade_date) for r, new in made.runs if new] == [
        ("availability.daily", day) for day in LATE
    ]


@MONTH_ENDS
def test_without_a_carry_earlier_months_do_not_hold(september_held, settle, person):
    proposal = parameters.propose(
        name="settlements.raaim_carryover",
        text="NONE",
        first_date=date(2025, 10, 1),
        last_date=None,
        reference="test",
        reason="test",
        actor=person("iso.admin"),
        at=datetime.now(UTC),
    )
    parameters.approve(proposal_id=proposal.pk, actor=person("iso.approver"), at=datetime.now(UTC))
    assert settle(OCTOBER, publish=False).holds == []
