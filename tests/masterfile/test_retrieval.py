"""The Master File: retrieved by day, applied, logged, verified; and a change of SC."""

import threading
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from apps.platform.accounts.services import behind_the_wall
from apps.platform.audit.services import MoveRefused
from apps.platform.kernel.findings import Refusal
from apps.platform.notices.models import Notice
from apps.platform.runs.selectors import stale_cause
from apps.platform.uploads import services as uploads
from apps.platform.uploads.models import Upload
from apps.reference.masterfile import services
from apps.reference.masterfile.models import (
    MasterFileChange,
    MasterFileRecord,
    MsgTransition,
    Retrieval,
    ScTransfer,
)
from apps.reference.masterfile.rules import ContractSaid, Flags, verify_flags
from apps.reference.masterfile.services.retrieving import day_of
from apps.reference.resources.selectors import attributes_on, pmax_of, resource_ids, sc_of_resource
from apps.reference.resources.services import ensure_resources
from apps.reliability.designations.selectors import NOW
from apps.reliability.verification.selectors import verification

pytestmark = pytest.mark.django_db
HEAD = (
    "RESOURCE_ID,RESOURCE_NAME,SCID,PMAX_MW,PMIN_MW,MOO_QUALIFIED,RMR_FLAG,RMR_CD_TYPE,"
    "CONTRACT_EFFECTIVE_DT,CONTRACT_END_DT,USE_LIMIT_FLAG,CAR_FLAG,FUEL_TYPE,MSG_FLAG,ELS_FLAG,"
    "LOCAL_AREA,TAC_AREA\n"
)
END = "2024-12-31,N,N"
ROWS = {
    "METEC_2_PL1X3": f"Metcalf,SYN_GEN_LEGACY,597.05,,R,Y,1,2018-01-01,{END},GAS,Y,N,BAY_AREA,",
    "BOGUE_1_UNITA1": f"Feather,SYN_GEN_LEGACY,48.69,,R,Y,1,2018-01-01,{END},GAS,N,N,SIERRA,",
    "YUBACT_6_UNITA1": f"Yuba,SYN_GEN_LEGACY,47.16,,R,Y,1,2018-01-01,{END},GAS,N,N,SIERRA,",
    "OAK C_7_UNIT 1": f"Oak 1,SYN_GEN_LEGACY,55,,R,Y,2,1998-01-01,{END},OIL,N,N,BAY_AREA,",
    "OAK C_7_UNIT 3": f"Oak 3,SYN_GEN_LEGACY,55,,R,Y,2,1998-01-01,{END},OIL,N,N,BAY_AREA,",
    "SUNSET_2_UNITS": f"Sunset,SYN_GEN_SUNSET,248,,R,Y,N/A,2021-02-01,{END},GAS,N,N,,PGE-TAC",
    "GRNLF2_1_UNIT": f"Greenleaf,SYN_GEN_SIERRA,49.2,,R,Y,N/A,2020-01-01,{END},GAS,N,N,SIERRA,",
    "SYN_HARBOR_1_GT": f"Harbor,SYN_GEN_SOUTH,85,,R,Y,N/A,2023-01-01,{END},GAS,N,N,LA_BASIN,",
    "SYN_MESA_2_CC": f"Mesa,SYN_GEN_SOUTH,120,,R,Y,N/A,2022-06-01,{END},GAS,N,N,SAN_DIEGO_IV,",
    "SYN_PLAYA_3_ST": f"Playa,SYN_GEN_SOUTH,30,,R,Y,N/A,2024-01-01,{END},GAS,N,N,,VEA-TAC",
    "FREE_1_UNIT": "Free,SYN_GEN_SOUTH,12,1,Y,N,,,,N,N,SUN,N,N,FRESNO,",
}
DAY = date(2024, 9, 4)


def text(**change):
    rows = ROWS | change
    return HEAD + "".join(f"{code},{row}\n" for code, row in rows.items() if row)


@pytest.fixture(autouse=True)
def on_file():
    """The one resource that the demo does not know: a new one waits for a person."""
    ensure_resources(["FREE_1_UNIT"])


@pytest.fixture
def folder(tmp_path):
    return tmp_path


