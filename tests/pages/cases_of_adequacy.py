"""Cases of the desks of resource adequacy, of the Sunset generator."""

from __future__ import annotations

from tests.pages.cases_of_settlement import settlement_cases


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
        given=credits.CreditInput(
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
        given=plans.PlanInput("SUPPLY_PLAN", "GENERIC", "MONTHLY", "2024-09"),
        actor=sunset,
        at=now,
        file=file,
    )
    with_nqc(operator, approver, now)
    before = datetime(2024, 9, 3, 12, tzinfo=UTC)
    card = OutageCard.objects.get(resource__code="SUNSET_2_UNITS")
    swap = subs.request_substitution(
        given=subs.SubstitutionInput(
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
        given=subs.ExemptionInput(f"card {card.pk}", "OTHER", "sunset secret"), actor=sunset, at=now
    )
    asked = cpm.solicit(
        given=cpm.SolicitationInput(
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
        at=datetime(2024, 7, 1, tzinfo=UTC),  # of days then to come
    )
    offer = cpm.submit_offer(
        given=cpm.OfferInput(asked.pk, "SYN_CEDAR_4_ST", Decimal(5), Decimal("6.301")),
        actor=sunset,
        at=now,
    )
    made = cpm.propose_designation(
        given=cpm.CpmDesignationInput(
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
