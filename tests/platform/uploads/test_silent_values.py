"""What is no value is never read as one: error cells, uncomputed formulas, commas, half a sheet.

Every column of every kind of file is tried, whether it must be filled or not.
"""

from pathlib import Path

import pytest

from apps.platform.core.layouts import FieldType, heading_key
from apps.platform.core.numbers import COMMA_SENTENCE
from apps.platform.uploads.hooks import UPLOAD_KINDS
from apps.platform.uploads.rules import typed_frame
from apps.platform.uploads.services import read_sheet
from tests.platform.uploads.workbooks import PRODUCERS, Failed, Formula, Number, workbook

pytestmark = pytest.mark.brq("BRQ-0105")
INTAKE = Path(__file__).parent / "intake"
WORDS = ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"]
KINDS = list(UPLOAD_KINDS)
HEAD = ["RESOURCE_ID", "TRADE_DATE", "HOUR_ENDING", "DA_MWH", "DA_LMP", "AS_REVENUE_USD"]
READERS = ("apps/platform/uploads/", "apps/platform/core/")


def kind_of(code):
    return next(k for k in KINDS if k.code == code)


def violations(content, layout):
    """Return {(line, column): code} of the errors of a file's shape."""
    sheet = read_sheet(content, layout)
    _, shape = typed_frame(sheet.frame, layout)
    errors = [f for f in [*sheet.violations, *shape] if f.severity == "error"]
    return {(f.line, f.column): f for f in errors if f.code != layout.double_code}


def rows_of(layout):
    """Return the headings and one right row for each column."""
    example = layout.examples[0] if layout.examples else {}
    row = [example.get(f.name, f.example) for f in layout.fields]
    return [layout.headers, *([*row] for _ in layout.fields)]


def spoiled(layout, value_for):
    """Return rows in which row n + 2 has the n-th column spoiled."""
    rows = rows_of(layout)
    for n, field in enumerate(layout.fields):
        rows[n + 1][n] = value_for(n, field)
    return rows


@pytest.mark.turns(3, of=READERS)
@pytest.mark.parametrize("producer", PRODUCERS)
@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.code)
def test_an_error_cell_is_an_error_in_every_column(kind, producer):
    word = {f.name: WORDS[n % len(WORDS)] for n, f in enumerate(kind.layout.fields)}
    rows = spoiled(kind.layout, lambda n, f: Failed(word[f.name]))
    found = violations(workbook({"S": rows}, PRODUCERS[producer]), kind.layout)
    for n, field in enumerate(kind.layout.fields):
        told = found.pop((n + 2, field.header))
        assert (told.code, told.value) == ("UP-CELL", word[field.name])
    assert not found


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.code)
def test_a_formula_without_a_result_is_an_error_in_every_column(kind):
    rows = spoiled(kind.layout, lambda n, f: Formula("A1+1"))
    found = violations(workbook({"S": rows}), kind.layout)
    assert {at: f.code for at, f in found.items()} == {
        (n + 2, f.header): "UP-CELL" for n, f in enumerate(kind.layout.fields)
    }


@pytest.mark.turns(6, of=READERS)
@pytest.mark.parametrize("producer", PRODUCERS)
@pytest.mark.parametrize("stored", [None, "", " "])
@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.code)
def test_a_formula_for_a_text_without_a_result_is_an_error_where_no_text_belongs(
    kind, stored, producer
):
    """A text may come out empty; a number, a date or a time that does is not given."""
    exact = [f for f in kind.layout.fields if f.type not in {FieldType.TEXT, FieldType.CHOICE}]
    rows = spoiled(
        kind.layout,
        lambda n, f: Formula("A1", stored, "str") if f in exact else rows_of(kind.layout)[1][n],
    )
    found = violations(workbook({"S": rows}, PRODUCERS[producer]), kind.layout)
    assert {at: (f.code, f.value) for at, f in found.items()} == {
        (n + 2, f.header): ("UP-CELL", "#NO RESULT!")
        for n, f in enumerate(kind.layout.fields)
        if f in exact
    }


def test_a_formula_for_a_text_may_come_out_empty():
    layout = kind_of("metered-demand").layout
    rows = rows_of(layout)[:2]
    (blank,) = (n for n, f in enumerate(layout.fields) if f.header == "SOURCE")
    for stored in (None, ""):
        rows[1][blank] = Formula("A1", stored, "str")
        sheet = read_sheet(workbook({"S": rows}), layout)
        assert [f.code for f in sheet.violations] == ["UP-FORMULA"]
        assert sheet.frame["source"].to_list() == [None]


def test_rows_of_formulas_for_later_use_stay_blank_only_where_they_were_computed():
    """A row prepared in advance shows empty texts; one never computed is not known to be blank."""
    layout = kind_of("market-hours").layout
    row = ["SUNSET_2_UNITS", "2024-09-06", Number("1"), Number("60"), Number("41"), Number("120")]
    prepared = [Formula("A1", "", "str")] * len(HEAD)
    sheet = read_sheet(workbook({"S": [HEAD, row, prepared, prepared]}), layout)
    assert (sheet.readable, sheet.frame.height) == (True, 1)
    half = ["SUNSET_2_UNITS", *prepared[1:]]
    found = violations(workbook({"S": [HEAD, row, prepared, half]}), layout)
    assert {(at, f.code) for at, f in found.items()} == {((4, h), "UP-CELL") for h in HEAD[1:]}


