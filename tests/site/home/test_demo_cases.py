"""The demo's cases load through the doors everybody uses, once."""

import pytest

from apps.reliability.designations.models import Designation, PriceChange
from apps.reliability.retirements.models import PublicListEntry, RetirementNotice
from apps.site.home.services import load_demo_cases


@pytest.mark.django_db
def test_the_demo_opens_its_cases_once(now, as_user):
    assert load_demo_cases(at=now) == 6
    assert load_demo_cases(at=now) == 0
    assert RetirementNotice.objects.count() == 6
    assert Designation.objects.filter(state="DESIGNATED").count() == 14
    assert Designation.objects.filter(state="PROPOSED").count() == 1
    waiting = PriceChange.objects.get()
    assert waiting.preview["records"] == 60  # 30 days, GENERIC and FLEX
    assert waiting.preview["allocated_days"] == 2
    shown = {r.resource_code: r.state for r in PublicListEntry.objects.order_by("version")}
    assert shown["SYN_WILLOW_5_GT"] == "REVERSED"
    client = as_user("iso.approver")
    home = client.get("/").content.decode()
    assert "designation waiting for you" in home
    assert "price change waiting for you" in home
    page = client.get("/daily-briefing/").content.decode()
    assert "SYN_CEDAR_4_ST" in page
    assert "SYN_WILLOW_5_GT" not in page
    for address in ("/ra-designations/", f"/price-changes/{waiting.pk}/", "/capacity-payload/"):
        assert client.get(address).status_code == 200


@pytest.mark.django_db
def test_terms_from_before_there_was_a_payload_get_theirs_first(now, monkeypatch, load):
    """A database of an earlier version has terms and no payload: the demo still loads."""
    from apps.reliability.designations import selectors, services
    from apps.reliability.designations.models import CapacityPayload

    monkeypatch.setattr(
        "apps.reliability.designations.services.contract_files.publish_payloads",
        lambda **_: (0, []),
    )
    terms = (
        "CONTRACT_ID,RESOURCE_ID,EFFECTIVE_DATE,CONDITION,START_DATE,END_DATE,RELIABILITY_SCOPE,"
        "LOCAL_AREA,PRICE_USD_PER_MW_DAY,TAC_AREA,OBLIGATION_TYPE,MW,SOURCE\n"
        "RMR-CEDAR,SYN_CEDAR_4_ST,2024-01-01,,2024-01-01,2024-12-31,SYSTEM,,100,PGE-TAC,GENERIC,"
        "62,SYNTHETIC\n"
    )
    load("contract-terms", terms, sender="iso.admin")
    assert not CapacityPayload.objects.filter(contract_no="RMR-CEDAR").exists()
    count, findings = services.publish_due(at=now)
    assert (count, findings) == (366, [])
    assert services.publish_due(at=now) == (0, [])
    assert selectors.newest_payloads(viewer=_iso()).filter(contract_no="RMR-CEDAR").count() == 366


def _iso():
    from apps.platform.accounts.models import User

    return User.objects.get(username="iso.legal").viewer()


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0521", "BRQ-0525")
def test_the_demos_costs_and_bids_load_once(now, as_user):
    from apps.bidding.bids.models import BidHour
    from apps.bidding.costs.models import ReferenceLevelRequest
    from apps.site.home.services import load_demo_costs

    assert load_demo_costs(at=now) == 6
    assert load_demo_costs(at=now) == 0
    states = set(ReferenceLevelRequest.objects.values_list("state", flat=True))
    assert states == {"ACCEPTED", "CAPPED"}
    short = BidHour.objects.filter(
        unit="SUNSET_2_UNITS", market="DA", shortfall_mw__gt=0, trade_date="2024-09-04"
    )
    assert short.filter(inserted=True).count() == 24
    client = as_user("sc.sunset")
    day = short.first()
    for address in (
        f"/bid-days/DA/2024-09-04/{day.resource_id}/?hour=16",
        f"/energy-bids/2024-09-04/{day.resource_id}/",
        "/use-limits/",
        "/bids/",
        "/bid-hours/",
        "/must-offer-shortfalls/",
        "/reference-level-requests/",
        "/outage-cards/",
        "/default-energy-bids/",
        "/commitment-costs/",
        "/cost-adders/",
    ):
        page = client.get(address)
        assert page.status_code == 200, address
        text = page.content.decode()
        assert "GRNLF2" not in text
        assert "SYN_GEN_SOUTH" not in text
    staff = as_user("iso.operator")
    for address in (
        "/costs/",
        "/mma-transitions/",
        "/market-payloads/",
        "/cost-violations/",
        "/market-deliveries/",
        "/exceptional-dispatches/",
    ):
        assert staff.get(address).status_code == 200, address
    other = as_user("sc.bay")
    assert other.get(f"/energy-bids/2024-09-04/{day.resource_id}/").status_code == 404
    assert other.get(f"/bid-days/DA/2024-09-04/{day.resource_id}/").status_code == 404


@pytest.mark.django_db
def test_a_database_with_a_later_master_file_gets_the_demos_costs_too(now, load):
    """What somebody retrieved before stays; the demo's older file does not undo it."""
    from apps.site.home.services import DEMO, load_demo_costs

    later = (DEMO / "try" / "masterfile-2024-09-04.csv").read_text()
    load("master-file", later, sender="iso.admin", options={"as_of": "2024-09-04"})
    assert load_demo_costs(at=now) == 6


def test_the_demos_adequacy_loads_once_and_shows_everything(db, now):
    from apps.adequacy.availability.models import AvailabilityHour
    from apps.adequacy.cpm.models import CpmDesignation
    from apps.adequacy.credits.models import YearlyCredit
    from apps.adequacy.plans.models import PlanFiling
    from apps.adequacy.substitutions.models import Exemption, Substitution
    from apps.site.home.services import load_demo_adequacy

    assert load_demo_adequacy(at=now) == 5
    assert load_demo_adequacy(at=now) == 0
    assert YearlyCredit.objects.filter(lse_code="SYN_LSE_BAY").count() >= 4
    assert PlanFiling.objects.get().state == "ACCEPTED"
    assert sorted(Substitution.objects.values_list("state", flat=True)) == ["APPROVED", "REQUESTED"]
    assert Exemption.objects.get().state == "REQUESTED"
    assert CpmDesignation.objects.get().state == "OFFERED"
    assert AvailabilityHour.objects.filter(unit="SYN_HARBOR_1_GT", curtailed_mw__gt=0).exists()
