"""A designation of a demo resource, from notice to contract terms."""

from datetime import date
from decimal import Decimal

import pytest

from tests import acts


@pytest.fixture(scope="module")
def harbor_on_file(world):
    """A resource without a contract, in the LA Basin; its SC is SYN_GEN_SUNSET."""
    with world():
        acts.load(
            "resources",
            "RESOURCE_ID,RESOURCE_NAME,PMAX_MW,TAC_AREA,LOCAL_AREA,SC_ID,EFFECTIVE_FROM,SOURCE\n"
            "HARBOR_9_UNIT,Harbor 9,27.50,SCE-TAC,LA_BASIN,SYN_GEN_SUNSET,2018-01-01,SYNTHETIC\n",
        )
        yield "HARBOR_9_UNIT"


@pytest.fixture
def harbor(harbor_on_file, db):
    """Begin with that resource on file; return its ID."""
    return harbor_on_file


@pytest.fixture
def needed(file_notice, harbor, person, now):
    """Return an announced notice and a finding that the resource is needed."""
    from apps.reliability.designations import services

    notice = file_notice("iso.contracts", resource=harbor, notice_date=date(2024, 2, 1))

    def go(needs=("LOCAL",)):
        return notice, services.finding_open(
            notice=notice.pk,
            study="Local study",
            study_date=date(2024, 3, 1),
            needs=list(needs),
            need_mw=Decimal(288),
            available_mw=Decimal(250),
            note="",
            actor=person("iso.operator"),
            at=now,
        )

    return go


@pytest.fixture
def designate(needed, person, now):
    """Propose a designation and, unless told not to, have a second person approve it."""
    from apps.reliability.designations import services

    def go(*, approve=True, needs=("LOCAL",), note="as tested", **change):
        given = {
            "need": "LOCAL",
            "start": date(2024, 5, 1),
            "end": date(2024, 12, 31),
            "ra_year": 2024,
        } | change
        if "renews" not in given and "notice" not in given:
            notice, finding = needed(needs)
            given |= {"notice": notice.pk, "finding": finding.pk}
        case = services.propose_designation(
            given=services.DesignationInput(**given), actor=person("iso.contracts"), at=now
        )
        if approve:
            case = services.designation_approve(
                case_id=case.pk, actor=person("iso.approver"), at=now, note=note
            )
        return case

    return go


@pytest.fixture
def contract(designate, person, now):
    """Return a designation with approved contract terms of 2024-05-01 to 12-31."""
    from apps.reliability.designations import services

    def go(**change):
        case = designate(**{k: change.pop(k) for k in ("conditional",) if k in change})
        given = {
            "designation": case.pk,
            "contract_no": "RMR-HARBOR",
            "reference": "agreement",
            "first_date": date(2024, 5, 1),
            "last_date": date(2024, 12, 31),
            "price": Decimal("297"),
            "capacity": {
                ("SCE-TAC", "GENERIC"): Decimal("27.5"),
                ("SCE-TAC", "FLEX"): Decimal("20"),
            },
        } | change
        proposal = services.propose_terms(
            given=services.TermsInput(**given), actor=person("iso.contracts"), at=now
        )
        services.terms_approve(case_id=proposal.pk, actor=person("iso.approver"), at=now)
        return case

    return go
