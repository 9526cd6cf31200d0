"""Resource IDs as typed: a known one misspelled is an error, a new one needs two people."""

from __future__ import annotations

from pathlib import Path

import pytest

from apps.platform.uploads import services
from apps.platform.uploads.hooks import UPLOAD_KINDS
from apps.platform.uploads.models import DatasetVersion
from apps.reference.outages.models import ReportedOutage
from apps.reference.resources.models import NetQualifyingCapacity, Resource
from apps.reference.resources.rules import KnownIds, is_shaped, same_form, shown
from apps.reference.resources.services import ensure_resources

CASES = Path(__file__).parent / "intake"
KNOWN = KnownIds(["SUNSET_2_UNITS", "OAK C_7_UNIT 1", "OAK C_7_UNIT 3", "WIND_6_NORTHA"])
REPORT = (
    "OUTAGE MRID,RESOURCE NAME,RESOURCE ID,OUTAGE TYPE,NATURE OF WORK,CURTAILMENT START DATE TIME,"
    "CURTAILMENT END DATE TIME,CURTAILMENT MW,RESOURCE PMAX MW,NET QUALIFYING CAPACITY MW\n"
)
OUT = "FORCED,PLANT_TROUBLE,2024-10-07 06:00,2024-10-07 18:00,100,231,231\n"
SAME = [
    "sunset_2_units",
    "SUNSET_2_UNITS\u200b",
    "\ufeffSUNSET_2_UNITS",
    "SUNSET_2_UNITS_",
    "SUNSET_2__UNITS",
    "SUNSET 2 UNITS",
    "SUNSET\u00a02\u00a0UNITS",
    "SUNSET-2-UNITS",
    "SUNSET2UNITS",
    "ＳＵＮＳＥＴ_2_UNITS",
    "SUN\u00adSET_2_UNITS",
    "SUNSET_2_UNIТS",
    "Sunset.2.Units",
    "_SUNSET_2_UNITS",
]


def report(*names):
    return REPORT + "".join(f"{91000001 + n},x,{name},{OUT}" for n, name in enumerate(names))


def said(upload, *fields):
    return list(upload.violations.order_by("line", "code").values_list(*fields))


@pytest.mark.parametrize("text", SAME)
def test_another_spelling_means_the_known_one(text):
    assert text not in KNOWN
    assert KNOWN.meaning(text).same == "SUNSET_2_UNITS"
    assert KNOWN.meaning(text).question == " Did you mean SUNSET_2_UNITS?"


SLIPS = [
    ("SUNST_2_UNITS", "SUNSET_2_UNITS"),  # a letter left out
    ("SUNSSET_2_UNITS", "SUNSET_2_UNITS"),  # one too many
    ("SUMSET_2_UNITS", "SUNSET_2_UNITS"),  # another one
    ("SUSNET_2_UNITS", "SUNSET_2_UNITS"),  # two neighbours swapped
    ("5UNSET_2_UNITS", "SUNSET_2_UNITS"),  # a digit that looks like the letter
    ("SUNSET_2_UN1TS", "SUNSET_2_UNITS"),
    ("SUNSET_3_UNITS", ""),  # another unit
    ("SUNSET_2_UNITS1", ""),
    ("OAK C_7_UNIT 2", ""),
    ("NEW_1_UNIT", ""),
    ("A_1", ""),
]


@pytest.mark.parametrize(("text", "close"), SLIPS)
def test_one_slip_is_close_and_another_unit_is_not(text, close):
    meaning = KNOWN.meaning(text)
    assert (meaning.same, meaning.close) == ("", close)


def test_what_cannot_be_seen_is_shown():
    assert shown("SUNSET_2_UNITS\u200b") == "SUNSET_2_UNITS[U+200B]"
    assert shown("A\u00a0B\t") == "A[U+00A0]B[U+0009]"
    assert shown("SUNSET_2_UNIТS") == "SUNSET_2_UNI[U+0422]S"
    assert shown("OAK C_7_UNIT 1") == "OAK C_7_UNIT 1"


def test_the_shape_of_an_id():
    assert all(is_shaped(t) for t in ("SUNSET_2_UNITS", "OAK C_7_UNIT 1", "SYN_GEN", "RES 1"))
    wrong = (
        "Total",
        "TOTAL",
        "Notes:",
        "* preliminary",
        "new_1_unit",
        "A__B",
        "A_",
        " A_1",
        "A_1\n",
    )
    assert not any(is_shaped(t) for t in wrong)
    assert same_form("* —") == ""
    assert KnownIds(["* —"]).written_alike("† †") == []


