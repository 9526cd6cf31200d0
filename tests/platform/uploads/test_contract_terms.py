"""Contract terms: what is checked, and how a new file supersedes what is on file."""

from __future__ import annotations

from datetime import date

import pytest

from apps.reliability.designations.models import CapacityByTac, ContractPrice, RmrContract
from apps.reliability.designations.selectors import on_day

pytestmark = pytest.mark.django_db
HEAD = (
    "CONTRACT_ID,RESOURCE_ID,EFFECTIVE_DATE,CONDITION,START_DATE,END_DATE,RELIABILITY_SCOPE,"
    "LOCAL_AREA,PRICE_USD_PER_MW_DAY,TAC_AREA,OBLIGATION_TYPE,MW,SOURCE\n"
)
ROW = {
    "contract": "RMR-GRNLF2",
    "resource": "GRNLF2_1_UNIT",
    "effective": "2020-01-01",
    "cond": "",
    "start": "2024-01-01",
    "end": "2024-12-31",
    "scope": "LOCAL",
    "area": "SIERRA",
    "price": "185.5",
    "tac": "PGE-TAC",
    "type": "GENERIC",
    "mw": "49.20",
    "source": "test",
}

FLEX = {"type": "FLEX", "mw": "30"}
AHEAD = {"start": "2099-01-01", "end": "2099-12-31"}  # nothing is published of it yet


def rows(*changes):
    return HEAD + "".join(",".join({**ROW, **c}.values()) + "\n" for c in changes)


@pytest.mark.brq("BRQ-1210")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"start": "2024-01-02"}, "RMR-E-0055A"),
        ({"end": "2024-12-30"}, "RMR-E-0055B"),
        ({"end": "2025-01-31"}, "RMR-E-0055C"),
        ({"end": "2023-12-31"}, "CON-DATES"),
        ({"effective": "2024-02-01"}, "CON-EFFECTIVE"),
        ({"mw": "49.22"}, "RMR-E-0020"),
        ({"area": ""}, "CON-LOCAL"),
        ({"cond": "1"}, "CON-CONDITION"),
        ({"effective": "2018-08-31"}, "CON-CONDITION"),
        ({"contract": "OTHER"}, "CON-OVERLAP"),
        ({"effective": "2021-01-01"}, "RMR-E-0025B"),
        ({"resource": "NO_SUCH"}, "CON-RES"),
        ({"mw": "0"}, "CON-MW"),
        ({"scope": "BOTH"}, "UP-CHOICE"),
    ],
)
def test_a_wrong_row_is_refused(change, code, send):
    upload = send("contract-terms", rows(change), sender="iso.contracts")
    assert upload.state == "REFUSED"
    assert code in set(upload.violations.values_list("code", flat=True))


def test_rows_of_one_contract_must_agree(send):
    flex = FLEX | {"price": "1"}
    upload = send("contract-terms", rows({}, flex), sender="iso.admin")
    found = upload.violations.filter(severity="error").values_list("line", "code", "column")
    assert list(found) == [(3, "CON-DIFFERS", "PRICE")]


@pytest.mark.brq("BRQ-1210", "BRQ-1205")
def test_a_new_price_from_july_splits_the_year_and_keeps_what_was_known(load, now):
    before = now
    change = {"start": "2024-07-01", "price": "200.000001"}
    load("contract-terms", rows(change, change | FLEX), sender="iso.admin")
    price = {
        p.span.first: str(p.price)
        for p in ContractPrice.objects.filter(contract_no="RMR-GRNLF2", known__contains=date_now())
    }
    assert price[date(2024, 7, 1)] == "200.000001"
    assert set(price) == {date(2024, 1, 1), date(2024, 7, 1)}
    held = next(
        c for c in on_day(date(2024, 9, 4), before) if c.contract.resource.code == "GRNLF2_1_UNIT"
    )
    assert held.price.price != 200.000001
    assert len(held.capacity) == 2


def date_now():
    from datetime import UTC, datetime

    return datetime.now(UTC)


