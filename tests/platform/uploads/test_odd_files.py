"""Odd files of the kinds that people and programs make: what each is read as, or why not.

Each case was written with its outcome: the errors by row and column with a part of their sentence,
or what is read of a column, with the codes of what is said beside it.
"""

from __future__ import annotations

import pytest

from apps.platform.uploads.hooks import kind
from apps.platform.uploads.rules import typed_frame
from apps.platform.uploads.services import read_sheet
from tests.platform.uploads.odd_books import (
    HEAD,
    ROW,
    book,
    dated,
    line,
    one,
    read_from_hidden,
    row,
    second_hidden,
    text,
    totalled,
    written,
)
from tests.platform.uploads.workbooks import STRICT, packed

pytestmark = pytest.mark.brq("BRQ-0105")
TOP = ",".join(HEAD)
FIRST = ",".join(ROW)
SECOND = FIRST.replace(",1,", ",2,")
CSV = f"{TOP}\n{FIRST}\n{SECOND}\n"
LMP = "DA_LMP"
FAILED = [
    "#N/A",
    "#REF!",
    "#VALUE!",
    "#DIV/0!",
    "#NAME?",
    "#NUM!",
    "#NULL!",
    "#SPILL!",
    "#CALC!",
    "#FIELD!",
    "#BLOCKED!",
    "#CONNECT!",
    "#UNKNOWN!",
    "#BUSY!",
    "#EXTERNAL!",
    "#PYTHON!",
    "#GETTING_DATA",
    "#ERROR!",
]


def failed(cell):
    """Return a book with a failed price a row, and what is to be said of each."""
    rows = [row(n, E=cell(word)) for n, word in enumerate(FAILED, 2)]
    shared = "".join(f"<si><t>{word}</t></si>" for word in FAILED)
    content = book([line(1, HEAD), *rows], shared=shared)
    return content, {(n, LMP): ("UP-CELL", word) for n, word in enumerate(FAILED, 2)}


def lone(code, said, at=(0, "")):
    """Return what one sentence alone is expected as."""
    return {at: (code, said)}


def priced(code, said, line=2):
    """Return what an error of the price is expected as."""
    return {(line, LMP): (code, said)}


