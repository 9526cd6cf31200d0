"""Market results that cannot be: said by row and column, and nothing of the file is kept."""

from __future__ import annotations

import pytest

from apps.platform.uploads.models import DatasetVersion

pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-1255")]
WHO = "SUNSET_2_UNITS,2024-09-04"
HOURS = "RESOURCE_ID,TRADE_DATE,HOUR_ENDING,DA_MWH,SELF_MWH,DA_LMP\n"
EVENTS = "RESOURCE_ID,TRADE_DATE,HOUR_ENDING,MARKET,EVENT,INTERVALS,COMMITTED_BY\n"
FIVES = "RESOURCE_ID,TRADE_DATE,HOUR_ENDING,INTERVAL,METERED_MWH,ED_MWH,ED_REFERENCE\n"


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("market-hours", HOURS + "NOBODY_1,2024-09-04,5,1,0,30\n", "no resource NOBODY_1"),
        ("market-hours", HOURS + "SUNSET_2_UNITS,2024-03-10,24,1,0,30\n", "hours 1 to 23"),
        ("market-hours", HOURS + f"{WHO},5,10,11,30\n", "cannot be more"),
        ("market-hours", HOURS + f"{WHO},5,99999999,0,30\n", "must not be above 1000000"),
        ("market-hours", HOURS + f"{WHO},5,1,0,-9999999\n", "DA_LMP"),
        ("commitments", EVENTS + f"{WHO},5,IFM,RUN,,ISO\n", "for how many INTERVALS"),
        ("commitments", EVENTS + f"{WHO},5,HASP,START,,ISO\n", "MARKET"),
        ("market-intervals", FIVES + f"{WHO},5,1,3,2,\n", "ED_REFERENCE"),
        ("market-intervals", FIVES + f"{WHO},5,13,3,0,\n", "INTERVAL"),
        ("market-intervals", FIVES + f"{WHO},5,1,3,0,\n{WHO},5,1,4,0,\n", "Another row above"),
    ],
)
def test_it_is_refused_with_its_reason(send, kind, text, said):
    before = DatasetVersion.objects.count()
    upload = send(kind, text, sender="iso.admin")
    messages = " ".join(upload.violations.values_list("message", flat=True))
    assert upload.state == "REFUSED"
    assert said in messages or upload.violations.filter(column=said).exists(), messages
    assert DatasetVersion.objects.count() == before


@pytest.mark.brq("BRQ-1240")
def test_a_price_of_an_earlier_month_moves_the_end_of_a_later_one(load):
    """What a month's end rests on is in its manifest, so that it goes stale by it."""
    from datetime import date

    from apps.platform.core.tradetime import FAR_MOMENT
    from apps.settlement.settlements.services import dated_inputs_of

    def words():
        found = dated_inputs_of(date(2025, 10, 31), FAR_MOMENT)
        return {t.name: t.content_hash for t in found}["contract prices of the year"]

    head = (
        "CONTRACT_ID,RESOURCE_ID,EFFECTIVE_DATE,CONDITION,START_DATE,END_DATE,"
        "RELIABILITY_SCOPE,LOCAL_AREA,PRICE_USD_PER_MW_DAY,TAC_AREA,OBLIGATION_TYPE,MW,"
        "SOURCE\n"
    )
    row = (
        "C_X,SYN_CEDAR_4_ST,2025-01-01,,2025-08-01,2025-08-31,LOCAL,SIERRA,{},PGE-TAC,"
        "GENERIC,62,x\n"
    )
    load("contract-terms", head + row.format(100), sender="iso.contracts")
    first = words()
    load("contract-terms", head + row.format(101), sender="iso.contracts")
    assert words() != first
