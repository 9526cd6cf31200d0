"""The review of an RA year: every contract and designation, with exact totals."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from apps.platform.audit.services import supersede
from apps.platform.core.quantity import MW
from apps.platform.core.tradetime import Span
from apps.platform.uploads.services import ConfirmRefused, confirm
from apps.reference.resources.models import Resource
from apps.reference.resources.selectors import efc_frame, nqc_frame
from apps.reliability.designations import selectors
from apps.reliability.designations.models import ContractPrice, DesignatedCapacity, RmrContract
from apps.reliability.designations.rules import Stretch, most_in_force
from apps.site.home.selectors import todos
from tests.adequacy import files

MONEY = {  # MW × $/MW-day × 366 days of 2024
    "GRNLF2_1_UNIT": Decimal("5350659.41"),  # 49.20 × 297.14: 5,350,659.408
    "SUNSET_2_UNITS": Decimal("27838545.60"),  # 248 × 306.70
    "SYN_HARBOR_1_GT": Decimal("4928446.20"),  # 85 × 158.42
    "SYN_MESA_2_CC": Decimal("7566537.60"),  # (90 + 30) × 172.28
    "SYN_PLAYA_3_ST": Decimal("2098058.40"),  # (21 + 9) × 191.08
}
CONTRACT_HEAD = (
    "CONTRACT_ID,RESOURCE_ID,EFFECTIVE_DATE,CONDITION,START_DATE,END_DATE,RELIABILITY_SCOPE,"
    "LOCAL_AREA,PRICE_USD_PER_MW_DAY,TAC_AREA,OBLIGATION_TYPE,MW,SOURCE\n"
)
CEDAR = "T-CED,SYN_CEDAR_4_ST,2024-03-01,,2024-03-01,2024-12-31,SYSTEM,,100,PGE-TAC,GENERIC,62,S\n"
YEAR = Span(date(2024, 1, 1), date(2025, 1, 1))


def words(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_fullest_day_counts_and_contracts_that_follow_one_another_are_not_added():
    first = Stretch("SIERRA", Span(date(2024, 1, 1), date(2024, 6, 1)), Decimal(50))
    then = Stretch("SIERRA", Span(date(2024, 6, 1), date(2025, 1, 1)), Decimal(40))
    other = Stretch("System", Span(date(2024, 6, 1), date(2024, 7, 1)), Decimal("20.5"))
    assert most_in_force([first, then], YEAR) == (date(2024, 1, 1), {"SIERRA": Decimal(50)})
    assert most_in_force([first, then, other], YEAR) == (
        date(2024, 6, 1),
        {"SIERRA": Decimal(40), "System": Decimal("20.5")},
    )
    assert most_in_force([then], Span(date(2024, 1, 1), date(2024, 2, 1))) == (
        date(2024, 1, 1),
        {},
    )


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0111")
def test_every_new_tariff_contract_of_the_year_stands_with_its_figures(person):
    rows = selectors.designated_capacity(viewer=person("iso.admin").viewer()).filter(ra_year=2024)
    found = {r.resource.code: r for r in rows}
    assert {code: r.cost for code, r in found.items()} == MONEY  # no legacy among them
    assert {code: r.contract_mw for code, r in found.items()} == {
        "GRNLF2_1_UNIT": Decimal("49.20"),
        "SUNSET_2_UNITS": 248,
        "SYN_HARBOR_1_GT": 85,
        "SYN_MESA_2_CC": 120,
        "SYN_PLAYA_3_ST": 30,
    }
    greenleaf, sunset = found["GRNLF2_1_UNIT"], found["SUNSET_2_UNITS"]
    assert (greenleaf.nqc_mw, greenleaf.efc_mw, greenleaf.price, greenleaf.area) == (
        Decimal("49.20"),
        30,
        Decimal("297.14"),
        "SIERRA",
    )
    assert (sunset.nqc_mw, sunset.area, sunset.need) == (231, "System", "SYSTEM")
    assert found["SYN_PLAYA_3_ST"].nqc_mw is None  # unknown is not zero
    assert {r.status for r in rows} == {"no designation on file"}


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0111")
def test_nqc_and_efc_are_those_of_the_lists_everything_else_reads(load, person):
    load("resources", files.RESOURCES)
    load(
        "nqc-list",
        files.nqc_list(SYN_HARBOR_1_GT="81.5", SUNSET_2_UNITS="1"),
        options={"ra_year": "2024"},
    )
    load("efc-list", files.EFC)
    rows = selectors.designated_capacity(viewer=person("iso.admin").viewer()).filter(ra_year=2024)
    nqc = {
        k: v
        for k, m, v, _ in nqc_frame(2024)
        .select("resource_id", "ra_month", "nqc", "guessed")
        .iter_rows()
        if m == 5
    }
    efc = {k: v for k, m, v, _ in efc_frame(2024).iter_rows() if m == 5}

    def of(frame, key):
        return None if key not in frame else MW.from_scaled(frame[key])

    told = {r.resource.code: (r.nqc_mw, r.efc_mw) for r in rows}
    assert told == {r.resource.code: (of(nqc, r.resource_id), of(efc, r.resource_id)) for r in rows}
    assert told["SYN_HARBOR_1_GT"] == (Decimal("81.5"), 70)
    assert told["SUNSET_2_UNITS"][0] == 231  # the upload of RMR resources before the public list


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0111")
def test_the_page_says_the_totals_of_the_year_it_opens_with(as_user):
    page = as_user("iso.admin").get("/ra-designations/").content.decode()
    text = words(page)
    assert re.search(r'aria-current="page">2024</a>', page)
    assert "5 resources under the new tariff" in text
    assert "532.20 MW most in force on one day, 2024-01-01" in text
    assert "$47,782,247.21 cost of the days" in text
    assert sum(MONEY.values()) == Decimal("47782247.21")
    for said in (
        "248.00 MW System $27,838,545.60",
        "150.00 MW SAN_DIEGO_IV $9,664,596.00",
        "85.00 MW LA_BASIN $4,928,446.20",
        "49.20 MW SIERRA $5,350,659.41",
    ):
        assert said in text
    foot = words(re.search(r"<tfoot>(.*?)</tfoot>", page, re.S)[1])
    assert foot.split() == ["Total", "532.20", "47,782,247.21"]
    assert "How the totals are calculated" in text
    assert 'href="/rmr-contracts/?q=RMR-SYN-PLAYA"' in page
    playa = Resource.objects.get(code="SYN_PLAYA_3_ST")
    assert f'<a href="/resources/{playa.pk}/">SYN_PLAYA_3_ST</a>' in page
    assert "5 resources with a contract but no designation on file" in text
    empty = words(as_user("iso.admin").get("/ra-designations/?ra_year=2031").content.decode())
    assert "Nothing matches these filters" in empty
    assert "532.20" not in empty


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0111")
def test_the_same_rows_come_by_api_and_as_a_file(as_user):
    client = as_user("iso.admin")
    api = client.get("/api/v1/ra-designations/?ra_year=2024").json()
    assert {r["resource__code"]: Decimal(r["cost"]) for r in api["results"]} == MONEY
    assert api["results"][0]["period"] == {"from": "2024-01-01", "until": "2025-01-01"}
    lines = client.get("/ra-designations.csv?ra_year=2024").getvalue().decode().splitlines()
    assert len(lines) == 6
    assert (
        "SYN_PLAYA_3_ST,RMR-SYN-PLAYA,2024-01-01,2024-12-31,30.0000,,,191.080000,2098058.40,"
        "no designation on file,0" in (lines[-1])
    )


def credits_told(page, code):
    """Return the cell of credits of a resource's row: its text and where it leads."""
    row = next(r for r in re.findall(r"<tr>.*?</tr>", page, re.S) if f">{code}<" in r)
    cell = re.search(r'<td[^>]*data-name="Credits">(.*?)</td>', row, re.S)[1]
    link = re.search(r'href="([^"]*)"', cell)
    return words(cell).strip(), link and link[1]


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0111", "BRQ-0116")
def test_the_cell_of_credits_counts_them_and_no_megawatt_twice(load, as_user):
    monthly = files.MONTHLY.splitlines()
    load("rmr-credits-annual", files.ANNUAL)
    load("rmr-credits-monthly", "\n".join([*monthly, monthly[2].replace("2024,9", "2024,10"), ""]))
    client = as_user("iso.admin")
    page = client.get("/ra-designations/?ra_year=2024").content.decode()
    # annual and monthly are two processes of the same MW; 30 MW flexible are part of 49.20 MW
    assert credits_told(page, "GRNLF2_1_UNIT") == (
        "3 credits, 49.20 MW",
        "/rmr-credits/?resource__code=GRNLF2_1_UNIT",
    )
    assert credits_told(page, "SUNSET_2_UNITS")[0] == "3 credits, 231.00 MW"
    assert credits_told(page, "SYN_PLAYA_3_ST") == ("none", None)
    api = client.get("/api/v1/ra-designations/?ra_year=2024").json()["results"]
    told = {r["resource__code"]: (r["credits"], r["credits_mw"]) for r in api}
    assert told["SUNSET_2_UNITS"] == (3, "231.0000")
    assert told["SYN_PLAYA_3_ST"] == (0, None)


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0111", "BRQ-0015")
def test_a_designation_without_terms_stands_beside_what_has_them(designate, contract, as_user):
    first = contract()
    later = designate(renews=first.pk, start=date(2025, 1, 1), end=date(2025, 12, 31), ra_year=2025)
    rows = DesignatedCapacity.objects.filter(resource__code="HARBOR_9_UNIT").order_by("ra_year")
    assert [(r.ra_year, r.status, r.contract_no, r.designation_id) for r in rows] == [
        (2024, "designated", "RMR-HARBOR", first.pk),
        (2025, "no contract terms yet", None, later.pk),
    ]
    assert [(r.contract_mw, r.cost) for r in rows] == [
        (Decimal("27.5"), Decimal("2001037.50")),
        (Decimal("27.5"), None),  # 27.5 × 297 × 245
    ]
    page = as_user("iso.admin").get("/ra-designations/").content.decode()
    assert re.search(r'aria-current="page">2025</a>', page)  # the newest year that has any
    assert "1 resource designated without contract terms yet" in words(page)
    assert "1 row without a price not in it" in words(page)
    assert f'href="/designations/{later.pk}/"' in page


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0111")
def test_a_price_of_some_days_begins_rows_of_its_own_and_the_cost_stays_exact(person, now):
    people = {"proposed_by": person("iso.contracts"), "approved_by": person("iso.approver")}
    supersede(
        model=ContractPrice,
        key={"contract_no": "RMR-GRNLF2"},
        values={
            "price": Decimal("301.25"),
            "afrr": None,
            "ferc_docket": "",
            "ferc_approved_on": None,
        },
        span=Span(date(2024, 9, 1), date(2024, 10, 1)),
        known_from=now,
        reference="test",
        **people,
    )
    rows = DesignatedCapacity.objects.filter(contract_no="RMR-GRNLF2").order_by("period")
    assert [(r.period.lower, r.price, r.cost) for r in rows] == [
        (date(2024, 1, 1), Decimal("297.14"), Decimal("3567106.27")),  # × 244: …106.272
        (date(2024, 9, 1), Decimal("301.25"), Decimal("444645.00")),  # × 30
        (date(2024, 10, 1), Decimal("297.14"), Decimal("1344974.50")),  # × 92: …974.496
    ]


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0111")
def test_an_sc_sees_its_own_rows_and_no_way_to_the_credits(contract, as_user):
    contract()
    page = as_user("sc.sunset").get("/ra-designations/?ra_year=2024").content.decode()
    assert "HARBOR_9_UNIT" in page
    assert "SUNSET_2_UNITS" in page
    assert "SYN_MESA_2_CC" not in page
    assert "/rmr-credits/" not in page
    assert RmrContract.objects.filter(contract_no="RMR-SYN-MESA").exists()


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0015")
def test_a_file_that_makes_a_new_tariff_contract_from_nothing_is_warned_of(send, person):
    sent = send("contract-terms", CONTRACT_HEAD + CEDAR, sender="iso.contracts")
    found = sent.violations.get(code="RMR-W-0015")
    assert (found.severity, found.line) == ("warning", 2)
    assert found.message == (
        "No designation of SYN_CEDAR_4_ST stands on 306 days from 2024-03-01 to 2024-12-31; a "
        "new-tariff contract starts from a notice, a study finding and a designation. No notice of "
        "retirement or mothball and no study that found it needed is on file either. Enter them, "
        "or have a second person confirm the file with the reason why it holds without."
    )
    with pytest.raises(ConfirmRefused, match="warnings"):
        confirm(upload_id=sent.pk, actor=person("iso.approver"), at=datetime.now(UTC))
    assert not RmrContract.objects.filter(contract_no="T-CED").exists()
    legacy = CEDAR.replace("2024-03-01,,2024", "2017-03-01,1,2024").replace(",100,", ",,")
    again = send("contract-terms", CONTRACT_HEAD + legacy, sender="iso.contracts")
    assert not again.violations.filter(code="RMR-W-0015").exists()


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0015", "BRQ-0111")
def test_confirmed_with_a_reason_it_stands_in_the_ra_year_and_on_the_home_page(send, person):
    """Given days that are past; when a second person says why; then both pages name it."""
    viewer = person("iso.contracts").viewer()
    before = selectors.without_designation(viewer=viewer)
    assert "RMR-SYN-PLAYA" in before  # of 2024: no longer running
    sent = send("contract-terms", CONTRACT_HEAD + CEDAR, sender="iso.contracts")
    confirm(
        upload_id=sent.pk,
        actor=person("iso.approver"),
        at=datetime.now(UTC),
        reason="designated by the board before this system was used",
    )
    assert selectors.without_designation(viewer=viewer) == [*before, "T-CED"]
    rows = selectors.designated_capacity(viewer=viewer).filter(contract_no="T-CED")
    assert [(r.ra_year, r.status, r.contract_mw) for r in rows] == [
        (2024, "no designation on file", Decimal(62))
    ]
    waiting = {t.what: t.count for t in todos(viewer=viewer, now=datetime.now(UTC))}
    assert waiting["contract{} without a designation"] == len(before) + 1
