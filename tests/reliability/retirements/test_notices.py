"""Notices of retirement: filed, refused, announced, taken back, routed, referred."""

import xml.etree.ElementTree as ET
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from apps.platform.accounts.services import as_party
from apps.platform.audit.services import MoveRefused
from apps.platform.core.tradetime import PACIFIC
from apps.platform.core.violations import ValidationFailed
from apps.reliability.retirements import selectors, services
from apps.reliability.retirements.models import PublicListEntry, Referral, RetirementNotice
from tests.reliability.retirements.papers import paper

pytestmark = pytest.mark.django_db


def codes(trouble):
    return {f.code for f in trouble.value.violations}


@pytest.mark.brq("BRQ-0001")
def test_a_short_notice_of_a_mothballed_resource_is_refused_with_the_earliest_date(file_notice):
    with pytest.raises(ValidationFailed) as trouble:
        file_notice(
            state_before="MOTHBALLED",
            notice_date=date(2024, 3, 3),
            requested_date=date(2024, 5, 31),
        )
    assert codes(trouble) == {"RMR-E-0001"}
    assert "earliest 2024-06-01" in str(trouble.value)
    assert not RetirementNotice.objects.exists()
    accepted = file_notice(
        state_before="MOTHBALLED", notice_date=date(2024, 3, 3), requested_date=date(2024, 6, 1)
    )
    assert accepted.state == "ANNOUNCED"


@pytest.mark.brq("BRQ-0001")
def test_a_sc_cannot_file_for_another_scs_resource_nor_learn_whether_it_exists(file_notice):
    with pytest.raises(ValidationFailed) as others:
        file_notice(resource="GRNLF2_1_UNIT")
    with pytest.raises(ValidationFailed) as unknown:
        file_notice(resource="NO_SUCH_UNIT")
    assert str(others.value).replace("GRNLF2_1_UNIT", "X") == str(unknown.value).replace(
        "NO_SUCH_UNIT", "X"
    )
    assert not RetirementNotice.objects.exists()