NEVER = "never computed"
NO_RESULT = "without a stored result"
SPREAD = '<c r="@" cm="1"><f t="array" ref="E2:E3">D2:D3-19</f><v>41</v></c>'
PAGE = "web page"
REFUSED = {
    "error cells": failed(lambda w: f'<c r="@" t="e"><v>{w}</v></c>'),
    "error cells of formulas": failed(lambda w: f'<c r="@" t="e"><f>A1</f><v>{w}</v></c>'),
    "error words as results": failed(lambda w: f'<c r="@" t="str"><f>A1</f><v>{w}</v></c>'),
    "error words as texts": failed(lambda w: f'<c r="@" t="inlineStr"><is><t>{w}</t></is></c>'),
    "error words, shared": failed(lambda w: f'<c r="@" t="s"><v>{FAILED.index(w)}</v></c>'),
    "an error without a word": (one(E='<c r="@" t="e"/>'), priced("UP-CELL", "cannot be read")),
    "a word without a type": (one(E='<c r="@"><v>abc</v></c>'), priced("UP-NUMBER", "alone")),
    "a word said to be a number": (
        one(E='<c r="@" t="n"><v>abc</v></c>'),
        priced("UP-CELL", "cannot be read"),
    ),
    "a truth value for a price": (one(E='<c r="@" t="b"><v>1</v></c>'), priced("UP-NUMBER", "")),
    "a truth value for an hour": (
        one(C='<c r="@" t="b"><v>1</v></c>'),
        {(2, "HOUR_ENDING"): ("UP-WHOLE", "whole number")},
    ),
    "a date for a price": (one(E='<c r="@" s="1"><v>45541</v></c>'), priced("UP-NUMBER", "")),
    "a time for an hour": (
        one(C='<c r="@" s="3"><v>0.5</v></c>'),
        {(2, "HOUR_ENDING"): ("UP-WHOLE", "whole number")},
    ),
    "a day as a bare number": (
        one(B='<c r="@"><v>45541</v></c>'),
        {(2, "TRADE_DATE"): ("UP-DATE", "YYYY-MM-DD")},
    ),
    "a shared formula without a result": (
        book(
            [
                line(1, HEAD),
                row(2, E='<c r="@"><f t="shared" ref="E2:E3" si="0">D2</f><v>41</v></c>'),
                row(3, E='<c r="@"><f t="shared" si="0"/></c>'),
            ]
        ),
        priced("UP-CELL", NO_RESULT, 3),
    ),
    "an array that was not filled": (
        book([line(1, HEAD), row(2, E=SPREAD), row(3, E='<c r="@"/>')]),
        priced("UP-CELL", NO_RESULT, 3),
    ),
    "an array without its other cells": (
        book([line(1, HEAD), row(2, E=SPREAD), row(3, E="")]),
        priced("UP-CELL", NO_RESULT, 3),
    ),
    "a zero that stands in for a result": (
        written(lambda made, sheet: sheet.write_formula("E2", "=D2-19")),
        priced("UP-CELL", NEVER),
    ),
    "zeros that stand in for an array": (
        written(lambda made, sheet: sheet.write_array_formula("E2:E3", "{=D2:D3-19}")),
        priced("UP-CELL", NEVER) | priced("UP-CELL", NEVER, 3),
    ),
    "headings in two rows": (
        book([line(1, [*HEAD[:3], "Day-ahead"]), line(2, ["", "", "", *HEAD[3:]]), row(3)]),
        lone("UP-TWO-ROWS", "two rows, 1 and 2", (1, "")),
    ),
    "headings in two rows, most in the lower": (
        book([line(1, ["RESOURCE_ID"]), line(2, ["", *HEAD[1:]]), row(3)]),
        lone("UP-TWO-ROWS", "two rows, 1 and 2", (1, "")),
    ),
    "two sheets, one of them hidden": (written(second_hidden), lone("UP-SHEETS", "'S' and 'old'")),
    "nothing": (b"", lone("UP-FORMAT", "nothing but blanks")),
    "headings alone": (TOP, lone("UP-NO-ROWS", "no rows")),
    "rows alone": (f"{FIRST}\n{SECOND}\n", lone("UP-MISSING", "'SUNSET_2_UNITS 2024", (1, ""))),
    "a sentence": ("Too many requests.\n", lone("UP-MISSING", "'Too many requests.'", (1, ""))),
    "sentences": ("Error 429\nWait, please.\n", lone("UP-MISSING", "'Error 429 Wait, please.'")),
    "a page in UTF-16": ("<html><p>Busy</p></html>".encode("utf-16"), lone("UP-FORMAT", PAGE)),
    "a piece of a page": ("<p>Access denied</p>", lone("UP-FORMAT", "'Access denied'")),
    "a page behind a remark": ("<!-- x --><table><tr/></table>", lone("UP-FORMAT", PAGE)),
    "a service that failed": (
        "<e:Envelope xmlns:e='x'><e:Fault><faultstring>Busy</faultstring></e:Fault></e:Envelope>",
        lone("UP-FORMAT", "without data: 'Busy'"),
    ),
    "an old workbook without its container": (
        b"\x09\x08\x08\x00\x00\x05\x10\x00",
        lone("UP-FORMAT", "old Excel file"),
    ),
    "UTF-16 without its mark": (CSV.encode("utf-16-le"), lone("UP-ENCODING", "UTF-16 without")),
    "a letter of Windows": (
        CSV.replace("SUNSET", "S\u00dcNSET").encode("cp1252"),
        lone("UP-ENCODING", "not UTF-8", (2, "")),
    ),
    "an inch": (
        f'{TOP},SOURCE\n{FIRST},5" pipe\n{SECOND},x\n',
        lone("UP-CSV", "left open in row 2", (2, "")),
    ),
    "a ZIP in a ZIP": (packed({"a.zip": packed({"a.csv": CSV})}), lone("UP-FORMAT", "with a.zip")),
    "two tables in a ZIP": (
        packed({"HE1.csv": CSV, "HE2.csv": CSV}),
        lone("UP-FORMAT", "HE1.csv, HE2.csv. Send each."),
    ),
    "a heading in another unit": (
        CSV.replace("DA_MWH", "DA_KWH"),
        lone("UP-LIKE", "no column DA_MWH", (1, "DA_KWH")),
    ),
    "a unit behind its heading": (
        CSV.replace("DA_LMP", "DA_LMP ($/MWh)"),
        lone("UP-LIKE", "no column DA_LMP", (1, "DA_LMP ($/MWh)")),
    ),
    "one row twice": (
        f"{CSV}{FIRST}\n",
        {(4, "RESOURCE_ID"): ("UP-DOUBLE", "same RESOURCE_ID, TRADE_DATE, HOUR_ENDING")},
    ),
    "decimal commas between semicolons": (
        CSV.replace(",", ";").replace(";41;", ";31,91;"),
        priced("UP-COMMA", "a decimal sign is a point")
        | priced("UP-COMMA", "a decimal sign is a point", 3),
    ),
}
PRICES = [41_000_000, 41_000_000]
FORMULA, HIDDEN = {"UP-FORMULA"}, {"UP-HIDDEN"}
READ = {
    "dates as numbers": (written(dated), PRICES, set()),
    "dates counted from 1904": (written(dated, date_1904=True), PRICES, set()),
    "a date of the strict form": (
        book(
            [line(1, HEAD), row(2, B='<c r="@" t="d"><v>2024-09-06T00:00:00</v></c>')], main=STRICT
        ),
        PRICES[1:],
        set(),
    ),
    "a percent as it is stored": (one(E='<c r="@" s="2"><v>0.5</v></c>'), [500_000], set()),
    "a number as a text": (one(E=text("E2", "41")), PRICES[1:], set()),
    "a small number": (one(E='<c r="@"><v>7.1E-05</v></c>'), [71], set()),
    "the noise of binary numbers": (
        one(E='<c r="@"><v>133.80000000000001</v></c>'),
        [133_800_000],
        set(),
    ),
    "texts of several looks, and how they are spoken": (
        book(
            [
                line(1, HEAD),
                row(2, A='<c r="@" t="s"><v>0</v></c>'),
                row(3, A='<c r="@" t="s"><v>1</v></c>'),
            ],
            shared="<si><t>SUNSET_2_UNITS</t><rPh sb='0' eb='2'><t>x</t></rPh></si>"
            "<si><r><t>SUNSET</t></r><r><t>_2_UNITS</t></r></si>",
        ),
        PRICES,
        set(),
    ),
    "an array that was filled": (
        book([line(1, HEAD), row(2, E=SPREAD), row(3)]),
        PRICES,
        FORMULA,
    ),
    "a table with its total": (written(totalled), PRICES, {"UP-TOTAL"}),
    "a hidden column": (
        written(lambda made, sheet: sheet.set_column("E:E", 9, None, {"hidden": True})),
        PRICES,
        HIDDEN,
    ),
    "a hidden sheet": (written(read_from_hidden), PRICES, HIDDEN | {"UP-SHEETS"}),
    "a merged title": (
        book(
            [line(1, ["", "", "", "Day-ahead"]), line(2, HEAD), row(3)],
            after='<mergeCells><mergeCell ref="D1:E1"/></mergeCells>',
        ),
        PRICES[1:],
        {"UP-TITLE"},
    ),
    "a line break in a heading": (
        book([line(1, [h.replace("DA_LMP", "DA_\r\nLMP") for h in HEAD]), row(2)]),
        PRICES[1:],
        set(),
    ),
    "a mark of bytes": (b"\xef\xbb\xbf" + CSV.encode(), PRICES, set()),
    "UTF-16": (CSV.encode("utf-16"), PRICES, set()),
    "old Macintosh": (CSV.replace("\n", "\r"), PRICES, set()),
    "old Macintosh with one other end": (CSV.replace("\n", "\r") + "\n", PRICES, set()),
    "old Macintosh with a broken heading": (
        CSV.replace("\n", "\r").replace("DA_LMP", '"DA_\nLMP"'),
        PRICES,
        set(),
    ),
    "ends of two programs": (f"{TOP}\r\n{FIRST}\r{SECOND}\r\n", PRICES, set()),
    "a line break in a remark": (f'{TOP},SOURCE\n{FIRST},"a\nb"\n{SECOND},x\n', PRICES, set()),
    "bars": (CSV.replace(",", "|"), PRICES, set()),
    "tabs": (CSV.replace(",", "\t"), PRICES, set()),
    "a heading with what nobody sees": (
        CSV.replace("DA_LMP", "DA\u00a0LMP").replace("DA_MWH", "DA_MWH\u200b"),
        PRICES,
        set(),
    ),
    "wide letters in a heading": (CSV.replace("DA_LMP", "\uff24\uff21_LMP"), PRICES, set()),
    "a hyphen that does not break": (CSV.replace("DA_LMP", "DA\u2011LMP"), PRICES, set()),
    "headings again, with another mark": (
        f"{TOP}\n{FIRST}\n\ufeff{TOP.replace('_', ' ')}\n{SECOND}\n",
        PRICES,
        {"UP-HEADINGS"},
    ),
    "a total and how many rows": (
        f"{CSV}TOTAL GENERATION,,,120,,240\n(2 rows affected)\n-- end --\n",
        PRICES,
        {"UP-TOTAL", "UP-NOTE"},
    ),
    "a ZIP in which the name is large": (packed({"X/A.CSV": CSV}), PRICES, {"UP-UNPACKED"}),
}
LAYOUT = kind("market-hours").layout


