"""The day of 25 hours: how a file numbers them is said, and the two repeated hours are shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import reverse

from apps.platform.uploads import services
from apps.platform.uploads.hooks import UPLOAD_KINDS
from apps.platform.uploads.models import Upload
from apps.reference.market.models import MeteredDemand
from apps.reference.market.rules import HOURS

pytestmark = pytest.mark.django_db
CASE = Path(__file__).parent / "intake" / "d03_autumn_02X.csv"
HEAD = "SC_ID,TAC_AREA,TRADE_DATE,HOUR_ENDING,MWH\n"
DAY = "2025-11-02"


def rows(hours, mwh=lambda n: n):
    return HEAD + "".join(
        f"SYN_LSE_BAY,PGE-TAC,{DAY},{h},{mwh(n)}\n" for n, h in enumerate(hours, 1)
    )


def held(version):
    found = MeteredDemand.objects.filter(dataset_version=version).order_by("hour_ending")
    return {r.hour_ending: int(r.mwh) for r in found}


def test_a_file_that_cannot_be_told_is_asked_about(send):
    """given 25 numbered hours; when nobody says how; then it is refused with both ways to say it"""
    upload = send("metered-demand", rows(range(1, 26)))
    assert upload.state == "REFUSED"
    (asked,) = upload.violations.filter(severity="error")
    assert (asked.code, asked.line, asked.column) == ("MKT-NUMBERING", 4, "HOUR_ENDING")
    assert "hours=PLACE" in asked.message
    assert "hours=OASIS" in asked.message


@pytest.mark.parametrize("options", [{}, {"hours": "OASIS"}])
def test_02x_tells_that_hours_are_numbered_by_the_clock(load, options):
    (version,) = load("metered-demand", CASE.read_bytes(), options=options)
    found = held(version)
    assert len(found) == 25
    assert [found[h] for h in (1, 2, 3)] == [100, 90, 80]


def test_02x_beside_hours_by_place_is_refused(send):
    """By place 02X would be read as the last hour, and 24 rows as the hour before theirs."""
    upload = send("metered-demand", CASE.read_bytes(), options={"hours": "PLACE"})
    (said,) = upload.violations.filter(severity="error")
    assert (said.code, said.line, said.value) == ("MKT-NUMBERING", 4, "02X")
    assert "by the clock" in said.message
    (asked,) = services.questions(upload)
    assert "OASIS" in [value for value, _ in asked.values]


@pytest.mark.parametrize("text", ["02x", "2X", "02*", "2*"])
def test_every_name_of_the_repeated_hour_tells(send, text):
    assert send("metered-demand", rows([1, 2, text, *range(3, 25)])).state == "READY"
    upload = send("metered-demand", rows([1, 2, text, *range(3, 25)]), options={"hours": "PLACE"})
    assert upload.state == "REFUSED"


def test_both_numberings_of_a_day_are_the_same_rows(load):
    """The file that numbers by the clock has 1, 2, 25, 3 to 24 in the order of the day."""
    (one,) = load("metered-demand", rows(range(1, 26)), options={"hours": "PLACE"})
    clock = [1, 2, 25, *range(3, 25)]
    assert load("metered-demand", rows(clock), options={"hours": "OASIS"}) == []  # the same
    assert held(one) == {n: n for n in range(1, 26)}


def test_the_two_repeated_hours_are_shown(send):
    upload = send("metered-demand", rows([1, 2, 25, *range(3, 25)]), options={"hours": "OASIS"})
    (shown,) = upload.violations.filter(code="MKT-REPEATED")
    assert shown.message == (
        "2025-11-02: the hour from 01:00 comes twice. HE02 (first, PDT): 1 row, 2.00 MWh; HE03 "
        "(second, PST): 1 row, 3.00 MWh."
    )
    assert shown.severity == "info"


def test_hours_before_the_repeated_one_need_no_answer(send):
    assert send("metered-demand", rows([1, 2])).state == "READY"


def test_02x_of_another_day_is_no_hour(send):
    upload = send("metered-demand", rows(["02X"]).replace(DAY, "2025-11-03"))
    assert [v.code for v in upload.violations.filter(severity="error")] == ["MKT-HOUR"]


@pytest.mark.parametrize("kind", ["market-hours", "market-quarters", "market-intervals"])
def test_market_results_ask_too(kind, send):
    extra = {"market-quarters": ",QUARTER", "market-intervals": ",INTERVAL"}.get(kind, "")
    one = ",1" if extra else ""
    text = f"RESOURCE_ID,TRADE_DATE,HOUR_ENDING{extra}\nSUNSET_2_UNITS,{DAY},7{one}\n"
    if kind == "market-hours":
        text = text.replace("HOUR_ENDING", "HOUR_ENDING,DA_MWH").replace(",7\n", ",7,5\n")
    upload = send(kind, text, sender="iso.admin")
    assert "MKT-NUMBERING" in set(upload.violations.values_list("code", flat=True))


def test_the_page_of_the_refused_file_asks(send, client, person, now):
    upload = send("metered-demand", rows(range(1, 26)))
    (asked,) = services.questions(upload)
    assert [value for value, _ in asked.values] == ["PLACE", "OASIS"]
    client.force_login(person("iso.operator"))
    page = client.get(reverse("upload", args=[upload.pk])).content.decode()
    assert 'type="radio" name="value" value="OASIS"' in page
    for wrong in ([], ["PLACE", "OASIS"], ["ELSE"]):
        with pytest.raises(services.UploadRefused, match="Choose one answer"):
            services.answer(
                upload_id=upload.pk,
                name="hours",
                values=wrong,
                actor=person("iso.operator"),
                at=now,
            )
    client.post(reverse("upload-answer", args=[upload.pk, "hours"]), {"value": "PLACE"})
    sent = Upload.objects.get(corrects=upload)
    assert (sent.state, sent.options) == ("READY", {"hours": "PLACE"})


def test_nobody_is_asked_before_it_matters(client, person):
    client.force_login(person("iso.operator"))
    page = client.get(reverse("upload-new", args=["metered-demand"])).content.decode()
    assert "option_hours" not in page
    assert "option_covers" in page


def test_every_kind_whose_rows_have_hours_asks_how_the_autumn_day_is_numbered():
    """given a kind with HOUR_ENDING; when it is declared; then its sender can say the numbering"""
    hourly = [k for k in UPLOAD_KINDS if "hour_ending" in {f.name for f in k.layout.fields}]
    assert {"dispatches", "metered-demand", "market-hours"} <= {k.code for k in hourly}
    assert [k.code for k in hourly if HOURS not in k.options] == []


def test_schedules_and_dispatch_of_the_autumn_day_are_asked_about(send):
    head = "RESOURCE_ID,TRADE_DATE,HOUR_ENDING,INTERVAL,DAY_AHEAD_MW,REAL_TIME_MW\n"
    text = "".join(f"METEC_2_PL1X3,{DAY},{h},0,300,420\n" for h in range(1, 26))
    upload = send("dispatches", head + text, sender="iso.operator")
    assert upload.state == "REFUSED"
    assert upload.violations.get(severity="error").code == "MKT-NUMBERING"
    again = send("dispatches", head + text.replace(",25,0", ",02X,0"), sender="iso.operator")
    assert again.state == "READY"
    assert again.violations.filter(code="MKT-REPEATED").exists()
