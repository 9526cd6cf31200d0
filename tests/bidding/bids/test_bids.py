"""Bids of SCs: checked, held against cost, one by one and by file."""

import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from apps.bidding.bids import services
from apps.bidding.bids.forms import BidForm
from apps.bidding.bids.models import Bid, BidFile
from apps.platform.audit.services import MoveRefused
from apps.platform.core.violations import ValidationFailed
from tests.bidding.bids.conftest import BEFORE, DAY

pytestmark = pytest.mark.django_db
HEADINGS = "MARKET,RESOURCE_ID,TRADE_DATE,HOUR_ENDING,PRODUCT,FROM_MW,MW,PRICE\n"


def codes(caught):
    return {f.code for f in caught.value.violations}


@pytest.mark.brq("BRQ-0525")
def test_a_bid_above_cost_is_refused_with_the_limit(priced, bid):
    with pytest.raises(ValidationFailed) as caught:
        bid(energy=[["10", "30", "90.00"]])
    assert codes(caught) == {"RMR-E-0525"}
    limit = Decimal(caught.value.violations[0].value)
    assert bid(energy=[["10", "30", str(limit)]]).state == "SUBMITTED"


@pytest.mark.brq("BRQ-0525", "BRQ-0094")
def test_an_approved_reference_level_raises_the_limit(priced, bid, bidder, person):
    from apps.bidding.costs import services as costs

    wanted = costs.request_change(
        given=costs.RequestInput(
            timing="EX_ANTE",
            resource="GRNLF2_1_UNIT",
            trade_date=DAY,
            market="DA",
            cost_type="ENERGY",
            requested=Decimal(60),
            at_mw=Decimal(20),
            reason="gas",
        ),
        actor=bidder,
        at=BEFORE,
    )
    assert wanted.state == "CAPPED"
    assert bid(energy=[["10", "30", str(wanted.approved)]]).state == "SUBMITTED"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"energy": [["10", "30", "40"], ["20", "40", "41"]]}, "BID-OVERLAP"),
        ({"energy": [["10", "30", "40"], ["31", "40", "41"]]}, "BID-GAP"),
        ({"energy": [["10", "30", "40"], ["30", "40", "39"]]}, "BID-FALLS"),
        ({"energy": [["10", "60", "40"]]}, "BID-PMAX"),
        ({"energy": [["30", "10", "40"]]}, "BID-SEGMENT"),
        ({"energy": [["10", "x", "40"]]}, "BID-NUMBER"),
        ({"energy": [], "ruc_mw": None}, "BID-EMPTY"),
        ({"services": [{"product": "SPIN", "mw": "99", "usd_mw": "0"}]}, "BID-AS"),
        ({"market": "RT", "ruc_mw": Decimal(5)}, "BID-RUC"),
        ({"first_hour": 20, "last_hour": 25}, "BID-HOURS"),
        ({"config": "1X1"}, "BID-CONFIG"),
        ({"energy": [["10", "30.12345", "40"]]}, "BID-DECIMALS"),
        ({"energy": [["10", "30", "999999999999"]]}, "BID-DECIMALS"),
        ({"services": [{"product": "SPIN", "mw": "1.23456", "usd_mw": "0"}]}, "BID-AS"),
        ({"transitions": [{"to": "2X1", "usd": "much"}]}, "BID-TRANSITION"),
        ({"resource": "METEC_2_PL1X3"}, "BID-RES"),
        ({"at": BEFORE + timedelta(hours=2)}, "BID-CLOSED"),
        ({"at": BEFORE - timedelta(days=9)}, "BID-EARLY"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(priced, bid, change, code):
    with pytest.raises(ValidationFailed) as caught:
        bid(**change)
    assert code in codes(caught)
    assert not Bid.objects.exists()


def test_a_bid_is_taken_back_before_the_close_only(priced, bid, bidder):
    kept = bid()
    with pytest.raises(MoveRefused):
        services.withdraw_bid(case_id=kept.pk, actor=bidder, at=BEFORE + timedelta(hours=2))
    gone = services.withdraw_bid(case_id=kept.pk, actor=bidder, at=BEFORE)
    assert gone.state == "WITHDRAWN"


def take(text, bidder, at=BEFORE):
    file = io.BytesIO(text.encode())
    file.name = "bids.csv"
    return services.take_file(actor=bidder, at=at, file=file)


@pytest.mark.brq("BRQ-0520")
def test_a_file_is_taken_whole_or_refused_whole(priced, bidder):
    rows = "".join(
        f"DA,GRNLF2_1_UNIT,2024-09-04,{h},{rest}\n"
        for h in range(1, 25)
        for rest in ("ENERGY,10,30,40.00", "ENERGY,30,49.2,40.50", "RUC,,49.2,", "SPIN,,15,0")
    )
    done = take(HEADINGS + rows, bidder)
    assert (done.state, done.row_count, done.bid_count) == ("TAKEN", 96, 24), done.violations
    assert Bid.objects.filter(bid_file=done, ruc_mw=Decimal("49.2")).count() == 24
    wrong = take(HEADINGS + rows.replace("30,49.2,40.50", "30,49.2,99", 1), bidder)
    assert (wrong.state, wrong.bid_count) == ("REFUSED", 0)
    assert [f["code"] for f in wrong.violations] == ["RMR-E-0525"]
    assert Bid.objects.count() == 24


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00\x01",
        "nothing here\n1\n",
        HEADINGS,
        HEADINGS + "DA,GRNLF2_1_UNIT,2024-09-04,1,ENERGY,10,,\n",
        HEADINGS + "XX,?,never,99,WIND,a,b,c\n",
    ],
)
def test_a_hostile_file_is_kept_and_refused(priced, bidder, text):
    done = take(text, bidder)
    assert done.state == "REFUSED"
    assert done.violations
    assert BidFile.objects.get().content is not None


