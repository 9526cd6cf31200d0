"""A smaller Pmax that FERC approved: bids, availability, payment and payload owe the same MW."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from apps.adequacy.plans.selectors import capacity_on
from apps.bidding.bids.models import BidHour
from apps.platform.audit.services import knowledge_moment, supersede
from apps.platform.core.tradetime import FAR_MOMENT, Span
from apps.platform.core.violations import ValidationFailed
from apps.platform.parameters.models import ParameterValue
from apps.platform.uploads.services import confirm
from apps.reference.resources.selectors import resource_ids
from apps.reliability.designations import selectors, services
from apps.reliability.designations.models import CapacityPayload
from apps.reliability.designations.rules import SMALLER_PMAX, most_owed, owed_capacity
from apps.reliability.verification.selectors import verification
from apps.settlement.settlements.models import CapacityPayment
from apps.settlement.settlements.rules import capacity_day
from apps.settlement.settlements.services.inputs import contract_day

D = Decimal
SUNSET, MESA = "SUNSET_2_UNITS", "SYN_MESA_2_CC"
BEFORE, DAY = date(2024, 8, 31), date(2024, 9, 4)
APPROVED = date(2024, 8, 15)


@pytest.fixture
def change(person, now):
    """Enter and approve a Pmax from 2024-09-01 on."""

    def go(resource=SUNSET, mw="230", *, approve=True):
        case = services.propose_pmax(
            given=services.PmaxInput(
                resource=resource,
                pmax_mw=D(mw),
                first_date=date(2024, 9, 1),
                ferc_docket="ER24-99",
                ferc_approved_on=APPROVED,
                reference="order",
            ),
            actor=person("iso.contracts"),
            at=now,
        )
        if approve:
            services.pmax_approve(case_id=case.pk, actor=person("iso.approver"), at=now)
        return case

    return go


@pytest.fixture
def bounded(person, now):
    """Let a smaller Pmax bound what is owed on the demo's days too, as it does from 2026-12 on."""
    supersede(
        model=ParameterValue,
        key={"name": SMALLER_PMAX.name},
        values={"text": "BOUNDED"},
        span=Span(date(1998, 1, 1), date(2026, 12, 1)),
        known_from=knowledge_moment(at=now - timedelta(seconds=2)),
        reference="tests",
        proposed_by=person("iso.analyst"),
        approved_by=person("iso.approver"),
    )


