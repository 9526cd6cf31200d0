"""Whatever the bytes are: violations, never a fault; and what is read is exact."""

from __future__ import annotations

import csv
import io
import zipfile
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.platform.core.quantity import MWH
from apps.platform.uploads.hooks import UPLOAD_KINDS
from apps.platform.uploads.rules import compare, content_hash, typed_frame
from apps.platform.uploads.services.reading import read_sheet
from apps.platform.uploads.services.templates import template_csv, template_xlsx
from apps.reference.market.layouts import DEMAND_ROW
from tests.plugins.sampling import in_turn


def kinds():
    """Return the kinds of file whose turn it is."""
    named = {kind.code: kind for kind in UPLOAD_KINDS}
    return [named[key] for key in in_turn(named, days=6, of=("apps/platform/uploads/",))]


def survives(content, layout):
    sheet = read_sheet(content, layout)
    assert sheet.readable or sheet.violations
    frame, violations = typed_frame(sheet.frame, layout)
    assert frame.columns == ["line_no", *(f.name for f in layout.fields)]
    content_hash(frame, layout)
    compare(frame, frame, layout, replaces=True)
    return frame, violations


@settings(max_examples=60)
@given(st.binary(max_size=400))
def test_any_bytes_are_survived(content):
    for kind in kinds():
        survives(content, kind.layout)


def test_a_template_has_the_same_bytes_each_time():
    for kind in UPLOAD_KINDS:
        book = template_xlsx(kind)
        with zipfile.ZipFile(io.BytesIO(book)) as parts:
            assert b">2019-01-01T00:00:00Z</dcterms:created>" in parts.read("docProps/core.xml")
        assert template_xlsx(kind) == book


@settings(max_examples=40)
@given(st.data())
def test_a_damaged_template_is_survived(data):
    kind = data.draw(st.sampled_from(list(UPLOAD_KINDS)))
    form = data.draw(st.sampled_from(["csv", "xlsx"]))
    content = bytearray(template_csv(kind).encode() if form == "csv" else template_xlsx(kind))
    for _ in range(data.draw(st.integers(1, 6))):
        if not content:  # cut down to nothing: an empty file is to be survived too
            break
        place = data.draw(st.integers(0, len(content) - 1))
        if data.draw(st.booleans()):
            content[place] = data.draw(st.integers(0, 255))
        else:
            del content[place : place + data.draw(st.integers(1, 40))]
    survives(bytes(content), kind.layout)


CELLS = st.text(
    alphabet=st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00"), max_size=12
) | st.sampled_from(
    ["=1+1", "1e9", "-0", "+.5", "١٢", "9" * 30, "2024-02-30", "1/2/2024", '"', ","]
)


@settings(max_examples=60)
@given(st.lists(st.lists(CELLS, min_size=6, max_size=6), min_size=1, max_size=6))
def test_any_cells_are_survived(rows):
    for kind in kinds():
        width = len(kind.layout.fields)
        target = io.StringIO()
        writer = csv.writer(target)
        writer.writerow(kind.layout.headers)
        writer.writerows((row * 5)[:width] for row in rows)
        survives(target.getvalue().encode(), kind.layout)


@given(st.decimals(min_value=0, max_value=10**8, places=4, allow_nan=False))
def test_a_decimal_is_read_to_its_last_digit(number):
    text = f"SC_ID,TAC_AREA,TRADE_DATE,HOUR_ENDING,MWH\nA,PGE-TAC,2024-09-04,1,{number:f}\n"
    frame, violations = survives(text.encode(), DEMAND_ROW)
    assert violations == []
    assert MWH.from_scaled(frame["mwh"][0]) == Decimal(number)
