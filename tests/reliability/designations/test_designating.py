"""Designations: what they need, which dates they take, how they end."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from apps.platform.accounts.services import as_party
from apps.platform.audit.services import MoveRefused
from apps.platform.core.violations import ValidationFailed
from apps.reliability.designations import selectors, services
from apps.reliability.designations.models import Designation, RmrContract, StudyFinding
from apps.reliability.designations.rules import standing
from apps.reliability.retirements.models import PublicListEntry

pytestmark = pytest.mark.django_db


def codes(trouble):
    return {f.code for f in trouble.value.violations}


@pytest.mark.brq("BRQ-0015", "BRQ-0040", "BRQ-1316")
def test_notice_and_finding_lead_to_a_designation_of_all_of_pmax(designate, person):
    case = designate()
    assert (case.state, case.contract_mw, case.local_area.code) == (
        "DESIGNATED",
        Decimal("27.5"),
        "LA_BASIN",
    )
    shown = selectors.designations(viewer=person("iso.monitor").viewer()).get(pk=case.pk)
    assert shown.vintage == "NEW"
    assert PublicListEntry.objects.first().decision == "DESIGNATED"


@pytest.mark.brq("BRQ-0015")
def test_without_notice_or_finding_there_is_no_designation(designate, needed, person, now):
    notice, finding = needed()
    for change, code in (
        ({"notice": 999, "finding": finding.pk}, "RMR-E-0015"),
        ({"notice": notice.pk, "finding": None}, "RMR-E-0015B"),
    ):
        with pytest.raises(ValidationFailed) as trouble:
            designate(**change)
        assert code in codes(trouble)
    _, not_needed = needed(())
    with pytest.raises(ValidationFailed) as trouble:
        designate(notice=notice.pk, finding=not_needed.pk)
    assert "RMR-E-0015B" in codes(trouble)
    assert not Designation.objects.exists()


@pytest.mark.brq("BRQ-0015")
def test_local_is_primary_where_a_study_found_both(designate):
    with pytest.raises(ValidationFailed) as trouble:
        designate(needs=("LOCAL", "SYSTEM"), need="SYSTEM")
    assert codes(trouble) == {"RMR-E-0015D"}
    found = StudyFinding.objects.get()
    assert designate(notice=found.notice_id, finding=found.pk, need="LOCAL").need == "LOCAL"


@pytest.mark.brq("BRQ-0055", "BRQ-0020", "BRQ-0025")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"start": date(2024, 5, 2)}, "RMR-E-0055A"),
        ({"end": date(2024, 12, 30)}, "RMR-E-0055B"),
        ({"end": date(2025, 1, 31)}, "RMR-E-0055C"),
        ({"end": date(2024, 4, 30)}, "RMR-E-0055D"),
        ({"start": date(2023, 12, 1)}, "RMR-E-0055E"),
        ({"contract_mw": Decimal("27.52")}, "RMR-E-0020"),
        ({"contract_mw": Decimal(20)}, "RMR-E-0020"),
        ({"need": "FLEX"}, "RMR-E-0015C"),
        ({"start": date(2018, 8, 1), "end": date(2018, 12, 31), "ra_year": 2018}, "RMR-E-0025"),
        ({"start": date(1, 1, 1)}, "DES-DATE"),
        ({"renews": 4711}, "DES-RENEWS"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(designate, change, code):
    with pytest.raises(ValidationFailed) as trouble:
        designate(**change)
    assert code in codes(trouble)
    assert not Designation.objects.exists()


@pytest.mark.brq("BRQ-0020")
def test_an_override_of_megawatts_is_kept_with_its_reason(designate):
    case = designate(contract_mw=Decimal("27.9"), mw_override="the board paper says 27.9")
    assert case.contract_mw == Decimal("27.9")
    assert case.pmax_mw == Decimal("27.5")


@pytest.mark.brq("BRQ-0055", "BRQ-0025")
def test_a_renewal_follows_on_and_keeps_the_effective_date(designate):
    first = designate()
    renewal = designate(
        renews=first.pk, start=date(2025, 1, 1), end=date(2025, 12, 31), ra_year=2025
    )
    assert (renewal.effective_date, renewal.notice_id) == (date(2024, 5, 1), first.notice_id)
    gap = designate(renews=first.pk, start=date(2026, 2, 1), end=date(2026, 6, 30), ra_year=2026)
    assert gap.effective_date == date(2026, 2, 1)
    with pytest.raises(ValidationFailed) as trouble:
        designate(renews=first.pk, start=date(2025, 6, 1), end=date(2025, 12, 31), ra_year=2025)
    assert "RMR-E-0015E" in codes(trouble)


@pytest.mark.brq("BRQ-0055")
def test_a_renewal_wholly_in_the_past_is_approved_with_a_reason_only(
    designate, person, now, as_user
):
    first = designate()
    year = {"start": date(2025, 1, 1), "end": date(2025, 12, 31), "ra_year": 2025}
    case = designate(renews=first.pk, approve=False, **year)
    page = as_user("iso.approver").get(f"/designations/{case.pk}/").content.decode()
    assert "wholly in the past" in page
    with pytest.raises(MoveRefused, match="ended on 2025-12-31"):
        services.designation_approve(case_id=case.pk, actor=person("iso.approver"), at=now)
    why = "FERC accepted it late"
    services.designation_approve(case_id=case.pk, actor=person("iso.approver"), at=now, note=why)
    decided = as_user("iso.approver").get(f"/designations/{case.pk}/").content.decode()
    assert f"<b>{why}</b>" in decided  # beside the facts, not in the history alone


def test_who_proposed_does_not_approve(designate, person, now):
    case = designate(approve=False)
    with pytest.raises(MoveRefused):
        services.designation_approve(case_id=case.pk, actor=person("iso.contracts"), at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Designation.objects.filter(pk=case.pk).update(state="DESIGNATED", decided_by=case.opened_by)


@pytest.mark.brq("BRQ-0030", "BRQ-0035", "BRQ-0056")
def test_the_list_derives_what_the_rule_derives(contract, person):
    contract(nonperformance="ALTERNATIVE", penalty="1.5 times the price")
    rows = selectors.contracts(viewer=person("iso.legal").viewer())
    assert {r.vintage for r in rows} == {"NEW", "LEGACY"}
    for row in rows:
        said = standing(
            effective_date=row.effective_date,
            nonperformance=row.nonperformance,
            day=row.span.first,
            cutoff=date(2018, 9, 1),
            label_from=date(2020, 1, 1),
        )
        assert (row.vintage, row.raaim, row.label) == (said.vintage, said.raaim, said.label)
    alternative = rows.get(contract_no="RMR-HARBOR")
    assert alternative.raaim == "EXEMPT"
    assert said.why in ("NEW_TARIFF", "LEGACY", "CONTRACT_ALT_PENALTY")


@pytest.mark.brq("BRQ-0057")
def test_monitoring_reads_contracts_and_an_sc_its_own_decided_designations(
    contract, designate, person
):
    case = contract()
    seen = selectors.contracts(viewer=person("iso.monitor").viewer())
    assert seen.filter(contract_no="RMR-HARBOR").exists()
    with as_party(person("sc.sunset").party_id):
        assert list(Designation.objects.all()) == [case]
        assert RmrContract.objects.filter(contract_no="RMR-HARBOR").exists()
    with as_party(person("sc.bay").party_id):
        assert not Designation.objects.exists()
        assert not RmrContract.objects.exists()


@pytest.mark.brq("BRQ-0111")
def test_designations_are_shown_by_ra_year_and_window_with_a_chart(as_user, contract, designate):
    first = contract()
    designate(renews=first.pk, start=date(2025, 1, 1), end=date(2025, 12, 31), ra_year=2025)
    client = as_user("iso.legal")
    page = client.get("/ra-designations/?ra_year=2024").content.decode()
    assert page.count("HARBOR_9_UNIT") >= 1
    assert "RMR capacity by month and local area, RA year 2024 (MW)" in page
    assert "2024-05" in page
    assert "METEC" not in page  # legacy has no part here

    def count(query):
        own = f"resource__code=HARBOR_9_UNIT&{query}"  # the demo's contracts are listed too
        return client.get(f"/api/v1/ra-designations/?{own}").json()["count"]

    assert count("ra_year=2025") == 1
    assert count("period_since=2024-12-31&period_until=2025-01-01") == 2
    assert count("period_since=2025-01-01") == 1
    assert count("period_until=2024-04-30") == 0
    wrong = client.get("/api/v1/ra-designations/?period_since=2025-01-02&period_until=2025-01-01")
    assert wrong.status_code == 400
    assert "RMR-E-0111" in wrong.json()["detail"]
    said = client.get("/ra-designations/?period_since=2025-01-02&period_until=2025-01-01")
    assert "RMR-E-0111" in said.content.decode()
    assert client.get("/ra-designations.csv?ra_year=2024").status_code == 200


@pytest.mark.brq("BRQ-0111")
def test_an_sc_opens_its_designation_from_its_list_and_no_other_sc_does(designate, as_user):
    """Findings are not for SCs, and a notice may be of the SC before: neither hides the case."""
    case = designate()
    client = as_user("sc.sunset")
    row = next(
        r
        for r in client.get("/api/v1/designations/").json()["results"]
        if r["resource__code"] == "HARBOR_9_UNIT"
    )
    page = client.get(f"/designations/{row['id']}/")
    assert (int(row["id"]), page.status_code) == (case.pk, 200)
    assert "HARBOR_9_UNIT" in page.content.decode()
    assert "Local study" not in page.content.decode()
    told = client.get(f"/api/v1/designations/{case.pk}/").json()["facts"]
    assert told["Ground"].startswith("Risk of retirement")
    assert as_user("sc.bay").get(f"/designations/{case.pk}/").status_code == 404
