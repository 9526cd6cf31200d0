"""The demo's cases load through the doors everybody uses, once."""

import pytest

from apps.designations.models import Designation, PriceChange
from apps.home.services import load_demo_cases
from apps.retirements.models import PublicListEntry, RetirementNotice


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
    assert "designation to move on" in home
    assert "price change to move on" in home
    page = client.get("/daily-briefing/").content.decode()
    assert "SYN_CEDAR_4_ST" in page
    assert "SYN_WILLOW_5_GT" not in page
    for address in ("/ra-designations/", f"/price-changes/{waiting.pk}/", "/capacity-payload/"):
        assert client.get(address).status_code == 200


@pytest.mark.django_db
def test_terms_from_before_there_was_a_payload_get_theirs_first(now, monkeypatch, load):
    """A database of an earlier version has terms and no payload: the demo still loads."""
    from apps.designations import selectors, services
    from apps.designations.models import CapacityPayload

    monkeypatch.setattr(
        "apps.designations.services.contract_files.publish_payloads", lambda **_: (0, [])
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
    from apps.accounts.models import User

    return User.objects.get(username="iso.legal").viewer()
