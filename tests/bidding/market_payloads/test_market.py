"""What the markets and settlements are told, how it gets there, and exceptional dispatch."""

import json
import threading
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from apps.bidding.market_payloads import services
from apps.bidding.market_payloads.codes import Audience
from apps.bidding.market_payloads.models import Dispatch, MarketPayload
from apps.bidding.market_payloads.rules import (
    cpm_alert,
    dispatch_flag,
    instruction_violation,
    rmr_cd_type,
)
from apps.bidding.market_payloads.services.content import settlement_content
from apps.bidding.market_payloads.services.destinations import DeliveryTrouble
from apps.platform.core.violations import ValidationFailed
from tests.bidding.bids.conftest import BEFORE, bid, bidder, day_priced, priced  # noqa: F401
from tests.bidding.costs.conftest import DAY, calculate, day_on_file  # noqa: F401

D = Decimal


@pytest.mark.brq("BRQ-0761")
def test_the_flag_is_legacys_alone():
    def flag(vintage, rt):
        return dispatch_flag(vintage=vintage, day_ahead_mw=D(30), real_time_mw=D(rt))

    assert [flag("LEGACY", 42), flag("LEGACY", 30), flag("NEW", 42)] == [True, False, False]


@pytest.mark.brq("BRQ-0720", "BRQ-0740", "BRQ-0750")
def test_instruction_types_and_alerts_by_vintage():
    assert instruction_violation(vintage="NEW", instruction="RMRR").code == "RMR-E-0750"
    assert instruction_violation(vintage=None, instruction="RMRR").code == "RMR-E-0750"
    assert instruction_violation(vintage="LEGACY", instruction="RMRR") is None
    assert instruction_violation(vintage="NEW", instruction="SYSEMR") is None
    assert not cpm_alert(vintage="NEW", has_ra_or_cpm=False)
    assert not cpm_alert(vintage="LEGACY", has_ra_or_cpm=False)
    assert cpm_alert(vintage=None, has_ra_or_cpm=False)
    assert not cpm_alert(vintage=None, has_ra_or_cpm=True)


@pytest.mark.brq("BRQ-06a", "BRQ-0700")
def test_the_type_of_a_resource_is_read_or_it_is_left_out():
    def read(vintage, said, condition=None):
        found, trouble = rmr_cd_type(vintage=vintage, said=said, condition=condition, resource="X")
        return found or trouble.code

    assert read("NEW", "N/A") == "NEW_TARIFF"
    assert read("LEGACY", "1") == "CONDITION_1"
    assert read("LEGACY", None, "2") == "CONDITION_2"
    assert read("LEGACY", None) == "RMR-E-0600"
    assert read("NEW", "7") == "RMR-E-0600"


@pytest.fixture
def inserted(priced, bid, calculate):  # noqa: F811
    """A day with a bid and both insertions; payloads are made as the runs are sealed."""
    bid()
    return [calculate(DAY, kind=k) for k in ("bids.insertion_da", "bids.insertion_rt")]


def told(audience):
    payload = MarketPayload.objects.filter(audience=audience).order_by("-version").first()
    return json.loads(payload.body.text), payload


@pytest.mark.django_db
@pytest.mark.brq(
    "BRQ-0076",
    "BRQ-06a",
    "BRQ-06b",
    "BRQ-06c",
    "BRQ-06d",
    "BRQ-06e",
    "BRQ-0700",
    "BRQ-0701",
    "BRQ-0705",
    "BRQ-0710",
)
def test_both_markets_are_told_of_resources_bids_and_costs(inserted):
    for audience in ("DA", "RT"):
        body, payload = told(audience)
        types = {r["resource"]: r["rmr_cd_type"] for r in body["resources"]}
        assert types["METEC_2_PL1X3"] == "CONDITION_1"
        assert types["OAK C_7_UNIT 1"] == "CONDITION_2"
        assert types["GRNLF2_1_UNIT"] == "NEW_TARIFF"
        one = {r["resource"]: r for r in body["resources"]}
        assert one["GRNLF2_1_UNIT"]["mitigation"] == "LMPM"
        assert one["SYN_MESA_2_CC"]["extremely_long_start"] is True
        assert {d["resource"] for d in body["default_energy_bids"]} >= {
            "METEC_2_PL1X3",
            "GRNLF2_1_UNIT",
            "SUNSET_2_UNITS",
        }
        assert {b["resource"] for b in body["bids"]} == {"GRNLF2_1_UNIT", "SYN_MESA_2_CC"}
        assert {b["source"] for b in body["bids"]} == (
            {"SC", "ISO"} if audience == "DA" else {"ISO"}
        )
        assert ("RUC" in {b["product"] for b in body["bids"]}) == (audience == "DA")
        assert payload.records == sum(
            len(body[k]) for k in ("resources", "default_energy_bids", "bids")
        )


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0076")
def test_a_version_is_made_only_where_the_content_differs(inserted, person, now):
    def make():
        return services.make_payload(
            audience=Audience.DA, day=DAY, actor=person("iso.operator"), at=now, cause="again"
        )

    before, new = make()
    assert (before.version, new) == (1, False)


