"""CPM: least cost, never RMR, binding, above the cap by approval, reported, re-priced."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from apps.adequacy.cpm import services
from apps.adequacy.cpm.models import (
    CpmDesignation,
    CpmFact,
    CpmOffer,
    CpmPrice,
    CpmReport,
    Solicitation,
)
from apps.adequacy.cpm.rules import Offered, least_cost, report_due
from apps.adequacy.plans.selectors import capacity_on
from apps.platform.audit.services import MoveRefused
from apps.platform.core.violations import ValidationFailed
from apps.platform.notifications.models import Notification
from tests.conftest import SHARED

MW = Decimal
AUGUST = (date(2024, 8, 1), date(2024, 8, 31))
AT = datetime(2024, 6, 20, tzinfo=UTC)
FACTS = SHARED / "ra" / "cpm_public_facts.csv"


@pytest.mark.brq("BRQ-0330")
@pytest.mark.parametrize(
    ("selected", "effective", "kind", "due"),
    [
        ("2020-07-20", "2020-08-01", "MONTHLY", "2020-08-10"),
        ("2020-06-25", "2020-08-01", "MONTHLY", "2020-07-25"),
        ("2020-07-11", "2020-08-01", "SIGNIFICANT_EVENT", "2020-08-10"),
        ("2020-11-10", "2021-01-01", "ANNUAL", "2020-12-10"),
        ("2020-08-15", "2020-08-20", "SIGNIFICANT_EVENT", "2020-09-14"),
        ("2020-08-15", "2020-08-20", "EXCEPTIONAL_DISPATCH", None),
    ],
)
def test_when_a_report_is_due(selected, effective, kind, due):
    found = report_due(
        selected=date.fromisoformat(selected), effective=date.fromisoformat(effective), kind=kind
    )
    assert found == (date.fromisoformat(due) if due else None)


@pytest.mark.brq("BRQ-0305")
def test_least_cost_of_the_algorithm_page():
    offers = [
        Offered(1, MW(60), MW("5.00"), MW(1), 1),
        Offered(2, MW(80), MW("4.80"), MW("0.8"), 2),
        Offered(3, MW(30), MW("5.60"), MW(1), 3),
    ]
    chosen, unmet = least_cost(offers, MW(100))
    assert [(c.key, c.mw) for c in chosen] == [(1, 60), (3, 30), (2, MW("12.50"))]
    assert (sum(c.cost for c in chosen), unmet) == (MW(528_000), 0)
    assert least_cost(offers, MW(500))[1] == MW(500 - 60 - 64 - 30)
    assert least_cost([], MW(5)) == ([], 5)


@pytest.fixture
def solicited(person, capacity):
    return services.solicit(
        given=services.SolicitationInput(
            kind="MONTHLY",
            type="MONTHLY",
            reason="LOCAL",
            first_date=AUGUST[0],
            last_date=AUGUST[1],
            need_mw=MW(100),
            closes_at=AT + timedelta(days=10),
            text="August",
        ),
        actor=person("iso.operator"),
        at=AT,
    )


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0310")
def test_a_month_that_is_past_is_not_solicited(person, capacity):
    """Given August 2024; when offers are asked for in 2026; then they are refused, with why."""
    at = datetime(2026, 1, 5, tzinfo=UTC)
    with pytest.raises(ValidationFailed) as trouble:
        services.solicit(
            given=services.SolicitationInput(
                kind="MONTHLY",
                type="MONTHLY",
                reason="LOCAL",
                first_date=AUGUST[0],
                last_date=AUGUST[1],
                need_mw=MW(100),
                closes_at=at + timedelta(days=10),
                text="August",
            ),
            actor=person("iso.operator"),
            at=at,
        )
    assert [f.code for f in trouble.value.violations] == ["CPM-PAST"]
    assert not Solicitation.objects.exists()


@pytest.fixture
def south(db):
    """Somebody of the SC of the Basin generator."""
    from apps.platform.accounts.models import Party
    from apps.platform.accounts.services import user_ensure

    return user_ensure(
        username="sc.south",
        password="demo",
        roles=["SC_USER"],
        party=Party.objects.get(code="SYN_GEN_SOUTH"),
        first_name="So",
    )


def offer(who, case, **change):
    given = {"resource": "SYN_BASIN_7_CC", "mw": MW(120), "price": MW("5.00")} | change
    return services.submit_offer(
        given=services.OfferInput(solicitation=case.pk, **given), actor=who, at=AT
    )


def codes_of(trouble):
    return [f.code for f in trouble.value.violations]


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0300", "BRQ-0305", "BRQ-0310")
def test_what_stands_against_an_offer(solicited, south, person):
    for change, code in (
        ({"resource": "SYN_HARBOR_1_GT", "mw": MW(10)}, "RMR-E-0300"),
        ({"mw": MW(141)}, "CPM-MW"),
        ({"price": MW("7.35")}, "CPM-CAP"),
        ({"price": MW(0)}, "CPM-PRICE"),
        ({"resource": "SYN_FOOTHILL_6_GT"}, "CPM-RES"),
    ):
        with pytest.raises(ValidationFailed) as trouble:
            offer(south, solicited, **change)
        assert code in codes_of(trouble), change
    with pytest.raises(ValidationFailed) as trouble:
        services.submit_offer(
            given=services.OfferInput(solicited.pk, "SYN_BASIN_7_CC", MW(1), MW(1)),
            actor=south,
            at=AT + timedelta(days=10),
        )
    assert codes_of(trouble) == ["CPM-CLOSED"]
    assert not CpmOffer.objects.exists()


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0305", "BRQ-0310", "BRQ-0330")
def test_from_offers_to_a_designation_that_binds_and_its_report(solicited, south, person, client):
    operator, approver = person("iso.operator"), person("iso.approver")
    taken = offer(south, solicited)
    above = offer(
        south,
        solicited,
        resource="SYN_VENTURA_8_GT",
        mw=MW(30),
        price=MW("8.00"),
        docket="ER24-9",
        gffc=MW("6.60"),
    )
    assert (above.adder, above.cap) == (MW("0.20"), MW("7.34"))
    services.rate_offer(case_id=taken.pk, actor=operator, at=AT, effectiveness=MW("0.8"))
    from apps.platform.audit.services import plain_move

    plain_move(model=Solicitation, action="close", case_id=solicited.pk, actor=operator, at=AT)
    with pytest.raises(MoveRefused, match="binds"):
        services.withdraw_offer(case_id=taken.pk, actor=south, at=AT)
    case = services.select_offers(case_id=solicited.pk, actor=operator, at=AT)
    assert case.selection["unmet"] == "4"  # 120 × 0.8 = 96; the other has no approved price
    assert "without an approved price" in case.selection["left"][0]["why"]
    services.approve_offer_price(
        case_id=above.pk,
        actor=person("iso.contracts"),
        at=AT,
        approved_price=MW("7.92"),
        approved_on=date(2024, 6, 18),
        docket="ER24-9",
    )
    case = services.select_offers(case_id=solicited.pk, actor=operator, at=AT)
    assert [(r["resource"], r["mw"], r["price"]) for r in case.selection["taken"]] == [
        ("SYN_BASIN_7_CC", "120", "5"),
        ("SYN_VENTURA_8_GT", "4", "7.92"),
    ]
    with pytest.raises(MoveRefused):
        services.approve_selection(case_id=solicited.pk, actor=operator, at=AT)
    services.approve_selection(case_id=solicited.pk, actor=approver, at=AT)
    made = CpmDesignation.objects.get(resource__code="SYN_BASIN_7_CC")
    assert (made.state, made.report_due) == ("DESIGNATED", date(2024, 7, 19))
    assert CpmPrice.objects.get(designation__resource__code="SYN_VENTURA_8_GT").price == MW("7.92")
    held = {h.mw for h in capacity_on(date(2024, 8, 5)) if h.source == "CPM"}
    assert held == {MW(120), MW(4)}
    late = AT + timedelta(days=40)
    assert services.remind_reports(at=late) == 2
    services.post_report(case_id=made.pk, actor=operator, at=late)
    assert services.remind_reports(at=late) == 1
    assert CpmReport.objects.get().due == date(2024, 7, 19)
    text = client.get("/cpm-reports/").content.decode()  # nobody signed in
    assert "SYN_BASIN_7_CC" in text
    assert "SYN_VENTURA_8_GT" not in text
    client.force_login(person("sc.bay"))
    assert "CPM designation report" in client.get("/notices/").content.decode()
    assert "SYN_VENTURA_8_GT" not in client.get("/cpm-designations/").content.decode()


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0300", "BRQ-0305")
def test_the_iso_offers_at_the_cap_and_acceptance_binds(south, person, capacity, client):
    given = services.CpmDesignationInput(
        resource="SYN_BASIN_7_CC",
        type="SIGNIFICANT_EVENT",
        reason="RELIABILITY",
        mw=MW(50),
        first_date=AUGUST[0],
        last_date=date(2024, 8, 30),
        text="Heat wave",
    )
    operator = person("iso.operator")
    for resource in ("SYN_HARBOR_1_GT", "BOGUE_1_UNITA1"):  # new tariff and legacy
        with pytest.raises(ValidationFailed) as trouble:
            services.propose_designation(
                given=services.CpmDesignationInput(
                    **(vars(given) | {"resource": resource, "mw": MW(1)})
                ),
                actor=operator,
                at=AT,
            )
        assert "RMR-E-0300" in codes_of(trouble)
    case = services.propose_designation(given=given, actor=operator, at=AT)
    services.offer_designation(case_id=case.pk, actor=person("iso.approver"), at=AT)
    client.force_login(south)
    client.post(f"/cpm-designations/{case.pk}/accept/", {"note": ""})
    case.refresh_from_db()
    assert case.state == "DESIGNATED"
    assert CpmPrice.objects.get(designation=case).price == MW("7.34")
    with pytest.raises(MoveRefused):
        services.decline_designation(case_id=case.pk, actor=south, at=AT, note="no")


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0300")
def test_cpm_after_the_contract_ended_is_allowed(south, person, capacity, load):
    from tests.adequacy import files

    load("nqc-list", files.nqc_list(SYN_HARBOR_1_GT="85"), options={"ra_year": "2025"})
    given = services.CpmDesignationInput(
        resource="SYN_HARBOR_1_GT",
        type="MONTHLY",
        reason="LOCAL",
        mw=MW(10),
        first_date=date(2025, 1, 1),
        last_date=date(2025, 1, 31),
        text="January",
    )
    case = services.propose_designation(given=given, actor=person("iso.operator"), at=AT)
    assert case.state == "PROPOSED"


@pytest.mark.django_db
@pytest.mark.brq("BRQ-1320")
def test_a_late_price_change_asks_for_an_optional_run(south, person, capacity):
    given = services.CpmDesignationInput(
        resource="SYN_BASIN_7_CC",
        type="MONTHLY",
        reason="LOCAL",
        mw=MW(50),
        first_date=AUGUST[0],
        last_date=AUGUST[1],
        text="August",
    )
    case = services.propose_designation(given=given, actor=person("iso.operator"), at=AT)
    services.offer_designation(case_id=case.pk, actor=person("iso.approver"), at=AT)
    services.accept_designation(case_id=case.pk, actor=south, at=AT)
    change = services.propose_price(
        given=services.CpmPriceInput(
            case.pk, MW("6.90"), date(2024, 8, 1), date(2024, 8, 31), "ER24-1"
        ),
        actor=person("iso.contracts"),
        at=AT,
    )
    # T+55B of 2024-08-01 is 2024-10-21: neither Labor Day nor Columbus Day is a business day
    done = services.price_approve(
        case_id=change.pk, actor=person("iso.approver"), at=datetime(2024, 10, 22, 20, tzinfo=UTC)
    )
    assert (done.optional_from, done.optional_to) == (date(2024, 8, 1), date(2024, 8, 1))
    prices = CpmPrice.objects.filter(designation=case, known__endswith__isnull=True)
    assert [p.price for p in prices] == [MW("6.90")]
    told = Notification.objects.filter(user=person("iso.analyst"), title__contains="Optional run")
    assert told.exists()


@pytest.mark.django_db
@pytest.mark.skipif(not FACTS.exists(), reason="the shared public files are not here")
@pytest.mark.brq("BRQ-0310")
def test_the_public_facts_load_as_they_are(load):
    load("cpm-facts", FACTS.read_bytes(), sender="iso.contracts")
    assert CpmFact.objects.count() == 12
    assert CpmFact.objects.get(fact_id="C11").value == "7.34"