@pytest.fixture
def retrieve(folder, now):
    def go(content=None, name="masterfile-2024-09-04.csv", day=DAY):
        if content is not None:
            (folder / name).write_text(content)
        return services.retrieve(
            source=services.FolderSource(folder), day=day, at=now + timedelta(seconds=1)
        )

    return go


@pytest.mark.brq("BRQ-0100")
def test_a_watched_folder_is_taken_in_once_and_applied_from_its_day(retrieve):
    done = retrieve(text())
    assert [e.outcome for e in done] == ["CONFIRMED"], done[0].sentence
    assert MasterFileRecord.objects.count() == 11
    key = resource_ids({"FREE_1_UNIT"})["FREE_1_UNIT"]
    assert attributes_on(DAY)[key].tac == "PGE-TAC"  # from its local area, Fresno
    assert key not in attributes_on(DAY - timedelta(days=1))
    assert retrieve() == []  # nothing is taken in twice
    upload = Upload.objects.latest("pk")
    assert (upload.opened_by.username, upload.decided_by.username) == (
        "masterfile",
        "masterfile.check",
    )


@pytest.mark.brq("BRQ-0100")
def test_a_new_resource_waits_for_a_person_and_contracts_is_told_once(retrieve, person, now):
    rest = ROWS["FREE_1_UNIT"]
    done = retrieve(text(FREE_2_UNIT=rest))
    assert [e.outcome for e in done] == ["READY"]
    assert done[0].sentence == (
        "12 rows, 0 errors, 1 warning; it waits for a person to confirm the new resources"
    )
    assert "FREE_2_UNIT" not in resource_ids()
    assert not MasterFileRecord.objects.exists()
    told = Notice.objects.filter(
        user=person("iso.contracts"), topic="master-file", title__contains="FREE_2_UNIT"
    )
    assert [n.title for n in told] == [
        "RES-NEW: Confirming this file creates 1 new resource: FREE_2_UNIT. A second person "
        "confirms, with a reason, that they are resources not yet on file."
    ]
    assert retrieve() == []  # neither sent again nor confirmed by the service account
    upload = Upload.objects.latest("pk")
    uploads.confirm(
        upload_id=upload.pk,
        actor=person("iso.approver"),
        at=now + timedelta(seconds=2),
        reason="registered on 4 September",
    )
    assert (MasterFileRecord.objects.count(), "FREE_2_UNIT" in resource_ids()) == (12, True)


@pytest.mark.brq("BRQ-0100")
def test_a_misspelled_resource_refuses_the_file(retrieve):
    rest = ROWS["FREE_1_UNIT"]
    done = retrieve(text(**{"FREE_1_UNIT": "", "free_1_unit": rest}))
    assert [e.outcome for e in done] == ["REFUSED"]
    said = Upload.objects.latest("pk").findings.get(code="RES-LIKE")
    assert (said.line, said.column, said.message) == (
        12,
        "RESOURCE_ID",
        "There is no resource free_1_unit. Did you mean FREE_1_UNIT?",
    )
    assert "free_1_unit" not in resource_ids()


@pytest.mark.brq("BRQ-0100")
def test_each_day_replaces_the_one_before_with_a_log_of_changes(retrieve, person):
    retrieve(text())
    new = ROWS["FREE_1_UNIT"].replace("Free,SYN_GEN_SOUTH,12,1", "Free,SYN_GEN_SUNSET,13.5,1")
    retrieve(text(FREE_1_UNIT=new, GRNLF2_1_UNIT=""), name="masterfile-2024-09-05.csv")
    seen = set(MasterFileChange.objects.values_list("resource__code", "field", "before", "after"))
    assert seen == {
        ("FREE_1_UNIT", "PMAX_MW", "12.00", "13.50"),
        ("FREE_1_UNIT", "SC_ID", "SYN_GEN_SOUTH", "SYN_GEN_SUNSET"),
        ("GRNLF2_1_UNIT", "RECORD", "there", None),
    }
    key = resource_ids({"FREE_1_UNIT"})["FREE_1_UNIT"]
    assert [str(pmax_of({key}, d, NOW)[key]) for d in (DAY, date(2024, 9, 5))] == [
        "12.0000",
        "13.5000",
    ]
    assert sc_of_resource(key, date(2024, 9, 5), NOW) == person("sc.sunset").party_id


