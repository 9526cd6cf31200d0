"""Negotiated penalties and legacy invoices: refused where they do not belong, two people."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from apps.platform.audit.services import MoveRefused, plain_move
from apps.platform.core.violations import ValidationFailed
from apps.platform.runs.selectors import stale_cause
from apps.reliability.designations.models import RmrContract
from apps.settlement.settlements import services
from apps.settlement.settlements.models import LegacyInvoice
from apps.settlement.settlements.selectors import legacy_invoices, penalties
from apps.settlement.statements.models import StatementLine
from tests.conftest import DAY

pytestmark = pytest.mark.django_db


def contract(code):
    return RmrContract.objects.filter(resource__code=code).first().contract_no


def invoice(person, now, who="iso.contracts", **change):
    given = {
        "contract_no": contract("METEC_2_PL1X3"),
        "month": date(2024, 9, 4),
        "amount": Decimal("250000.00"),
        "reference": "A-1",
    } | change
    return services.submit_invoice(given=services.InvoiceInput(**given), actor=person(who), at=now)


@pytest.mark.brq("BRQ-1200")
def test_a_legacy_invoice_goes_its_own_way(person, now, settle):
    case = invoice(person, now)
    assert (case.month, case.due) == (date(2024, 9, 1), date(2024, 10, 30))
    with pytest.raises(MoveRefused):
        plain_move(
            model=LegacyInvoice,
            action="validate",
            case_id=case.pk,
            actor=person("iso.contracts"),
            at=now,
            decided=True,
        )
    for action in ("validate", "pay"):
        case = plain_move(
            model=LegacyInvoice,
            action=action,
            case_id=case.pk,
            actor=person("iso.approver"),
            at=now,
            decided=True,
        )
    assert case.state == "PAID"
    run = settle()
    assert not StatementLine.objects.filter(run=run, resource=case.resource).exists()


@pytest.mark.brq("BRQ-1200")
def test_new_tariff_rmr_sends_no_invoice_and_a_month_is_invoiced_once(person, now):
    with pytest.raises(ValidationFailed, match="sends no invoices"):
        invoice(person, now, contract_no=contract("SUNSET_2_UNITS"))
    invoice(person, now)
    with pytest.raises(ValidationFailed, match="invoiced already"):
        invoice(person, now)
    with pytest.raises(ValidationFailed, match="above 0"):
        invoice(person, now, contract_no=contract("BOGUE_1_UNITA1"), amount=Decimal(0))


@pytest.mark.brq("BRQ-1200")
def test_an_sc_sends_and_sees_its_own_legacy_invoices_only(person, now):
    with pytest.raises(ValidationFailed, match="of yours"):
        invoice(person, now, who="sc.sunset")
    invoice(person, now)
    assert not legacy_invoices(viewer=person("sc.sunset").viewer()).exists()


@pytest.mark.brq("BRQ-0056")
def test_a_penalty_needs_a_contract_that_has_one(person, now):
    def propose(**change):
        given = {
            "contract_no": contract("SUNSET_2_UNITS"),
            "trade_date": DAY,
            "amount": Decimal(5),
            "reference": "x",
        } | change
        return services.propose_penalty(
            given=services.PenaltyInput(**given), actor=person("iso.contracts"), at=now
        )

    with pytest.raises(ValidationFailed, match="RAAIM polices this contract"):
        propose()
    with pytest.raises(ValidationFailed, match="no contract"):
        propose(contract_no="NONE")
    with pytest.raises(ValidationFailed, match="no contract"):
        propose(trade_date=date(9999, 1, 1))
    assert not penalties(viewer=person("sc.sunset").viewer()).exists()


@pytest.mark.brq("BRQ-0056")
def test_an_approved_penalty_makes_a_published_day_stale_and_is_settled(person, now, settle, load):
    load(
        "contract-terms",
        "CONTRACT_ID,RESOURCE_ID,EFFECTIVE_DATE,CONDITION,START_DATE,END_DATE,RELIABILITY_SCOPE,"
        "LOCAL_AREA,PRICE_USD_PER_MW_DAY,TAC_AREA,OBLIGATION_TYPE,MW,NONPERFORMANCE,PENALTY,"
        "SOURCE\nC_ALT,SYN_CEDAR_4_ST,2024-01-01,,2024-01-01,2024-12-31,LOCAL,SIERRA,100,PGE-TAC,"
        "GENERIC,62,ALTERNATIVE,as agreed,test\n",
        sender="iso.contracts",
    )
    run = settle()
    case = services.propose_penalty(
        given=services.PenaltyInput("C_ALT", DAY, Decimal("120.00"), "two failed starts"),
        actor=person("iso.contracts"),
        at=now,
    )
    with pytest.raises(MoveRefused):
        services.approve_penalty(case_id=case.pk, actor=person("iso.contracts"), at=now)
    services.approve_penalty(case_id=case.pk, actor=person("iso.approver"), at=now)
    assert "negotiated penalty" in stale_cause(run)
    again = settle()
    charged = StatementLine.objects.get(run=again, charge_code="RMR-PENALTY")
    shared = StatementLine.objects.filter(run=again, charge_code="RMR-PEN-ALLOC")
    assert charged.amount == Decimal("120.00")
    assert sum(line.amount for line in shared) == Decimal("-120.00")


@pytest.mark.brq("BRQ-1320")
def test_deficiencies_are_refused_where_load_bears_the_designation(send, person):
    from tests.scenarios.world import designate

    designate(
        [
            {
                "RESOURCE_ID": "SYN_CEDAR_4_ST",
                "MW": "5",
                "PRICE": "6.3",
                "FIRST_DATE": "2024-09-01",
                "LAST_DATE": "2024-09-30",
                "REASON": "COLLECTIVE",
            }
        ],
        person,
    )
    from apps.adequacy.cpm.models import CpmDesignation

    number = CpmDesignation.objects.get().pk
    text = f"DESIGNATION,SC_ID,DEFICIENCY_MW\n{number},SYN_LSE_BAY,30\n{number + 1},NOBODY,0\n"
    upload = send("cpm-deficiencies", text)
    said = " ".join(upload.violations.values_list("message", flat=True))
    assert upload.state == "REFUSED"
    for words in ("borne by load", "There is no CPM designation", "no SC NOBODY", "above 0"):
        assert words in said