@pytest.mark.django_db
def test_the_previous_days_bid_stands_where_the_days_is_missing(inserted, person, now):
    payload, _ = services.make_payload(
        audience=Audience.DA,
        day=DAY + timedelta(days=1),
        actor=person("iso.operator"),
        at=now,
        cause="test",
    )
    codes = [a["code"] for a in payload.alerts]
    assert "MKT-DEB" in codes
    assert "MKT-BIDS" in codes
    body = json.loads(payload.body.text)
    assert {d["of"] for d in body["default_energy_bids"]} == {DAY.isoformat()}


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0080", "BRQ-0094")
def test_settlements_and_reports_are_told_of_costs(inserted, bidder, person, now):  # noqa: F811
    from apps.bidding.costs import services as costs

    costs.request_change(
        given=costs.RequestInput(
            timing="EX_ANTE",
            resource="GRNLF2_1_UNIT",
            trade_date=DAY,
            market="DA",
            cost_type="ENERGY",
            requested=D(90),
            at_mw=D(20),
            reason="gas",
        ),
        actor=bidder,
        at=BEFORE,
    )
    text = {}
    for audience in (Audience.SETTLEMENTS, Audience.CMRI, Audience.OASIS):
        payload, _ = services.make_payload(
            audience=audience, day=DAY, actor=person("iso.operator"), at=now, cause="test"
        )
        text[audience] = payload.body.text
    assert "SYN_MESA_2_CC,1X1,2X1,MMA_TRANSITION,1500,$/transition" in text[Audience.SETTLEMENTS]
    told = [line.split(",") for line in text[Audience.SETTLEMENTS].split("\n\n")[0].splitlines()]
    assert [row[2:7] for row in told[1:] if row[2] == "SYN_MESA_2_CC"] == [
        ["SYN_MESA_2_CC", "1X1", "", "MMA_MIN_LOAD", "40"],
        ["SYN_MESA_2_CC", "2X1", "", "MMA_MIN_LOAD", "60"],
        ["SYN_MESA_2_CC", "1X1", "", "MMA_START_UP", "1000"],
        ["SYN_MESA_2_CC", "2X1", "", "MMA_START_UP", "2500"],
        ["SYN_MESA_2_CC", "1X1", "2X1", "MMA_TRANSITION", "1500"],
    ]
    assert all(row[0] for row in told[1:])  # each says which cost run used it
    # only new-tariff RMR is told (BRQ-1206); APP5 is none, and its transitions have values
    assert "APP5" not in text[Audience.SETTLEMENTS]
    assert "SYN_GEN_SIERRA,GRNLF2_1_UNIT,DA,1,24,ENERGY,20,90" in text[Audience.CMRI]
    assert "GRNLF2_1_UNIT" not in text[Audience.OASIS]
    assert "DA,ENERGY,EX_ANTE,CAPPED,1" in text[Audience.OASIS]


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0080", "BRQ-1206")
def test_settlements_are_told_of_no_legacy_and_no_other_resource(priced, load):  # noqa: F811
    """given adders of new-tariff and legacy RMR and of none; when told; then of the first alone"""
    units = ("GRNLF2_1_UNIT", "METEC_2_PL1X3", "WASTE_1_UNIT")
    rows = "".join(f"{unit},MMA_START_UP,500,NEGOTIATED,2024-01-01,,agreement\n" for unit in units)
    head = "RESOURCE_ID,ADDER,AMOUNT_USD,ORIGIN,EFFECTIVE_FROM,EFFECTIVE_TO,SOURCE\n"
    load("cost-adders", head + rows, sender="iso.admin")
    adders = settlement_content(DAY).text.split("\n\n")[0].splitlines()[1:]
    told_of = {row.split(",")[2] for row in adders}
    assert told_of & set(units) == {"GRNLF2_1_UNIT"}