@pytest.mark.brq("BRQ-0100")
def test_an_active_designation_without_a_record_raises_the_alarm(retrieve, person):
    retrieve(text(GRNLF2_1_UNIT=""))
    upload = Upload.objects.latest("pk")
    assert "RMR-W-0100" in set(upload.findings.values_list("code", flat=True))
    told = Notice.objects.filter(user=person("iso.contracts"), topic="master-file")
    assert any("RMR-W-0100" in n.title and "GRNLF2_1_UNIT" in n.title for n in told)


@pytest.mark.brq("BRQ-0048")
def test_pmax_under_contract_stays_though_the_file_says_otherwise(retrieve, load, send):
    retrieve(text())
    less = ROWS["SUNSET_2_UNITS"].replace("248", "165")
    retrieve(text(SUNSET_2_UNITS=less), name="masterfile-2024-09-05.csv")
    key = resource_ids({"SUNSET_2_UNITS"})["SUNSET_2_UNITS"]
    assert str(pmax_of({key}, date(2024, 9, 5), NOW)[key]) == "248.0000"
    change = MasterFileChange.objects.get(resource_id=key, field="PMAX_MW")
    assert "RMR-E-0048" in change.effect
    upload = send(
        "resources",
        "RESOURCE_ID,RESOURCE_NAME,PMAX_MW,TAC_AREA,LOCAL_AREA,SC_ID,EFFECTIVE_FROM,SOURCE\n"
        "SUNSET_2_UNITS,Sunset,165,PGE-TAC,,SYN_GEN_SUNSET,2024-06-01,test\n",
    )
    assert upload.state == "REFUSED"
    assert "RMR-E-0048" in set(upload.findings.values_list("code", flat=True))


@pytest.mark.brq("BRQ-0048")
def test_a_pmax_that_ferc_approved_holds_from_its_day(person, now, retrieve):
    from decimal import Decimal

    from apps.reliability.designations import services as designations

    wish = designations.PmaxWish(
        resource="SUNSET_2_UNITS",
        pmax_mw=Decimal(165),
        first_date=date(2024, 10, 1),
        ferc_docket="ER24-9",
        ferc_approved_on=date(2024, 9, 20),
        reference="order",
    )
    change = designations.propose_pmax(wish=wish, actor=person("iso.contracts"), at=now)
    with pytest.raises(MoveRefused):
        designations.pmax_approve(case_id=change.pk, actor=person("iso.contracts"), at=now)
    designations.pmax_approve(case_id=change.pk, actor=person("iso.approver"), at=now)
    key = resource_ids({"SUNSET_2_UNITS"})["SUNSET_2_UNITS"]
    days = (date(2024, 9, 30), date(2024, 10, 1))
    assert [str(pmax_of({key}, d, NOW)[key]) for d in days] == ["248.0000", "165.0000"]
    less = ROWS["SUNSET_2_UNITS"].replace("248", "165")
    retrieve(text(SUNSET_2_UNITS=less), name="masterfile-2024-10-02.csv", day=date(2024, 10, 2))
    codes = Upload.objects.latest("pk").findings.values_list("code", flat=True)
    assert "RMR-W-0048" not in set(codes)
    with pytest.raises(Refusal):
        designations.propose_pmax(
            wish=designations.PmaxWish(
                "SUNSET_2_UNITS",
                Decimal(100),
                date(2024, 11, 1),
                "ER24-10",
                date(2024, 11, 2),
                "order",
            ),
            actor=person("iso.contracts"),
            at=now,
        )


def test_a_file_with_errors_is_refused_whole_and_contracts_is_told(retrieve, person):
    done = retrieve(text() + "BAD_UNIT,Bad,SYN_GEN_SOUTH,ten,,R,N,,,,N,N,GAS,N,N,SIERRA,\n")
    assert [e.outcome for e in done] == ["REFUSED"]
    assert not MasterFileRecord.objects.exists()
    told = Notice.objects.filter(user=person("iso.contracts"), topic="master-file")
    assert any("refused" in n.title for n in told)
    assert retrieve() == []


