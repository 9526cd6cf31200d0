"""What waits or stands when a designation ends: terms, prices, credits, and a still earlier end."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from apps.adequacy.credits.models import RmrCredit
from apps.platform.audit.services import MoveRefused, supersede
from apps.platform.core.tradetime import Span
from apps.platform.core.violations import ValidationFailed
from apps.reliability.designations import selectors, services
from apps.reliability.designations.models import (
    CapacityPayload,
    ContractProposal,
    Designation,
    RmrContract,
)

pytestmark = pytest.mark.django_db
JUNE = date(2099, 6, 30)


@pytest.fixture
def far(designate):
    """A designation of 2099, whose payload is not published."""
    return designate(start=date(2099, 1, 1), end=date(2099, 12, 31), ra_year=2099)


@pytest.fixture
def terms(person, now):
    def go(case, number="RMR-FAR", *, last=date(2099, 12, 31), approve=False):
        proposal = services.propose_terms(
            given=services.TermsInput(
                designation=case.pk,
                contract_no=number,
                first_date=date(2099, 1, 1),
                last_date=last,
                reference="agreement",
                price=Decimal(100),
                capacity={("SCE-TAC", "GENERIC"): Decimal("27.5")},
            ),
            actor=person("iso.contracts"),
            at=now,
        )
        if approve:
            services.terms_approve(case_id=proposal.pk, actor=person("iso.approver"), at=now)
        return proposal

    return go


@pytest.fixture
def end(person, now):
    def go(case, last_day=JUNE, *, approve=True, **words):
        ending = services.propose_ending(
            given=services.EndingInput(case.pk, "TERMINATE", "as agreed", last_day, **words),
            actor=person("iso.contracts"),
            at=now,
        )
        return finish(ending) if approve else ending

    def finish(ending):
        return services.ending_approve(
            case_id=ending.pk, actor=person("iso.approver"), at=datetime.now(UTC)
        )

    go.finish = finish
    return go


def codes(trouble):
    return {f.code for f in trouble.value.violations}


@pytest.mark.brq("BRQ-0055")
def test_a_termination_waits_for_terms_that_wait_and_names_them(far, terms, end):
    """Given terms that wait; when their designation is to end; then it is refused, both times."""
    waits = terms(far)
    with pytest.raises(ValidationFailed, match=rf"RMR-FAR \(no\. {waits.pk}\)") as trouble:
        end(far)
    assert codes(trouble) == {"DES-TERMS"}


@pytest.mark.brq("BRQ-0055")
def test_terms_that_came_in_between_hold_the_approval_back(far, terms, end):
    ending = end(far, approve=False)
    terms(far)
    with pytest.raises(MoveRefused, match="RMR-FAR"):
        end.finish(ending)


@pytest.mark.brq("BRQ-0055", "BRQ-0020")
def test_terms_are_not_approved_for_days_their_designation_lost(
    far, terms, end, person, now, monkeypatch
):
    """Given terms that waited through an ending, as once they could; then they do not hold."""
    waits = terms(far)
    monkeypatch.setattr(
        "apps.reliability.designations.services.ending.terms_waiting",
        lambda case: ContractProposal.objects.none(),
    )
    end(far)
    with pytest.raises(MoveRefused, match="is TERMINATED"):
        services.terms_approve(case_id=waits.pk, actor=person("iso.approver"), at=now)
    assert not RmrContract.objects.filter(contract_no="RMR-FAR").exists()


@pytest.mark.brq("BRQ-0255", "BRQ-0055")
def test_a_price_that_waits_is_not_approved_for_days_the_contract_lost(
    far, terms, end, person, now
):
    """Given a price of 2099 that waits; when the terms end in June; then it is refused."""
    terms(far, approve=True)
    change = services.propose_price(
        given=services.PriceInput(
            contract_no="RMR-FAR",
            first_date=date(2099, 1, 1),
            ferc_docket="ER99-1",
            ferc_approved_on=date(2024, 9, 2),
            reference="order",
            price=Decimal(120),
        ),
        actor=person("iso.contracts"),
        at=now,
    )
    end(far)
    with pytest.raises(MoveRefused, match="PRC-SPAN RMR-FAR runs from 2099-01-01 to 2099-06-30"):
        services.price_approve(case_id=change.pk, actor=person("iso.approver"), at=now)
    with pytest.raises(ValidationFailed) as trouble:
        services.price_refresh(case_id=change.pk, actor=person("iso.contracts"), at=now)
    assert "PRC-SPAN" in codes(trouble)


@pytest.mark.brq("BRQ-0055", "BRQ-0116")
def test_credits_of_later_months_are_named_before_and_after(far, end, person, now, as_user):
    """Given credits of 2099; when the end of June is proposed and approved; then they are named."""
    for kind, mw, span in (
        ("LOCAL", "27.5", Span.through(date(2099, 1, 1), date(2099, 12, 31))),
        ("SYSTEM", "20", Span.through(date(2099, 7, 1), date(2099, 7, 31))),
        ("SYSTEM", "20", Span.through(date(2099, 1, 1), JUNE)),
    ):
        supersede(
            model=RmrCredit,
            key={
                "process": "MONTHLY",
                "resource": far.resource,
                "kind": kind,
                "category": 0,
            },
            values={"label": "RMR", "tac_areas": "SCE-TAC", "mw": Decimal(mw)},
            span=span,
            known_from=now,
            reference="file",
            proposed_by=person("iso.operator"),
            approved_by=person("iso.approver"),
        )
    said = [
        "Monthly local credit of 27.50 MW stands beyond the end for 2099-07 to 2099-12; a credit "
        "of 0 MW ends it.",
        "Monthly system credit of 20.00 MW stands beyond the end for 2099-07; a credit of 0 MW "
        "ends it.",
    ]
    ending = end(far, approve=False)
    assert ending.follows == said

    def told(label):
        client = as_user("iso.approver")
        facts = client.get(f"/api/v1/designation-endings/{ending.pk}/").json()["facts"]
        page = client.get(f"/designation-endings/{ending.pk}/").content.decode()
        assert all(line in page for line in said)
        out = StringIO()
        call_command(
            "case", "show", "designation-endings", str(ending.pk), user="iso.approver", stdout=out
        )
        assert json.loads(out.getvalue())["facts"][label] == facts[label]
        return facts[label]

    assert told("What follows") == " ".join(said)
    end.finish(ending)
    assert told("What follows") == told("Stands beyond the end now") == " ".join(said)
    after = services.propose_designation(
        given=services.DesignationInput(
            "LOCAL", date(2099, 8, 1), date(2099, 12, 31), 2099, renews=far.pk
        ),
        actor=person("iso.contracts"),
        at=now,
    )
    services.designation_approve(case_id=after.pk, actor=person("iso.approver"), at=now)
    told_now = services.stands_beyond(Designation.objects.get(pk=far.pk), "TERMINATE", JUNE)
    assert [t for t in told_now if "2099-12" in t] == []  # a designation stands for August on
    assert "for 2099-07;" in told_now[0]


@pytest.mark.brq("BRQ-0055", "BRQ-0255")
def test_a_later_order_ends_it_still_earlier_by_two_people(contract, end, person, as_user):
    """Given an end of September by order; when a later order says June; then June it is."""
    case = contract()
    first = {"ferc_docket": "ER24-7", "ferc_approved_on": date(2024, 9, 2)}
    end(case, date(2024, 9, 30), **first)
    june = date(2024, 6, 30)
    with pytest.raises(ValidationFailed) as trouble:
        end(case, june)
    assert codes(trouble) == {"DES-ORDER"}
    with pytest.raises(ValidationFailed) as trouble:
        end(case, date(2024, 10, 31), **first)  # never later again
    assert codes(trouble) == {"RMR-E-0055D"}
    page = as_user("iso.contracts").get(f"/designations/{case.pk}/").content.decode()
    assert "End earlier by order of FERC" in page
    with pytest.raises(DatabaseError, match="two people"), transaction.atomic():
        Designation.objects.filter(pk=case.pk).update(
            period=DateRange(date(2024, 5, 1), date(2024, 7, 1))
        )
    later = {"ferc_docket": "ER24-7-001", "ferc_approved_on": date(2024, 10, 2)}
    ending = end(case, june, approve=False, **later)
    with pytest.raises(MoveRefused):
        services.ending_approve(
            case_id=ending.pk, actor=person("iso.contracts"), at=datetime.now(UTC)
        )
    end.finish(ending)
    known = Designation.objects.get(pk=case.pk)
    assert (known.state, known.period.upper) == ("TERMINATED", date(2024, 7, 1))
    held = RmrContract.objects.get(contract_no="RMR-HARBOR", known__contains=selectors.NOW)
    assert held.span.last == june
    july = CapacityPayload.objects.filter(
        contract_no="RMR-HARBOR", trade_date=date(2024, 7, 1), obligation_type="GENERIC"
    ).order_by("version")
    assert [p.mw for p in july] == [Decimal("27.5"), 0]