@pytest.mark.parametrize("type", ["", "str"])
@pytest.mark.parametrize("after", [0, 1])
def test_a_row_of_formulas_that_were_never_computed_is_not_blank(type, after):
    """A reader of sheets ends at the last cell with a value; rows below it are missed here."""
    layout = kind_of("market-hours").layout
    row = ["SUNSET_2_UNITS", "2024-09-06", Number("1"), Number("60"), Number("41"), Number("120")]
    never = [Formula("A1", None, type)] * len(HEAD)
    found = violations(workbook({"S": [HEAD, row, never, *[row] * after]}), layout)
    blank = {"UP-EMPTY"} if type and after else set()  # a text may come out empty, if not here
    assert {f.code for f in found.values()} == {"UP-CELL"} | blank
    assert {line for line, _ in found} == {3}


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.code)
def test_an_error_word_in_a_text_file_is_an_error_in_every_column(kind):
    rows = spoiled(kind.layout, lambda n, f: next(w for w in turned(n) if w not in f.blanks))
    content = "\n".join("\t".join(row) for row in rows).encode()
    found = violations(content, kind.layout)
    assert {at: f.code for at, f in found.items()} == {
        (n + 2, f.header): "UP-CELL" for n, f in enumerate(kind.layout.fields)
    }


def turned(n):
    """Return the error words, begun with the n-th."""
    return [*WORDS[n % len(WORDS) :], *WORDS[: n % len(WORDS)]]


def test_only_a_rate_that_is_not_read_may_be_an_error_word():
    """The EPA prints it of units without load; the rate is calculated from input and load."""
    taken = {
        (kind.code, field.header): field.blanks
        for kind in KINDS
        for field in kind.layout.fields
        if set(WORDS) & set(field.blanks)
    }
    assert taken == {("epa-heat-rates", "Heat Input (mmBtu/MWh)"): ("#DIV/0!",)}


@pytest.mark.turns(3, of=READERS)
@pytest.mark.parametrize("written", ["31,91", "1.234,56", "12,450", "1,23,456.00"])
@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.code)
def test_a_comma_that_could_be_a_decimal_sign_is_refused(kind, written):
    decimals = [f for f in kind.layout.fields if f.type is FieldType.DECIMAL]
    rows = spoiled(
        kind.layout,
        lambda n, f: written if f in decimals else rows_of(kind.layout)[1][n],
    )
    found = violations("\n".join("\t".join(row) for row in rows).encode(), kind.layout)
    assert {at: f.code for at, f in found.items()} == {
        (n + 2, f.header): "UP-COMMA" for n, f in enumerate(kind.layout.fields) if f in decimals
    }
    assert all(COMMA_SENTENCE in f.message for f in found.values())


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("12,450.00", 12_450_000_000),
        ("$31.91", 31_910_000),
        ("123,456.5", 123_456_500_000),
        (".52", 520_000),
        ("52.", 52_000_000),
    ],
)
def test_a_clear_number_is_read_in_full(written, stored):
    layout = kind_of("market-hours").layout
    price = next(f for f in layout.fields if f.header == "DA_LMP")
    rows = rows_of(layout)[:2]
    rows[1][layout.fields.index(price)] = written
    sheet = read_sheet("\n".join("\t".join(row) for row in rows).encode(), layout)
    frame, shape = typed_frame(sheet.frame, layout)
    assert not shape
    assert frame[price.name].to_list() == [stored]


@pytest.mark.parametrize("producer", PRODUCERS)
@pytest.mark.parametrize(("above", "before"), [(2, 1), (0, 3), (4, 2)])
def test_an_error_cell_is_found_wherever_the_table_begins(producer, above, before):
    """A reader that leaves out empty columns before the table must not shift what it found."""
    layout = kind_of("market-hours").layout
    rows = spoiled(layout, lambda n, f: Failed("#REF!") if n % 2 else Formula("A1"))
    blank = [[None] * (before + len(HEAD))] * above
    moved = [*blank, *([None] * before + row for row in rows)]
    found = violations(workbook({"S": moved}, PRODUCERS[producer]), layout)
    assert {at: f.value for at, f in found.items()} == {
        (above + n + 2, f.header): "#REF!" if n % 2 else "#NO RESULT!"
        for n, f in enumerate(layout.fields)
    }


def test_numbers_beside_an_error_cell_are_read_wherever_the_table_begins():
    row = ["SUNSET_2_UNITS", "2024-09-06", Number("1"), Number("60"), Number("41"), Number("120")]
    failed = [*row[:2], Number("2"), Failed("#N/A"), *row[4:]]
    content = workbook({"S": [[], [None, *HEAD], [None, *row], [None, *failed]]})
    found = violations(content, kind_of("market-hours").layout)
    assert {at: f.value for at, f in found.items()} == {(4, "DA_MWH"): "#N/A"}