def test_behind_the_wall_a_sc_still_files_for_its_own_and_sees_nothing_else(file_notice, person):
    theirs = file_notice("iso.contracts", resource="GRNLF2_1_UNIT")
    with as_party(person("sc.sunset").party_id):
        own = file_notice()
        assert list(RetirementNotice.objects.all()) == [own]
    assert selectors.notices(viewer=person("sc.sunset").viewer()).count() == 1
    assert theirs in selectors.notices(viewer=person("iso.legal").viewer())


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"requested_date": date(2024, 3, 2)}, "RMR-E-0001"),
        ({"state_requested": "OPERATING"}, "RMR-E-0051"),
        ({"resource": "NONE"}, "RMR-E-0001F"),
        ({"notice_date": date(1066, 1, 1)}, "RET-DATE"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(file_notice, change, code):
    with pytest.raises(ValidationFailed) as trouble:
        file_notice("iso.contracts", **change)
    assert code in codes(trouble)
    assert not RetirementNotice.objects.exists()


def test_a_sc_cannot_shorten_the_90_days_by_an_older_date(person, now):
    today = now.astimezone(PACIFIC).date()
    given = services.NoticeInput(
        resource="SUNSET_2_UNITS",
        state_before="MOTHBALLED",
        state_requested="RETIRED",
        notice_date=today - timedelta(days=80),
        requested_date=today + timedelta(days=20),
        owner="o",
        reason="r",
    )
    with pytest.raises(ValidationFailed) as trouble:
        services.file_notice(given=given, actor=person("sc.sunset"), at=now)
    assert codes(trouble) == {"RMR-E-0001I"}
    assert services.file_notice(given=given, actor=person("iso.contracts"), at=now).pk


def test_a_resource_has_one_open_notice(file_notice):
    file_notice()
    with pytest.raises(ValidationFailed) as trouble:
        file_notice()
    assert codes(trouble) == {"RMR-E-0001H"}


def test_without_an_affidavit_a_notice_stays_a_draft_and_off_the_list(file_notice, person, now):
    notice = file_notice(document=False)
    assert notice.state == "DRAFT"
    with pytest.raises(ValidationFailed):
        services.submit(case_id=notice.pk, actor=person("sc.sunset"), at=now)
    assert not PublicListEntry.objects.exists()
    services.notice_document(
        case=notice, file_name="a.pdf", content=paper().read(), actor=person("sc.sunset"), at=now
    )
    services.submit(case_id=notice.pk, actor=person("sc.sunset"), at=now)
    assert PublicListEntry.objects.count() == 1


@pytest.mark.brq("BRQ-0001")
@pytest.mark.parametrize(("mw", "listed"), [("45.00", True), ("44.99", False)])
def test_the_briefing_begins_at_45_megawatts(client, file_notice, load, now, mw, listed):
    load(
        "resources",
        "RESOURCE_ID,RESOURCE_NAME,PMAX_MW,TAC_AREA,LOCAL_AREA,SC_ID,EFFECTIVE_FROM,SOURCE\n"
        f"EDGE_UNIT,Edge,{mw},PGE-TAC,,SYN_GEN_SUNSET,2024-01-01,SYNTHETIC\n",
    )
    file_notice(resource="EDGE_UNIT")
    page = client.get("/daily-briefing/").content.decode()
    assert ("EDGE_UNIT" in page) is listed
    assert "EDGE_UNIT" in client.get("/retirement-list/").content.decode()
    made = client.get("/daily-briefing.pdf")
    assert made.content.startswith(b"%PDF-")
    assert made.headers["Content-Type"] == "application/pdf"
    sent = services.send_briefing(day=now.date(), at=now + timedelta(hours=1))
    assert sent == (1 if listed else 0)


def test_the_briefing_goes_out_by_mail_with_its_pdf(
    file_notice, person, now, django_capture_on_commit_callbacks
):
    reader = person("iso.operator")
    reader.email = "operator@example.org"
    reader.save(update_fields=["email"])
    file_notice()
    with django_capture_on_commit_callbacks(execute=True):
        services.send_briefing(day=now.date(), at=now + timedelta(hours=1))
    message = next(m for m in mail.outbox if m.to == ["operator@example.org"])
    assert "SUNSET_2_UNITS" in message.body
    assert "248.00 MW" in message.body
    assert message.attachments[0][1].startswith(b"%PDF-")


@pytest.mark.brq("BRQ-0010")
def test_the_feed_has_an_item_for_each_change_and_none_for_a_save_without_one(
    client, file_notice, person, now
):
    notice = file_notice()
    assert services.filing.publish_entry(notice, at=now, change="again") is False
    services.note_decision(
        notice_id=notice.pk, decision="NEEDED", actor=person("iso.contracts"), at=now
    )
    services.note_decision(
        notice_id=notice.pk, decision="NEEDED", actor=person("iso.contracts"), at=now
    )
    atom = ET.fromstring(client.get("/retirement-list/feed.atom").content)
    items = atom.findall("{http://www.w3.org/2005/Atom}entry")
    assert len(items) == 2
    assert len({i.findtext("{http://www.w3.org/2005/Atom}id") for i in items}) == 2
    first = client.get("/retirement-list/feed.atom")
    again = client.get("/retirement-list/feed.atom", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    rss = ET.fromstring(client.get("/retirement-list/feed.rss").content)
    assert len(rss.findall("./channel/item")) == 2
    page = client.get("/retirement-list/").content.decode()
    assert page.count("SUNSET_2_UNITS") >= 1
    assert "248.00" in page


@pytest.mark.brq("BRQ-0051", "BRQ-0052")
def test_a_reversal_is_justified_routed_to_legal_and_reported(file_notice, person, now, as_user):
    notice = file_notice()
    words = {
        "notice": notice.pk,
        "reason_code": "RA_CONTRACT",
        "return_date": date(2024, 6, 1),
        "actor": person("sc.sunset"),
        "at": now,
    }
    with pytest.raises(ValidationFailed) as trouble:
        services.affidavit_open(justification="  ", **words)
    assert codes(trouble) == {"RMR-E-0051"}
    case = services.affidavit_open(justification="a contract for 2025", **words)
    with pytest.raises(ValidationFailed) as trouble:
        services.affidavit_submit(case_id=case.pk, actor=person("sc.sunset"), at=now)
    assert codes(trouble) == {"RMR-E-0051"}
    services.affidavit_document(
        case=case, file_name="why.pdf", content=paper().read(), actor=person("sc.sunset"), at=now
    )
    services.affidavit_submit(case_id=case.pk, actor=person("sc.sunset"), at=now)
    notice.refresh_from_db()
    assert notice.state == "REVERSED"
    assert PublicListEntry.objects.filter(notice=notice).first().state == "REVERSED"

    def move(action, who, note="because"):
        return services.affidavit_move(
            case_id=case.pk, action=action, actor=person(who), at=now, note=note
        )

    with pytest.raises(MoveRefused):
        move("close", "iso.legal")  # Legal has not got it yet
    move("forward", "iso.contracts")
    with pytest.raises(MoveRefused):
        move("close", "iso.contracts")  # only Legal closes
    move("ask_monitoring", "iso.legal")
    mine = selectors.affidavits(viewer=person("sc.sunset").viewer()).get(pk=case.pk)
    assert mine.stage == "RECEIVED"  # what Legal does stays inside the ISO
    move("answer", "iso.monitor")
    own = f"/api/v1/return-affidavits/{case.pk}/"
    inside = as_user("sc.sunset").get(own).json()
    assert (inside["state"], inside["facts"]["Outcome"]) == ("RECEIVED", None)
    assert move("report", "iso.legal").state == "REPORTED"
    told = as_user("sc.sunset").get(own).json()
    assert (told["state"], told["facts"]["Outcome"]) == ("RECEIVED", None)
    page = as_user("sc.sunset").get(f"/return-affidavits/{case.pk}/").content.decode()
    listed = as_user("sc.sunset").get("/api/v1/return-affidavits/").content.decode()
    assert not [word for word in ("FERC", "REPORTED", "Legal") if word in page + listed]
    known = as_user("iso.legal").get(own).json()
    assert (known["state"], known["facts"]["Outcome"]) == ("REPORTED", "Referred to FERC")


@pytest.mark.brq("BRQ-0051")
def test_a_retired_resource_returns_to_service_and_may_give_notice_again(file_notice, person, now):
    notice = file_notice()
    services.complete(case_id=notice.pk, actor=person("iso.contracts"), at=now)
    with pytest.raises(ValidationFailed) as trouble:
        file_notice()
    assert "RMR-E-0001E" in codes(trouble)  # it is RETIRED on record
    services.affidavit_open(
        notice=notice.pk,
        reason_code="ECONOMICS",
        justification="prices rose",
        return_date=date(2025, 1, 1),
        actor=person("sc.sunset"),
        at=now,
        document=paper(),
    )
    notice.refresh_from_db()
    assert notice.state == "RETURNED"
    assert file_notice(notice_date=date(2025, 2, 1), requested_date=date(2025, 6, 1)).pk


def test_nothing_takes_effect_before_its_day(file_notice, person, now):
    notice = file_notice(requested_date=now.date() + timedelta(days=30))
    with pytest.raises(MoveRefused, match="not before"):
        services.complete(case_id=notice.pk, actor=person("iso.contracts"), at=now)


@pytest.mark.brq("BRQ-0050")
def test_a_referral_is_on_record_and_nobody_outside_learns_of_it(
    as_user, client, file_notice, person, now
):
    notice = file_notice()
    case = services.refer(
        notice=notice.pk, why="costs look wrong", actor=person("iso.legal"), at=now
    )
    assert (case.opened_by.username, case.why) == ("iso.legal", "costs look wrong")
    page = as_user("iso.monitor").get(f"/referrals/{case.pk}/").content.decode()
    assert "costs look wrong" in page
    assert as_user("iso.operator").get(f"/referrals/{case.pk}/").status_code == 403
    for who in ("sc.sunset", "iso.operator"):
        shown = as_user(who).get(f"/retirement-notices/{notice.pk}/").content.decode()
        assert "costs look wrong" not in shown
        assert "referred" not in shown
    with as_party(person("sc.sunset").party_id):
        assert not Referral.objects.exists()
    client.logout()
    assert "costs" not in client.get("/retirement-list/feed.atom").content.decode()


def test_the_database_itself_keeps_a_notice_from_going_astray(file_notice):
    notice = file_notice()
    with pytest.raises(Exception, match="Invalid transition"), transaction.atomic():
        RetirementNotice.objects.filter(pk=notice.pk).update(state="DRAFT")
    with pytest.raises(IntegrityError), transaction.atomic():
        RetirementNotice.objects.filter(pk=notice.pk).update(state_before="RETIRED")
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        PublicListEntry.objects.update(owner="somebody")


@pytest.mark.brq("BRQ-0001")
def test_page_api_and_command_file_the_same_notice(as_user, client, person, capsys):
    from django.core.management import CommandError, call_command

    today = datetime.now(UTC).astimezone(PACIFIC).date()
    early, earliest = today + timedelta(days=89), today + timedelta(days=90)
    page = as_user("sc.sunset").post(
        "/retirement-notices/new/",
        {
            "resource": "SUNSET_2_UNITS",
            "owner": "Synthetic Sunset",
            "state_before": "MOTHBALLED",
            "state_requested": "RETIRED",
            "notice_date": f"{today}",
            "requested_date": f"{early}",
            "reason": "age",
        },
    )
    assert page.status_code == 400
    assert f"earliest {earliest}" in page.content.decode()
    body = {
        "resource": "SUNSET_2_UNITS",
        "owner": "Synthetic Sunset",
        "state_before": "MOTHBALLED",
        "state_requested": "RETIRED",
        "notice_date": f"{today}",
        "requested_date": f"{early}",
        "reason": "age",
    }
    said = client.post("/api/v1/retirement-notices/new/", body, content_type="application/json")
    assert said.status_code == 400
    assert said.json()["violations"][0]["code"] == "RMR-E-0001"
    body["requested_date"] = f"{earliest}"
    made = client.post("/api/v1/retirement-notices/new/", body, content_type="application/json")
    assert made.status_code == 201, made.content
    number = made.json()["id"]
    assert made.json()["state"] == "DRAFT"
    assert "submit" in made.json()["moves"]
    sent = client.post(f"/api/v1/documents/retirement-notices/{number}/", {"document": paper()})
    assert sent.status_code == 201, sent.content
    moved = client.post(
        f"/api/v1/retirement-notices/{number}/submit/", {}, content_type="application/json"
    )
    assert moved.json()["state"] == "ANNOUNCED"
    with pytest.raises(CommandError, match="has an open notice"):
        call_command(
            "case",
            "open",
            "retirement-notices",
            *(f"{k}={v}" for k, v in body.items()),
            "--as",
            "iso.contracts",
        )
    call_command("case", "show", "retirement-notices", str(number), "--as", "iso.legal")
    assert "ANNOUNCED" in capsys.readouterr().out