@pytest.mark.django_db
def test_the_five_spellings_of_the_outage_report_are_refused_one_by_one(send):
    before = Resource.objects.count()
    upload = send("outage-report", (CASES / "o01_ids_as_people_type_them.csv").read_bytes())
    assert (upload.state, upload.error_count) == ("REFUSED", 5)
    as_shown = [
        "sunset_2_units",
        "SUNSET_2_UNITS[U+200B]",
        "SUNSET_2_UNITS_",
        "SUNSET_2__UNITS",
        "SUNSET 2 UNITS",
    ]
    assert said(upload, "line", "column", "code", "message") == [
        (n, "RESOURCE ID", "RES-LIKE", f"There is no resource {t}. Did you mean SUNSET_2_UNITS?")
        for n, t in enumerate(as_shown, 2)
    ]
    assert Resource.objects.count() == before
    assert not ReportedOutage.objects.filter(mrid__startswith="9100000").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("text", SAME)
def test_no_list_makes_a_resource_of_another_spelling(text, send):
    upload = send("outage-report", report(text))
    assert [
        (c, "Did you mean SUNSET_2_UNITS?" in m) for c, m in said(upload, "code", "message")
    ] == [("RES-LIKE", True)]


@pytest.mark.django_db
def test_new_resources_are_named_counted_and_let_in_by_a_second_person(send, person, now):
    upload = send(
        "outage-report",
        report("NEW_2_UNIT", "SUNSET_2_UNITS", "OTHER_2_UNIT", "NEW_2_UNIT"),
        sender="iso.admin",
    )
    assert (upload.state, upload.second_person, upload.warning_count) == ("READY", True, 1)
    assert said(upload, "line", "code", "severity", "message") == [
        (
            0,
            "RES-NEW",
            "warning",
            "Confirming this file creates 2 new resources: NEW_2_UNIT, "
            "OTHER_2_UNIT. A second person confirms, with a reason, that they are resources not "
            "yet on file.",
        ),
        (2, "RES-NEW-ID", "info", "NEW_2_UNIT is not on file yet."),
        (4, "RES-NEW-ID", "info", "OTHER_2_UNIT is not on file yet."),
    ]
    with pytest.raises(services.ConfirmRefused, match="second person"):
        services.confirm(upload_id=upload.pk, actor=person("iso.admin"), at=now, reason="so it is")
    with pytest.raises(services.ConfirmRefused, match="warnings"):
        services.confirm(upload_id=upload.pk, actor=person("iso.approver"), at=now)
    new = Resource.objects.filter(code__in=["NEW_2_UNIT", "OTHER_2_UNIT"])
    assert not new.exists()
    services.confirm(
        upload_id=upload.pk, actor=person("iso.approver"), at=now, reason="both are registered"
    )
    assert new.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("text", [t for t, c in SLIPS if c == "SUNSET_2_UNITS"])
def test_an_id_close_to_a_known_one_is_refused_with_the_suggestion(text, send):
    upload = send("outage-report", report("NEW_2_UNIT", text, text))
    assert (upload.state, upload.error_count) == ("REFUSED", 2)
    assert said(upload, "line", "column", "code", "value", "message") == [
        (
            n,
            "RESOURCE ID",
            "RES-NEAR",
            text,
            f"There is no resource {text}. Did you mean "
            "SUNSET_2_UNITS? Where it is a resource of its own, mark it so on the page of the "
            "upload.",
        )
        for n in (3, 4)
    ]
    assert not Resource.objects.filter(code__in=[text, "NEW_2_UNIT"]).exists()


@pytest.mark.django_db
def test_a_neighbour_by_one_letter_comes_in_when_two_people_say_so(send, person, now):
    ensure_resources(["CHESTN_2_CHWBX2"])
    refused = send("outage-report", report("CHESTN_2_CHWSX2", "SUMSET_2_UNITS"), sender="iso.admin")
    [asked] = services.questions(refused)
    assert (asked.option.name, [v for v, _ in asked.values]) == (
        "new_ids",
        ["CHESTN_2_CHWSX2", "SUMSET_2_UNITS"],
    )
    admin = person("iso.admin")
    for values in ([], ["SUNSET_2_UNITS"]):
        with pytest.raises(services.UploadRefused, match="Mark at least one ID"):
            services.answer(
                upload_id=refused.pk, name="new_ids", values=values, actor=admin, at=now
            )
    with pytest.raises(services.UploadRefused, match="Your roles do not allow"):
        services.answer(
            upload_id=refused.pk,
            name="new_ids",
            values=["CHESTN_2_CHWSX2"],
            actor=person("iso.legal"),
            at=now,
        )
    half = services.answer(
        upload_id=refused.pk, name="new_ids", values=["CHESTN_2_CHWSX2"], actor=admin, at=now
    )
    half = services.read(upload_id=half.pk, actor=admin, at=now)
    assert (half.state, half.corrects_id, half.options) == (
        "REFUSED",
        refused.pk,
        {"new_ids": "CHESTN_2_CHWSX2"},
    )
    assert said(half, "line", "code") == [(3, "RES-NEAR")]
    whole = services.answer(
        upload_id=half.pk, name="new_ids", values=["SUMSET_2_UNITS"], actor=admin, at=now
    )
    whole = services.read(upload_id=whole.pk, actor=admin, at=now)
    assert (whole.state, whole.second_person) == ("READY", True)
    assert said(whole, "line", "code", "severity", "message")[1:] == [
        (
            2,
            "RES-NEW-ID",
            "warning",
            "CHESTN_2_CHWSX2 is not on file yet; the sender says it is not CHESTN_2_CHWBX2.",
        ),
        (
            3,
            "RES-NEW-ID",
            "warning",
            "SUMSET_2_UNITS is not on file yet; the sender says it is not SUNSET_2_UNITS.",
        ),
    ]
    new = Resource.objects.filter(code__in=["CHESTN_2_CHWSX2", "SUMSET_2_UNITS"])
    with pytest.raises(services.ConfirmRefused, match="second person"):
        services.confirm(upload_id=whole.pk, actor=admin, at=now, reason="both are registered")
    assert not new.exists()
    services.confirm(
        upload_id=whole.pk, actor=person("iso.approver"), at=now, reason="both are registered"
    )
    assert new.count() == 2