def test_capacity_left_out_of_a_file_ends_with_a_warning(send, load, person, now):
    load("contract-terms", rows(AHEAD, AHEAD | FLEX), sender="iso.admin")
    upload = send("contract-terms", rows(AHEAD), sender="iso.admin")
    assert "CON-ENDS" in set(upload.violations.values_list("code", flat=True))
    load("contract-terms", rows(AHEAD | {"price": "186"}), sender="iso.admin")
    known = CapacityByTac.objects.filter(
        contract_no="RMR-GRNLF2", known__contains=date_now(), valid__contains=date(2099, 5, 1)
    )
    assert [(c.obligation_type, str(c.mw)) for c in known] == [("GENERIC", "49.2000")]


@pytest.mark.brq("BRQ-0255")
def test_other_megawatts_for_published_days_are_refused_and_nothing_changes(send):
    upload = send("contract-terms", rows({}), sender="iso.admin")  # leaves FLEX out
    assert upload.state == "REFUSED"
    assert "RMR-E-0255A" in set(upload.violations.values_list("code", flat=True))
    blank = {"price": ""}
    upload = send("contract-terms", rows(blank, blank | FLEX), sender="iso.admin")
    assert "RMR-E-0255D" in set(upload.violations.values_list("code", flat=True))


@pytest.mark.brq("BRQ-0020")
def test_a_part_of_pmax_needs_a_reason_and_then_a_second_look(send, load):
    columns = HEAD.replace(",SOURCE", ",SOURCE,MW_OVERRIDE")
    part = rows(AHEAD | {"mw": "49.50"}).removeprefix(HEAD).strip()
    assert send("contract-terms", columns + part + ",\n", sender="iso.admin").state == "REFUSED"
    upload = send("contract-terms", columns + part + ",board paper says so\n", sender="iso.admin")
    assert upload.state == "READY"
    assert "RMR-W-0020" in set(upload.violations.values_list("code", flat=True))


def test_a_price_derived_from_the_revenue_requirement_keeps_six_decimals(load):
    columns = HEAD.replace(",SOURCE", ",SOURCE,AFRR_USD")
    part = rows(AHEAD | {"price": ""}).removeprefix(HEAD).strip()
    load("contract-terms", columns + part + ",3200000\n", sender="iso.admin")
    price = ContractPrice.objects.get(valid__contains=date(2099, 5, 1), known__contains=date_now())
    assert str(price.price) == "178.193563"  # 3,200,000 / 365 / 49.2


def test_an_alternative_to_raaim_names_its_penalty(send):
    columns = HEAD.replace(",SOURCE", ",SOURCE,NONPERFORMANCE")
    text = columns + rows(AHEAD).removeprefix(HEAD).strip() + ",ALTERNATIVE\n"
    upload = send("contract-terms", text, sender="iso.admin")
    assert "RMR-E-0056" in set(upload.violations.values_list("code", flat=True))


def test_a_legacy_contract_is_kept_with_a_note(send):
    legacy = RmrContract.objects.get(contract_no="RMR-METEC")
    assert legacy.effective_date == date(2018, 1, 1)
    assert not ContractPrice.objects.filter(contract_no="RMR-METEC").exists()


def test_two_halves_of_a_year_in_one_file_each_hold(load):
    load(
        "contract-terms",
        rows(
            *(
                {"start": "2024-01-01", "end": "2024-06-30", "price": "160"} | kind
                for kind in ({}, FLEX)
            ),
            *(
                {"start": "2024-07-01", "end": "2024-12-31", "price": "170"} | kind
                for kind in ({}, FLEX)
            ),
        ),
        sender="iso.admin",
    )
    held = ContractPrice.objects.filter(
        contract_no="RMR-GRNLF2", known__contains=date_now()
    ).order_by("valid")
    assert [(p.span.first.month, p.span.last.month, str(p.price)) for p in held] == [
        (1, 6, "160.000000"),
        (7, 12, "170.000000"),
    ]
