"""Whole columns mean what each of their cells means alone, read the slow way."""

from __future__ import annotations

from decimal import Context, Decimal

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from apps.platform.core.layouts import Field, FieldType, FileLayout
from apps.platform.core.numbers import UnclearNumber, read_number
from apps.platform.core.quantity import MW, SHARE, USD_PER_MWH
from apps.platform.uploads.rules import typed_frame

NUMBERS = st.one_of(
    st.from_regex(r"[+-]?\d{0,14}\.?\d{0,14}", fullmatch=True),
    st.decimals(-(10**13), 10**13, places=6).map(lambda d: f"{d:f}"),
    st.sampled_from(
        [
            "",
            ".",
            "-",
            "1e3",
            "NaN",
            "1,000",
            "1,000.5",
            "$2.50",
            "1,234,567",
            "31,91",
            " 1",
            "--1",
            "1.00000000000001",
        ]
    ),
)


def exactly(text, places):
    """Return what a cell means, the slow way: a scaled whole number, or what is wrong with it."""
    try:
        number = read_number(text)
    except UnclearNumber:
        return "UP-COMMA" if "," in text else "UP-NUMBER"
    whole = text.lstrip("+-$").partition(".")[0].replace(",", "")
    if len(whole) > 12 or text != text.strip():  # blanks around a cell are cut before
        return "UP-NUMBER"
    text = str(number)
    scaled = Decimal(text).scaleb(places, Context(prec=60))
    return int(scaled) if scaled == int(scaled) else "UP-DECIMALS"


@given(st.lists(NUMBERS, min_size=1, max_size=30), st.sampled_from([MW, USD_PER_MWH, SHARE]))
def test_a_column_of_numbers_means_what_each_text_means_alone(texts, quantity):
    field = Field("n", "N", FieldType.DECIMAL, quantity=quantity, required=False)
    raw = pl.DataFrame(
        {"line_no": range(2, len(texts) + 2), "n": [t or None for t in texts]},
        schema={"line_no": pl.Int64, "n": pl.String},
    )
    frame, violations = typed_frame(raw, FileLayout("r", (field,), key=()))
    wrong = {f.line: f.code for f in violations}
    for line, (text, value) in enumerate(zip(texts, frame["n"], strict=True), start=2):
        expected = exactly(text, quantity.places) if text else None
        if isinstance(expected, int) and abs(expected) >= 2**63:
            expected = None  # more than a stored whole number holds
        assert (wrong.get(line) or value) == expected


@given(
    st.lists(
        st.sampled_from(["2024-03-10", "3/10/2024", "2024-02-30", "x", "", "1799-01-01"]),
        min_size=1,
        max_size=200,
    )
)
def test_a_column_of_repeated_dates_means_what_each_text_means_alone(texts):
    layout = FileLayout("r", (Field("d", "D", FieldType.DATE, required=False),), key=())

    def read(some):
        raw = pl.DataFrame(
            {"line_no": range(2, len(some) + 2), "d": some},
            schema={"line_no": pl.Int64, "d": pl.String},
        )
        frame, violations = typed_frame(raw, layout)
        return frame["d"].to_list(), [(f.line - 2, f.code, f.value) for f in violations]

    values, found = read([t or None for t in texts])
    alone = [read([t or None]) for t in texts]
    assert values == [v[0] for v, _ in alone]
    assert sorted(found) == sorted((n, c, x) for n, (_, f) in enumerate(alone) for _, c, x in f)