@pytest.mark.django_db
def test_a_program_names_the_neighbour_beside_the_file(send):
    """The option lets in what comes close, never another spelling of an ID on file."""
    options = {"new_ids": "SUMSET_2_UNITS, sunset_2_units"}
    upload = send("outage-report", report("SUMSET_2_UNITS"), options=options)
    assert upload.state == "READY"
    upload = send("outage-report", report("SUMSET_2_UNITS", "sunset_2_units"), options=options)
    assert (upload.state, said(upload, "line", "code")) == ("REFUSED", [(3, "RES-LIKE")])
    for text in (", ,", ",".join(f"U{n}" for n in range(501))):
        with pytest.raises(services.UploadRefused, match="IDs close to one on file is needed"):
            send("outage-report", report("SUMSET_2_UNITS"), options={"new_ids": text})


@pytest.mark.django_db
def test_the_page_of_a_refused_file_asks_and_sends_again(send, client, person):
    upload = send("outage-report", report("SUMSET_2_UNITS"), sender="iso.admin")
    client.force_login(person("iso.legal"))
    assert "Send again with" not in client.get(f"/uploads/{upload.pk}/").content.decode()
    client.force_login(person("iso.admin"))
    page = client.get(f"/uploads/{upload.pk}/").content.decode()
    assert 'name="value" value="SUMSET_2_UNITS"' in page
    address = f"/uploads/{upload.pk}/answer/new_ids/"
    assert "Mark at least one ID" in client.post(address, follow=True).content.decode()
    answered = client.post(address, {"value": "SUMSET_2_UNITS"}, follow=True)
    assert answered.context["upload"].state == "READY"
    assert answered.context["upload"].corrects_id == upload.pk
    assert client.post(f"/uploads/{upload.pk}/answer/other/", {"value": "X"}).status_code == 302
    assert client.post("/uploads/999999/answer/new_ids/").status_code == 404


@pytest.mark.django_db
def test_a_list_of_known_resources_needs_one_person_as_before(send, person, now):
    upload = send("outage-report", report("SUNSET_2_UNITS"), sender="iso.admin")
    assert (upload.state, upload.second_person, said(upload, "code")) == ("READY", False, [])
    done, _ = services.confirm(upload_id=upload.pk, actor=person("iso.admin"), at=now)
    assert done.state == "CONFIRMED"


@pytest.mark.django_db
def test_many_new_resources_are_counted_and_each_is_named_at_its_row(send):
    upload = send("outage-report", report(*(f"NEW_{n}_UNIT" for n in range(10, 40))))
    summary = upload.violations.get(code="RES-NEW")
    assert summary.message.startswith("Confirming this file creates 30 new resources: NEW_10_UNIT,")
    assert "NEW_21_UNIT and 18 more, each named at its row." in summary.message
    assert upload.violations.filter(code="RES-NEW-ID", severity="info").count() == 30


@pytest.mark.django_db
def test_one_new_id_in_two_spellings_and_what_is_no_id_are_errors(send):
    upload = send("outage-report", report("NEW_2_UNIT", "NEW 2_UNIT", "new_3_unit", "Подстанция"))
    assert upload.state == "REFUSED"
    assert said(upload, "line", "code") == [(3, "RES-LIKE"), (4, "RES-SHAPE"), (5, "RES-SHAPE")]
    told = said(upload, "message")
    assert told[0] == ("NEW 2_UNIT stands above as NEW_2_UNIT. Did you mean NEW_2_UNIT?",)
    assert told[1][0].startswith("new_3_unit is no resource ID: ")