@pytest.mark.brq("BRQ-0521")
def test_a_use_limited_resource_begins_with_calculated_costs(priced, person):
    from apps.bidding.bids.screens.desks import prefill

    viewer = person("sc.sunset").viewer()
    at = {"resource": "SUNSET_2_UNITS", "trade_date": "2024-09-04"}
    begun = prefill(viewer, at)
    assert begun["energy"][0] == ["100", "200", "34.16"]
    assert begun["min_load"] > 0
    own = person("sc.bay").viewer()
    assert prefill(own, at) == at


@pytest.mark.brq("BRQ-0530")
def test_the_iso_instructs_a_card_and_the_sc_files_it(priced, bidder, person, load, now):
    from apps.bidding.bids.selectors import meters
    from apps.reference.outages.models import OutageCard

    load(
        "use-limits",
        "RESOURCE_ID,LIMIT_TYPE,FROM,TO,LIMIT\nGRNLF2_1_UNIT,STARTS,2024-01-01,2024-12-31,10\n",
    )
    load(
        "use-readings",
        "RESOURCE_ID,LIMIT_TYPE,TRADE_DATE,USED\n"
        "GRNLF2_1_UNIT,STARTS,2024-09-03,2\nGRNLF2_1_UNIT,STARTS,2024-09-04,7\n",
    )
    (meter,) = meters(viewer=bidder.viewer())
    assert (meter.used, meter.left, meter.percent, meter.tone) == (9, 1, 90, "warn")
    case = services.instruct_card(
        given=services.InstructionInput(
            resource="GRNLF2_1_UNIT",
            limit_type="STARTS",
            nature="ANNUAL_USE_LIMIT_REACHED",
            curtailed_mw=Decimal("49.2"),
            starts_at=datetime(2024, 9, 5, 7, tzinfo=UTC),
            ends_at=datetime(2024, 9, 6, 7, tzinfo=UTC),
            reason="one start left",
        ),
        actor=person("iso.operator"),
        at=now,
    )
    done = services.instruction_card(case_id=case.pk, actor=bidder, at=now)
    assert (done.state, done.card.nature) == ("CARD_FILED", "ANNUAL_USE_LIMIT_REACHED")
    assert OutageCard.objects.get().starts_at.date() == date(2024, 9, 5)


@pytest.mark.brq("BRQ-0520")
def test_rows_pasted_on_the_page_and_sent_to_the_api_are_a_file(priced, bidder, client):
    client.force_login(bidder)
    text = HEADINGS + "DA,GRNLF2_1_UNIT,2024-09-04,1,ENERGY,40,30,10\n"
    page = client.post("/bid-files/new/", {"rows": text}, follow=True)
    assert page.status_code == 200
    said = page.content.decode()
    assert "REFUSED" in said
    assert "BID-SEGMENT" in said
    sent = client.post("/api/v1/bid-files/new/", {"rows": text}, content_type="application/json")
    assert (sent.status_code, sent.json()["state"]) == (201, "REFUSED")
    assert {"BID-CLOSED", "BID-SEGMENT"} == {v["code"] for v in sent.json()["violations"]}
    none = client.post("/api/v1/bid-files/new/", {}, content_type="application/json")
    assert none.status_code == 400


@pytest.mark.brq("BRQ-0525")
def test_the_api_and_the_page_refuse_a_bid_alike(priced, bidder, client):
    client.force_login(bidder)
    body = {
        "market": "DA",
        "resource": "GRNLF2_1_UNIT",
        "trade_date": "2024-09-04",
        "first_hour": 1,
        "energy": [{"from_mw": "10", "to_mw": "30", "usd_mwh": "40"}],
    }
    sent = client.post("/api/v1/bids/new/", body, content_type="application/json")
    assert sent.status_code == 400
    assert "BID-CLOSED" in sent.content.decode()
    page = client.post("/bids/new/", body | {"energy": "10 30 40"})
    assert "BID-CLOSED" in page.content.decode()
    odd = client.post("/bids/new/", body | {"energy": "10 30"})
    assert odd.status_code == 400


@pytest.mark.brq("BRQ-0520")
def test_every_misshapen_line_of_a_curve_is_named_at_once():
    form = BidForm({"energy": "10 20\n20 30 39\nx", "services": '[["SPIN", "1"], {"mw": "2"}]'})
    said = form.errors["energy"]
    assert [line.partition(":")[0] for line in said] == ["Line 1", "Line 3"]
    assert [line.partition(":")[0] for line in form.errors["services"]] == ["Line 1", "Line 2"]
