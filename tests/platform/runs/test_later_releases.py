"""What a later release asks for besides makes no earlier run outdated; what a run knew of does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from apps.bidding.costs.codes import DAILY_COSTS
from apps.platform.runs import services as runs
from apps.platform.runs.hooks import RUN_KINDS, Computed, DatedInput, Read, RunKind
from apps.platform.runs.models import Run
from apps.platform.runs.rules import fingerprint
from apps.platform.runs.selectors import manifest
from apps.reference.market.codes import RESULT_DATASETS
from apps.settlement.settlements.codes import DAILY
from apps.settlement.settlements.services import SOMETIMES, holds_on, settle_due_days
from tests.conftest import DAY
from tests.registries import put
from tests.scenarios import world
from tests.scenarios.files import DAY as SCENARIO_DAY
from tests.scenarios.test_scenarios import SCENARIOS, prepare

pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-1201")]
COMMITMENTS = RESULT_DATASETS[0]
UPWARD = next(p for p in SCENARIOS if p.name == "given_an_upward_transition_with_mma")
PROXY = next(p for p in SCENARIOS if p.name == "given_a_commitment_at_the_proxy_cost")
ONE = "RESOURCE_ID,TRADE_DATE,MARKET,EVENT,HOUR_ENDING,COMMITTED_BY,CONFIG,FROM_CONFIG,QUALIFIED,"
ONE += "COST_USD\nGRNLF2_1_UNIT,2024-09-04,IFM,START,3,ISO,,,Y,12.50\n"


@pytest.fixture
def release(monkeypatch):
    """Offer a calculation as some release of the code does; words by name are what is in force."""

    def go(words, *, sometimes=(), reads=()):
        put(
            monkeypatch,
            RUN_KINDS,
            RunKind(
                code="test.release",
                title="Test",
                parameters=(),
                by_hand=False,
                reads=tuple(Read(d, required=False) for d in reads),
                sometimes=sometimes,
                dated_inputs=lambda day, at: [
                    DatedInput(n, [], fingerprint([w])) for n, w in words.items()
                ],
                compute=lambda context: Computed([], {}, []),
            ),
        )

    return go


@pytest.fixture
def made(person, now):
    return lambda: runs.request(
        kind_code="test.release", trade_date=DAY, at=now, reason="test", actor=person("iso.analyst")
    )[0]


@pytest.fixture(params=[True, False], ids=["names kept", "of before names were kept"])
def older(made, request):
    """A run, with the names its code asked for, or as runs were before these were kept."""

    def go():
        run = made()
        if not request.param:
            Run.objects.filter(pk=run.pk).update(asked_for=[])
            run.refresh_from_db()
        return run

    return go


def moved(run):
    return runs.what_moved_on(run, datetime.now(UTC))


@pytest.mark.parametrize(
    ("then", "later", "found"),
    [
        ({"a": "1"}, {"a": "1", "b": "2"}, []),
        ({"a": "1"}, {"b": "2", "a": "1"}, []),
        ({"a": "1"}, {"a": "2", "b": "2"}, ["a"]),
        ({"a": "1", "b": "2"}, {"a": "1"}, ["b"]),
        ({"a": "1"}, {"a": "1", "held": "x"}, ["held"]),  # none was in force, and one is now
        ({"a": "1", "held": "x"}, {"a": "1"}, ["held"]),
        ({"a": "1", "held": "x"}, {"a": "1", "held": "y", "b": "2"}, ["held"]),
    ],
)
def test_an_input_counts_where_the_run_asked_for_it(release, older, then, later, found):
    release(then, sometimes=("held",))
    run = older()
    release(later, sometimes=("held",))
    assert moved(run) == found
    assert runs.has_moved_on(run, datetime.now(UTC)) is bool(found)


def test_the_names_asked_for_are_kept_whether_there_was_any_or_not(release, made):
    release({"a": "1"}, sometimes=("held",), reads=(COMMITMENTS,))
    assert made().asked_for == ["a", "held", COMMITMENTS.name]


def test_terms_that_a_later_release_asks_for_now_and_then_count_for_its_own_runs(release, made):
    release({"a": "1"})
    run = made()
    release({"a": "1", "held": "x"}, sometimes=("held",))
    assert moved(run) == []
    release({"a": "1"}, sometimes=("held",))
    later = Run.objects.create(
        state="REQUESTED",
        opened_by=run.opened_by,
        opened_at=run.opened_at,
        kind=run.kind,
        trade_date=DAY + timedelta(days=1),
        reason="test",
        known_at=run.known_at,
        input_hash=run.input_hash,
        parameter_hash=run.parameter_hash,
        code_version=run.code_version,
        asked_for=["a", "held"],
    )
    later.inputs.create(name="a", content_hash=fingerprint(["1"]))
    release({"a": "1", "held": "x"}, sometimes=("held",))
    assert moved(later) == ["held"]


def test_a_dataset_without_a_version_counts_once_it_has_one(release, older, load):
    release({"a": "1"}, reads=(COMMITMENTS,))
    run = older()
    assert moved(run) == []
    load("commitments", ONE)
    assert moved(run) == [COMMITMENTS.name]


def test_a_dataset_that_a_later_release_reads_moves_nothing(release, made, load):
    release({"a": "1"})
    run = made()
    release({"a": "1"}, reads=(COMMITMENTS,))
    load("commitments", ONE)
    assert moved(run) == []


def without_gas_indexes(monkeypatch):
    """Have daily costs asked for as the release before gas indexes did."""
    now = RUN_KINDS[DAILY_COSTS]
    put(
        monkeypatch,
        RUN_KINDS,
        replace(
            now,
            dated_inputs=lambda *asked: [
                t for t in now.dated_inputs(*asked) if t.name != "gas indexes"
            ],
        ),
    )


def test_costs_of_an_earlier_release_hold_no_settled_day(
    load, settle, calculate, person, monkeypatch
):
    with monkeypatch.context() as then:
        then.setattr(world, "costs", lambda *given: None)
        prepare(UPWARD / "when", SCENARIO_DAY, load, person, then)
    with monkeypatch.context() as then:
        without_gas_indexes(then)
        (costs,) = calculate(DAILY_COSTS, SCENARIO_DAY)
        run = settle(SCENARIO_DAY)
    for one in (costs, run):
        Run.objects.filter(pk=one.pk).update(asked_for=[])
        one.refresh_from_db()
    assert (run.state, run.holds) == ("PUBLISHED", [])
    assert moved(costs) == []
    assert (moved(run), holds_on(SCENARIO_DAY, datetime.now(UTC))) == ([], [])
    assert SCENARIO_DAY not in {r.trade_date for r in settle_due_days(at=datetime.now(UTC))}

    load(
        "fuel-prices", "FUEL_INDEX,PRICE_DATE,USD_MMBTU\nJET,2025-10-08,4.10\n", sender="iso.admin"
    )
    assert moved(costs) == ["fuel prices"]
    assert moved(run) == ["missing or outdated inputs"]


def test_what_settlement_leaves_out_of_a_manifest_is_declared(load, settle, person, monkeypatch):
    """Else a first of its kind would move nothing."""
    prepare(PROXY / "when", SCENARIO_DAY, load, person, monkeypatch)
    kind = RUN_KINDS[DAILY]

    def names(day):
        return {t.name for t in manifest(kind, day, datetime.now(UTC)).dated_inputs}

    assert names(SCENARIO_DAY) - names(date(2024, 9, 4)) <= set(SOMETIMES)
    assert set(SOMETIMES) <= set(kind.may_lack)
