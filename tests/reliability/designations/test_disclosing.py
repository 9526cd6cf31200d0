"""A contract that is public at FERC is opened, and closed again, by two people."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from apps.platform.audit.services import MoveRefused
from apps.platform.core.violations import ValidationFailed
from apps.reliability.designations.models import ContractDisclosure
from apps.reliability.designations.selectors import terms_open
from apps.reliability.designations.services import (
    DisclosureInput,
    disclosure_approve,
    propose_disclosure,
)

pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-1230", "BRQ-1210")]
NO = "RMR-SUNSET"


@pytest.fixture
def propose(person, now):
    def go(kind="OPEN", first=date(2020, 1, 1), who="iso.contracts", **change):
        given = {"contract_no": NO, "reason": "on FERC's site", "ferc_docket": "ER24-1"} | change
        return propose_disclosure(
            given=DisclosureInput(kind=kind, first_date=first, **given), actor=person(who), at=now
        )

    return go


@pytest.fixture
def approve(person, now):
    def go(case, who="iso.approver"):
        return disclosure_approve(case_id=case.pk, actor=person(who), at=now)

    return go


def test_it_is_open_from_its_day_on_by_two_people(propose, approve):
    case = propose()
    assert not terms_open(NO)
    approve(case)
    assert terms_open(NO)
    approve(propose("CLOSE", date(2199, 1, 1)))
    assert terms_open(NO)  # that day has not come


def test_it_is_closed_again(propose, approve):
    approve(propose())
    approve(propose("CLOSE", date(2020, 1, 1)))
    assert not terms_open(NO)


def test_nobody_approves_their_own(propose, approve, person):
    case = propose(who="iso.admin")
    with pytest.raises(MoveRefused):
        approve(case, "iso.admin")
    rows = ContractDisclosure.objects.filter(pk=case.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(state="APPROVED", decided_by=person("iso.admin"))
    assert not terms_open(NO)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"contract_no": "NONE"}, "DSC-CONTRACT"),
        ({"ferc_docket": " "}, "DSC-DOCKET"),
        ({"reason": " "}, "DSC-REASON"),
        ({"kind": "CLOSE"}, "DSC-SAME"),
        ({"first": date(1700, 1, 1)}, "DSC-DATES"),
        ({"who": "sc.bay"}, "DSC-ROLE"),
    ],
)
def test_what_stands_against_a_proposal_is_said(propose, change, code):
    with pytest.raises(ValidationFailed) as told:
        propose(**change)
    assert [v.code for v in told.value.violations] == [code]


def test_one_decision_waits_at_a_time_and_follows_the_last(propose, approve):
    case = propose()
    with pytest.raises(ValidationFailed) as told:
        propose()
    assert [v.code for v in told.value.violations] == ["DSC-WAITS"]
    approve(case)
    with pytest.raises(ValidationFailed) as told:
        propose("CLOSE", date(2019, 1, 1))
    assert [v.code for v in told.value.violations] == ["DSC-TURN"]
