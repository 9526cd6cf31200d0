"""A reader with a fault on purpose is caught by the mutations of every template."""

from __future__ import annotations

import polars as pl
import pytest

from apps.platform.core.layouts import FieldType
from apps.platform.uploads.hooks import kind
from apps.platform.uploads.rules import columns
from tests.platform.uploads import test_mutations as mutations

pytestmark = pytest.mark.brq("BRQ-0105")
convert, text, typed = columns._convert, columns._text, columns.typed_columns


def blank_is_zero(cells, field):
    """Read a blank amount as 0 where no default is declared."""
    values, bad = convert(cells, field)
    return (values.fill_null(0) if field.type is FieldType.DECIMAL else values), bad


def failed_is_blank(raw, layout, done=None):
    """Take what stands in a failed cell for nothing."""
    blanked = [
        pl.when(pl.col(f.name).str.starts_with("#")).then(None).otherwise(f.name).alias(f.name)
        for f in layout.fields
    ]
    return typed(raw.with_columns(blanked), layout, done)


def without_unseen(cells, field):
    """Leave out of a name what nobody sees."""
    return text(cells.str.replace_all("\u200b", ""), field)


def any_sign(cells, field):
    """Read an amount whatever sign stands before or behind it."""
    return convert(cells.str.replace_all(r"[()%-]", "") if field.decimals else cells, field)


FAULTS = {
    "a blank price is 0": ("_convert", blank_is_zero),
    "an error cell is blank": ("typed_columns", failed_is_blank),
    "a comma is left out": ("NUMBER_PATTERN", r"[+-]?\$?[0-9.,]+"),
    "what nobody sees is left out": ("_text", without_unseen),
    "signs and units are left out": ("_convert", any_sign),
}


@pytest.mark.parametrize("code", ["market-intervals", "contract-terms"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_planted_in_the_reader_is_caught(fault, code, monkeypatch):
    name, planted = FAULTS[fault]
    mutations.test_a_spoiled_cell_is_refused_or_read_as_declared(kind(code), "csv")
    monkeypatch.setattr(columns, name, planted)
    with pytest.raises(AssertionError):
        mutations.test_a_spoiled_cell_is_refused_or_read_as_declared(kind(code), "csv")
