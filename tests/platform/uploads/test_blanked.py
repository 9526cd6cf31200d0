"""A value on file that becomes blank is asked about: every column of every kind."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta

import polars as pl
import pytest

from apps.platform.core.layouts import FieldType
from apps.platform.uploads import services
from apps.platform.uploads.hooks import UPLOAD_KINDS
from apps.platform.uploads.hooks import kind as kind_of
from apps.platform.uploads.rules import blanked, typed_frame, value_fields
from tests.platform.uploads.test_comparison import CELLS, OPTIONS
from tests.platform.uploads.test_plausibility import codes, confirm, shown

pytestmark = pytest.mark.brq("BRQ-0105")
KINDS = list(UPLOAD_KINDS)
MAY_BE_BLANK = [
    pytest.param(kind, field, id=f"{kind.code}-{field.name}")
    for kind in KINDS
    for field in value_fields(kind.layout)
    if not field.required or field.default is not None
]
OTHER = {
    FieldType.DATE: lambda was: was + timedelta(days=1),
    FieldType.DECIMAL: lambda was: was + 1,
    FieldType.INTEGER: lambda was: was + 1,
    FieldType.INSTANT: lambda was: datetime(2001, 1, 1, tzinfo=was.tzinfo),
    FieldType.LOCAL: lambda was: datetime(2001, 1, 1),
}


def texts_of(layout, **change):
    """The first example of a layout as received."""
    example = layout.examples[0] if layout.examples else {}
    row = {f.name: example.get(f.name, f.example) or None for f in layout.fields} | change
    return pl.DataFrame(
        {"line_no": [2]} | {n: [t] for n, t in row.items()},
        schema={"line_no": pl.Int64} | dict.fromkeys(row, pl.String),
    )


def another(field, value):
    """A value that is not the one that a blank is read as."""
    if value is None:
        return {FieldType.DATE: date(2030, 1, 1), FieldType.CHOICE: "X", FieldType.TEXT: "X"}.get(
            field.type, 7
        )
    return OTHER.get(field.type, lambda was: f"{was}X")(value)


@pytest.mark.turns(3, of=("apps/platform/uploads/", "apps/platform/core/"))
@pytest.mark.parametrize(("kind", "field"), MAY_BE_BLANK)
def test_every_value_that_becomes_blank_is_told(kind, field):
    """given a row with a value; when a version leaves it blank; then column and row are named"""
    layout = kind.layout
    texts = texts_of(layout, **{field.name: None})
    now, _ = typed_frame(texts, layout)
    value = another(field, now[field.name][0])
    before = now.drop("line_no").with_columns(pl.lit(value).alias(field.name))

    def said(rows, was):
        found = blanked(rows[0], was, rows[1], layout, code="PL-BLANK", than="version 1")
        return [(f.column, f.line, f.severity.value) for f in found], [f.message for f in found]

    told, messages = said((now, texts), before)
    assert told == [(field.header, 2, "warning")]
    assert "1 row had a value in version 1 and is blank now: row 2 (" in messages[0]
    assert (f"A blank is read as {field.default}" in messages[0]) == bool(field.default)
    assert said((now, texts), now.drop("line_no")) == ([], [])  # it was blank, or the default
    filled = texts_of(layout)
    typed, _ = typed_frame(filled, layout)
    if typed[field.name][0] is not None:  # from blank to a value: a change, no question
        assert said((typed, filled), now.drop("line_no")) == ([], [])


# texts of a public report that no table keeps
NOT_KEPT = {"outage-report": {"OUTAGE STATUS", "RES TYPE", "ORGANISATION"}}


def columns_asked(upload):
    return {v.column for v in shown(upload) if v.code == "PL-BLANK"}


@pytest.mark.django_db
@pytest.mark.turns(3, of=("apps/platform/uploads/",))
@pytest.mark.parametrize("code", CELLS)
def test_every_column_of_a_file_that_becomes_blank_is_asked_about(code, send, load):
    """given a template on file; when its columns are sent blank; then each is asked about"""
    layout = kind_of(code).layout
    text = services.template_csv(kind_of(code)).replace("SYN_GEN_A", "SYN_GEN_SIERRA")
    text = text.replace("RMR-2024-GRNLF2", "RMR-GRNLF2")
    load(code, text, sender="iso.admin", options=OPTIONS)
    rows = list(csv.reader(io.StringIO(text)))
    blank_is = {
        f.header: f.default or ""
        for f in value_fields(layout)
        if (not f.required or f.default is not None) and f.header not in NOT_KEPT.get(code, ())
    }
    filled = {c for c in blank_is if any(_cell(rows, c, r) not in ("", blank_is[c]) for r in rows)}
    upload = send(code, _without(rows, filled), sender="iso.admin", options=OPTIONS)
    if upload.state == "READY":
        assert columns_asked(upload) == filled
        assert upload.second_person or not filled
        return
    for column in filled:  # some may not be blank together, or not at all
        upload = send(code, _without(rows, {column}), sender="iso.admin", options=OPTIONS)
        assert upload.state == "REFUSED" or columns_asked(upload) == {column}


def _cell(rows, column, row):
    return "" if row is rows[0] else row[rows[0].index(column)].strip()


def _without(rows, columns):
    target = io.StringIO()
    gone = {rows[0].index(c) for c in columns}
    kept = [["" if n in gone else c for n, c in enumerate(r)] for r in rows[1:]]
    csv.writer(target).writerows([rows[0], *kept])
    return target.getvalue()


COMMITMENTS = "RESOURCE_ID,TRADE_DATE,HOUR_ENDING,MARKET,EVENT,COMMITTED_BY,COST_USD\n"
START = "SUNSET_2_UNITS,2024-10-05,{},IFM,START,ISO,{}\n"


@pytest.mark.django_db
def test_a_cost_that_becomes_blank_needs_a_second_person(send, load, person, now):
    """given starts with a cost; when it is blank; then one question for the column, by another"""
    rows = [(h, "12450.00") for h in range(1, 7)]
    load("commitments", COMMITMENTS + "".join(START.format(*r) for r in rows), sender="iso.admin")
    blank = COMMITMENTS + "".join(START.format(h, "" if h != 2 else "12450.00") for h, _ in rows)
    upload = send("commitments", blank, sender="iso.admin")
    (said,) = [v for v in shown(upload) if v.code == "PL-BLANK"]
    assert said.message == (
        "2024-10-05, COST_USD: 5 rows had a value in version 1 and are blank now: "
        "row 2 (SUNSET_2_UNITS: 12,450.00 $), row 4 (SUNSET_2_UNITS: 12,450.00 $), "
        "row 5 (SUNSET_2_UNITS: 12,450.00 $) and 2 rows more. "
        "Blank is not known; fill in what still holds."
    )
    assert upload.second_person
    with pytest.raises(services.ConfirmRefused, match="Acknowledge with a reason of its own"):
        confirm(upload, person("iso.approver"), now, reason="all of it")
    done, (version,) = confirm(
        upload, person("iso.approver"), now, acknowledged={said.pk: "the costs come tomorrow"}
    )
    assert done.state == "CONFIRMED"
    (kept,) = version.acknowledgements.all()
    assert (kept.violation_id, kept.reason) == (said.pk, "the costs come tomorrow")


INPUTS = "RESOURCE_ID,CONFIG_ID,TO_CONFIG,FUEL_MMBTU,AUX_POWER_MWH\nSUNSET_2_UNITS,,,900,{}\n"


@pytest.mark.django_db
def test_a_list_from_a_day_on_is_held_against_the_list_before(send, load):
    """given inputs from May; when those from June leave a power blank; then June is asked about"""
    load("commitment-inputs", INPUTS.format(6), sender="iso.admin", options={"as_of": "2031-05-01"})
    upload = send(
        "commitment-inputs", INPUTS.format(""), sender="iso.admin", options={"as_of": "2031-06-01"}
    )
    (said,) = [v for v in shown(upload) if v.code == "PL-BLANK"]
    assert "1 row had a value in 2031-05-01, the last on file before and is blank" in said.message


@pytest.mark.django_db
def test_a_default_that_takes_the_place_of_a_value_is_named(send, load):
    head = "RESOURCE_ID,TRADE_DATE,HOUR_ENDING,DA_MWH,DA_LMP,RUC_MW\n"
    row = "SUNSET_2_UNITS,2024-10-05,7,100,{},{}\n"
    load("market-hours", head + row.format("30.5", "0"), sender="iso.admin")
    upload = send("market-hours", head + row.format("", ""), sender="iso.admin")
    (said,) = [v for v in shown(upload) if v.code == "PL-BLANK"]
    assert said.column == "DA_LMP"  # RUC_MW was 0, and is
    assert "row 2 (SUNSET_2_UNITS: 30.50 $/MWh). A blank is read as 0;" in said.message


@pytest.mark.django_db
def test_a_blank_that_gets_a_value_is_a_change_and_no_question(send, load):
    load("commitments", COMMITMENTS + START.format(1, ""), sender="iso.admin")
    upload = send("commitments", COMMITMENTS + START.format(1, "12450.00"), sender="iso.admin")
    assert "PL-BLANK" not in codes(upload)
    (period,) = upload.preview["periods"]
    assert period["samples"]["changed"][0]["changes"] == [
        {"column": "COST_USD", "was": "", "now": "12,450.00"}
    ]
