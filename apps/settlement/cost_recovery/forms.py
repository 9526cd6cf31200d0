"""Forms of cost recovery."""

from __future__ import annotations

from django import forms

from apps.platform.core.quantity import USD, USD_PER_MWH
from apps.platform.core.typed_rows import TypedRows
from apps.platform.ui.form_fields import number
from apps.platform.ui.row_editor import EditorCell, ReadRows, RowEditor, RowsField
from apps.settlement.cost_recovery.codes import KIND_TITLES
from apps.settlement.cost_recovery.rules import SHAPE, read_items, rows_of

ITEM_CELLS = (
    EditorCell("trade_date", "Trade date", "date"),
    EditorCell("first_hour", "HE from", "hour", "1"),
    EditorCell("last_hour", "HE to", "hour", "last"),
    EditorCell("amount", "Amount ($)", "money", "12,450.00"),
    EditorCell("what", "Description", "text", "Replacement gas, invoice 77"),
)
GRANT_CELLS = (
    EditorCell("item", "Item", "shown"),
    EditorCell("what", "Description", "shown"),
    EditorCell("claimed", "Claimed ($)", "shown"),
    EditorCell("amount", "Approved ($)", "money", "in full"),
)


def _read(given: str | TypedRows) -> ReadRows:
    items = read_items(given)
    return ReadRows(rows_of(items), f"{USD.from_scaled(sum(i.cents for i in items)):,.2f}")


def items_field() -> RowsField:
    """Return the field for items: a row each, or lines of text."""
    return RowsField(
        label="Items",
        max_length=60_000,
        read=_read,
        editor=RowEditor(
            cells=ITEM_CELLS, total="Claimed total", paste=f"One item a line, such as: {SHAPE}"
        ),
        help_text="Without hours an item is for the whole trade date. Amounts such as 12450.00 or "
        "12,450.00.",
    )


class CostRecoveryForm(forms.Form):
    """A request with its items."""

    kind = forms.ChoiceField(label="Cost", choices=[(k.value, t) for k, t in KIND_TITLES.items()])
    resource = forms.CharField(label="Resource ID", max_length=40)
    reference = forms.CharField(label="Your own reference", max_length=80, required=False)
    items = items_field()
    reason = forms.CharField(
        label="Justification",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What made the cost rise above what the ISO calculates.",
    )


class ItemsForm(forms.Form):
    """Other items of a draft; earlier ones are kept."""

    items = items_field()


class RecommendForm(forms.Form):
    """A cost basis where the ISO's daily one is missing or wrong."""

    basis = number("Cost basis", USD_PER_MWH, help_text="Empty: the ISO's daily cost basis.")


class ApproveForm(forms.Form):
    """What is approved of single items."""

    granted = RowsField(
        label="Approved amounts",
        required=False,
        max_length=20_000,
        editor=RowEditor(
            cells=GRANT_CELLS,
            fixed=True,
            paste="Item number and dollars, one a line, such as 2: 1,400.00",
        ),
        help_text="An item without an amount is approved in full; 0 approves nothing of it.",
    )