class Taker(BaseHTTPRequestHandler):
    """A market that refuses the first payload and takes the next."""

    taken, answers = [], [503, 201]

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = self.answers.pop(0)
        self.taken.append((self.path, body, status))
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0076")
def test_a_payload_is_handed_over_until_it_is_taken(inserted, person, tmp_path, now):
    server = HTTPServer(("127.0.0.1", 0), Taker)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    there = services.destination_of(f"http://127.0.0.1:{server.server_port}/rmr/{{name}}")
    body, payload = told("DA")
    try:
        states = [
            services.deliver(payload_id=payload.pk, destination=there, at=now).state
            for _ in range(3)
        ]
    finally:
        server.shutdown()
        server.server_close()
    assert states == ["FAILED", "DELIVERED", "DELIVERED"]
    assert [t[2] for t in Taker.taken] == [503, 201]
    assert json.loads(Taker.taken[1][1]) == body
    assert Taker.taken[1][0] == "/rmr/rmr_da_2024-09-04_v1.json"
    assert [a.taken for a in payload.attempts.order_by("pk")] == [False, True]
    services.resend(case_id=payload.pk, actor=person("iso.operator"), at=now)
    folder = services.destination_of(str(tmp_path / "market"))
    services.deliver(payload_id=payload.pk, destination=folder, at=now)
    assert [p.name for p in (tmp_path / "market").iterdir()] == ["rmr_da_2024-09-04_v1.json"]
    blocked = tmp_path / "file"
    blocked.write_text("x")
    services.resend(case_id=payload.pk, actor=person("iso.operator"), at=now)
    nowhere = services.destination_of(str(blocked / "market"))
    failed = services.deliver(payload_id=payload.pk, destination=nowhere, at=now)
    assert failed.state == "FAILED"
    assert services.waiting(now + timedelta(minutes=5)) == [
        p.pk for p in MarketPayload.objects.filter(state__in=["MADE", "FAILED"])
    ]


class Elsewhere(BaseHTTPRequestHandler):
    """A market that sends payloads on to another address."""

    asked = []

    def do_PUT(self):
        self.asked.append(self.path)
        self.send_response(307)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_):
        pass


def test_a_payload_is_not_sent_where_the_setting_does_not_name():
    server = HTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    there = services.destination_of(f"http://127.0.0.1:{server.server_port}/rmr/{{name}}")
    try:
        with pytest.raises(DeliveryTrouble, match="answers 307"):
            there.take("a.json", b"{}")
    finally:
        server.shutdown()
        server.server_close()
    assert Elsewhere.asked == ["/rmr/a.json"]


@pytest.mark.django_db
def test_what_is_due_is_made_once_and_missed_days_are_caught_up(priced, now):  # noqa: F811
    first = services.publish_due(at=now)
    sealed_later = {Audience.RAAIM.value}  # made with the availability of a day
    assert {p.audience for p in first} == {a.value for a in Audience} - sealed_later
    assert services.publish_due(at=now) == []
    later = services.publish_due(at=now + timedelta(days=3))
    assert len({p.trade_date for p in later}) >= 3


def dispatch(person, **change):
    given = {
        "resource": "GRNLF2_1_UNIT",
        "instruction": "SYSEMR",
        "market": "RT",
        "mw": D(40),
        "starts_at": datetime(2024, 9, 4, 20, tzinfo=UTC),
        "reason": "overload",
    } | change
    return services.issue_dispatch(
        given=services.DispatchInput(**given), actor=person("iso.operator"), at=datetime.now(UTC)
    )


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0720", "BRQ-0740", "BRQ-0750")
def test_exceptional_dispatch_is_logged_by_vintage(person):
    new = dispatch(person)
    assert (new.vintage, new.cpm_alert) == ("NEW", False)
    with pytest.raises(ValidationFailed) as caught:
        dispatch(person, instruction="RMRR")
    assert {f.code for f in caught.value.violations} == {"RMR-E-0750"}
    old = dispatch(person, resource="METEC_2_PL1X3", instruction="RMRR")
    assert old.vintage == "LEGACY"
    other = dispatch(person, resource="SYN_CEDAR_4_ST", mw=D(50))
    assert (other.vintage, other.cpm_alert) == ("", True)


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0760", "BRQ-0761")
def test_the_rmr_report_lists_legacy_only(load, as_user):
    load(
        "dispatches",
        "RESOURCE_ID,TRADE_DATE,HOUR_ENDING,DAY_AHEAD_MW,REAL_TIME_MW\n"
        "METEC_2_PL1X3,2024-09-04,18,30,42\nMETEC_2_PL1X3,2024-09-04,19,30,30\n"
        "GRNLF2_1_UNIT,2024-09-04,18,30,42\nSYN_CEDAR_4_ST,2024-09-04,18,0,20\n",
    )
    rows = Dispatch.objects.order_by("line_no")
    assert [(r.vintage, r.rmr_flag, r.incremental_mw) for r in rows] == [
        ("LEGACY", True, 12),
        ("LEGACY", False, 0),
        ("NEW", False, 12),
        ("", False, 20),
    ]
    client = as_user("iso.operator")
    report = client.get("/rmr-dispatch-report/").content.decode()
    assert "METEC_2_PL1X3" in report
    assert "GRNLF2_1_UNIT" not in report
    assert "GRNLF2_1_UNIT" in client.get("/dispatch-flags/").content.decode()
    assert date(2024, 9, 4) == rows[0].trade_date
