"""Outages: hour by hour, and who may file them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from apps.platform.audit.services import MoveRefused
from apps.platform.core.tradetime import TradeDay
from apps.platform.core.violations import ValidationFailed
from apps.reference.outages import services
from apps.reference.outages.models import OutageCard
from apps.reference.outages.rules import Curtailment, largest_by_hour

D = Decimal
DAY = date(2024, 9, 4)


@pytest.mark.brq("BRQ-0520")
def test_concurrent_outages_add_up_and_the_worst_moment_counts():
    start = TradeDay(DAY).start
    at = lambda minutes: start + timedelta(minutes=minutes)  # noqa: E731
    found = largest_by_hour(
        [
            Curtailment(D(10), at(30), at(90)),
            Curtailment(D(5), at(60), at(61)),
            Curtailment(D(7), at(180), None),
        ],
        DAY,
    )
    assert {h: found.get(h) for h in (1, 2, 3, 4, 24)} == {1: 10, 2: 15, 3: None, 4: 7, 24: 7}


@pytest.mark.parametrize(("day", "hours"), [(date(2024, 3, 10), 23), (date(2024, 11, 3), 25)])
def test_clock_change_days_have_their_hours(day, hours):
    out = [Curtailment(D(1), TradeDay(day).start - timedelta(days=1), None)]
    assert len(largest_by_hour(out, day)) == hours


def file(person, who="sc.sunset", **change):
    given = {
        "resource": "SUNSET_2_UNITS",
        "outage_type": "FORCED",
        "nature": "PLANT_TROUBLE",
        "curtailed_mw": D(60),
        "starts_at": datetime(2024, 9, 4, 15, tzinfo=UTC),
        "ends_at": datetime(2024, 9, 4, 20, tzinfo=UTC),
        "reason": "leak",
    } | change
    return services.file_outage(
        given=services.OutageInput(**given), actor=person(who), at=datetime(2024, 9, 4, tzinfo=UTC)
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"resource": "GRNLF2_1_UNIT"}, "OUT-RES"),
        ({"curtailed_mw": D(0)}, "OUT-MW"),
        ({"curtailed_mw": D(249)}, "OUT-PMAX"),
        ({"ends_at": datetime(2024, 9, 4, 14, tzinfo=UTC)}, "OUT-ORDER"),
        ({"who": "sc.coast.reader"}, "OUT-ROLE"),
    ],
)
def test_what_cannot_be_is_refused(person, change, code):
    with pytest.raises(ValidationFailed) as caught:
        file(person, **change)
    assert {f.code for f in caught.value.violations} == {code}


@pytest.mark.django_db
def test_an_sc_does_not_cancel_what_the_iso_filed(person, now):
    card = file(person, "iso.operator")
    with pytest.raises(MoveRefused):
        services.cancel_outage(case_id=card.pk, actor=person("sc.sunset"), at=now, note="no")
    own = file(person)
    done = services.cancel_outage(case_id=own.pk, actor=person("sc.sunset"), at=now, note="mended")
    assert (done.state, done.cancelled_at) == ("CANCELLED", now)
    assert OutageCard.objects.count() == 2
