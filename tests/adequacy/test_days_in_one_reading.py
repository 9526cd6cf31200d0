"""Many days read at once say what each says read alone, whatever changes between them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import polars as pl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.adequacy.availability import services
from apps.adequacy.availability.services.inputs import Tables, gather, gather_days, measure
from apps.adequacy.availability.services.standing import assessed_places
from apps.adequacy.plans.selectors import capacity_on, capacity_over
from apps.adequacy.substitutions import services as subs
from apps.platform.accounts.models import Party
from apps.platform.audit.services import knowledge_moment, supersede, term_end
from apps.platform.core.tradetime import Span, TradeDay, changes_within
from apps.reference.outages.models import OutageCard
from apps.reference.resources.models import Resource, ResourceAttributes, ScAssociation
from apps.reliability.designations.models import RmrContract
from tests import acts
from tests.adequacy import files
from tests.adequacy.conftest import plan_of
from tests.scenarios import world

pytestmark = pytest.mark.brq("BRQ-0216", "BRQ-1215")
DAYS = Span.through(date(2024, 8, 28), date(2024, 11, 5))
SUNSET = (
    "S1",
    "SUNSET_2_UNITS",
    "FORCED",
    "PLANT_TROUBLE",
    "2024-09-04 16:30",
    "2024-09-04 18:00",
    "62",
)


def test_changes_are_the_days_something_begins_or_is_over():
    spans = [
        (date(2024, 9, 2), date(2024, 9, 5)),
        (date(2024, 8, 1), None),
        (date(2024, 9, 9), date(2024, 9, 20)),
    ]
    within = Span.through(date(2024, 9, 1), date(2024, 9, 9))
    assert changes_within(spans, within) == {
        date(2024, 9, 2),
        date(2024, 9, 5),
        date(2024, 9, 9),
    }


@pytest.fixture(scope="module")
def changing_days(capacity_on_file, world):
    """A September in which everything that availability reads changes on some day."""
    with world():
        change()
        yield datetime.now(UTC)


@pytest.fixture
def changing(changing_days, db):
    """Begin with that September; return the moment it is known."""
    return changing_days


def change():
    """Change everything that availability reads, each on a day of September."""

    def known():
        return {
            "known_from": knowledge_moment(at=datetime.now(UTC)),
            "reference": "test",
            "proposed_by": acts.person("iso.contracts"),
            "approved_by": acts.person("iso.approver"),
        }

    sunset = Resource.objects.get(code="SUNSET_2_UNITS")
    acts.load("outage-report", files.report(SUNSET))
    OutageCard.objects.create(
        state=OutageCard.STATES.initial,
        opened_by=acts.person("sc.sunset"),
        opened_at=datetime.now(UTC),
        resource=sunset,
        outage_type="FORCED",
        nature="PLANT_TROUBLE",
        reason="test",
        mrid="S1",
        curtailed_mw=Decimal(30),
        starts_at=TradeDay(date(2024, 9, 3)).start + timedelta(hours=5),
        ends_at=TradeDay(date(2024, 9, 6)).start + timedelta(hours=20),
    )
    subs.request_substitution(
        given=subs.SubstitutionInput(
            outage="S1", substitute="SYN_CEDAR_4_ST", part="GENERIC", mw=Decimal(40)
        ),
        actor=acts.person("sc.sunset"),
        at=datetime(2024, 9, 3, 12, tzinfo=UTC),
    )
    plan_of(files.supply_plan(("SYN_BASIN_7_CC", "100", "20", "9/9/2024", "9/30/2024")))
    world.designate(
        [
            {
                "RESOURCE_ID": "SYN_CEDAR_4_ST",
                "MW": "50",
                "FIRST_DATE": "2024-09-10",
                "LAST_DATE": "2024-09-16",
                "PRICE": "6.31",
            }
        ],
        acts.person,
    )
    supersede(
        model=ScAssociation,
        key={"resource": sunset},
        values={"sc": Party.objects.get(code="SYN_GEN_SOUTH")},
        span=Span(date(2024, 9, 12)),
        **known(),
    )
    held = ResourceAttributes.objects.get(
        resource=sunset, valid__contains=date(2024, 9, 13), known__endswith__isnull=True
    )
    supersede(
        model=ResourceAttributes,
        key={"resource": sunset},
        values={"name": held.name, "pmax_mw": Decimal(300), "tac_area": held.tac_area},
        span=Span(date(2024, 9, 13)),
        **known(),
    )
    contract = RmrContract.objects.get(
        resource__code="GRNLF2_1_UNIT",
        known__endswith__isnull=True,
        valid__contains=date(2024, 9, 20),
    )
    term_end(
        model=RmrContract,
        key={"contract_no": contract.contract_no},
        span=Span(date(2024, 9, 20)),
        known_from=knowledge_moment(at=datetime.now(UTC)),
    )


def said(terms):
    return {t.name: t.content_hash for t in terms}


def test_what_a_day_reads_is_the_same_read_alone_or_with_others(changing):
    alone = {day: said(services.terms_of(day, changing)) for day in DAYS}
    together = {day: said(terms) for day, terms in services.dated_inputs_over(DAYS, changing)}
    assert together == alone

    def new_on(day, name):
        return alone[day][name] != alone[day - timedelta(days=1)][name]

    for n in (4, 5, 9, 10, 17, 20):  # a substitute, a plan, CPM from and to, a contract's end
        assert new_on(date(2024, 9, n), "obligations"), n
    assert not new_on(date(2024, 9, 11), "obligations")
    for n in (12, 13):  # another SC, another Pmax
        assert new_on(date(2024, 9, n), "Pmax and SC"), n
    for n in (3, 4, 5, 7):  # the card, the report it gives way to, the card again, its end
        assert new_on(date(2024, 9, n), "outages"), n


def test_the_ra_column_of_many_days_is_that_of_each_read_alone(changing):
    alone = {day: capacity_on(day) for day in DAYS}
    assert capacity_over(DAYS) == alone
    some = {key for held in alone.values() for key in [h.resource_id for h in held][:2]}
    few = [date(2024, 9, 25), date(2024, 9, 2), date(2024, 9, 11)]
    assert capacity_over(few, resource_ids=some) == {
        day: [h for h in alone[day] if h.resource_id in some] for day in sorted(few)
    }
    assert capacity_over([]) == {}


def test_what_one_resource_owes_over_days_is_what_it_owes_on_each(changing):
    for code in ("SUNSET_2_UNITS", "SYN_CEDAR_4_ST"):
        key = Resource.objects.get(code=code).pk
        tables = Tables.read(DAYS, changing, {key})
        together = list(gather_days(DAYS, changing, tables, {key}))
        assert [found.day for found in together] == list(DAYS)
        for found in together:
            alone = gather(found.day, changing, tables, {key})
            assert vars(found) == vars(alone), (code, found.day)


def test_substitutes_are_found_with_a_column_read_where_it_changes(changing):
    need = subs.need_of(reference="S1", part="GENERIC")
    with CaptureQueriesContext(connection) as few:
        subs.candidates_for(need)
    long = replace(need, ends_at=need.starts_at + timedelta(days=6))
    with CaptureQueriesContext(connection) as more:
        subs.candidates_for(long)
    assert len(few) <= 120
    assert len(more) <= len(few) + 40


def test_a_few_days_of_a_span_read_alone_too(changing):
    days = [date(2024, 9, 2), date(2024, 9, 11), date(2024, 9, 14), date(2024, 9, 25)]
    together = dict(services.dated_inputs_over(days[::-1], changing))
    assert list(together) == days
    for day in days:
        assert said(together[day]) == said(services.terms_of(day, changing)), day
    assert list(services.dated_inputs_over([], changing)) == []


def test_the_standing_of_months_is_that_of_their_days(changing, calculate):
    calculate("availability.daily", *Span.through(date(2024, 9, 2), date(2024, 9, 13)))
    after = datetime.now(UTC)
    by_month = dict(services.standing_by_month(DAYS, after))
    assert list(by_month) == [date(2024, m, 1) for m in (8, 9, 10, 11)]
    assert by_month[date(2024, 9, 1)] == services.standing_of(
        Span.through(date(2024, 9, 1), date(2024, 9, 30)), after
    )
    (sunset,) = [r for r in by_month[date(2024, 9, 1)] if r.unit == "SUNSET_2_UNITS"]
    assert sunset.measured == [date(2024, 9, n) for n in (3, 4, 5, 6, 9, 10, 11, 12, 13)]
    assert (sunset.assessed, sunset.missing[0], sunset.outdated) == (20, date(2024, 9, 16), [])


def measured_places(found):
    """Return code, source and SC of the places that measuring a day gives hours."""
    rows = measure(found).select("resource_id", "ra_type").unique().rows()
    return {
        (key, part): (found.codes[key], found.owed[key, part].source, found.scs.get(key))
        for key, part in rows
    }


def test_who_will_have_assessed_hours_is_known_without_measuring(changing):
    """given a day not measured; then it names whom measuring gives hours, substitutes too"""
    only_stands_in = []
    for found in gather_days(DAYS, changing):
        assert assessed_places(found) == measured_places(found)
        if any(owed.source == "SUBSTITUTE" for owed in found.owed.values()):
            only_stands_in.append(found)
    assert 0 < len(only_stands_in) < len(list(DAYS))
    for found in only_stands_in:  # and one that stands in before the first assessed hour alone
        stands = found.tables.substitutions.with_columns(
            pl.col("starts_at", "ends_at").dt.offset_by("-12h")
        )
        early = replace(found, tables=replace(found.tables, substitutions=stands))
        assert assessed_places(early) == measured_places(early)
        assert len(assessed_places(early)) < len(assessed_places(found))


def test_a_month_is_asked_in_few_queries(changing):
    with CaptureQueriesContext(connection) as asked:
        services.standing_of(DAYS, changing)
    assert len(asked) < 400  # one by one they are about 2,200