def test_xml_says_the_same_as_csv(retrieve):
    rows = [
        dict(zip(HEAD.strip().split(","), line.split(","), strict=True))
        for line in text().splitlines()[1:]
    ]
    body = "".join(
        "<Resource>" + "".join(f"<{k}>{v}</{k}>" for k, v in row.items()) + "</Resource>"
        for row in rows
    )
    done = retrieve(
        f'<?xml version="1.0"?><MasterFile xmlns="urn:x">{body}</MasterFile>',
        name="masterfile-2024-09-04.xml",
    )
    assert [e.outcome for e in done] == ["CONFIRMED"], done[0].sentence
    assert MasterFileRecord.objects.filter(resource__code="OAK C_7_UNIT 1").exists()


@pytest.mark.parametrize(
    "content",
    [
        '<!DOCTYPE x [<!ENTITY a "b">]><x><y><RESOURCE_ID>&a;</RESOURCE_ID></y></x>',
        "<x><y>",
        "<x/>",
        "<" * 1000,
        "<x>" + "<y/>" * 10 + "</x>",
        "<x><y>" + "<z/>" * 3000 + "</y></x>",
        "<x>" + "<y>" * 3000 + "</y>" * 3000 + "</x>",
        '<?xml version="1.0" encoding="nonsense"?><x/>',
    ],
)
def test_hostile_xml_is_refused_and_never_an_error_of_ours(retrieve, content):
    assert [e.outcome for e in retrieve(content, name="master.xml")] == ["REFUSED"]


def test_files_of_unknown_name_are_passed_over_once(retrieve, folder):
    assert [e.outcome for e in retrieve("x", name="readme.csv")] == ["PASSED_OVER"]
    assert retrieve() == []
    (folder / "notes.txt").write_text("x")
    assert retrieve() == []


def test_configurations_transitions_and_points_come_with_it(retrieve, folder):
    (folder / "msg-configurations.csv").write_text(
        "RESOURCE_ID,CONFIG_ID,PMIN_MW,PMAX_MW,STARTUP_FLAG,MMA_STARTUP,MMA_MIN_LOAD,EFFECTIVE_DT\n"
        "METEC_2_PL1X3,1X1,150,300,Y,1200,40,2024-01-01\n"
        "METEC_2_PL1X3,2X1,310,597.05,N,1900,70,2024-01-01\n"
    )
    (folder / "msg-transitions.csv").write_text(
        "RESOURCE_ID,FROM_CONFIG,TO_CONFIG,TRANSITION_TIME_MIN,OC_TRANSITION,EFFECTIVE_DT\n"
        "METEC_2_PL1X3,1X1,2X1,60,0,2024-01-01\n"
    )
    (folder / "heat-rate.csv").write_text(
        "RESOURCE_ID,CONFIG_ID,POINT_NO,MW,AVG_HEAT_RATE_BTU_KWH,AVG_COST_USD_MWH\n"
        "GRNLF2_1_UNIT,,1,20,9800,\nGRNLF2_1_UNIT,,2,49.2,9100,\n"
    )
    done = retrieve(text())
    assert {e.outcome for e in done} == {"CONFIRMED"}, [e.sentence for e in done]
    assert MsgTransition.objects.count() == 1
    bad = retrieve(
        "RESOURCE_ID,FROM_CONFIG,TO_CONFIG,TRANSITION_TIME_MIN,OC_TRANSITION,EFFECTIVE_DT\n"
        "METEC_2_PL1X3,1X1,9X9,60,0,2024-01-01\n",
        name="transitions-2.csv",
    )
    assert [e.outcome for e in bad] == ["REFUSED"]


def test_an_address_is_asked_too_and_its_troubles_are_said(now):
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            found = "2024-09-04" in self.path
            self.send_response(200 if found else 404 if "2024-09-05" in self.path else 503)
            self.end_headers()
            if found:
                self.wfile.write(text().encode())

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        address = f"http://127.0.0.1:{server.server_port}/masterfile-{{day}}.csv"
        source = services.source_of(address)
        done = services.retrieve(source=source, day=DAY, at=now)
        assert [e.outcome for e in done] == ["CONFIRMED"], done[0].sentence
        assert services.retrieve(source=source, day=date(2024, 9, 5), at=now) == []
        with pytest.raises(services.SourceTrouble, match="503"):
            services.retrieve(source=source, day=date(2024, 9, 6), at=now)
    finally:
        server.shutdown()
        server.server_close()
    with pytest.raises(services.SourceTrouble, match="does not answer"):
        services.retrieve(source=source, day=DAY, at=now)


