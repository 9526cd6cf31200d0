"""Liabilities with every component by hand, warnings, calls and their ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.management import call_command
from django.urls import reverse

from apps.platform.accounts.models import Party
from apps.platform.core.violations import ValidationFailed
from apps.platform.notifications.models import Notification
from apps.platform.runs.hooks import READINESS, Hold
from apps.settlement.clearing import services
from apps.settlement.clearing.models import CollateralCall, CreditEntry, Exposure, Posting
from apps.settlement.clearing.rules import daily_shares
from apps.settlement.clearing.services import inputs
from apps.settlement.clearing.services.inputs import outlook_of
from apps.settlement.statements.models import Statement, StatementLine
from tests.conftest import DAY
from tests.registries import put
from tests.settlement.clearing.conftest import moment

pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-1402", "BRQ-1401")]
BAY = "SYN_LSE_BAY"
NEXT = date(2024, 9, 5)


@pytest.fixture
def measure(person, now):
    def go(as_of=NEXT, at=None):
        found = services.measure(as_of=as_of, actor=person("iso.analyst"), at=at or now)
        return {e.sc.code: e for e in found}

    return go


def test_published_estimated_and_extrapolated_by_hand(settle, measure):
    settle()
    first = measure()[BAY]
    total = Statement.objects.get(sc__code=BAY).total
    assert first.published == total
    assert first.estimated == 0
    assert first.extrapolated == total  # one day of history, one day unknown
    assert first.eal == max(2 * total, 0) + first.projected_rmr
    rmr = StatementLine.objects.filter(statement__sc__code=BAY, charge_code="RMR-ALLOC")
    allocated = sum(x.amount for x in rmr)
    assert allocated > 0
    assert Decimal(first.details["rmr"]["published"]) == allocated
    assert Decimal(first.details["rmr"]["extrapolated"]) == allocated
    run = settle(NEXT, publish=False)
    second = measure()[BAY]
    assert second.number == 2
    assert second.extrapolated == 0
    lines = Decimal(0)
    from apps.settlement.settlements.selectors import result_lines

    key = Party.objects.get(code=BAY).pk
    for row in result_lines(run=run).iter_rows(named=True):
        if row["sc_id"] == key:
            lines += Decimal(row["amount"]) / 100
    assert second.estimated == lines
    assert Exposure.objects.filter(sc__code=BAY).count() == 2


def test_a_receivable_of_an_rmr_owner_counts_once_published(settle, measure):
    settle()
    owner = measure()["SYN_GEN_SUNSET"]
    assert owner.published < 0
    assert owner.extrapolated == 0
    settle(NEXT, publish=False)
    assert measure()["SYN_GEN_SUNSET"].estimated == 0


@pytest.mark.brq("BRQ-1225")
def test_a_run_that_holds_parts_is_no_estimate_of_its_day(settle, measure, monkeypatch):
    """given a sealed run over holds; when liability is measured; then the day is not calculated"""
    settle()
    found = [h for h in READINESS if h.name == "results"]
    held = Hold("TEST", 1, "SYN", "SYN: an input is missing.")
    put(
        monkeypatch,
        READINESS,
        replace(found[0], find=lambda day, at: [held], worst=lambda day, at: "HELD"),
    )
    run = settle(NEXT, publish=False)
    assert [h["code"] for h in run.holds] == ["TEST"]
    row = measure()[BAY]
    assert (row.estimated, row.extrapolated) == (0, Statement.objects.get(sc__code=BAY).total)


def test_a_contract_without_history_is_projected_and_falls_day_by_day(
    settle, measure, load, as_user
):
    settle()
    starts = date(2024, 10, 1)
    before = measure(starts)[BAY]
    assert before.projected_rmr == 0
    load(  # the second is legacy by its effective date, and in no liability
        "contract-terms",
        "CONTRACT_ID,RESOURCE_ID,EFFECTIVE_DATE,CONDITION,START_DATE,END_DATE,RELIABILITY_SCOPE,"
        "LOCAL_AREA,PRICE_USD_PER_MW_DAY,TAC_AREA,OBLIGATION_TYPE,MW,SOURCE\n"
        "RMR-NEW,SYN_CEDAR_4_ST,2024-10-01,,2024-10-01,2024-12-31,SYSTEM,,1000,PGE-TAC,GENERIC,"
        "62,constructed\n"
        "RMR-OLD,SYN_WILLOW_5_GT,2015-01-01,1,2024-10-01,2024-12-31,SYSTEM,,1000,PGE-TAC,GENERIC,"
        "44.99,constructed\n",
        sender="iso.contracts",
    )
    after = measure(starts)[BAY]
    (told,) = after.details["projected"]
    share, days = Decimal(told["share"]), told["days"]
    assert told["contract"] == "RMR-NEW"
    assert after.projected_rmr == round(share * days, 2)
    assert after.eal == before.eal + after.projected_rmr
    assert days == 1 + after.details["to_payment"]
    for name, cost in (("sc.bay", ""), ("iso.approver", told["cost"])):
        client = as_user(name)
        answer = client.get(f"/api/v1/exposures/{after.pk}/").json()
        assert answer["details"]["projected"][0]["cost"] == cost
        page = client.get(reverse("exposure", args=[after.pk])).content.decode()
        assert ("62,000" in page) == bool(cost)  # the owner's capacity times its price
    later = measure(starts + timedelta(days=1))[BAY]
    assert later.details["projected"][0]["days"] == 2 + later.details["to_payment"]


def test_shares_of_a_new_contract_by_scope():
    load = {("A", "N"): 90, ("B", "N"): 30, ("A", "S"): 45, ("C", "S"): 55}
    local = daily_shares(Fraction(15800), scope="LOCAL", tac_mw={"N": 70, "S": 30}, load=load)
    assert local == {"A": Fraction(8295 + 2133), "B": Fraction(2765), "C": Fraction(2607)}
    system = daily_shares(Fraction(220), scope="SYSTEM", tac_mw={}, load=load)
    assert system == {"A": Fraction(135), "B": Fraction(30), "C": Fraction(55)}
    assert daily_shares(Fraction(1), scope="SYSTEM", tac_mw={}, load={}) == {}


def test_the_worked_call_from_warning_to_answer(hand_made, credit, measure, person, now):
    """4,200,000 invoiced, 1,450,000 adjusted in: 94.2 % warns; 810,000 more calls 460,000."""
    hand_made({BAY: "4200000"}, due=date(2024, 9, 24), day=date(2024, 9, 4))
    credit("UNSECURED", "1000000", BAY)
    credit("SECURITY", "5000000", BAY)
    credit("ADJUSTMENT", "1450000", BAY)
    warned = measure(DAY)[BAY]
    assert (warned.eal, warned.available, warned.required) == (Decimal(5650000), Decimal(350000), 0)
    assert Notification.objects.filter(title__contains="94.2 %").exists()
    assert not CollateralCall.objects.exists()
    credit("ADJUSTMENT", "810000", BAY)
    called = measure(DAY)[BAY]
    assert called.required == Decimal(460000)
    call = CollateralCall.objects.get()
    assert (call.amount, call.state) == (Decimal(460000), "CALLED")
    measure(DAY)
    assert CollateralCall.objects.count() == 1  # one at a time
    measure(DAY, now + timedelta(days=9))
    call.refresh_from_db()
    assert call.state == "OVERDUE"
    credit("LETTER", "460000", BAY)
    measure(DAY)
    call.refresh_from_db()
    assert call.state == "ANSWERED"


def test_a_liability_that_is_at_least_so_much_answers_no_call(
    hand_made, settle, credit, measure, now, as_user
):
    """Given a call; when 60 days are told and more are not known; then no credit answers it."""
    hand_made({BAY: "4200000"}, due=date(2024, 9, 24), day=date(2024, 9, 4))
    credit("UNSECURED", "1000000", BAY)
    measure(DAY)
    call = CollateralCall.objects.get()
    settle()
    credit("SECURITY", "900000000", BAY)
    late = date(2024, 12, 4)
    told = measure(late)[BAY]
    assert told.details["beyond"] == 31  # 91 days after 2024-09-04, of which 60 are told
    assert told.eal <= told.unsecured + told.security
    call.refresh_from_db()
    assert call.state == "CALLED"
    said = "The liability is at least this: 31 trade dates not calculated and in no part of it."
    page = as_user("iso.analyst").get(f"/exposures/{told.pk}/").content.decode()
    assert said in page
    facts = as_user("iso.analyst").get(f"/api/v1/exposures/{told.pk}/").json()
    assert facts["at_least"].startswith(said)
    assert Notification.objects.filter(title__contains=f"Collateral call {call.pk} stands").exists()
    case = as_user("iso.analyst").get(f"/api/v1/collateral-calls/{call.pk}/").json()["facts"]
    assert said in case["Newest measurement"]
    measure(late, now + timedelta(days=9))
    call.refresh_from_db()
    assert call.state == "OVERDUE"
    measure(NEXT)  # as of a day of which all is known
    call.refresh_from_db()
    assert call.state == "ANSWERED"


def test_a_held_day_of_long_ago_pushes_no_recent_day_out(settle, measure, monkeypatch):
    """Given a day held long ago; when 60 newer ones are not calculated; then it is the one beyond.

    With 59 newer ones an average day stands for it, too.
    """
    settle()
    old = date(2024, 3, 1)
    monkeypatch.setattr(inputs, "_newer", lambda published, as_of: ({}, [old]))
    for days, beyond, oldest in ((59, 0, old), (60, 1, NEXT)):
        newest = DAY + timedelta(days=days)
        told = measure(newest)[BAY].details
        assert (len(told["gap"]), told["beyond"]) == (60, beyond)
        assert (told["gap"][0], told["gap"][-1]) == (oldest.isoformat(), newest.isoformat())


def test_past_due_is_apart_and_drawn_security_counts_no_more(hand_made, credit, close, measure):
    hand_made(
        {BAY: "1000", "SYN_GEN_SUNSET": "-1000"}, due=date(2024, 8, 20), day=date(2024, 8, 14)
    )
    credit("SECURITY", "400", BAY)
    found = measure(DAY)[BAY]
    assert (found.invoiced, found.past_due, found.security) == (0, Decimal(1000), Decimal(400))
    close(date(2024, 8, 20))
    again = measure(DAY)[BAY]
    assert (again.past_due, again.security) == (Decimal(600), 0)


def test_credit_that_cannot_be_and_two_people(person, credit, as_user):
    def refused(code, **change):
        words = {
            "kind": "SECURITY",
            "amount": Decimal(5),
            "first_date": DAY,
            "reference": "x",
            "sc": BAY,
        } | change
        with pytest.raises(ValidationFailed) as caught:
            services.propose_credit(
                given=services.CreditEntryInput(**words),
                actor=person("iso.analyst"),
                at=moment(DAY),
            )
        assert code in {f.code for f in caught.value.violations}

    refused("CLR-KIND", kind="GOLD")
    refused("CLR-SC", sc="")
    refused("CLR-SC", sc="NOBODY")
    refused("CLR-SC", kind="RESERVE")
    refused("CLR-AMOUNT", amount=Decimal(-5))
    refused("CLR-AMOUNT", amount=Decimal(0))
    refused("CLR-CAP", kind="UNSECURED", amount=Decimal("50000000.01"))
    refused("CLR-DATE", last_date=date(2024, 9, 3))
    refused("CLR-DATE", first_date=date(1, 1, 1))
    refused("CLR-REFERENCE", reference=" ")
    assert not CreditEntry.objects.exists()
    held = credit("SECURITY", "100", BAY)
    assert Posting.objects.filter(account="DEPOSIT").get().amount == Decimal(-100)
    as_user("iso.approver").post(f"/credit-entries/{held.pk}/release/", {})
    held.refresh_from_db()
    assert held.state == "RELEASED"
    assert sum(p.amount for p in Posting.objects.filter(account="DEPOSIT")) == 0


def test_pages_api_and_command_tell_the_numbers(settle, measure, as_user, capsys, person):
    settle()
    mine = measure()[BAY]
    other = Exposure.objects.get(sc__code="SYN_GEN_SUNSET")
    client = as_user("sc.bay")
    page = client.get(f"/exposures/{mine.pk}/").content.decode()
    assert f"{mine.eal:,.2f}" in page
    assert "average day" in page
    assert client.get(f"/exposures/{other.pk}/").status_code == 404
    answer = client.get(f"/api/v1/exposures/{mine.pk}/").json()
    assert Decimal(answer["components"]["PUBLISHED"]) == mine.published
    assert "Liability of the SCs listed" in client.get("/exposures/").content.decode()
    call_command("clearing", "measure", "--as", "iso.analyst", "--as-of", "2024-09-05")
    assert BAY in capsys.readouterr().out
    late = measure(date(2025, 9, 5))[BAY]
    assert (len(late.details["gap"]), late.details["beyond"]) == (60, 306)
    assert "306 more trade dates are not calculated" in (
        client.get(f"/exposures/{late.pk}/").content.decode()
    )
    with pytest.raises(ValidationFailed, match="earlier day"):
        measure(date(2199, 9, 5))
    with pytest.raises(LookupError):
        from apps.platform.core.effective import ParameterSet

        outlook_of(NEXT, ParameterSet({}))