def seen(day, known_at=FAR_MOMENT, resource=SUNSET):
    """Return the MW that availability measures and that payment pays."""
    key = resource_ids({resource})[resource]
    measured = sum(
        h.mw for h in capacity_on(day, known_at) if h.resource_id == key and h.part == "GENERIC"
    )
    held = next(c for c in selectors.on_day(day, known_at) if c.contract.resource.code == resource)

    class Sc:
        code, pk = "SYN_GEN_SUNSET", 1

    paid = capacity_day(contract_day(held, Sc()), cutoff=date(2018, 9, 1), basis="MAX")
    assert selectors.obligations_on(day, known_at)[key] == paid.capacity_mw
    return measured, paid.capacity_mw


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0020", "BRQ-0048", "BRQ-0520")
def test_bids_availability_payment_and_payload_take_it_from_its_day_on(
    priced, calculate, change, now, person, bounded
):
    """Given 248 MW under contract; when 230 MW are approved; then everything owes 230."""
    assert seen(DAY) == (248, 248)
    change()
    assert (seen(BEFORE), seen(DAY)) == ((248, 248), (230, 230))
    assert seen(DAY, now - timedelta(seconds=1)) == (248, 248)  # as it was known before
    run = calculate(DAY, kind="bids.insertion_da")
    hour = BidHour.objects.get(run=run, unit=SUNSET, hour_ending=1)
    assert (hour.obligation_mw, hour.shortfall_mw) == (230, 230)
    payload = CapacityPayload.objects.filter(resource__code=SUNSET, trade_date=DAY)
    assert list(payload.order_by("version").values_list("version", "mw")) == [(1, 248), (2, 230)]
    assert not CapacityPayload.objects.filter(
        resource__code=SUNSET, trade_date=BEFORE, version=2
    ).exists()
    rows = selectors.designated_capacity(viewer=person("iso.contracts").viewer())
    year = rows.filter(contract_no="RMR-SUNSET", ra_year=2024).order_by("period")
    # 244 days × 248 MW and 122 days × 230 MW at 306.70 $/MW-day: as the days are paid
    assert [(r.period.lower, r.contract_mw, r.cost) for r in year] == [
        (date(2024, 1, 1), 248, D("18559030.40")),
        (date(2024, 9, 1), 230, D("8606002.00")),
    ]
    assert date(2024, 9, 1) in selectors.contract_changes(Span.through(BEFORE, DAY), FAR_MOMENT)


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0048", "BRQ-0045")
def test_page_and_master_file_check_say_that_the_terms_must_follow_until_they_do(
    costs_on_file, change, as_user, send, person, bounded
):
    said = (
        "The terms of RMR-SUNSET say 248.00 MW, Pmax is 230.00 MW on {}. File the terms anew with "
        "230.00 MW; until then bids, availability and payment take the smaller Pmax."
    )
    case = change(approve=False)
    page = as_user("iso.approver").get(f"/pmax-changes/{case.pk}/").content.decode()
    assert said.format("2024-09-01") in page
    services.pmax_approve(case_id=case.pk, actor=person("iso.approver"), at=datetime.now(UTC))
    named = [m for m in verification(DAY)[2] if m.violation.code == "RMR-W-0048"]
    assert [(m.resource, m.violation.message) for m in named] == [(SUNSET, said.format(DAY))]
    assert not [m for m in verification(BEFORE)[2] if m.violation.code == "RMR-W-0048"]
    head = (
        "CONTRACT_ID,RESOURCE_ID,EFFECTIVE_DATE,CONDITION,START_DATE,END_DATE,RELIABILITY_SCOPE,"
        "LOCAL_AREA,PRICE_USD_PER_MW_DAY,TAC_AREA,OBLIGATION_TYPE,MW,FERC_DOCKET,FERC_APPROVED,"
        "SOURCE\n"
    )
    row = (
        f"RMR-SUNSET,{SUNSET},2021-02-01,,2024-09-01,2024-12-31,SYSTEM,,306.7,PGE-TAC,GENERIC,230,"
        f"ER24-99,{APPROVED},agreement\n"
    )
    sent = send("contract-terms", head + row, sender="iso.contracts")
    confirm(
        upload_id=sent.pk, actor=person("iso.approver"), at=datetime.now(UTC), reason="as ordered"
    )
    assert not [m for m in verification(DAY)[2] if m.violation.code == "RMR-W-0048"]
    page = as_user("iso.approver").get(f"/pmax-changes/{case.pk}/").content.decode()
    assert "File the terms anew" not in page


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0020", "BRQ-0520")
def test_other_terms_are_owed_from_their_day_on_everywhere(priced, calculate, send, person):
    """Given terms of 200 MW by order of FERC and Pmax as it was; then all of them owe 200."""
    head = (
        "CONTRACT_ID,RESOURCE_ID,EFFECTIVE_DATE,CONDITION,START_DATE,END_DATE,RELIABILITY_SCOPE,"
        "LOCAL_AREA,PRICE_USD_PER_MW_DAY,TAC_AREA,OBLIGATION_TYPE,MW,MW_OVERRIDE,FERC_DOCKET,"
        "FERC_APPROVED,SOURCE\n"
    )
    row = (
        f"RMR-SUNSET,{SUNSET},2021-02-01,,2024-09-01,2024-12-31,SYSTEM,,306.7,PGE-TAC,GENERIC,200,"
        f"settled with the owner,ER24-98,{APPROVED},agreement\n"
    )
    sent = send("contract-terms", head + row, sender="iso.contracts")
    confirm(
        upload_id=sent.pk, actor=person("iso.approver"), at=datetime.now(UTC), reason="as ordered"
    )
    assert (seen(BEFORE), seen(DAY)) == ((248, 248), (200, 200))
    run = calculate(DAY, kind="bids.insertion_da")
    assert BidHour.objects.get(run=run, unit=SUNSET, hour_ending=1).obligation_mw == 200
    assert not [m for m in verification(DAY)[2] if m.violation.code == "RMR-W-0048"]


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0048", "BRQ-0020", "BRQ-1210")
def test_days_before_its_release_are_owed_as_they_were_settled(
    costs_on_file, settle, change, person
):
    """Given 2024-09-04 settled with 248 MW; when 230 are approved; then it is settled as before.

    From trade date 2026-12-01 on the same terms and the same Pmax owe 230.
    """

    def paid(run):
        rows = CapacityPayment.objects.filter(run=run)
        return sorted(rows.values_list("resource__code", "capacity_mw", "amount"), key=str)

    first = settle(DAY)
    change()
    assert (seen(BEFORE), seen(DAY)) == ((248, 248), (248, 248))
    assert CapacityPayload.objects.filter(resource__code=SUNSET, trade_date=DAY).count() == 1
    assert paid(settle(DAY)) == paid(first)
    rows = selectors.designated_capacity(viewer=person("iso.contracts").viewer())
    year = rows.filter(contract_no="RMR-SUNSET", ra_year=2024)
    assert {r.contract_mw for r in year} == {248}
    stays = "until then bids, availability and payment stay with what the terms say"
    assert any(stays in m.violation.message for m in verification(DAY)[2])


