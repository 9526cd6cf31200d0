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