@pytest.mark.django_db
def test_a_wrong_spelling_that_came_in_before_does_not_pass_for_its_resource(send):
    ensure_resources(["sunset_2_units"])  # as lists did without a word
    head = "RESOURCE_ID,TRADE_DATE,HOUR_ENDING,DA_MWH,DA_LMP,AS_REVENUE_USD\n"
    rows = "sunset_2_units,2024-09-06,1,60,41,120\n"
    for kind, text in (("outage-report", report("sunset_2_units")), ("market-hours", head + rows)):
        upload = send(kind, text)
        assert upload.state == "REFUSED"
        assert said(upload, "line", "message") == [
            (2, "There is no resource sunset_2_units. Did you mean SUNSET_2_UNITS?")
        ]


@pytest.mark.django_db
def test_every_kind_that_makes_resources_asks_two_people(send):
    """Each list with its template's row and one new ID: nothing else creates resources."""
    making = {k.code for k in UPLOAD_KINDS if "RES-NEW" in k.second_person_for}
    assert making == {
        "resources",
        "capability-list",
        "nqc-list",
        "nqc-by-month",
        "efc-list",
        "outage-report",
        "rmr-facts",
        "master-file",
    }
    options = {"as_of": "2024-09-04", "ra_year": "2030"}
    for wanted in UPLOAD_KINDS:
        named = next((f for f in wanted.layout.fields if f.name == "resource_id"), None)
        text = services.template_csv(wanted)
        if named is None or "GRNLF2_1_UNIT" not in text:
            continue
        new = send(wanted.code, text.replace("GRNLF2_1_UNIT", "QUITE_9_NEWONE"), options=options)
        found = set(said(new, "code"))
        assert (("RES-NEW",) in found) == (wanted.code in making), (wanted.code, found)
        if wanted.code not in making:
            assert new.state == "REFUSED", wanted.code
        typo = send(wanted.code, text.replace("GRNLF2_1_UNIT", "grnlf2_1_unit"), options=options)
        assert typo.state == "REFUSED", wanted.code
        told = [m for (m,) in said(typo, "message") if "Did you mean GRNLF2_1_UNIT?" in m]
        assert told, (wanted.code, said(typo, "message"))


@pytest.mark.django_db
def test_a_bid_file_names_the_known_resource(person, now):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from apps.bidding.bids.services import take_file

    text = (
        "MARKET,RESOURCE_ID,CONFIG_ID,TRADE_DATE,HOUR_ENDING,PRODUCT,FROM_MW,MW,PRICE\n"
        "DA,sunset_2_units,,2024-09-06,1,SELF_SCHED,,10,\n"
    )
    file = take_file(
        actor=person("sc.sunset"), at=now, file=SimpleUploadedFile("b.csv", text.encode())
    )
    assert file.state == "REFUSED"
    assert [(f["code"], f["line"], f["message"]) for f in file.violations] == [
        ("BID-RES", 2, "There is no resource sunset_2_units. Did you mean SUNSET_2_UNITS?")
    ]


@pytest.mark.django_db
def test_a_form_asks_for_the_known_resource_too(person, now):
    from apps.platform.core.violations import ValidationFailed
    from apps.reference.masterfile.services import propose_transfer

    with pytest.raises(ValidationFailed, match=r"Did you mean SUNSET_2_UNITS\?"):
        propose_transfer(
            resource="SUNSET 2 UNITS",
            to_sc="SYN_GEN_SOUTH",
            first_date=now.date(),
            reference="x",
            actor=person("iso.contracts"),
            at=now,
        )


@pytest.mark.django_db
def test_total_rows_and_notes_of_an_nqc_list_are_left_out_and_named(send, person, now):
    content = (CASES / "n04_nqc_total_and_notes.xlsx").read_bytes()
    upload = send("nqc-list", content, options={"ra_year": "2027"})
    assert (upload.state, upload.row_count, upload.second_person) == ("READY", 2, False)
    assert said(upload, "line", "column", "code", "severity", "value")[-3:] == [
        (5, "Resource ID", "UP-TOTAL", "warning", "Total"),
        (7, "Resource ID", "UP-NOTE", "info", "Notes:"),
        (8, "Resource ID", "UP-NOTE", "info", "* preliminary"),
    ]
    _, versions = services.confirm(
        upload_id=upload.pk, actor=person("iso.approver"), at=now, reason="total is the sum"
    )
    kept = NetQualifyingCapacity.objects.filter(dataset_version=versions[0])
    assert set(kept.values_list("resource__code", flat=True)) == {"SUNSET_2_UNITS", "GRNLF2_1_UNIT"}
    assert not Resource.objects.filter(code__in=["Total", "Notes:", "* preliminary"]).exists()
    assert DatasetVersion.objects.get(pk=versions[0].pk).row_count == 2