def test_the_day_is_in_the_name_where_it_is():
    assert day_of("mf_20240905.csv", DAY) == date(2024, 9, 5)
    assert day_of("mf-2024-13-45.csv", DAY) == DAY
    assert day_of("mf.csv", DAY) == DAY


@pytest.mark.brq("APP-2", "BRQ-0045", "BRQ-0035")
def test_the_verification_reports_each_mismatch_and_nothing_else(retrieve, as_user):
    retrieve(text())
    of, count, mismatches = verification(DAY)
    assert (of, count, mismatches) == (DAY, 10, [])
    wrong = {
        "METEC_2_PL1X3": ROWS["METEC_2_PL1X3"].replace(",R,Y,1,", ",N,Y,N/A,"),
        "GRNLF2_1_UNIT": ROWS["GRNLF2_1_UNIT"].replace("2020-01-01", "2018-08-31"),
        "FREE_1_UNIT": ROWS["FREE_1_UNIT"].replace(",Y,N,", ",R,Y,"),
        "SYN_PLAYA_3_ST": "",
    }
    retrieve(text(**wrong), name="masterfile-2024-09-05.csv")
    found = {(m.resource, m.finding.code) for m in verification(date(2024, 9, 5))[2]}
    assert found == {
        ("METEC_2_PL1X3", "APP2-MOO"),
        ("METEC_2_PL1X3", "APP2-CONDITION"),
        ("GRNLF2_1_UNIT", "APP2-VINTAGE"),
        ("FREE_1_UNIT", "APP2-NO-CONTRACT"),
        ("SYN_PLAYA_3_ST", "RMR-W-0100"),
    }
    client = as_user("iso.monitor")
    page = client.get("/master-file-check/?day=2024-09-05").content.decode()
    assert "APP2-VINTAGE" in page
    said = client.get("/api/v1/master-file-check/?day=2024-09-05").json()
    assert len(said["mismatches"]) == 5
    assert b"APP2-MOO" in client.get("/master-file-check/?day=2024-09-05&format=csv").content
    assert client.get("/master-file-check/?day=nonsense").status_code == 404


@pytest.mark.brq("BRQ-0100", "BRQ-0035")
def test_rmr_attributes_are_those_of_new_tariff_contracts(retrieve, as_user):
    retrieve(text())
    client = as_user("iso.monitor")
    said = client.get("/api/v1/rmr-attributes/").json()["results"]
    assert [row["resource__code"] for row in said] == [
        "GRNLF2_1_UNIT",
        "SUNSET_2_UNITS",
        "SYN_HARBOR_1_GT",
        "SYN_MESA_2_CC",
        "SYN_PLAYA_3_ST",
    ]
    page = client.get("/rmr-attributes/").content.decode()
    assert "Legacy RMR stands on the list of contracts" in page
    assert "METEC_2_PL1X3" not in page


@pytest.mark.brq("BRQ-0225")
def test_a_change_of_sc_shows_the_contracts_that_follow(person, now, as_user):
    case = services.propose_transfer(
        resource="SUNSET_2_UNITS",
        to_sc="SYN_GEN_SOUTH",
        first_date=date(2024, 9, 5),
        reference="letter",
        actor=person("iso.operator"),
        at=now,
    )
    page = as_user("iso.approver").get(f"/sc-transfers/{case.pk}/").content.decode()
    assert page.count("What follows to the new SC") == 1
    assert '<a href="/rmr-contracts/?q=RMR-SUNSET">RMR-SUNSET</a>' in page


@pytest.mark.brq("APP-2")
@pytest.mark.parametrize(
    ("effective", "moo", "condition", "exception", "codes"),
    [
        ("2018-08-31", "R", "1", False, set()),
        ("2018-08-31", "R", "2", False, set()),
        ("2018-08-31", "N", "1", False, {"APP2-MOO"}),
        ("2018-08-31", "R", None, False, {"APP2-CONDITION"}),
        ("2018-09-01", "R", "N/A", False, set()),
        ("2018-09-01", "R", None, False, set()),
        ("2018-09-01", "N", "N/A", True, set()),
        ("2018-09-01", "N", "N/A", False, {"APP2-EXCEPTION"}),
        ("2018-09-01", "R", "1", False, {"APP2-CONDITION"}),
        ("2018-09-01", "Y", "N/A", False, {"APP2-MOO"}),
    ],
)
def test_every_row_of_the_matrix(effective, moo, condition, exception, codes):
    day = date.fromisoformat(effective)
    flags = Flags("X", moo, "Y", condition, day, date(2024, 12, 31), exception, False)
    said = ContractSaid(day, None, date(2024, 12, 31))
    found = verify_flags(flags, said, cutoff=date(2018, 9, 1), resource="X")
    assert {f.code for f in found} == codes


