"""What the costs of many days read is read at once, and is what each day reads by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.bidding.costs.codes import DAILY_COSTS
from apps.bidding.costs.services import terms_of, terms_over
from apps.bidding.costs.services.inputs import allowance_rows, fuel_rows, gas_indexes, rate_rows
from apps.platform.runs.hooks import RUN_KINDS
from apps.platform.runs.rules import fingerprint
from apps.platform.runs.selectors import manifest, manifests

pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-0065", "BRQ-0097")]
FIRST = date(2024, 8, 20)
DAYS = [FIRST + timedelta(days=n) for n in range(40)]


@pytest.fixture
def on_file(costs_on_file, load):
    load("fuel-prices", "FUEL_INDEX,PRICE_DATE,USD_MMBTU\nSOCAL_CITYGATE,2024-09-10,2.11\n")
    load("fuel-prices", "FUEL_INDEX,PRICE_DATE,USD_MMBTU\nNEW_CITYGATE,2024-09-12,2.50\n")
    load("allowance-prices", "PRICE_DATE,USD_MTCO2E\n2024-09-06,18\n", sender="iso.admin")
    load(
        "cost-rates",
        "RATE,RESOURCE_ID,EFFECTIVE_DT,USD_MWH\nGMC,,2024-09-05,0.36\n",
        sender="iso.admin",
    )


def words(rows, *fields):
    return fingerprint([list(map(str, r)) for r in rows.values_list(*fields)])


def test_many_days_read_what_each_reads_by_itself(on_file):
    known_at = datetime.now(UTC)
    over = dict(terms_over(DAYS, known_at))
    assert list(over) == DAYS
    for day in DAYS:
        assert over[day] == terms_of(day, known_at)
        told = {t.name: t.content_hash for t in over[day]}
        # as the queries of the calculation itself have it
        fuel = fuel_rows(day, known_at)
        assert told["fuel prices"] == words(fuel, "index", "price_date", "price")
        allowance = allowance_rows(day, known_at)[:1]
        assert told["allowance price"] == words(allowance, "price_date", "price")
        rates = sorted(
            (r.rate, r.resource_id or 0, str(r.amount)) for r in rate_rows(day, known_at)
        )
        assert told["rates"] == fingerprint(rates)
        assert told["gas indexes"] == fingerprint(sorted(gas_indexes(day, known_at)))
    assert len({t.content_hash for d in DAYS for t in over[d] if t.name == "fuel prices"}) > 3


def test_the_number_of_queries_is_not_that_of_the_days(on_file):
    known_at = datetime.now(UTC)
    kind, counts = RUN_KINDS[DAILY_COSTS], {}
    for days in (DAYS[:2], DAYS):
        with CaptureQueriesContext(connection) as caught:
            found = list(manifests(kind, days, known_at))
        counts[len(days)] = len(caught)
        assert [day for day, _ in found] == days
    assert counts[2] == counts[40] < 30
    for day, read in found[::13]:
        assert read.input_hash == manifest(kind, day, known_at).input_hash
        assert read.parameter_hash == manifest(kind, day, known_at).parameter_hash