@pytest.mark.brq("BRQ-0048")
def test_over_tac_areas_it_is_divided_as_the_terms_divide_theirs():
    terms = {("SDGE-TAC", "GENERIC"): D(90), ("SCE-TAC", "GENERIC"): D(30)}
    assert owed_capacity(terms, D(100)) == {
        ("SDGE-TAC", "GENERIC"): D(75),
        ("SCE-TAC", "GENERIC"): D(25),
    }
    thirds = {(t, "GENERIC"): D(40) for t in ("A", "B", "C")} | {("A", "FLEX"): D(20)}
    owed = owed_capacity(thirds, D(100))
    assert [owed[t, "GENERIC"] for t in "ABC"] == [D("33.34"), D("33.33"), D("33.33")]
    assert owed["A", "FLEX"] == D(20)  # below the new Pmax: untouched
    assert owed_capacity(thirds, None) == thirds


@pytest.mark.brq("BRQ-0020")
@pytest.mark.parametrize(
    ("of_terms", "pmax", "most"),
    [
        ("248", "230", "230"),
        ("248", "248", None),
        ("230", "248", None),  # a larger one is owed when the terms say so
        (None, "230", None),
        ("248", None, None),
    ],
)
def test_only_a_smaller_pmax_than_that_of_the_terms_bounds_them(of_terms, pmax, most):
    found = most_owed(
        pmax_of_terms=None if of_terms is None else D(of_terms),
        pmax=None if pmax is None else D(pmax),
    )
    assert found == (None if most is None else D(most))


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0048")
def test_an_approval_ahead_of_today_is_refused(person, now):
    ahead = now.date() + timedelta(days=400)
    with pytest.raises(ValidationFailed) as trouble:
        services.propose_pmax(
            given=services.PmaxInput(
                resource=SUNSET,
                pmax_mw=D(230),
                first_date=date(2024, 9, 1),
                ferc_docket="ER24-99",
                ferc_approved_on=ahead,
                reference="order",
            ),
            actor=person("iso.contracts"),
            at=now,
        )
    assert "RMR-E-0255F" in {f.code for f in trouble.value.violations}


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0048")
def test_a_pmax_in_kilowatts_is_answered_for_by_who_approves_it(change, person, now):
    case = change(mw="230000", approve=False)
    with pytest.raises(ValidationFailed) as trouble:
        services.pmax_approve(case_id=case.pk, actor=person("iso.approver"), at=now)
    assert [f.code for f in trouble.value.violations] == ["PL-ANSWER"]
    assert "is it in kW instead of MW?" in trouble.value.violations[0].message
    done = services.pmax_approve(
        case_id=case.pk, actor=person("iso.approver"), at=now, note="the order says so"
    )
    assert done.state == "APPROVED"