@pytest.mark.brq("BRQ-0225")
def test_from_its_day_on_a_resource_settles_with_its_new_sc(settle, person, now):
    from apps.settlement.settlements.models import CapacityPayment

    old = {d: settle(d) for d in (date(2024, 9, 4), date(2024, 9, 5))}
    case = services.propose_transfer(
        resource="SUNSET_2_UNITS",
        to_sc="SYN_GEN_SOUTH",
        first_date=date(2024, 9, 5),
        reference="letter",
        actor=person("iso.operator"),
        at=now,
    )
    with pytest.raises(MoveRefused):
        services.transfer_approve(case_id=case.pk, actor=person("iso.operator"), at=now)
    services.transfer_approve(case_id=case.pk, actor=person("iso.approver"), at=now)
    assert not stale_cause(old[date(2024, 9, 4)])
    assert "SYN_GEN_SOUTH" in stale_cause(old[date(2024, 9, 5)])
    settle(date(2024, 9, 5))

    def sc_on(day):
        rows = CapacityPayment.objects.filter(
            trade_date=day, resource__code="SUNSET_2_UNITS", run__current__isnull=False
        )
        return rows.get().sc.code

    assert sc_on(date(2024, 9, 4)) == "SYN_GEN_SUNSET"
    assert sc_on(date(2024, 9, 5)) == "SYN_GEN_SOUTH"
    with behind_the_wall(person("sc.sunset").party_id):
        from apps.reliability.designations.models import CapacityPayload, RmrContract

        assert RmrContract.objects.filter(contract_no="RMR-SUNSET").exists()  # it had days of it
        days = CapacityPayload.objects.filter(contract_no="RMR-SUNSET").values_list("trade_date")
        assert max(days) == (date(2024, 9, 4),)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"resource": "NONE"}, "TRF-RESOURCE"),
        ({"to_sc": "NOBODY"}, "TRF-SC"),
        ({"to_sc": "SYN_GEN_SUNSET"}, "TRF-SAME"),
        ({"first_date": date(1066, 1, 1)}, "TRF-DATE"),
        ({"first_date": date(2020, 1, 1)}, "TRF-RESOURCE"),
    ],
)
def test_a_wrong_change_of_sc_is_refused(person, now, change, code):
    words = {
        "resource": "SUNSET_2_UNITS",
        "to_sc": "SYN_GEN_SOUTH",
        "first_date": date(2024, 9, 5),
        "reference": "letter",
        "actor": person("iso.operator"),
        "at": now,
    } | change
    with pytest.raises(Refusal) as trouble:
        services.propose_transfer(**words)
    assert {f.code for f in trouble.value.findings} == {code}
    assert not ScTransfer.objects.exists()


def test_it_is_retrieved_by_hand_in_browser_api_and_on_the_command_line(
    as_user, folder, settings, capsys, django_capture_on_commit_callbacks
):
    from django.core.management import call_command

    settings.MASTERFILE_SOURCE = str(folder)
    (folder / "masterfile-2024-09-04.csv").write_text(text())
    client = as_user("iso.operator")
    assert client.get("/master-file-retrieve/").status_code == 200
    answer = client.post("/master-file-retrieve/", {"day": "2024-09-04"})
    assert answer.status_code == 302
    queued = client.post("/api/v1/master-file-retrieve/", {}, content_type="application/json")
    assert queued.status_code == 202
    call_command("masterfile", "retrieve", "--day", "2024-09-04")
    call_command("masterfile", "check", "--day", "2024-09-04")
    said = capsys.readouterr().out
    assert "Master File of 2024-09-04, 10 contracts on 2024-09-04\n" in said
    assert "1 new files" in said or Retrieval.objects.count() == 1
    assert client.get("/master-file/").content.decode().count("GRNLF2_1_UNIT") >= 1
