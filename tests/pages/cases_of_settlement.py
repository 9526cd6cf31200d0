"""Cases of the desks of settlement and clearing, of the Sunset generator."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from apps.settlement.statements.models import StatementReceipt


def disputed(sunset, now):
    """Dispute a line of the generator's statement, as its SC does where the calendar lets it."""
    from apps.settlement.disputes.models import Dispute

    receipt = StatementReceipt.objects.get(sc=sunset.party)
    line = receipt.statement.lines.order_by("line_no")[0]
    return Dispute.objects.create(
        state="OPEN",
        opened_by=sunset,
        opened_at=now,
        statement=receipt.statement,
        line_no=line.line_no,
        sc=sunset.party,
        trade_date=line.trade_date,
        run_type="T+70B",
        charge_code=line.charge_code,
        stated=line.amount,
        should_be=Decimal("301.25"),
        amount=line.amount - Decimal("301.25"),
        reason="sunset secret",
        until=date(2099, 1, 1),
    )


def clearing_cases(person, now):
    """Open a case at every desk of clearing and credit, of the generator's SC."""
    from apps.settlement.clearing import models

    analyst, sunset = person("iso.analyst"), person("sc.sunset").party
    opened = {"opened_by": analyst, "opened_at": now}
    exposure = exposed(sunset, now)
    day = models.PaymentDay.objects.create(
        state="PREPARED", day=date(2024, 9, 24), plan={"defaults": [], "paid": []}, **opened
    )
    default = models.PaymentDefault.objects.create(
        state="OPEN",
        payment_day=day,
        sc=sunset,
        day=day.day,
        unpaid=Decimal("301.25"),
        security=0,
        reserve=0,
        shortfall=Decimal("301.25"),
        **opened,
    )
    loss = models.DefaultLoss.objects.create(
        state="PROPOSED",
        default=default,
        amount=Decimal("301.25"),
        first_date=date(2023, 7, 1),
        last_date=date(2024, 6, 30),
        measures=[],
        reference="sunset secret",
        **opened,
    )
    return {
        "receipts": models.Receipt.objects.create(
            state="ENTERED",
            sc=sunset,
            amount=Decimal("301.25"),
            received_on=date(2024, 9, 24),
            bank_reference="sunset secret",
            **opened,
        ).pk,
        "payment-dates": day.pk,
        "payment-defaults": default.pk,
        "default-losses": loss.pk,
        "credit-entries": models.CreditEntry.objects.create(
            state="PROPOSED",
            kind="SECURITY",
            sc=sunset,
            amount=Decimal("301.25"),
            first_date=date(2024, 9, 1),
            reference="sunset secret",
            **opened,
        ).pk,
        "collateral-calls": models.CollateralCall.objects.create(
            state="CALLED",
            sc=sunset,
            exposure=exposure,
            amount=Decimal("301.25"),
            due=date(2024, 9, 30),
            **opened,
        ).pk,
    }


def exposed(sunset, now):
    """Keep a measured liability of an SC."""
    from apps.settlement.clearing.models import Exposure

    money = (
        "invoiced",
        "published",
        "estimated",
        "extrapolated",
        "projected_rmr",
        "past_due",
        "adjustments",
        "unsecured",
        "security",
        "available",
    )
    return Exposure.objects.create(
        sc=sunset,
        as_of=date(2024, 9, 4),
        number=1,
        at=now,
        eal=Decimal("301.25"),
        required=Decimal("301.25"),
        details={},
        **dict.fromkeys(money, Decimal(0)),
    )


def asked(sunset, now):
    """Ask to recover a repair of the generator, and submit it."""
    from apps.settlement.cost_recovery import services
    from tests.reliability.retirements.papers import PAPER

    case = services.file_request(
        given=services.RecoveryInput(
            "REPAIR", "SUNSET_2_UNITS", "2024-09-04 301.25 sunset secret", "sunset secret"
        ),
        actor=sunset,
        at=now,
    )
    services.document_for(case=case, file_name="a.pdf", content=PAPER, actor=sunset, at=now)
    return services.submit(case_id=case.pk, actor=sunset, at=now)


def late(person, now):
    """Open a late correction about the generator."""
    from apps.reference.resources.models import Resource
    from apps.settlement.settlements.models import LateCorrection

    return LateCorrection.objects.create(
        state="ASKED",
        opened_by=person("iso.approver"),
        opened_at=now,
        source="RMR_PRICE",
        title="sunset secret",
        address="/price-changes/1/",
        late=[date(2024, 9, 4)],
        resource=Resource.objects.get(code="SUNSET_2_UNITS"),
        first_date=date(2024, 9, 4),
        last_date=date(2024, 9, 4),
    )


def tried(analyst, now):
    """Try another price of the generator's contract."""
    from apps.settlement.what_if import services

    return services.try_out(
        given=services.TrialInput("2024-09-04", "sunset secret", "price RMR-SUNSET = 301.25"),
        actor=analyst,
        at=now,
    )


def settlement_cases(contracts, sunset, now):
    """A negotiated penalty, and an invoice of legacy RMR."""
    from apps.reference.resources.models import Resource
    from apps.settlement.settlements.models import ContractPenalty, LegacyInvoice

    resource = Resource.objects.get(code="SUNSET_2_UNITS")
    common = {
        "opened_at": now,
        "contract_no": "X",
        "resource": resource,
        "amount": Decimal("301.25"),
        "reference": "sunset secret",
    }
    penalty = ContractPenalty.objects.create(
        state="PROPOSED", opened_by=contracts, trade_date=date(2024, 9, 4), **common
    )
    invoice = LegacyInvoice.objects.create(
        state="SUBMITTED",
        opened_by=sunset,
        sc=sunset.party,
        month=date(2024, 9, 1),
        due=date(2024, 10, 30),
        **common,
    )
    return {"contract-penalties": penalty.pk, "legacy-invoices": invoice.pk}
