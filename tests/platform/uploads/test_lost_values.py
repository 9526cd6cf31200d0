"""Values that a file holds and nobody would miss: told at their place, or counted."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.platform.core.spreadsheet_text import guarded
from apps.platform.uploads.hooks import kind
from apps.platform.uploads.rules import typed_frame
from apps.platform.uploads.services import read_sheet
from tests.platform.uploads.workbooks import Number, packed, workbook

pytestmark = pytest.mark.brq("BRQ-0105")
HEAD = "RESOURCE_ID,TRADE_DATE,HOUR_ENDING,DA_MWH,DA_LMP,AS_REVENUE_USD"
ROW = "SUNSET_2_UNITS,2024-09-06,1,60,41.00,120.00"


def read(content, code="market-hours"):
    """Return the typed rows of a file and (severity, code, line, column) of what is said."""
    layout = kind(code).layout
    sheet = read_sheet(content if isinstance(content, bytes) else content.encode(), layout)
    frame, shape = typed_frame(sheet.frame, layout)
    said = [(f.severity.value, f.code, f.line, f.column) for f in [*sheet.violations, *shape]]
    return frame, said, [f.message for f in [*sheet.violations, *shape]]


@pytest.mark.parametrize("quoted", [False, True])
def test_a_row_that_ends_early_is_no_row_of_zeros(quoted):
    row = ROW.replace("SUNSET_2_UNITS", '"SUNSET_2_UNITS"') if quoted else ROW
    _, said, told = read(f"{HEAD}\n{row}\n\nSUNSET_2_UNITS,2024-09-06,2,60\n")
    assert said == [("error", "UP-CELL", 4, "DA_LMP"), ("error", "UP-CELL", 4, "AS_REVENUE_USD")]
    assert "ends before it" in told[0]


def test_a_row_that_ends_before_a_remark_is_whole():
    frame, said, _ = read(f"{HEAD},SOURCE\n{ROW},meter\n{ROW.replace(',1,', ',2,')}\n")
    assert (frame.height, said) == (2, [])


@pytest.mark.parametrize("form", ["csv", "workbook"])
def test_a_column_of_values_without_a_heading_is_an_error_while_a_column_is_missing(form):
    rows = [HEAD.replace("DA_LMP", "").split(","), ROW.split(",")]
    content = (
        workbook({"S": [[None, *rows[0]], [None, *rows[1]]]})
        if form == "workbook"
        else "\n".join(map(",".join, rows))
    )
    frame, said, told = read(content)
    assert frame.is_empty()
    assert said == [("error", "UP-NAMELESS", 1, "")]
    assert f"The column {'F' if form == 'workbook' else 'E'} has values" in told[0]


def test_a_column_without_a_heading_is_told_where_no_column_is_missing():
    head = "SC_ID,TAC_AREA,TRADE_DATE,HOUR_ENDING,MWH,SOURCE,"
    frame, said, _ = read(f"{head}\nA,PGE-TAC,2024-09-06,1,60,x,see below\n", "metered-demand")
    assert (frame.height, said) == (1, [("warning", "UP-NAMELESS", 1, "")])


@pytest.mark.parametrize(
    "heading", ["DA_LMP_USD", "LMP_DA", "DA LMP ($/MWh)", "Day-ahead LMP", "DA PRICE", "DA_LPM"]
)
def test_a_heading_like_a_missing_one_is_an_error(heading):
    frame, said, _ = read(f"{HEAD.replace('DA_LMP', heading)}\n{ROW}\n")
    assert frame.is_empty()
    assert ("error", "UP-LIKE", 1, heading) in said


@pytest.mark.parametrize("heading", ["BID_ID", "RUC_ZONE", "MIN_LOAD_FLAG", "SELF_CERTIFIED"])
def test_a_heading_that_shares_a_word_with_a_missing_one_is_a_warning(heading):
    frame, said, _ = read(f"{HEAD},{heading}\n{ROW},none\n")
    assert frame.height == 1
    assert {severity for severity, *_ in said} == {"warning"}


def test_columns_of_market_results_that_are_left_out_are_told():
    """given hourly results; when DA_LMP is left out; then it is said that zeros are read"""
    text = "RESOURCE_ID,TRADE_DATE,HOUR_ENDING,DA_MWH\nA,2024-09-06,1,60\n"
    frame, said, told = read(text)
    assert (frame.height, said) == (1, [("warning", "UP-LEFT-OUT", 1, "")])
    assert "DA_LMP" in told[0]


def test_a_heading_that_is_like_none_is_a_warning():
    frame, said, _ = read(f"{HEAD},REMARK\n{ROW},none\n")
    assert (frame.height, said) == (1, [("warning", "UP-EXTRA", 1, "REMARK")])


def test_a_missing_column_names_the_one_that_may_be_meant():
    _, said, told = read(
        "SC,TAC_AREA,TRADE_DATE,HOUR_ENDING,MWHS\nA,B,2024-09-06,1,5\n", "metered-demand"
    )
    assert ("error", "UP-MISSING", 1, "MWH") in said
    assert any("There is one called 'MWHS'" in sentence for sentence in told)


def test_headings_that_are_repeated_are_left_out_and_named():
    frame, said, _ = read(f"{HEAD}\n{ROW}\n{HEAD}\n{ROW.replace(',1,', ',2,')}\n")
    assert frame["hour_ending"].to_list() == [1, 2]
    assert said == [("info", "UP-HEADINGS", 3, "")]


DEMAND = "SC_ID,TAC_AREA,TRADE_DATE,HOUR_ENDING,MWH,SOURCE\n"


@pytest.mark.parametrize("written", ["12,450.00", "12,450", "1,250.5"])
def test_a_number_cut_in_two_at_its_comma_is_refused(written):
    rows = f"A,PGE-TAC,2024-09-06,1,{written}\nA,PGE-TAC,2024-09-06,2,450.5,\n"
    _, said, told = read(DEMAND + rows, "metered-demand")
    assert said == [("error", "UP-CUT", 2, "MWH")]
    assert written in told[0]
    _, said, _ = read((DEMAND + rows).replace(written, f'"{written}",'), "metered-demand")
    assert said == ([("error", "UP-COMMA", 2, "MWH")] if written == "12,450" else [])


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_numbers_are_cut_however_many_rows_are(rows):
    text = "".join(f"A,PGE-TAC,2024-09-06,{h},1,450.00\n" for h in range(1, rows + 1))
    _, said, _ = read(DEMAND + text + "A,PGE-TAC,2024-09-06,9,450.5,\n", "metered-demand")
    assert said == [("error", "UP-CUT", line, "MWH") for line in range(2, rows + 2)]
    _, said, _ = read(DEMAND + text, "metered-demand")
    assert len(said) == rows


def test_the_cost_of_a_commitment_cut_in_two_is_refused():
    head = "RESOURCE_ID,TRADE_DATE,HOUR_ENDING,MARKET,EVENT,COMMITTED_BY,QUALIFIED,COST_USD,SOURCE"
    row = "SUNSET_2_UNITS,2024-09-06,1,IFM,START,ISO,Y,12,450.00"
    _, said, _ = read(f"{head}\n{row}\n", "commitments")
    assert said == [("error", "UP-CUT", 2, "COST_USD")]


@pytest.mark.parametrize(("group", "cut"), [("450", False), ("450.00", True)])
def test_groups_of_published_prices_are_whole_numbers(group, cut):
    """The publisher writes the number of a group behind the price."""
    head = "INTERVALSTARTTIME_GMT,OPR_DT,OPR_HR,NODE,MARKET_RUN_ID,LMP_TYPE,MW,GROUP"
    row = f"2024-02-01T08:00:00-00:00,2024-02-01,1,TH_NP15_GEN-APND,DAM,LMP,12,{group}"
    _, said, _ = read(f"{head}\n{row}\n", "energy-prices")
    assert said == ([("error", "UP-CUT", 2, "MW")] if cut else [])


def test_a_number_beside_a_word_is_whole():
    frame, said, _ = read(f"{DEMAND}A,PGE-TAC,2024-09-06,1,12,METER 450\n", "metered-demand")
    assert (frame["mwh"].to_list(), said) == ([120_000], [])


def test_rows_that_a_spreadsheet_hides_are_said():
    rows = [HEAD.split(","), ROW.split(","), ROW.replace(",1,", ",2,").split(",")]
    book = workbook({"S": rows})
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        found = {name: parts.read(name).decode() for name in parts.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    found[sheet] = found[sheet].replace('<row r="3">', '<row r="3" hidden="1">')
    frame, said, told = read(packed(found))
    assert frame["hour_ending"].to_list() == [1, 2]
    assert said == [("warning", "UP-HIDDEN", 3, "")]
    assert told[0].startswith("1 row with values, the first of them row 3,")


@pytest.mark.parametrize("number", ["-3.5", "-.52", "-$1,250.00", "+7"])
def test_a_number_given_back_among_rejected_rows_stays_a_number(number):
    assert guarded(number) == number


@pytest.mark.parametrize("text", ["=1+1", "-1+cmd", "@x", "+A1"])
def test_a_formula_given_back_among_rejected_rows_is_kept_from_running(text):
    assert guarded(text) == f"'{text}"


PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00"
OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
FOREIGN = {
    "picture": (PICTURE, "picture"),
    "photograph": (b"\xff\xd8\xff\xe0\x00\x10JFIF", "picture"),
    "PDF": (b"%PDF-1.7\nRESOURCE_ID", "PDF"),
    "old Excel": (OFFICE, "old Excel file (XLS)"),
    "password": (OFFICE + "EncryptedPackage".encode("utf-16-le"), "password"),
    "gzip": (b"\x1f\x8b\x08\x00", "GZIP"),
    "parquet": (b"PAR1\x15\x00", "Parquet"),
    "JSON": (b'{"error": "too many requests"}', '\'{"error": "too many requests"}\''),
    "saved page": (b"MIME-Version: 1.0\r\n\r\n<html></html>", "saved web page"),
    "OASIS in XML": (
        b"<?xml version='1.0'?><OASISReport><a><b>1</b></a></OASISReport>",
        "resultformat=6",
    ),
    "binary workbook": (packed({"[Content_Types].xml": "", "xl/workbook.bin": ""}), "XLSB"),
    "text document": (packed({"[Content_Types].xml": "", "word/document.xml": ""}), "DOCX"),
    "OpenDocument": (packed({"mimetype": "", "content.xml": ""}), "OpenDocument"),
    "two tables": (packed({"a.csv": "x", "b.csv": "y"}), "a.csv, b.csv"),
    "no table": (packed({"readme.txt": "x"}), "with readme.txt in it, which is no table"),
    "blanks": (b" \r\n \r\n", "nothing but blanks"),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_what_is_no_table_gets_the_one_sentence_that_helps(name):
    content, word = FOREIGN[name]
    _, said, told = read(content)
    assert said == [("error", "UP-FORMAT", 0, "")]
    assert word in told[0]


@pytest.mark.parametrize("table", [f"{HEAD}\n{ROW}\n", "book"])
def test_the_one_table_of_a_zip_is_read(table):
    rows = [HEAD.split(","), [*ROW.split(",")[:3], Number("60"), Number("41"), Number("120")]]
    inner = workbook({"S": rows}) if table == "book" else table
    name = "prices.xlsx" if table == "book" else "PRC_LMP_v1.csv"
    frame, said, told = read(packed({"__MACOSX/x.csv": "", name: inner, "readme.txt": "about"}))
    assert frame["da_lmp"].to_list() == [41_000_000]
    assert said == [("info", "UP-UNPACKED", 0, "")]
    assert name in told[0]


def test_a_zip_that_unpacks_to_far_more_than_its_size_is_refused():
    _, said, told = read(packed({"a.csv": " " * 40_000_000}))
    assert said == [("error", "UP-FORMAT", 0, "")]
    assert "too large to unpack" in told[0]


def test_a_refused_zip_reply_says_what_the_system_said():
    reply = "<m:ERROR xmlns:m='x'><m:ERR_DESC>No data returned</m:ERR_DESC></m:ERROR>"
    _, _, told = read(packed({"INVALID_REQUEST.xml": reply}))
    assert "'No data returned'" in told[0]


@pytest.mark.django_db
def test_the_preview_counts_what_a_blank_is_read_as(send, as_user, capsys, tmp_path):
    text = f"{HEAD}\n{ROW}\n{ROW.replace(',1,60,41.00,', ',2,60,,')}\n"
    upload = send("market-hours", text)
    counted = {d["column"]: (d["value"], d["cells"]) for d in upload.preview["defaults"]}
    assert counted["DA_LMP"] == ("0", 1)
    assert counted["RUC_MW"] == ("0", 2)
    assert "DA_MWH" not in counted
    client = as_user("iso.operator")
    page = client.get(f"/uploads/{upload.pk}/").content.decode()
    assert "Blank cells read as a value" in page
    assert "1 of 2" in page
    told = client.get(f"/api/v1/uploads/{upload.pk}/").json()
    assert {"column": "DA_LMP", "value": "0", "cells": 1} in told["preview"]["defaults"]
    assert "read as 0" in client.get("/upload/market-hours/").content.decode()


@pytest.mark.django_db
def test_a_plan_is_sent_as_a_file_by_programs_and_commands(as_user, tmp_path, capsys):
    from django.core.management import CommandError, call_command

    head = ["Supplier SCID", "Resource ID", "Local RA MW", "System RA MW", "Total RA MW"]
    head += ["Start Date", "End Date", "LSE SCID"]
    row = ["SYN_GEN_SUNSET", "SYN_CEDAR_4_ST", Number("0"), Number("50"), Number("50")]
    row += ["9/1/2024", "9/30/2024", "SYN_LSE_BASIN"]
    book = workbook({"S": [head, row]})
    words = {
        "plan_type": "SUPPLY_PLAN",
        "part": "GENERIC",
        "horizon": "MONTHLY",
        "period": "2024-09",
    }
    client = as_user("sc.sunset")
    sent = client.post("/api/v1/plans/new/", words | {"file": SimpleUploadedFile("p.xlsx", book)})
    assert (sent.status_code, sent.json()["state"]) == (201, "ACCEPTED"), sent.content
    assert sent.json()["facts"]["File"] == "p.xlsx"
    path = tmp_path / "plan.xlsx"
    path.write_bytes(book)
    named = [f"{k}={v}" for k, v in words.items()]
    call_command("case", "open", "plans", *named, f"file={path}", "--as", "sc.sunset")
    assert json.loads(capsys.readouterr().out)["state"] == "ACCEPTED"
    with pytest.raises(CommandError, match="There is no file"):
        call_command("case", "open", "plans", *named, "file=nowhere.xlsx", "--as", "sc.sunset")
    with pytest.raises(CommandError, match="There is no field 'flie'"):
        call_command("case", "open", "plans", *named, f"flie={path}", "--as", "sc.sunset")


RA_HEAD = (
    "Contract Identifier,Resource ID,System RA,Local RA,MCC Bucket,"
    "Continuous Availability (Y/N),Committed Flexible RA,Flexible Category,Start Date,End Date,"
    "SCID,Zonal Designation,Local Area"
)


def ra_plan(client, rows):
    """File an RA plan of September 2024 by the API; return the answer."""
    words = {"plan_type": "RA_PLAN", "part": "GENERIC", "horizon": "MONTHLY", "period": "2024-09"}
    body = words | {"rows": f"{RA_HEAD}\n{rows}"}
    return client.post("/api/v1/plans/new/", body, content_type="application/json").json()


@pytest.mark.django_db
@pytest.mark.parametrize("word", ["#N/A", "Err:504", "12,450", "31,91", "(20)"])
def test_pasted_rows_of_a_plan_are_refused_at_row_and_column(as_user, word):
    from apps.adequacy.plans.models import PlanFiling

    row = f'C-1,SYN_CEDAR_4_ST,"{word}",,4,Y,,,9/1/2024,9/30/2024,SYN_GEN_SUNSET,,'
    told = ra_plan(as_user("sc.bay"), f"{row}\n")
    case = PlanFiling.objects.get(pk=told["id"])
    assert told["state"] == "REFUSED"
    assert (2, "System RA") in {(f["line"], f["column"]) for f in case.violations}


@pytest.mark.django_db
def test_a_row_of_a_plan_without_megawatts_is_said_and_counts_nowhere(as_user):
    from apps.adequacy.plans.models import PlanFiling

    ends = "4,Y,{},,9/1/2024,9/30/2024,SYN_GEN_SUNSET,,"
    rows = f"C-1,SYN_CEDAR_4_ST,,,{ends.format('')}\nC-2,SYN_CEDAR_4_ST,,20,{ends.format('')}\n"
    told = ra_plan(as_user("sc.bay"), rows.replace("C-2,SYN_CEDAR_4_ST", "C-2,SYN_BASIN_7_CC"))
    case = PlanFiling.objects.get(pk=told["id"])
    assert ("PLAN-W-NONE", 2) in {(f["code"], f["line"]) for f in case.violations}
    page = as_user("sc.bay").get("/plans/new/").content.decode()
    assert "Columns of a file: RA plan" in page
    assert "read as 0" in page


def test_the_month_comes_first_in_a_date_with_strokes():
    frame, said, _ = read(f"{HEAD}\n{ROW.replace('2024-09-06', '09/06/2024')}\n")
    assert (frame["trade_date"].to_list(), said) == ([date(2024, 9, 6)], [])
    assert "month first" in kind("market-hours").layout.field("trade_date").describes
