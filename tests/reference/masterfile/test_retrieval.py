"""The Master File: retrieved by day, applied, logged."""

from datetime import date, timedelta

import pytest

from apps.platform.audit.services import MoveRefused
from apps.platform.core.violations import ValidationFailed
from apps.platform.notifications.models import Notification
from apps.platform.uploads import services as uploads
from apps.platform.uploads.models import Upload
from apps.reference.masterfile.models import (
    MasterFileChange,
    MasterFileRecord,
    MsgTransition,
)
from apps.reference.resources.selectors import attributes_on, pmax_of, resource_ids, sc_of_resource
from apps.reliability.designations.selectors import NOW
from tests.reference.masterfile.files import DAY, ROWS, text

pytestmark = pytest.mark.django_db


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
    told = Notification.objects.filter(
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
    said = Upload.objects.latest("pk").violations.get(code="RES-LIKE")
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
    assert "RMR-W-0100" in set(upload.violations.values_list("code", flat=True))
    told = Notification.objects.filter(user=person("iso.contracts"), topic="master-file")
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
    assert "RMR-E-0048" in set(upload.violations.values_list("code", flat=True))


@pytest.mark.brq("BRQ-0048")
def test_a_pmax_that_ferc_approved_holds_from_its_day(person, now, retrieve):
    from decimal import Decimal

    from apps.reliability.designations import services as designations

    given = designations.PmaxInput(
        resource="SUNSET_2_UNITS",
        pmax_mw=Decimal(165),
        first_date=date(2024, 10, 1),
        ferc_docket="ER24-9",
        ferc_approved_on=date(2024, 9, 20),
        reference="order",
    )
    change = designations.propose_pmax(given=given, actor=person("iso.contracts"), at=now)
    with pytest.raises(MoveRefused):
        designations.pmax_approve(case_id=change.pk, actor=person("iso.contracts"), at=now)
    designations.pmax_approve(case_id=change.pk, actor=person("iso.approver"), at=now)
    key = resource_ids({"SUNSET_2_UNITS"})["SUNSET_2_UNITS"]
    days = (date(2024, 9, 30), date(2024, 10, 1))
    assert [str(pmax_of({key}, d, NOW)[key]) for d in days] == ["248.0000", "165.0000"]
    less = ROWS["SUNSET_2_UNITS"].replace("248", "165")
    retrieve(text(SUNSET_2_UNITS=less), name="masterfile-2024-10-02.csv", day=date(2024, 10, 2))
    codes = Upload.objects.latest("pk").violations.values_list("code", flat=True)
    assert "RMR-W-0048" not in set(codes)
    with pytest.raises(ValidationFailed):
        designations.propose_pmax(
            given=designations.PmaxInput(
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
    told = Notification.objects.filter(user=person("iso.contracts"), topic="master-file")
    assert any("refused" in n.title for n in told)
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