def read(content):
    """Return the typed rows of a file, its errors and the codes of all that is no error."""
    sheet = read_sheet(content.encode() if isinstance(content, str) else content, LAYOUT)
    frame, shape = typed_frame(sheet.frame, LAYOUT)
    said = [*sheet.violations, *shape]
    errors = {(f.line, f.column): f for f in said if f.severity == "error"}
    return frame, errors, {f.code for f in said if f.severity != "error"}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_at_its_place_with_the_sentence_that_helps(name):
    content, expected = REFUSED[name]
    _, errors, _ = read(content)
    assert {at: f.code for at, f in errors.items()} == {at: c for at, (c, _) in expected.items()}
    for at, (_, words) in expected.items():
        assert words in errors[at].message, errors[at].message


@pytest.mark.parametrize("name", READ)
def test_it_is_read_as_what_was_meant(name):
    content, prices, beside = READ[name]
    frame, errors, said = read(content)
    assert not errors
    assert frame["da_lmp"].to_list() == prices
    assert {str(d) for d in frame["trade_date"]} == {"2024-09-06"}
    assert set(frame["resource_id"]) == {"SUNSET_2_UNITS"}
    assert said == beside


def test_formulas_over_very_many_cells_are_refused():
    """given an array formula over more cells than are looked at; then it is refused, and quickly"""
    wide = '<c r="@"><f t="array" ref="E2:E900000">D2</f><v>41</v></c>'
    _, errors, _ = read(book([line(1, HEAD), row(2, E=wide)]))
    assert errors[0, ""].code == "UP-FORMULA"
