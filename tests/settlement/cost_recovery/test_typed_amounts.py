"""Amounts as people type them: read right or refused with a sentence, never something else."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from apps.platform.core.typed_rows import TypedRows
from apps.platform.core.violations import ValidationFailed
from apps.settlement.cost_recovery.models import CostRecoveryRequest
from apps.settlement.cost_recovery.rules import read_grants, read_items

pytestmark = pytest.mark.brq("BRQ-1265", "BRQ-1270")
DESK = "/cost-recovery-requests"
READ = {
    "2024-09-04 HE7-HE22 12,450.00 hose": (7, 22, 1_245_000, "hose"),
    "2024-09-04 1,250.00 hose": (1, 24, 125_000, "hose"),
    "2024-09-04 $12,450.00": (1, 24, 1_245_000, ""),
    "2024-09-04 1,234,567 turbine": (1, 24, 123_456_700, "turbine"),
    "2024-09-04,HE7-HE22,12450.00 gas": (7, 22, 1_245_000, "gas"),
    "2024-09-04, HE7-22, 12,450.00, gas, oil": (7, 22, 1_245_000, "gas, oil"),
    "2024-09-04 he3 .50": (3, 3, 50, ""),
    "2024-09-04 500.00 230 kV breaker": (1, 24, 50_000, "230 kV breaker"),
    "2024-09-04\tHE1\t5\t2nd stage": (1, 1, 500, "2nd stage"),
    "2024-09-04 100.00 - replacement gas": (1, 24, 10_000, "- replacement gas"),
    "2024-09-04 100.00 (unit 2) gas": (1, 24, 10_000, "(unit 2) gas"),
    "2024-09-04 100.00 metering": (1, 24, 10_000, "metering"),
    "2024-09-04 100.00 heat rate test": (1, 24, 10_000, "heat rate test"),
}
REFUSED = [
    "2024-09-04 31,91 gas",
    "2024-09-04 12,450 gas",
    "2024-09-04 1.234,56",
    "2024-09-04 12.450",
    "2024-09-04 12 450.00 gas",
    "2024-09-04 12, 450.00 gas",
    "2024-09-04 1 250 000.00",
    "2024-09-04 12,450.00,gas",
    "2024-09-04 12,450.00gas",
    "2024-09-04,12,450 gas",
    "2024-09-04 5 2 hoses",
    "2024-09-04 €12.00",
    "2024-09-04 1'250.00",
    "2024-09-04 $ 5",
    "09/04/2024 12.00",
    "09/04/2024 HE7 12,450.00",
    "2024-9-4 5",
    "4.9.2024 5",
    "2024-09-04 HE5-HE0 3",
    "2024-09-04 HE7–HE22 5",
    "2024-09-04 -5",
    "2024-09-04 1e3",
    "2024-09-04 22 $12,450.00 gas",
    "2024-09-04 HE7 22 $450.00 gas",
    "2024-09-04 12.00 450.00 gas",
    "2024-09-04 12.00 12,450 gas",
    "2024-09-04 (5.00)",
    "2024-09-04 999999999999 gas",
    "2024-09-04 1\u00a0250.00 gas",
    "2024-09-04 5 HE7-HE22 12450.00 gas",
    "2024-09-04 12450.00 HE7 gas",
    "2024-09-04 2 x 6225.00 gas",
    "2024-09-04 2 × $6225 gas",
    "2024-09-04 2 *6225.00",
    "2024-09-04 12 thousand gas",
    "2024-09-04 12 k gas",
    "2024-09-04 12.5 M gas",
    "2024-09-04 1.2 million",
    "2024-09-04 100.00 - 20.00 credit",
    "2024-09-04 100.00 -20 credit",
    "2024-09-04 100 (50)",
    "2024-09-04 100 + 50 gas",
    "2024-09-04 5 % of the gas",
    "2024-09-04 100 EUR gas",
    "2024-09-04 3.20 per MWh",
    "2024-09-04 50 cents",
]


@pytest.mark.parametrize("line", READ)
def test_a_line_is_read_as_everybody_reads_it(line):
    (item,) = read_items(line)
    assert (item.first_hour, item.last_hour, item.cents, item.what) == READ[line]


@pytest.mark.parametrize("line", REFUSED)
def test_a_line_of_two_meanings_is_refused_with_its_number(line):
    with pytest.raises(ValidationFailed) as caught:
        read_items(f"2024-09-04 5.00 valve\n{line}")
    (fault,) = caught.value.violations
    assert (fault.code, fault.line, fault.column) == ("REC-LINE", 2, "items")
    assert fault.message.startswith("Line 2: ")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"amount": "31,91"}, "a decimal sign is a point"),
        ({"amount": "12,450"}, "a comma may only group"),
        ({"amount": "12.450"}, "two decimals"),
        ({"amount": ""}, "the amount is missing"),
        ({"amount": "0"}, "above 0"),
        ({"trade_date": ""}, "the trade date is missing"),
        ({"trade_date": "09/04/2024"}, "write it as 2024-09-04"),
        ({"first_hour": "x"}, "no hour ending"),
        ({"first_hour": "9", "last_hour": "3"}, "hours ending 1 to 24"),
        ({"trade_date": "2024-03-10", "last_hour": "24"}, "hours ending 1 to 23"),
    ],
)
def test_a_row_is_refused_at_the_row(row, said):
    good = {"trade_date": "2024-09-04", "amount": "5", "what": "valve"}
    with pytest.raises(ValidationFailed) as caught:
        read_items(TypedRows((good, {**good, **row, "what": "hose"})))
    (fault,) = caught.value.violations
    assert (fault.line, fault.column) == (2, "items[2]")
    assert said in fault.message


def test_rows_and_lines_are_read_together_and_a_row_with_a_date_alone_is_none():
    rows = (
        {"trade_date": "2024-11-03", "last_hour": "25", "amount": "$1,250.00", "what": "a"},
        {"trade_date": "2024-09-04"},
        {"trade_date": "2024-09-04", "first_hour": "7", "amount": "500", "what": "230 kV"},
    )
    found = read_items(TypedRows(rows, "2024-09-05 12,450.00 b"))
    assert [(i.first_hour, i.last_hour, i.cents, i.what) for i in found] == [
        (1, 25, 125_000, "a"),
        (7, 7, 50_000, "230 kV"),
        (1, 24, 1_245_000, "b"),
    ]


@pytest.mark.parametrize(
    ("typed", "cents"),
    [("2 1,400.00", 140_000), ("2: $1,400.00", 140_000), ("2:1400", 140_000), ("2 0", 0)],
)
def test_an_approved_amount_is_read(typed, cents):
    assert read_grants(typed, {1: 500, 2: 200_000}) == {1: 500, 2: cents}


@pytest.mark.parametrize(
    "typed",
    [
        "2 1,400",
        "2 1 400.00",
        "2,400.00",
        "2, 400.00",
        "2 31,91",
        "2 1.400",
        "2 1400.001",
        "9 1",
        "2 1\n2 3",
        "2 -1",
        "2 2000.01",
    ],
)
def test_an_approved_amount_of_two_meanings_is_refused(typed):
    with pytest.raises(ValidationFailed) as caught:
        read_grants(typed, {1: 500, 2: 200_000})
    assert {f.code for f in caught.value.violations} == {"REC-GRANTED"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "line", ["2024-09-04 12,450 gas", "2024-09-04 31,91 gas", "2024-09-04 12 450.00 gas"]
)
def test_no_door_keeps_an_unclear_amount(settle, as_user, line):
    settle()
    client = as_user("sc.sunset")
    body = {"kind": "REPAIR", "resource": "SUNSET_2_UNITS", "items": line, "reason": "r"}
    page = client.post(f"{DESK}/new/", body)
    assert page.status_code == 400
    assert "Line 1:" in page.content.decode()
    answer = client.post(f"/api/v1{DESK}/new/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["violations"][0]["code"]) == (400, "REC-LINE")
    with pytest.raises(CommandError, match="Line 1"):
        call_command(
            "case",
            "open",
            "cost-recovery-requests",
            *(f"{k}={v}" for k, v in body.items()),
            "--as",
            "sc.sunset",
        )
    assert not CostRecoveryRequest.objects.exists()


@pytest.mark.django_db
def test_every_door_reads_a_thousands_comma(settle, as_user):
    settle()
    body = {"kind": "REPAIR", "resource": "SUNSET_2_UNITS", "reason": "r"}
    items = "2024-09-04 HE7-HE22 12,450.00 hose"
    client = as_user("sc.sunset")
    answer = client.post(
        f"/api/v1{DESK}/new/", body | {"items": items}, content_type="application/json"
    )
    assert answer.json()["facts"]["Claimed"] == "12450.00"
    words = [f"{k}={v}" for k, v in (body | {"items": "2024-09-04 1,250.00 hose"}).items()]
    call_command("case", "open", "cost-recovery-requests", *words, "--as", "sc.sunset")
    claimed = CostRecoveryRequest.objects.order_by("pk").values_list("claimed", flat=True)
    assert [str(c) for c in claimed] == ["12450.00", "1250.00"]
