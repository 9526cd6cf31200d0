"""A price changes: what is published again, what it costs whom, and what stands against it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.platform.audit.services import MoveRefused
from apps.platform.core.violations import ValidationFailed
from apps.platform.runs.selectors import stale_cause
from apps.reliability.designations import selectors, services
from apps.reliability.designations.models import CapacityPayload, ContractPrice, PriceChange
from apps.reliability.designations.rules import Payload, day_cost_cents, plan_republication

pytestmark = pytest.mark.django_db
MAY = (date(2024, 5, 1), date(2024, 5, 5))


def codes(trouble):
    return {f.code for f in trouble.value.violations}


@pytest.fixture
def enter(person, now):
    def go(price="318.80", first=MAY[0], last=MAY[1], contract_no="RMR-HARBOR", **change):
        return services.propose_price(
            given=services.PriceInput(
                contract_no=contract_no,
                first_date=first,
                last_date=last,
                ferc_docket="ER24-1",
                ferc_approved_on=date(2024, 6, 1),
                reference="FERC order",
                price=Decimal(price) if price else None,
                **change,
            ),
            actor=person("iso.contracts"),
            at=now,
        )

    return go


@pytest.fixture
def approve(person, now):
    def go(change, at=None):
        return services.price_approve(case_id=change.pk, actor=person("iso.approver"), at=at or now)

    return go


@pytest.mark.brq("BRQ-1210")
def test_terms_publish_the_payload_of_every_past_day_once(contract, person, now):
    contract()
    rows = CapacityPayload.objects.filter(contract_no="RMR-HARBOR")
    assert rows.count() == 245 * 2  # May to December, GENERIC and FLEX
    assert set(rows.values_list("version", flat=True)) == {1}
    assert services.publish_payloads(actor=person("iso.admin"), at=now, cause="again")[0] == 0
    assert not CapacityPayload.objects.filter(contract_no="RMR-METEC").exists()  # legacy


@pytest.mark.brq("BRQ-0254", "BRQ-0255")
def test_five_days_of_generic_and_flex_are_ten_records_of_version_two(contract, enter, approve):
    contract()
    change = enter()
    assert change.preview["records"] == 10
    # 27.5 MW x (318.80 - 297.00) x 5 days
    assert change.preview["total_usd"] == "2997.50"
    assert CapacityPayload.objects.filter(version=2).count() == 0  # nothing before approval
    done = approve(change)
    assert (done.state, done.republished) == ("APPROVED", 10)
    again = CapacityPayload.objects.filter(contract_no="RMR-HARBOR", version=2)
    assert again.count() == 10
    assert set(again.values_list("trade_date", flat=True)) == {
        MAY[0] + timedelta(days=i) for i in range(5)
    }
    assert {p.price for p in again} == {Decimal("318.80")}
    for row in again:
        first = CapacityPayload.objects.get(
            resource=row.resource,
            trade_date=row.trade_date,
            tac_area=row.tac_area,
            obligation_type=row.obligation_type,
            version=1,
        )
        assert row.mw == first.mw


@pytest.mark.brq("BRQ-0255")
def test_the_same_price_entered_again_publishes_nothing(contract, enter, approve):
    contract()
    one, other = enter(), enter()
    approve(one)
    with pytest.raises(MoveRefused, match="has changed since it was entered"):
        approve(other)
    with pytest.raises(ValidationFailed) as trouble:
        enter()
    assert codes(trouble) == {"RMR-E-0255C"}
    assert CapacityPayload.objects.filter(version__gt=2).count() == 0


@pytest.mark.brq("BRQ-0255")
def test_of_overlapping_prices_the_last_wins_and_increments_telescope(contract, enter, approve):
    contract()
    approve(enter("310", MAY[0], date(2024, 5, 10)))
    approve(enter("325.5", date(2024, 5, 4), date(2024, 5, 20)))

    def sum_of(day, version):
        rows = CapacityPayload.objects.filter(
            contract_no="RMR-HARBOR", trade_date=day, obligation_type="GENERIC"
        )
        row = rows.filter(version__lte=version).latest("version")
        return day_cost_cents(price=row.price, capacity_mw=row.mw)

    newest = selectors.newest_payloads(viewer=_iso())
    by_day = dict(
        newest.filter(contract_no="RMR-HARBOR", obligation_type="GENERIC").values_list(
            "trade_date", "price"
        )
    )
    assert by_day[date(2024, 5, 3)] == Decimal(310)
    assert by_day[date(2024, 5, 4)] == Decimal("325.5")
    assert by_day[date(2024, 5, 21)] == Decimal(297)
    day = date(2024, 5, 5)
    one, two, three = (sum_of(day, v) for v in (1, 2, 3))
    assert (two - one) + (three - two) == three - one
    held = ContractPrice.objects.filter(contract_no="RMR-HARBOR", known__contains=selectors.NOW)
    assert sum((p.span.end - p.span.first).days for p in held) == 245


def _iso():
    from apps.platform.accounts.models import User

    return User.objects.get(username="iso.legal").viewer()


@pytest.mark.brq("BRQ-0254", "BRQ-0255")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"price": "0"}, "RMR-E-0255D"),
        ({"price": "-1"}, "RMR-E-0255D"),
        ({"contract_no": "NONE"}, "PRC-CONTRACT"),
        ({"contract_no": "RMR-METEC", "first": date(2024, 5, 1)}, "PRC-LEGACY"),
        ({"first": date(2024, 4, 30)}, "PRC-SPAN"),
        ({"last": date(2025, 1, 1)}, "PRC-SPAN"),
        ({"last": date(2024, 4, 1)}, "PRC-DATES"),
        ({"first": date(1, 1, 1)}, "PRC-DATES"),
        ({"price": None}, "RMR-E-0255D"),
    ],
)
def test_a_wrong_price_is_refused_and_nothing_changes(contract, enter, change, code):
    contract()
    before = CapacityPayload.objects.count()
    with pytest.raises(ValidationFailed) as trouble:
        enter(**change)
    assert codes(trouble) == {code}
    assert not PriceChange.objects.exists()
    assert CapacityPayload.objects.count() == before


def test_a_price_derived_from_the_revenue_requirement(contract, enter):
    contract()
    change = enter(None, last=None, afrr_usd=Decimal(2000000))
    assert str(change.price) == "296.846011"  # 2,000,000 / 245 / 27.5


@pytest.mark.brq("BRQ-0254")
def test_settlement_days_go_stale_and_the_preview_is_what_the_next_run_charges(
    settle, enter, approve, person, now
):
    from apps.settlement.settlements.models import AllocationLine
    from apps.settlement.settlements.services import price_cost

    run = settle(date(2024, 9, 4))
    before = AllocationLine.objects.filter(run=run, contract_no="RMR-GRNLF2")
    change = enter("300", date(2024, 9, 1), date(2024, 9, 30), contract_no="RMR-GRNLF2")
    assert change.preview["allocated_days"] == 2  # the days whose demand is on file
    shares, days = price_cost("RMR-GRNLF2", {date(2024, 9, 4): Decimal(300)})
    assert days == 1
    assert not stale_cause(run)
    approve(change)
    assert "price of RMR-GRNLF2" in stale_cause(run)
    again = settle(date(2024, 9, 4))
    after = AllocationLine.objects.filter(run=again, contract_no="RMR-GRNLF2")

    def by_sc(lines):
        rows = lines.values_list("sc__code").annotate(total=Sum("amount"))
        return {sc: int(total * 100) for sc, total in rows}

    old, new = by_sc(before), by_sc(after)
    assert {sc: new[sc] - old.get(sc, 0) for sc in new if new[sc] != old.get(sc, 0)} == shares


def test_a_fault_in_the_middle_leaves_nothing(contract, enter, approve, monkeypatch):
    contract()
    change = enter()
    monkeypatch.setattr(
        "apps.reliability.designations.services.pricing.corrected",
        lambda *_, **__: (_ for _ in ()).throw(RuntimeError("the power went")),
    )
    with pytest.raises(RuntimeError), transaction.atomic():
        approve(change)
    change.refresh_from_db()
    assert change.state == "PROPOSED"
    assert not CapacityPayload.objects.filter(version=2).exists()
    assert not ContractPrice.objects.filter(price=318800000).exists()


def test_what_moved_on_is_computed_again_before_it_is_approved(
    contract, enter, approve, person, now
):
    contract()
    waits = enter("310", MAY[0], date(2024, 5, 10))
    approve(enter("305", MAY[0], MAY[1]))
    with pytest.raises(MoveRefused, match="Compute it again"):
        approve(waits)
    fresh = services.price_refresh(case_id=waits.pk, actor=person("iso.contracts"), at=now)
    assert fresh.preview != waits.preview
    assert approve(fresh).state == "APPROVED"


def test_days_to_come_get_the_price_without_a_republication(designate, enter, approve, person, now):
    case = designate(start=date(2099, 1, 1), end=date(2099, 12, 31), ra_year=2099)
    proposal = services.propose_terms(
        given=services.TermsInput(
            designation=case.pk,
            contract_no="RMR-FAR",
            first_date=date(2099, 1, 1),
            last_date=date(2099, 12, 31),
            reference="agreement",
            price=Decimal(100),
            capacity={("SCE-TAC", "GENERIC"): Decimal("27.5")},
        ),
        actor=person("iso.contracts"),
        at=now,
    )
    services.terms_approve(case_id=proposal.pk, actor=person("iso.approver"), at=now)
    done = approve(enter("120", date(2099, 7, 1), None, contract_no="RMR-FAR"))
    assert done.republished == 0
    held = ContractPrice.objects.get(
        contract_no="RMR-FAR", known__contains=selectors.NOW, valid__contains=date(2099, 8, 1)
    )
    assert held.price == Decimal(120)
    with pytest.raises(ValidationFailed) as trouble:
        enter("120", date(2099, 7, 1), None, contract_no="RMR-FAR")
    assert codes(trouble) == {"RMR-E-0255C"}


PRICES = st.decimals(min_value="0.000001", max_value="99999", places=6)
DAYS = st.integers(0, 40).map(lambda i: date(2024, 1, 1) + timedelta(days=i))


@pytest.mark.brq("BRQ-0255")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    price=PRICES,
    new=PRICES,
    days=st.sets(DAYS, min_size=1, max_size=10),
    mw=st.dictionaries(
        st.tuples(st.sampled_from(["PGE-TAC", "SCE-TAC"]), st.sampled_from(["GENERIC", "FLEX"])),
        st.decimals(min_value="0.01", max_value="500", places=2),
        min_size=1,
    ),
)
def test_a_plan_holds_just_the_records_whose_price_differs(price, new, days, mw):
    published = [Payload(d, t, k, v, price) for d in days for (t, k), v in mw.items()]
    held = {(d, t, k): v for d in days for (t, k), v in mw.items()}
    plan, found = plan_republication(days=days, published=published, held_mw=held, new_price=new)
    assert not found
    assert len(plan.records) == (0 if new == price else len(published))
    moved = {k: v + 1 for k, v in held.items()}
    _, found = plan_republication(days=days, published=published, held_mw=moved, new_price=new)
    assert [f.code for f in found] == ["RMR-E-0255A"]
    _, found = plan_republication(days=days, published=[], held_mw=held, new_price=new)
    assert [f.code for f in found] == ["RMR-E-0255B"]


@pytest.mark.brq("BRQ-0255")
def test_a_price_a_thousand_times_the_one_in_force_is_answered_for_by_who_approves_it(
    contract, enter, person, now, client
):
    """Given 297 $/MW-day in force, when 297,000 is typed, then it takes a reason to approve it."""
    contract()
    change = enter("297000")
    client.force_login(person("iso.approver"))
    page = client.get(f"/price-changes/{change.pk}/").content.decode()
    assert "297,000.00 $/MW-day is 1,000 times the 297.00 $/MW-day in force." in page
    told = client.get(f"/api/v1/price-changes/{change.pk}/").json()["doubts"]
    assert len(told) == 2
    assert told[1].startswith("The price of 297,000.00 $/MW-day is beyond the bound of ")
    with pytest.raises(ValidationFailed) as trouble:
        services.price_approve(case_id=change.pk, actor=person("iso.approver"), at=now, note=" ")
    assert codes(trouble) == {"PL-ANSWER"}
    assert PriceChange.objects.get().state == "PROPOSED"
    done = services.price_approve(
        case_id=change.pk, actor=person("iso.approver"), at=now, note="FERC order, page 3"
    )
    assert done.state == "APPROVED"


@pytest.mark.parametrize(("price", "asked"), [("318.80", 0), ("1485", 1), ("1484.999999", 0)])
def test_a_price_is_asked_about_from_five_times_the_one_in_force_on(contract, enter, price, asked):
    contract()
    assert len(services.price_doubts(enter(price))) == asked


def test_a_contract_number_that_is_misspelt_is_asked_back(contract, enter):
    contract()
    with pytest.raises(ValidationFailed) as trouble:
        enter(contract_no="rmr-harbor")
    assert trouble.value.violations[0].message == (
        "There is no contract rmr-harbor. Did you mean RMR-HARBOR?"
    )
