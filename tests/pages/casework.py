"""One case of every desk, all of the Sunset generator, for the walks over every address."""

from __future__ import annotations

from apps.platform.sign_in import services as sign_in
from apps.platform.ui.workflow import WORKFLOWS
from apps.settlement.statements.models import StatementReceipt
from tests.pages.cases_of_adequacy import adequacy_cases
from tests.pages.cases_of_bidding import cost_and_bid_cases
from tests.pages.cases_of_settlement import asked, clearing_cases, disputed, late, tried


def casework(person, now):
    """Open a case at every desk about a resource of the Sunset generator."""
    from datetime import date
    from decimal import Decimal

    from apps.platform.documents.models import Document
    from apps.reference.masterfile import services as master
    from apps.reliability.designations import services as des
    from apps.reliability.retirements import services as ret
    from tests.reliability.retirements.papers import paper

    contracts, approver, sunset = (
        person(n) for n in ("iso.contracts", "iso.approver", "sc.sunset")
    )
    notice = ret.file_notice(
        given=ret.NoticeInput(
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
    given = des.DesignationInput(
        need="SYSTEM",
        start=date(2099, 1, 1),
        end=date(2099, 12, 31),
        ra_year=2099,
        notice=notice.pk,
        finding=finding.pk,
    )
    designation = des.propose_designation(given=given, actor=contracts, at=now)
    des.designation_approve(case_id=designation.pk, actor=approver, at=now)
    ending = des.propose_ending(
        given=des.EndingInput(
            designation.pk, "TERMINATE", "sunset secret", last_day=date(2099, 6, 30)
        ),
        actor=contracts,
        at=now,
    )
    terms = des.propose_terms(
        given=des.TermsInput(
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
        given=des.PriceInput(
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
        given=des.PmaxInput(
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
    disclosure = des.propose_disclosure(
        given=des.DisclosureInput(
            "RMR-SUNSET", "OPEN", date(2024, 3, 1), "sunset secret", "ER24-9"
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
            "designation-endings": ending.pk,
            "contract-proposals": terms.pk,
            "contract-disclosures": disclosure.pk,
            "price-changes": price.pk,
            "pmax-changes": pmax.pk,
            "referrals": referral.pk,
            "sc-transfers": transfer.pk,
            "return-affidavits": affidavit.pk,
            "statement-queue": StatementReceipt.objects.get(sc=sunset.party).pk,
            "cost-recovery-requests": asked(sunset, now).pk,
            "late-corrections": late(person, now).pk,
            "disputes": disputed(sunset, now).pk,
            "what-ifs": tried(person("iso.analyst"), now).pk,
            "role-requests": roles_asked(person, now).pk,
        }
    )
    cases |= clearing_cases(person, now)
    assert set(cases) == {d.name for d in WORKFLOWS}
    return cases, Document.objects.get(desk="retirement-notices", case_id=notice.pk)


def roles_asked(person, now):
    """A role that decides, asked for somebody of the ISO."""
    return sign_in.set_roles(
        user=person("iso.legal"),
        roles=["ISO_LEGAL", "ISO_SETTLEMENTS"],
        actor=person("iso.admin"),
        at=now,
    )
