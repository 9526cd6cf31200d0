"""A service refuses who lacks its role, whichever door leads to it: the page is not the guard."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django_celery_beat.models import PeriodicTask

from apps.bidding.market_payloads import services as payloads
from apps.bidding.market_payloads.codes import Audience
from apps.bidding.market_payloads.models import MarketPayload
from apps.platform.accounts.models import Membership
from apps.platform.audit.services import MoveRefused
from apps.platform.core.violations import ValidationFailed
from apps.platform.documents.models import Document
from apps.platform.jobs import services as jobs
from apps.reliability.retirements import services as retirements
from tests.reliability.retirements.papers import paper

pytestmark = pytest.mark.django_db
DAY = date(2024, 9, 4)


def test_a_reader_of_an_sc_adds_no_paper_to_its_affidavit(file_notice, person, now):
    case = retirements.affidavit_open(
        notice=file_notice().pk,
        reason_code="RA_CONTRACT",
        return_date=date(2024, 6, 1),
        justification="a contract for 2025",
        actor=person("sc.sunset"),
        at=now,
    )
    before = Document.objects.count()
    Membership.objects.filter(user=person("sc.sunset")).delete()
    Membership.objects.create(user=person("sc.sunset"), role="SC_READER")
    given = {"case": case, "file_name": "why.pdf", "content": paper().read(), "at": now}
    for who in ("sc.sunset", "sc.bay", "iso.analyst"):
        with pytest.raises(ValidationFailed, match="do not allow you to add documents"):
            retirements.affidavit_document(**given, actor=person(who))
    assert Document.objects.count() == before
    retirements.affidavit_document(**given, actor=person("iso.contracts"))
    assert Document.objects.count() == before + 1


@pytest.mark.parametrize("who", ["iso.analyst", "sc.sunset"])
def test_who_does_not_send_to_the_markets_makes_no_payload(who, person, as_user, now):
    with pytest.raises(MoveRefused, match="do not allow you to make market payloads"):
        payloads.payload_asked(
            audience=Audience.DA, day=DAY, actor=person(who), at=now, cause="by hand"
        )
    client = as_user(who)
    assert client.post("/market-view/", {"day": str(DAY)}).status_code == 403
    with pytest.raises(CommandError, match="do not allow you"):
        call_command("market_payloads", "make", "--day", str(DAY), "--as", who)
    assert not MarketPayload.objects.exists()


def test_who_is_no_administrator_changes_no_schedule(person, settings, now):
    jobs.seed_schedule(table=settings.SCHEDULE_TABLE)
    task = PeriodicTask.objects.exclude(interval=None).first()
    given = {"task": task, "enabled": False, "every": 60, "clock": {}, "at": now, "reason": "x"}
    for who in ("iso.operator", "iso.approver", "sc.sunset"):
        with pytest.raises(MoveRefused, match="do not allow you to change the schedule"):
            jobs.change_schedule(**given, actor=person(who))
    task.refresh_from_db()
    assert task.enabled
    jobs.change_schedule(**given, actor=person("iso.admin"))
    task.refresh_from_db()
    assert not task.enabled
