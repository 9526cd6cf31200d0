"""A line held by a missing input says so to its owner and the ISO, and to nobody else which."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from apps.platform.accounts.rules import THE_ISO
from apps.platform.runs import services as runs
from apps.platform.runs.hooks import READINESS, Hold, ReadinessCheck
from apps.reference.resources.models import Resource
from apps.settlement.settlements.codes import DAILY
from apps.settlement.settlements.services import explain_line, request_day
from apps.settlement.statements.models import Statement, StatementLine
from tests.acts import load, person, settle
from tests.conftest import DAY
from tests.scenarios.files import of_day, spread, written

pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-1225", "BRQ-1206")]
REASON = "The costs of the day follow."
LACKS = "SUNSET_2_UNITS: its test input is missing."
OTHER = "SYN_MESA_2_CC: its test input is missing."
HOURS = {
    "RESOURCE_ID": "SUNSET_2_UNITS",
    "HOUR_ENDING": "8-17",
    "DA_MWH": "100",
    "SELF_MWH": "0",
    "MIN_LOAD_MWH": "40",
    "BID_COST_USD": "1920",
    "SELF_COST_USD": "0",
    "DA_LMP": "10",
}


def find(day, known_at):
    keys = dict(Resource.objects.values_list("code", "pk"))
    return [
        Hold("TEST-GONE", keys[said.partition(":")[0]], said.partition(":")[0], said)
        for said in (LACKS, OTHER)
    ]


def now():
    return datetime.now(UTC)


@pytest.fixture(scope="module", autouse=True)
def held(world):
    """Settle a day, then seal it again over holds of two resources that were paid."""
    with world():
        load("market-hours", written(spread(of_day([HOURS], DAY))))
        settle()
        check = ReadinessCheck(DAILY, "test", "Test input", find, ("market-hours",))
        with READINESS.replaced(*READINESS, check):
            run, _ = request_day(
                trade_date=DAY, actor=person("iso.analyst"), at=now(), reason="again"
            )
            run = runs.execute(run_id=run.pk, at=now())
            yield run


@pytest.fixture
def published(held):
    return runs.publish(run_id=held.pk, actor=person("iso.approver"), at=now(), over_holds=REASON)


def told(client, run, code, sc):
    """Return the page and the answer of the API that explain a line of a resource."""
    line = StatementLine.objects.get(
        run=run, charge_code=code, resource__code="SUNSET_2_UNITS", statement__sc__code=sc
    )
    assert line.amount == 0
    place = [line.statement_id, line.line_no]
    page = client.get(reverse("statement-line", args=place)).content.decode()
    answer = client.get("/api/v1/statements/{}/lines/{}/explain/".format(*place))
    assert answer.status_code == 200
    return page.replace("&#x27;", "'"), answer.json()


@pytest.mark.parametrize("code", ["RMR-CAP", "BCR-IFM"])
@pytest.mark.parametrize("who", ["iso.analyst", "sc.sunset"])
def test_a_held_line_names_its_input_and_claims_no_difference(published, as_user, code, who):
    page, answer = told(as_user(who), published, code, "SYN_GEN_SUNSET")
    assert "DIFFERS" not in page
    assert "ended with this version" not in page
    assert "HELD" in page
    assert LACKS in page
    assert answer["held"] == [LACKS]
    assert (answer["amount"], answer["reproduced"], answer["formula"]) == ("0.00", True, None)
    assert LACKS in answer["sentence"]
    assert "in a later version, once that is made good" in answer["sentence"]


def test_who_shares_a_held_cost_is_not_told_what_the_owner_lacks(published, as_user):
    page, answer = told(as_user("sc.bay"), published, "RMR-ALLOC", "SYN_LSE_BAY")
    assert "HELD" in page
    assert "test input" not in page + str(answer)
    assert "another SC's" in answer["sentence"]


def test_a_line_says_over_how_many_inputs_its_version_was_published(published, as_user):
    _, answer = told(as_user("iso.analyst"), published, "RMR-CAP", "SYN_GEN_SUNSET")
    assert "published over 2 missing or outdated inputs, because" in answer["sentence"]
    published.holds = published.holds[:1]
    line = StatementLine.objects.filter(run=published, amount__lt=0).select_related("statement")[0]
    one = explain_line(
        run=published,
        charge_code=line.charge_code,
        resource_id=line.resource_id,
        sc_id=line.statement.sc_id,
        tac_area_id=line.tac_area_id,
        stored=line.amount,
        viewer=THE_ISO,
    )
    assert "published over 1 missing or outdated input, because" in one.sentence


@pytest.mark.parametrize("who", ["iso.analyst", "sc.sunset"])
def test_a_statement_names_what_is_held_of_its_own_resources(published, as_user, who):
    client = as_user(who)
    own = Statement.objects.get(run=published, sc__code="SYN_GEN_SUNSET")
    page = client.get(reverse("statement", args=[own.pk])).content.decode()
    assert "Held: 1 missing or outdated input of resources of SYN_GEN_SUNSET." in page
    assert LACKS in page
    assert OTHER not in page
    answer = client.get(f"/api/v1/statements/{own.pk}/").json()
    assert answer["held"] == [{"resource": "SUNSET_2_UNITS", "sentence": LACKS}]


def test_a_statement_without_a_held_resource_says_nothing(published, as_user):
    client = as_user("sc.bay")
    own = Statement.objects.get(run=published, sc__code="SYN_LSE_BAY")
    page = client.get(reverse("statement", args=[own.pk])).content.decode()
    assert "Held:" not in page
    assert "test input" not in page
    assert client.get(f"/api/v1/statements/{own.pk}/").json()["held"] == []


def test_a_refused_publication_keeps_what_was_typed(held, as_user):
    typed = {"note": "Seen by both desks.", "over_holds": REASON}
    address = reverse("run-publish", args=[held.pk])
    answer = as_user("iso.approver").post(address, typed | {"confirm": "nonsense"}, follow=True)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "to confirm that this version is to be published" in page
    assert f'value="{typed["note"]}"' in page
    assert f'value="{REASON}"' in page
    held.refresh_from_db()
    assert held.state == "SEALED"
    late = typed | {"confirm": f"{DAY} v{held.version}", "over_holds": " "}
    page = as_user("iso.approver").post(address, late, follow=True).content.decode()
    assert f'value="{typed["note"]}"' in page
