"""A change of SC: what follows, from which day, and what is refused."""

from datetime import date

import pytest

from apps.platform.accounts.services import as_party
from apps.platform.audit.services import MoveRefused
from apps.platform.core.violations import ValidationFailed
from apps.platform.runs.selectors import stale_cause
from apps.reference.masterfile import services
from apps.reference.masterfile.models import (
    ScTransfer,
)

pytestmark = pytest.mark.django_db


@pytest.mark.brq("BRQ-0225")
def test_a_change_of_sc_shows_the_contracts_that_follow(person, now, as_user):
    case = services.propose_transfer(
        resource="SUNSET_2_UNITS",
        to_sc="SYN_GEN_SOUTH",
        first_date=date(2024, 9, 5),
        reference="letter",
        actor=person("iso.operator"),
        at=now,
    )
    page = as_user("iso.approver").get(f"/sc-transfers/{case.pk}/").content.decode()
    assert page.count("What follows to the new SC") == 1
    assert '<a href="/rmr-contracts/?q=RMR-SUNSET">RMR-SUNSET</a>' in page


@pytest.mark.brq("BRQ-0225")
def test_from_its_day_on_a_resource_settles_with_its_new_sc(settle, person, now):
    from apps.settlement.settlements.models import CapacityPayment

    old = {d: settle(d) for d in (date(2024, 9, 4), date(2024, 9, 5))}
    case = services.propose_transfer(
        resource="SUNSET_2_UNITS",
        to_sc="SYN_GEN_SOUTH",
        first_date=date(2024, 9, 5),
        reference="letter",
        actor=person("iso.operator"),
        at=now,
    )
    with pytest.raises(MoveRefused):
        services.transfer_approve(case_id=case.pk, actor=person("iso.operator"), at=now)
    services.transfer_approve(case_id=case.pk, actor=person("iso.approver"), at=now)
    assert not stale_cause(old[date(2024, 9, 4)])
    assert "SYN_GEN_SOUTH" in stale_cause(old[date(2024, 9, 5)])
    settle(date(2024, 9, 5))

    def sc_on(day):
        rows = CapacityPayment.objects.filter(
            trade_date=day, resource__code="SUNSET_2_UNITS", run__current__isnull=False
        )
        return rows.get().sc.code

    assert sc_on(date(2024, 9, 4)) == "SYN_GEN_SUNSET"
    assert sc_on(date(2024, 9, 5)) == "SYN_GEN_SOUTH"
    with as_party(person("sc.sunset").party_id):
        from apps.reliability.designations.models import CapacityPayload, RmrContract

        assert RmrContract.objects.filter(contract_no="RMR-SUNSET").exists()  # it had days of it
        days = CapacityPayload.objects.filter(contract_no="RMR-SUNSET").values_list("trade_date")
        assert max(days) == (date(2024, 9, 4),)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"resource": "NONE"}, "TRF-RESOURCE"),
        ({"to_sc": "NOBODY"}, "TRF-SC"),
        ({"to_sc": "SYN_GEN_SUNSET"}, "TRF-SAME"),
        ({"first_date": date(1066, 1, 1)}, "TRF-DATE"),
        ({"first_date": date(2020, 1, 1)}, "TRF-RESOURCE"),
    ],
)
def test_a_wrong_change_of_sc_is_refused(person, now, change, code):
    words = {
        "resource": "SUNSET_2_UNITS",
        "to_sc": "SYN_GEN_SOUTH",
        "first_date": date(2024, 9, 5),
        "reference": "letter",
        "actor": person("iso.operator"),
        "at": now,
    } | change
    with pytest.raises(ValidationFailed) as trouble:
        services.propose_transfer(**words)
    assert {f.code for f in trouble.value.violations} == {code}
    assert not ScTransfer.objects.exists()
