"""From a disputed line to its recalculated outcome, and everything that is refused on the way."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from apps.platform.audit.services import MoveRefused
from apps.platform.core.violations import ValidationFailed
from apps.platform.runs import services as runs
from apps.settlement.disputes import services
from apps.settlement.disputes.models import Dispute
from apps.settlement.disputes.selectors import deadlines, window_for
from apps.settlement.settlements.services import request_day
from apps.settlement.statements.models import Statement, StatementLine
from apps.site.home.services import DEMO
from tests.conftest import DAY

pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-1203")]
CORRECTED = DEMO / "try" / "metered_demand_2024-09-04_corrected.csv"


@pytest.fixture
def published(person):
    """Settle and publish the demo day as a run of its calendar; return the run."""

    def go(run_type="T+70B", at=None):
        at = at or datetime.now(UTC)
        run, _ = request_day(
            trade_date=DAY, actor=person("iso.analyst"), at=at, reason="test", run_type=run_type
        )
        run = runs.execute(run_id=run.pk, at=at)
        return runs.publish(run_id=run.pk, actor=person("iso.approver"), at=at)

    return go


def line_of(code, run, charge="RMR-ALLOC"):
    return StatementLine.objects.filter(
        statement__sc__code=code, run=run, charge_code=charge
    ).order_by("line_no")[0]


def given(of, should_be=None, **change):
    words = {
        "statement": of.statement_id,
        "line": of.line_no,
        "reason": "read twice",
        "should_be": should_be,
    } | change
    return services.DisputeInput(**words)


def test_from_filing_to_the_recalculated_line(published, person, load, as_user):
    at = datetime.now(UTC)
    line = line_of("SYN_LSE_BAY", published())
    client = as_user("sc.bay")
    page = client.get(f"/statements/{line.statement_id}/").content.decode()
    assert f"/disputes/new/?statement={line.statement_id}&amp;line={line.line_no}" in page
    form = client.get(f"/disputes/new/?statement={line.statement_id}&line={line.line_no}")
    assert f"billed ${line.amount:,.2f}" in form.content.decode()
    answer = client.post(
        "/disputes/new/",
        {
            "statement": line.statement_id,
            "line": line.line_no,
            "should_be": str(line.amount - Decimal("30.00")),
            "reason": "HE12 was read twice",
        },
    )
    case = Dispute.objects.get()
    assert answer.status_code == 302
    assert case.amount == Decimal("30.00")
    effects = services.effect_of(case)
    assert sum(e.amount for e in effects) == Decimal("30.00")
    assert "SYN_LSE_BAY" not in {e.sc for e in effects}
    client = as_user("iso.analyst")
    page = client.get(f"/disputes/{case.pk}/").content.decode()
    assert "What granting it would do to others" in page
    assert effects[0].sc in page
    client.post(f"/disputes/{case.pk}/accept/", {"correct_in": "OPTIONAL", "granted": "25.00"})
    case.refresh_from_db()
    assert (case.state, case.granted, case.correct_in) == ("ACCEPTED", Decimal(25), "OPTIONAL")
    load("metered-demand", CORRECTED.read_text())
    again = published("OPTIONAL", at + timedelta(minutes=1))
    case.refresh_from_db()
    now = line_of("SYN_LSE_BAY", again)
    assert (case.state, case.outcome.run, case.outcome_amount) == ("CLOSED", again, now.amount)
    page = as_user("sc.bay").get(f"/disputes/{case.pk}/").content.decode()
    assert f"{now.amount:,.2f}" in page
    assert "What granting it" not in page


def test_what_cannot_be_disputed_is_refused_and_nothing_is_kept(published, person, now):
    first = line_of("SYN_LSE_BAY", published("T+9B"))
    bay = person("sc.bay")

    def refused(code, wanted, actor=bay, at=now):
        with pytest.raises(ValidationFailed) as trouble:
            services.file_dispute(given=wanted, actor=actor, at=at)
        assert [f.code for f in trouble.value.violations] == [code]

    refused("DSP-RUN", given(first, Decimal(0)))  # T+9B takes none
    line = line_of("SYN_LSE_BAY", published("T+70B", now + timedelta(minutes=1)))
    other = line_of("SYN_LSE_NORTH", line.run)
    refused("DSP-LINE", given(other, Decimal(0)))  # another SC's
    refused("DSP-LINE", given(line, Decimal(0), line=99999))
    refused("DSP-ROLE", given(line, Decimal(0)), person("iso.analyst"))
    refused("DSP-AMOUNT", given(line, line.amount))
    refused("DSP-REASON", given(line, Decimal(0), reason=" \x00"))
    closed = window_for(line.statement).until + timedelta(days=1)
    refused("DSP-WINDOW", given(line, Decimal(0)), at=datetime.combine(closed, time(20), UTC))
    assert not Dispute.objects.exists()
    services.file_dispute(given=given(line, Decimal(0)), actor=bay, at=now)
    refused("DSP-TWICE", given(line, Decimal(1)))
    optional = line_of("SYN_LSE_BAY", published("OPTIONAL", now + timedelta(minutes=2)))
    refused("DSP-AMOUNT", given(optional, Decimal(0)))  # nothing changed, so nothing is open
    assert Dispute.objects.count() == 1


def test_a_placeholder_holds_the_window_and_lapses_without_a_figure(published, person, now):
    line = line_of("SYN_LSE_BAY", published())
    bay, analyst = person("sc.bay"), person("iso.analyst")
    case = services.file_dispute(given=given(line), actor=bay, at=now)
    assert case.placeholder
    assert case.amount is None
    with pytest.raises(ValidationFailed, match="no figure"):
        services.accept(case_id=case.pk, actor=analyst, at=now)
    due = deadlines(bay.viewer(), now, now + timedelta(days=120))
    assert f"dispute-figure-{case.pk}" in {d.uid for d in due}
    assert f"dispute-window-{line.statement_id}" in {d.uid for d in due}
    assert not deadlines(person("sc.sunset").viewer(), now, now + timedelta(days=1))
    late = datetime.combine(case.figure_by, datetime.min.time(), UTC) + timedelta(days=1, hours=20)
    assert services.lapse_placeholders(at=now) == []
    with pytest.raises(ValidationFailed, match="was due"):
        services.quantify(case_id=case.pk, actor=bay, at=late, should_be=Decimal(0))
    (lapsed,) = services.lapse_placeholders(at=late)
    assert lapsed.state == "LAPSED"
    again = services.file_dispute(given=given(line), actor=bay, at=now)
    done = services.quantify(case_id=again.pk, actor=bay, at=now, should_be=Decimal(0))
    assert done.amount == line.amount
    assert done.state == "OPEN"


def test_grants_stay_within_what_was_asked_and_need_the_iso(published, person, now, as_user):
    line = line_of("SYN_LSE_BAY", published())
    case = services.file_dispute(
        given=given(line, line.amount - 10), actor=person("sc.bay"), at=now
    )
    analyst = person("iso.analyst")
    for granted in (Decimal(11), Decimal(-1), Decimal(0)):
        with pytest.raises(ValidationFailed, match="Grant something"):
            services.accept(case_id=case.pk, actor=analyst, at=now, granted=granted)
    with pytest.raises(ValidationFailed, match="can be corrected in"):
        services.accept(case_id=case.pk, actor=analyst, at=now, correct_in="T+9B")
    with pytest.raises(MoveRefused):
        services.accept(case_id=case.pk, actor=person("sc.bay"), at=now)
    assert as_user("sc.sunset").get(f"/disputes/{case.pk}/").status_code == 404
    with pytest.raises(IntegrityError), transaction.atomic():  # the database wants two people
        Dispute.objects.filter(pk=case.pk).update(
            state="ACCEPTED", granted=Decimal(1), decided_by=case.opened_by
        )
    denied = services.deny(case_id=case.pk, actor=analyst, at=now, note="the meter stands")
    assert denied.state == "DENIED"


def test_the_api_and_the_command_do_the_same(published, as_user, capsys):
    import json

    from django.core.management import call_command

    line = line_of("SYN_GEN_SUNSET", published(), "RMR-CAP")
    client = as_user("sc.sunset")
    body = {
        "statement": line.statement_id,
        "line": line.line_no,
        "should_be": "-1.00",
        "reason": "contract price",
    }
    answer = client.post("/api/v1/disputes/new/", body, content_type="application/json")
    assert answer.status_code == 201, answer.content
    number = answer.json()["id"]
    again = client.post("/api/v1/disputes/new/", body, content_type="application/json")
    assert again.status_code == 400
    assert "DSP-TWICE" in again.content.decode()
    case = Dispute.objects.get(pk=number)
    assert case.amount == line.amount + 1
    found = services.effect_of(case)
    assert sum(e.amount for e in found) == case.amount  # who bears its cost gets it
    call_command("case", "move", "disputes", str(number), "withdraw", "--as", "sc.sunset")
    case.refresh_from_db()
    assert case.state == "WITHDRAWN"
    assert Statement.objects.filter(disputes=case).exists()
    json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("sc", "charge"), [("SYN_GEN_SUNSET", "RMR-CAP"), ("SYN_LSE_BAY", "RMR-ALLOC")]
)
def test_who_would_bear_a_line_is_named_and_adds_up(published, person, now, sc, charge):
    line = line_of(sc, published(), charge)
    who = "sc.sunset" if sc.endswith("SUNSET") else "sc.bay"
    case = services.file_dispute(given=given(line, Decimal(0)), actor=person(who), at=now)
    effects = services.effect_of(case)
    assert sum(e.amount for e in effects) == case.amount
    assert sc not in {e.sc for e in effects}
