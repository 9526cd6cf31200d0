"""Pages, API, kit and documents of the demo, to who shares a cost, to the owner and to the ISO."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.urls import reverse

from apps.settlement.settlements.rules.replaying import replay
from apps.settlement.statements.models import StatementLine
from tests.acts import give_value, person, settle
from tests.scenarios.told import decide

pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-1230", "BRQ-1201")]
TERMS = ("297.14", "14,619.29", "14619.29", "49.20")  # of the Sierra unit, local to one area


@pytest.fixture(scope="module", autouse=True)
def settled(world):
    with world():
        yield settle()


def line_of(run, sc, resource="SYN_GEN_SIERRA", code="RMR-ALLOC"):
    rows = StatementLine.objects.filter(run=run, statement__sc__code=sc, charge_code=code)
    return rows.exclude(amount=0).select_related("statement").order_by("line_no")


def given_to(client, line):
    """Return what page, API, kit and documents give of a line's statement, by door."""
    number, no = line.statement_id, line.line_no
    kit = client.get(reverse("statement-file", args=[number, "zip"])).content
    with zipfile.ZipFile(io.BytesIO(kit)) as archive:
        text = archive.read("kit.json").decode() + archive.read("statement.csv").decode()
    files = [
        b"".join(client.get(reverse("statement-file", args=[number, form]))).decode()
        for form in ("csv", "json", "xml")
    ]
    return {
        "page": client.get(reverse("statement-line", args=[number, no])).content.decode(),
        "api": client.get(f"/api/v1/statements/{number}/lines/{no}/explain/").content.decode(),
        "kit": text,
        "files": " ".join(files),
    }


def terms_of(run, line):
    from apps.settlement.settlements.models import CapacityPayment

    return CapacityPayment.objects.get(run=run, resource_id=line.resource_id)


def shown(payment):
    """Return how a contract's price and capacity stand in texts."""
    price = f"{payment.price.normalize():f}"
    return price, f"{payment.capacity_mw:,.2f}".rstrip("0")


def test_an_lse_reads_no_terms_and_the_owner_and_the_iso_do(settled, as_user):
    line = line_of(settled, "SYN_LSE_BAY").first()
    payment = terms_of(settled, line)
    price, _ = shown(payment)
    for door, text in given_to(as_user("sc.bay"), line).items():
        assert price not in text, door
        assert "MW(tac)" not in text, door
        assert "$/MW-day" not in text, door
    page = given_to(as_user("iso.approver"), line)["page"]
    assert price in page
    assert "CapMW" in page


def test_an_open_contract_is_told_by_every_door_and_its_row_opens(settled, as_user):
    line = line_of(settled, "SYN_LSE_BAY").first()
    payment = terms_of(settled, line)
    price, _ = shown(payment)
    decide(payment.contract_no, "OPEN", person)
    told = given_to(as_user("sc.bay"), line)
    assert price in told["page"]
    assert price in told["api"]
    rows = json.loads(told["api"])["rows"]
    links = [r["link"] for r in rows if r["dataset"] == "RMR contract terms"]
    assert links
    client = as_user("sc.bay")
    assert {client.get(link).status_code for link in links} == {200}
    decide(payment.contract_no, "CLOSE", person)
    assert {client.get(link).status_code for link in links} == {404}
    assert price not in given_to(client, line)["page"]


def test_where_few_share_a_rate_stands_for_sum_and_amount(settled, as_user):
    line = line_of(settled, "SYN_LSE_BAY").first()
    give_value("settlements.fewest_sharers", "100")
    told = given_to(as_user("sc.bay"), line)
    answer = json.loads(told["api"])
    symbols = {n["symbol"] for n in answer["formula"]["numbers"]}
    assert symbols == {"Rate", "Own", "Rank", "Left"}
    assert answer["reproduced"] is True
    assert "Too few SCs share it" in told["page"]
    assert '"symbol": "MD"' not in told["files"]
    with zipfile.ZipFile(
        io.BytesIO(
            as_user("sc.bay")
            .get(reverse("statement-file", args=[line.statement_id, "zip"]))
            .content
        )
    ) as archive:
        kit = json.loads(archive.read("kit.json"))
    others = [mwh for code, _, mwh in kit["inputs"]["demand"]["cells"] if code == "~OTHERS"]
    assert others
    assert not any(others)
    assert all(one.agrees for one in replay(kit))


def test_the_parameter_tells_terms_to_everybody_who_bears_them(settled, as_user):
    line = line_of(settled, "SYN_LSE_BAY").first()
    price, _ = shown(terms_of(settled, line))
    give_value("rmr.terms_told", "TERMS")
    assert price in given_to(as_user("sc.bay"), line)["page"]
