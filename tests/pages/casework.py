"""One case of every desk, all of the Sunset generator, for the walks over every address."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from apps.platform.ui.casework import DESKS
from apps.settlement.statements.models import StatementReceipt


def casework(person, now):
    """Open a case at every desk about a resource of the Sunset generator."""
    from datetime import date
    from decimal import Decimal

    from apps.platform.documents.models import Document
    from apps.reference.masterfile import services as master
    from apps.reliability.designations import services as des
    from apps.reliability.retirements import services as ret
    from tests.retirements.papers import paper

    contracts, approver, sunset = (
        person(n) for n in ("iso.contracts", "iso.approver", "sc.sunset")
    )
    notice = ret.file_notice(
        wish=ret.NoticeWish(
            resource="SUNSET_2_UNITS",
            state_before="OPERATING",
            state_requested="RETIRED",
            notice_date=date(2024, 1, 2),
            requested_date=date(2024, 12, 1),
            owner="An owner",
            reason="sunset secret",
        ),
        actor=contracts,
        at=now,
        document=paper(),
    )
    finding = des.finding_open(
        notice=notice.pk,
        study="sunset secret",
        study_date=date(2024, 2, 1),
        needs=["SYSTEM"],
        need_mw=None,
        available_mw=None,
        note="",
        actor=contracts,
        at=now,
    )
    wish = des.DesignationWish(
        need="SYSTEM",
        start=date(2099, 1, 1),
        end=date(2099, 12, 31),
        ra_year=2099,
        notice=notice.pk,
        finding=finding.pk,
    )
    designation = des.propose_designation(wish=wish, actor=contracts, at=now)
    des.designation_approve(case_id=designation.pk, actor=approver, at=now)
    terms = des.propose_terms(
        wish=des.TermsWish(
            designation=designation.pk,
            contract_no="SECRET-99",
            first_date=date(2099, 1, 1),
            last_date=date(2099, 12, 31),
            reference="sunset secret",
            price=Decimal("301.25"),
            capacity={("PGE-TAC", "GENERIC"): Decimal(248)},
        ),
        actor=contracts,
        at=now,
    )
    price = des.propose_price(
        wish=des.PriceWish(
            contract_no="RMR-SUNSET",
            first_date=date(2024, 3, 1),
            ferc_docket="ER24-7",
            ferc_approved_on=date(2024, 4, 1),
            reference="sunset secret",
            price=Decimal("311.25"),
        ),
        actor=contracts,
        at=now,
    )
    pmax = des.propose_pmax(
        wish=des.PmaxWish(
            "SUNSET_2_UNITS",
            Decimal(165),
            date(2024, 6, 1),
            "ER24-8",
            date(2024, 5, 1),
            "sunset secret",
        ),
        actor=contracts,
        at=now,
    )
    referral = ret.refer(notice=notice.pk, why="sunset secret", actor=contracts, at=now)
    transfer = master.propose_transfer(
        resource="SUNSET_2_UNITS",
        to_sc="SYN_GEN_SOUTH",
        first_date=date(2030, 1, 1),
        reference="sunset secret",
        actor=contracts,
        at=now,
    )
    affidavit = ret.affidavit_open(
        notice=notice.pk,
        reason_code="OTHER",
        justification="sunset secret",
        return_date=date(2024, 11, 1),
        actor=sunset,
        at=now,
    )
    cases = (
        cost_and_bid_cases(person, now)
        | adequacy_cases(person, now)
        | {
            "retirement-notices": notice.pk,
            "study-findings": finding.pk,
            "designations": designation.pk,
            "contract-proposals": terms.pk,
            "price-changes": price.pk,
            "pmax-changes": pmax.pk,
            "referrals": referral.pk,
            "sc-transfers": transfer.pk,
            "return-affidavits": affidavit.pk,
            "statement-queue": StatementReceipt.objects.get(sc=sunset.party).pk,
            "cost-recovery-requests": asked(sunset, now).pk,
            "late-corrections": late(person, now).pk,
            "disputes": disputed(sunset, now).pk,
            "trials": tried(person("iso.analyst"), now).pk,
        }
    )
    cases |= clearing_cases(person, now)
    assert set(cases) == {d.name for d in DESKS}
    return cases, Document.objects.get(desk="retirement-notices", case_id=notice.pk)


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
    from apps.settlement.recovery import services
    from tests.retirements.papers import PAPER

    case = services.file_request(
        wish=services.RecoveryWish(
            "REPAIR", "SUNSET_2_UNITS", "2024-09-04 301.25 sunset secret", "sunset secret"
        ),
        actor=sunset,
        at=now,
    )
    services.paper_of(case=case, file_name="a.pdf", content=PAPER, actor=sunset, at=now)
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
    from apps.settlement.trials import services

    return services.try_out(
        wish=services.TrialWish("2024-09-04", "sunset secret", "price RMR-SUNSET = 301.25"),
        actor=analyst,
        at=now,
    )


def cost_and_bid_cases(person, now):
    """Open a case at every desk of costs, bids and the market about the same resource."""
    import io
    from datetime import UTC, date, datetime
    from decimal import Decimal

    from apps.bidding.bids import services as bids
    from apps.bidding.costs import services as costs
    from apps.bidding.marketview import services as market
    from apps.bidding.marketview.terms import Audience
    from apps.reference.outages import services as outages

    contracts, operator, sunset = (
        person(n) for n in ("iso.contracts", "iso.operator", "sc.sunset")
    )
    before = datetime(2024, 9, 3, 15, tzinfo=UTC)
    code, day = "SUNSET_2_UNITS", date(2024, 9, 4)
    adder = costs.propose_adder(
        wish=costs.AdderWish(
            resource=code,
            kind="MMA_START_UP",
            amount=Decimal("301.25"),
            origin="NEGOTIATED",
            first_date=day,
            reference="sunset secret",
        ),
        actor=contracts,
        at=now,
    )
    region = costs.propose_region(
        wish=costs.RegionWish(
            region="FRX",
            index="X",
            volatility=Decimal(1),
            first_date=day,
            reference="sunset secret",
        ),
        actor=contracts,
        at=now,
    )
    level = costs.request_change(
        wish=costs.RequestWish(
            timing="EX_POST",
            resource=code,
            trade_date=day,
            market="DA",
            cost_type="START_UP",
            requested=Decimal("301.25"),
            reason="sunset secret",
        ),
        actor=sunset,
        at=now,
    )
    card = outages.file_outage(
        wish=outages.OutageWish(
            resource=code,
            outage_type="FORCED",
            nature="PLANT_TROUBLE",
            curtailed_mw=Decimal(10),
            starts_at=before,
            reason="sunset secret",
        ),
        actor=sunset,
        at=before,
    )
    bid = bids.submit_bid(
        wish=bids.BidWish(
            market="DA", resource=code, trade_date=day, energy=[["40", "100", "301.25"]]
        ),
        actor=sunset,
        at=before,
    )
    file = io.BytesIO(b"sunset secret")
    file.name = "sunset secret"
    bid_file = bids.take_file(actor=sunset, at=now, file=file)
    told = bids.instruct_card(
        wish=bids.InstructionWish(
            resource=code,
            limit_type="STARTS",
            nature="ANNUAL_USE_LIMIT_REACHED",
            curtailed_mw=Decimal(10),
            starts_at=before,
            ends_at=now,
            reason="sunset secret",
        ),
        actor=operator,
        at=now,
    )
    payload, _ = market.make_payload(
        audience=Audience.CMRI, day=day, actor=operator, at=now, cause="sunset secret"
    )
    moved = market.issue_dispatch(
        wish=market.DispatchWish(
            resource=code,
            instruction="SYSEMR",
            market="RT",
            mw=Decimal(40),
            starts_at=before,
            reason="sunset secret",
        ),
        actor=operator,
        at=now,
    )
    return {
        "cost-adder-proposals": adder.pk,
        "fuel-region-proposals": region.pk,
        "reference-level-requests": level.pk,
        "outage-cards": card.pk,
        "bids": bid.pk,
        "bid-files": bid_file.pk,
        "use-limit-instructions": told.pk,
        "market-payloads": payload.pk,
        "exceptional-dispatches": moved.pk,
    }


def adequacy_cases(person, now):
    """Open a case at every desk of resource adequacy about the same resource."""
    import io
    from datetime import UTC, date, datetime, timedelta
    from decimal import Decimal

    from apps.adequacy.cpm import services as cpm
    from apps.adequacy.cpm.models import CpmDesignation, CpmPriceChange
    from apps.adequacy.credits import services as credits
    from apps.adequacy.plans import services as plans
    from apps.adequacy.substitutions import services as subs
    from apps.reference.outages.models import OutageCard

    operator, approver, contracts, sunset = (
        person(n) for n in ("iso.operator", "iso.approver", "iso.contracts", "sc.sunset")
    )
    credit = credits.propose_credit(
        wish=credits.CreditWish(
            resource="SUNSET_2_UNITS",
            kind="SYSTEM",
            mw=Decimal(231),
            ra_year=2024,
            ra_month=9,
            reference="sunset secret",
        ),
        actor=operator,
        at=now,
    )
    file = io.BytesIO(b"sunset secret")
    file.name = "sunset secret"
    plan = plans.file_plan(
        wish=plans.PlanWish("SUPPLY_PLAN", "GENERIC", "MONTHLY", "2024-09"),
        actor=sunset,
        at=now,
        file=file,
    )
    with_nqc(operator, approver, now)
    before = datetime(2024, 9, 3, 12, tzinfo=UTC)
    card = OutageCard.objects.get(resource__code="SUNSET_2_UNITS")
    swap = subs.request_substitution(
        wish=subs.SubstitutionWish(
            outage=f"card {card.pk}",
            substitute="SYN_CEDAR_4_ST",
            part="GENERIC",
            mw=Decimal(5),
            starts_at=before + timedelta(hours=12),
            ends_at=before + timedelta(hours=20),
        ),
        actor=sunset,
        at=before,
    )
    exempt = subs.request_exemption(
        wish=subs.ExemptionWish(f"card {card.pk}", "OTHER", "sunset secret"), actor=sunset, at=now
    )
    asked = cpm.solicit(
        wish=cpm.SolicitationWish(
            kind="MONTHLY",
            type="MONTHLY",
            reason="LOCAL",
            first_date=date(2024, 8, 1),
            last_date=date(2024, 8, 31),
            need_mw=Decimal(10),
            closes_at=now + timedelta(days=1),
            text="a need",
        ),
        actor=operator,
        at=now,
    )
    offer = cpm.submit_offer(
        wish=cpm.OfferWish(asked.pk, "SYN_CEDAR_4_ST", Decimal(5), Decimal("6.301")),
        actor=sunset,
        at=now,
    )
    made = cpm.propose_designation(
        wish=cpm.DesignationWish(
            resource="SYN_CEDAR_4_ST",
            type="MONTHLY",
            reason="LOCAL",
            mw=Decimal(5),
            first_date=date(2024, 8, 1),
            last_date=date(2024, 8, 31),
            text="sunset secret",
        ),
        actor=operator,
        at=now,
    )
    change = CpmPriceChange.objects.create(
        state="PROPOSED",
        opened_by=contracts,
        opened_at=now,
        price=Decimal("6.9"),
        designation=CpmDesignation.objects.get(pk=made.pk),
        first_date=date(2024, 8, 1),
        last_date=date(2024, 8, 31),
        reference="sunset secret",
    )
    return {
        "credit-proposals": credit.pk,
        "plans": plan.pk,
        "substitutions": swap.pk,
        "exemptions": exempt.pk,
        "cpm-solicitations": asked.pk,
        "cpm-offers": offer.pk,
        "cpm-designations": made.pk,
        "cpm-price-changes": change.pk,
    } | settlement_cases(contracts, sunset, now)


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


def with_nqc(sender, approver, now):
    """Put an NQC of 2024 on file."""
    from apps.platform.uploads import services
    from tests.adequacy.files import nqc_list

    upload = services.receive(
        kind_code="nqc-list",
        file_name="nqc.csv",
        content=nqc_list(SYN_CEDAR_4_ST="60").encode(),
        actor=sender,
        at=now,
        options={"ra_year": "2024"},
    )
    services.read(upload_id=upload.pk, actor=sender, at=now)
    services.confirm(upload_id=upload.pk, actor=approver, at=now, reason="test")
