"""The public outage report: read as it is, seams closed, the newest segment holds."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from apps.platform.core.tradetime import FAR_MOMENT, Span
from apps.reference.outages.models import ReportedOutage
from apps.reference.outages.selectors import newest_segments, outage_frame, outage_named
from tests.adequacy import files
from tests.conftest import SHARED

pytestmark = pytest.mark.django_db
WEEK = SHARED / "resources" / "caiso_cnog_outages_2024-09-01_07.csv"
YEAR = SHARED / "resources" / "caiso_cnog_outages_rmr_units_2024.csv"
WORD = ("PLANT_TROUBLE",)


def row(
    mrid="1",
    resource="SUNSET_2_UNITS",
    start="2024-09-04 06:00",
    end="2024-09-04 18:00",
    mw="62",
    nature="PLANT_TROUBLE",
    kind="FORCED",
):
    return (mrid, resource, kind, nature, start, end, mw)


@pytest.mark.skipif(not WEEK.exists(), reason="the shared public files are not here")
@pytest.mark.brq("BRQ-0216")
def test_every_public_row_loads_and_none_is_lost(load):
    load("outage-report", WEEK.read_bytes())
    assert ReportedOutage.objects.count() == 14_262
    load("outage-report", YEAR.read_bytes())
    assert ReportedOutage.objects.count() == 14_262 + 25_713
    # rows that both files print count once
    both = newest_segments(FAR_MOMENT).count()
    assert both < 14_262 + 25_713
    frame = outage_frame(Span.through(date(2024, 11, 3), date(2024, 11, 3)), FAR_MOMENT)
    metcalf = frame.filter(frame["outage"] == "16865448").sort("starts_at")
    starts = [m.strftime("%H:%M") for m in metcalf["starts_at"].head(4)]
    # 00:00 PDT, the first 01:00, the second 01:00, 03:00 PST: no gap, no overlap
    assert starts == ["07:00", "08:00", "09:00", "11:00"]
    ends = [m.strftime("%H:%M") for m in metcalf["ends_at"].head(3)]
    assert ends == starts[1:]


@pytest.mark.brq("BRQ-0216")
def test_title_rows_another_order_and_a_blank_end_are_read(load):
    text = (
        "Curtailed and Non-Operational Generator Prior Trade Date Report,,,,,,,,,,\n,,,,,,,,,,\n"
        "RESOURCE ID,OUTAGE MRID,RESOURCE NAME,OUTAGE TYPE,NATURE OF WORK,CURTAILMENT MW,"
        "CURTAILMENT START DATE TIME,CURTAILMENT END DATE TIME,RESOURCE PMAX MW,"
        "NET QUALIFYING CAPACITY MW,OUTAGE STATUS\n"
        "ORMOND_7_UNIT 1,77,Ormond,FORCED,PLANT_TROUBLE,100,9/4/2024 5:30 PM,,741.27,741.27,OUT\n"
    )
    load("outage-report", text)
    found = ReportedOutage.objects.get(mrid="77")
    assert found.ends_at is None
    assert found.starts_at == datetime(2024, 9, 5, 0, 30, tzinfo=UTC)
    assert found.resource.code == "ORMOND_7_UNIT 1"


@pytest.mark.brq("BRQ-0216")
def test_an_end_at_2359_meets_the_next_start(load):
    load(
        "outage-report",
        files.report(
            row(start="2024-09-04 06:00", end="2024-09-04 23:59"),
            row(start="2024-09-04 23:59", end="2024-09-05 04:00", mw="60"),
            row(mrid="2", start="2024-09-05 00:00", end="2024-09-05 01:00", mw="5"),
        ),
    )
    rows = ReportedOutage.objects.order_by("mrid", "starts_at")
    spans = list(rows.values_list("starts_at", "ends_at"))
    assert spans[0][1] == spans[1][0] == spans[2][0]


@pytest.mark.brq("BRQ-0216")
@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (row(end="2024-09-04 05:00"), "OUT-ORDER"),
        (row(start="2024-03-10 02:30", end="2024-03-10 05:00"), "OUT-CLOCK"),
        (row(mw="-1"), "UP-LOW"),
        (row(nature="HOLIDAY"), "UP-CHOICE"),
        (row(start="yesterday"), "UP-LOCAL"),
    ],
)
def test_a_wrong_row_refuses_the_file_whole(send, wrong, code):
    upload = send("outage-report", files.report(row(mrid="9"), wrong))
    assert upload.state == "REFUSED"
    errors = upload.violations.filter(severity="error")
    assert [(f.code, f.line) for f in errors] == [(code, 3)]
    assert not ReportedOutage.objects.exists()


@pytest.mark.brq("BRQ-0216")
def test_a_newer_report_of_a_segment_replaces_it_and_others_stay(load):
    load("outage-report", files.report(row(end=""), row(mrid="2", mw="10")))
    load("outage-report", files.report(row(end="2024-09-04 20:00", mw="50")))
    held = {(s.mrid, s.curtailed_mw) for s in newest_segments(FAR_MOMENT)}
    assert held == {("1", Decimal(50)), ("2", Decimal(10))}
    assert outage_named("1").ends_at == datetime(2024, 9, 5, 3, tzinfo=UTC)


@pytest.mark.brq("BRQ-0520")
def test_a_card_that_names_its_mrid_gives_way_to_the_report(load, person):
    from apps.reference.outages import services

    at = datetime(2024, 9, 3, 15, tzinfo=UTC)
    given = services.OutageInput(
        resource="SUNSET_2_UNITS",
        outage_type="FORCED",
        nature="PLANT_TROUBLE",
        curtailed_mw=Decimal(40),
        starts_at=datetime(2024, 9, 4, 13, tzinfo=UTC),
        reason="leak",
        mrid="1",
    )
    card = services.file_outage(given=given, actor=person("sc.sunset"), at=at)
    day = Span.through(date(2024, 9, 4), date(2024, 9, 4))
    assert outage_frame(day, FAR_MOMENT)["outage"].to_list() == [f"card {card.pk}"]
    load("outage-report", files.report(row()))
    assert outage_frame(day, FAR_MOMENT)["outage"].to_list() == ["1"]
    assert outage_named(f"card {card.pk}").nature == "PLANT_TROUBLE"


def test_the_nature_table_is_on_file_and_dated(as_user):
    from apps.reference.outages.selectors import natures_on

    key = ("NEW_GENERATOR_TEST_ENERGY", "FORCED")
    assert not natures_on(date(2019, 7, 31), FAR_MOMENT)[key].raaim_exempt
    assert natures_on(date(2019, 8, 1), FAR_MOMENT)[key].raaim_exempt
    assert (
        "NEW_GENERATOR_TEST_ENERGY" in as_user("sc.bay").get("/natures-of-work/").content.decode()
    )


@pytest.mark.brq("BRQ-0216")
def test_the_published_workbook_is_read_by_its_sheet(load):
    import io

    import xlsxwriter

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.add_worksheet("README").write(0, 0, "about this report")
    sheet = book.add_worksheet("PREV_DAY_OUTAGES")
    sheet.write(0, 0, "Prior Trade Date Report 2024-09-04")
    heads = files.REPORT_HEAD.strip().split(",")
    sheet.write_row(3, 0, heads)
    clock = book.add_format({"num_format": "mm/dd/yyyy hh:mm"})
    sheet.write_row(4, 0, ["5", "Midway", "SUNSET_2_UNITS", "FORCED", "PLANT_TROUBLE"])
    sheet.write_datetime(4, 5, datetime(2024, 9, 4, 6, 0), clock)
    sheet.write_blank(4, 6, None)
    sheet.write_row(4, 7, [62.5, 248, 231])
    book.close()
    load("outage-report", target.getvalue())
    found = ReportedOutage.objects.get(mrid="5")
    assert (found.starts_at, found.ends_at) == (datetime(2024, 9, 4, 13, tzinfo=UTC), None)
    assert found.curtailed_mw == Decimal("62.5")
