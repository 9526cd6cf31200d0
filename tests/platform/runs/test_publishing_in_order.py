"""A run is published after those that are being computed, and by who has typed what it is."""

from __future__ import annotations

import pytest

from apps.platform.audit.services import MoveRefused
from apps.platform.runs import services
from apps.platform.runs.models import Publication, Run
from apps.settlement.settlements.services import request_day
from apps.site.home.services import DEMO
from tests.conftest import DAY

pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-1201")]
CORRECTED = DEMO / "try" / "metered_demand_2024-09-04_corrected.csv"


def test_publishing_waits_for_a_newer_run_and_for_the_typed_words(
    settle, load, person, now, as_user
):
    sealed = settle(publish=False)
    client = as_user("iso.approver")
    client.post(f"/runs/{sealed.pk}/publish/", {"confirm": f"{DAY} v2"})
    sealed.refresh_from_db()
    assert sealed.state == "SEALED"
    load("metered-demand", CORRECTED.read_text())
    newer, _ = request_day(trade_date=DAY, actor=person("iso.analyst"), at=now, reason="newer")
    with pytest.raises(MoveRefused, match="being computed"):
        services.publish(run_id=sealed.pk, actor=person("iso.approver"), at=now)
    assert not Publication.objects.exists()
    services.execute(run_id=newer.pk, at=now)
    client.post(f"/runs/{newer.pk}/publish/", {"confirm": f"{DAY} v2"})
    assert Run.objects.get(pk=newer.pk).state == "PUBLISHED"
    assert Publication.objects.get().run == newer
