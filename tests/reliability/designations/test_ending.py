"""A designation lapses or ends early by two people, and what follows from it is named first."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from apps.platform.audit.services import MoveRefused
from apps.platform.core.violations import ValidationFailed
from apps.platform.runs.models import CurrentRun
from apps.reliability.designations import selectors, services
from apps.reliability.designations.models import (
    CapacityPayload,
    Designation,
    DesignationEnding,
    RmrContract,
)

pytestmark = pytest.mark.django_db
JUNE = date(2024, 6, 30)


@pytest.fixture
def end(person, now):
    """Propose that a designation ends; a second person approves it unless told not to."""

    def go(case, kind="TERMINATE", *, who="iso.contracts", approve=True, **words):
        ending = services.propose_ending(
            given=services.EndingInput(
                case.pk, kind, words.pop("reason", "an RA contract came first"), **words
            ),
            actor=person(who),
            at=now,
        )
        if approve:
            ending = services.ending_approve(
                case_id=ending.pk, actor=person("iso.approver"), at=datetime.now(UTC)
            )
        return ending

    return go


def codes(trouble):
    return {f.code for f in trouble.value.violations}


def state(case):
    return Designation.objects.get(pk=case.pk).state


@pytest.mark.brq("BRQ-0015", "BRQ-0055")
def test_it_takes_two_people_by_every_door(designate, end, person, now, as_user):
    """Given a designation; when one person alone ends it, by any door; then it stands."""
    case = designate(conditional=True)
    ending = end(case, "LAPSE", approve=False, who="iso.admin")
    assert state(case) == "DESIGNATED"
    with pytest.raises(MoveRefused, match="second person"):
        services.ending_approve(case_id=ending.pk, actor=person("iso.admin"), at=now)
    answer = as_user("iso.admin").post(
        f"/api/v1/designation-endings/{ending.pk}/approve/", {}, content_type="application/json"
    )
    assert answer.status_code == 409
    for action in ("lapse", "terminate"):
        gone = as_user("iso.admin").post(
            f"/api/v1/designations/{case.pk}/{action}/", {}, content_type="application/json"
        )
        assert gone.status_code == 404
    for new in ("LAPSED", "TERMINATED"):
        with pytest.raises(DatabaseError, match="two people"), transaction.atomic():
            Designation.objects.filter(pk=case.pk).update(state=new)
    with pytest.raises(IntegrityError), transaction.atomic():
        DesignationEnding.objects.filter(pk=ending.pk).update(
            state="APPROVED", decided_by=ending.opened_by
        )
    services.ending_approve(case_id=ending.pk, actor=person("iso.approver"), at=now)
    assert state(case) == "LAPSED"


@pytest.mark.brq("BRQ-0015")
def test_renewals_lapse_with_what_they_renew_and_the_approver_reads_it(designate, end, as_user):
    """Given two renewals in a row; when the first lapses; then they lapse with it, as was said."""
    first = designate(conditional=True)
    year = {"start": date(2025, 1, 1), "end": date(2025, 12, 31), "ra_year": 2025}
    second = designate(renews=first.pk, **year)
    later = {"start": date(2026, 1, 1), "end": date(2026, 12, 31), "ra_year": 2026}
    third = designate(renews=second.pk, **later)
    ending = end(first, "LAPSE", approve=False)
    said = f"Its renewals lapse with it: no. {second.pk}, no. {third.pk}."
    assert ending.follows == [said]
    page = as_user("iso.approver").get(f"/designation-endings/{ending.pk}/").content.decode()
    assert said in page
    as_user("iso.approver").post(
        f"/api/v1/designation-endings/{ending.pk}/approve/", {}, content_type="application/json"
    )
    assert [state(c) for c in (first, second, third)] == ["LAPSED"] * 3


@pytest.mark.brq("BRQ-0015")
def test_a_renewal_that_waits_or_has_terms_holds_a_lapse_back(designate, end):
    first = designate(conditional=True)
    year = {"start": date(2025, 1, 1), "end": date(2025, 12, 31), "ra_year": 2025}
    waits = designate(renews=first.pk, approve=False, **year)
    with pytest.raises(ValidationFailed, match=f"renewal no. {waits.pk} waits"):
        end(first, "LAPSE")
    assert state(first) == "DESIGNATED"


@pytest.mark.brq("BRQ-0015")
def test_only_what_applies_is_offered_and_taken(designate, contract, end, as_user):
    """Given a designation that is not conditional; then no page offers to let it lapse."""
    case = designate()
    page = as_user("iso.contracts").get(f"/designations/{case.pk}/").content.decode()
    assert "kind=TERMINATE" in page
    assert "kind=LAPSE" not in page
    with pytest.raises(ValidationFailed, match="conditional"):
        end(case, "LAPSE")
    free = designate(
        conditional=True,
        notice=case.notice_id,
        finding=case.finding_id,
        start=date(2025, 1, 1),
        end=date(2025, 12, 31),
        ra_year=2025,
    )
    page = as_user("iso.contracts").get(f"/designations/{free.pk}/").content.decode()
    assert "kind=LAPSE" in page
    end(free, "LAPSE", approve=False)
    page = as_user("iso.contracts").get(f"/designations/{free.pk}/").content.decode()
    assert "Ending waits" in page
    with pytest.raises(ValidationFailed, match="waits to be decided already"):
        end(free, "LAPSE")


@pytest.mark.brq("BRQ-0055")
def test_it_ends_early_on_a_month_end_and_its_terms_end_with_it(designate, end, person, now):
    case = designate(start=date(2099, 1, 1), end=date(2099, 12, 31), ra_year=2099)
    proposal = services.propose_terms(
        given=services.TermsInput(
            designation=case.pk,
            contract_no="RMR-FAR",
            first_date=date(2099, 1, 1),
            last_date=date(2099, 12, 31),
            reference="agreement",
            price=Decimal(100),
            capacity={("SCE-TAC", "GENERIC"): Decimal("27.5")},
        ),
        actor=person("iso.contracts"),
        at=now,
    )
    services.terms_approve(case_id=proposal.pk, actor=person("iso.approver"), at=now)
    for day, code in (
        (date(2099, 6, 29), "RMR-E-0055B"),
        (date(2099, 12, 31), "RMR-E-0055D"),
        (None, "RMR-E-0055D"),
    ):
        with pytest.raises(ValidationFailed) as trouble:
            end(case, last_day=day)
        assert codes(trouble) == {code}
    ending = end(case, last_day=date(2099, 6, 30))
    assert ending.follows == ["The terms of RMR-FAR end on 2099-06-30."]
    known = RmrContract.objects.get(contract_no="RMR-FAR", known__contains=selectors.NOW)
    assert known.span.last == date(2099, 6, 30)
    assert state(case) == "TERMINATED"
    after = services.propose_designation(
        given=services.DesignationInput(
            "LOCAL", date(2099, 7, 1), date(2099, 12, 31), 2099, renews=case.pk
        ),
        actor=person("iso.contracts"),
        at=now,
    )
    assert after.effective_date == date(2099, 1, 1)  # a wrong termination can be gone on from


@pytest.mark.brq("BRQ-0055", "BRQ-0255")
def test_published_days_end_by_an_order_of_ferc_alone(contract, end, now):
    """Given payload to 2024-12-31; when FERC ordered the end of June; then 0 MW from July on."""
    case = contract()
    with pytest.raises(ValidationFailed) as trouble:
        end(case, last_day=JUNE)
    assert codes(trouble) == {"DES-PUBLISHED"}
    ahead = {"ferc_docket": "ER24-7", "ferc_approved_on": now.date() + timedelta(days=300)}
    with pytest.raises(ValidationFailed) as trouble:
        end(case, last_day=JUNE, **ahead)
    assert codes(trouble) == {"RMR-E-0255F"}
    ending = end(case, last_day=JUNE, ferc_docket="ER24-7", ferc_approved_on=date(2024, 9, 2))
    assert "The terms of RMR-HARBOR end on 2024-06-30." in ending.follows
    assert any(f.startswith("The payload of RMR-HARBOR is published anew") for f in ending.follows)
    july = CapacityPayload.objects.filter(
        contract_no="RMR-HARBOR", trade_date=date(2024, 7, 1), obligation_type="GENERIC"
    ).order_by("version")
    assert list(july.values_list("version", "mw", "price", "contract_end")) == [
        (1, Decimal("27.5"), 297, date(2024, 12, 31)),
        (2, 0, 297, JUNE),
    ]
    assert not CapacityPayload.objects.filter(
        contract_no="RMR-HARBOR", trade_date=JUNE, version=2
    ).exists()
    assert services.publish_due(at=datetime.now(UTC))[1] == []  # nothing is found to differ
    code = case.resource.code
    assert code not in {
        c.contract.resource.code for c in selectors.on_day(date(2024, 7, 1), selectors.NOW)
    }
    assert code in {c.contract.resource.code for c in selectors.on_day(JUNE, selectors.NOW)}


@pytest.mark.brq("BRQ-0255", "BRQ-1320")
def test_the_days_to_be_settled_again_are_named_and_go_stale(contract, end, settle, as_user):
    case = contract()
    run = settle()
    day = run.trade_date
    ending = end(
        case,
        approve=False,
        last_day=JUNE,
        ferc_docket="ER24-7",
        ferc_approved_on=date(2024, 8, 1),
    )
    said = f"Published trade dates to be settled again: {day}."
    assert said in ending.follows
    page = as_user("iso.approver").get(f"/designation-endings/{ending.pk}/").content.decode()
    assert said in page
    as_user("iso.approver").post(
        f"/api/v1/designation-endings/{ending.pk}/approve/", {}, content_type="application/json"
    )
    current = CurrentRun.objects.get(trade_date=day, kind=run.kind)
    assert current.run.stale_marks.last().stale


@pytest.mark.brq("BRQ-0055", "BRQ-0025")
def test_a_renewal_after_a_gap_says_so(designate, as_user):
    first = designate()
    gap = designate(renews=first.pk, start=date(2025, 2, 1), end=date(2025, 6, 30), ra_year=2025)
    facts = as_user("iso.contracts").get(f"/api/v1/designations/{gap.pk}/").json()["facts"]
    assert facts["Renews"] == (
        f"no. {first.pk}, after a gap of 31 days: effective anew from 2025-02-01, not from "
        "2024-05-01"
    )