def test_a_formula_with_a_result_is_read_and_said():
    rows = [
        HEAD,
        [
            "SUNSET_2_UNITS",
            "2024-09-06",
            Number("1"),
            Number("60"),
            Formula("D2-19", "41"),
            Number("120"),
        ],
    ]
    layout = kind_of("market-hours").layout
    sheet = read_sheet(workbook({"S": rows}), layout)
    assert [(f.code, f.severity) for f in sheet.violations] == [("UP-FORMULA", "warning")]
    assert "such as E2" in sheet.violations[0].message
    assert sheet.frame["da_lmp"].to_list() == ["41"]


@pytest.mark.parametrize("producer", PRODUCERS)
def test_two_sheets_with_all_headings_are_both_named(producer):
    row = ["SUNSET_2_UNITS", "2024-09-06", "1", "60", "41", "120"]
    content = workbook(
        {"HE1-12": [HEAD, row], "Notes": [["about"]], "HE13-24": [HEAD, row]}, PRODUCERS[producer]
    )
    sheet = read_sheet(content, kind_of("market-hours").layout)
    assert [f.code for f in sheet.violations] == ["UP-SHEETS"]
    assert "'HE1-12' and 'HE13-24'" in sheet.violations[0].message
    assert sheet.frame.is_empty()


def test_no_two_columns_of_a_kind_answer_to_one_heading():
    for kind in KINDS:
        names = [key for f in kind.layout.fields for key in f.heading_keys]
        assert len(names) == len(set(names)), kind.code


def test_a_heading_is_known_however_it_is_spaced():
    assert {heading_key(t) for t in ("DA LMP", "da_lmp", " DA_\nLMP ", "DA--LMP")} == {"da_lmp"}


FILES = {
    "x01_error_cells_market_hours.xlsx": (
        "market-hours",
        {
            (5, "DA_LMP"): "UP-CELL",
            (6, "DA_LMP"): "UP-CELL",
            (7, "DA_LMP"): "UP-CELL",
            (8, "DA_LMP"): "UP-CELL",
        },
    ),
    "x06_formulas_plain.xlsx": (
        "market-hours",
        {(2, "DA_LMP"): "UP-CELL", (3, "AS_REVENUE_USD"): "UP-CELL"},
    ),
    "x10_two_sheets.xlsx": ("market-hours", {(0, ""): "UP-SHEETS"}),
    "a01_decimal_comma.csv": ("allowance-auctions", None),
    "t01_mac_line_ends.csv": ("market-hours", {}),
    "t03_line_break_in_heading.csv": ("market-hours", {}),
    "t04_value_heading_misspelt.csv": ("market-hours", {}),
    "h01_limit_page.csv": ("energy-prices", {(0, ""): "UP-FORMAT"}),
    "z01_oasis_singlezip.zip": ("energy-prices", {}),
}


@pytest.mark.parametrize("name", FILES)
def test_files_as_people_have_them(name):
    code, expected = FILES[name]
    found = violations((INTAKE / name).read_bytes(), kind_of(code).layout)
    told = {at: f.code for at, f in found.items()}
    if expected is None:
        assert set(told.values()) == {"UP-COMMA"}
        assert len(told) == 2
    else:
        assert told == expected


def test_what_reads_reads_rightly():
    for name in (
        "t01_mac_line_ends.csv",
        "t03_line_break_in_heading.csv",
        "t04_value_heading_misspelt.csv",
    ):
        sheet = read_sheet((INTAKE / name).read_bytes(), kind_of("market-hours").layout)
        assert sheet.frame["da_lmp"].to_list() == ["41", "42", "43"], name
        assert sheet.frame["hour_ending"].to_list() == ["1", "2", "3"], name
        assert not sheet.violations, name


def test_a_value_column_under_nearly_its_name_is_no_blank_column():
    rows = "RESOURCE_ID,TRADE_DATE,HOUR_ENDING,DA_MWH,DA_LPM\nA,2024-09-06,1,60,41\n"
    sheet = read_sheet(rows.encode(), kind_of("market-hours").layout)
    assert ("UP-LIKE", "DA_LPM") in {(f.code, f.column) for f in sheet.violations}
    assert sheet.frame.is_empty()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html><body><p>Acceptable use policy.</p></body></html>", "'Acceptable use policy.'"),
        (b'<?xml version="1.0"?>\n<!DOCTYPE html><html></html>', "web page"),
        (
            b'<?xml version="1.0"?>'
            b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "Excel 2003",
        ),
        (b"<r><ERROR><ERR_DESC>No data returned</ERR_DESC></ERROR></r>", "'No data returned'"),
    ],
)
def test_what_is_no_table_is_named(content, said):
    sheet = read_sheet(content, kind_of("energy-prices").layout)
    assert len(sheet.violations) == 1
    assert said in sheet.violations[0].message
