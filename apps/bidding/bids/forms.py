"""Forms of bids, bid files and use-limit instructions."""

from __future__ import annotations

import json
import re
from typing import Any

from django import forms

from apps.bidding.bids.codes import LIMIT_TYPES, SERVICES
from apps.platform.core.numbers import UnclearNumber, read_number
from apps.platform.core.quantity import MW, USD
from apps.platform.ui.form_fields import FileOrRows, NumberField, WholeField, day, moment
from apps.platform.ui.json_bodies import BoundedDecoder
from apps.reference.outages.codes import USE_LIMIT_NATURES

MOST_TOLD = 20
BETWEEN = re.compile(r"\s*@\s*|,?\s+")


class RowsTextField(forms.JSONField):
    """Rows of texts: a JSON list, or one row a line with blanks or @ between the cells.

    A comma ends a cell only where a blank follows it: within digits it belongs to the number, which
    ``core.numbers`` reads or refuses. ``words``: the cells that are no numbers.
    """

    widget = forms.Textarea(attrs={"rows": 4, "class": "code short"})

    def __init__(
        self, *, names: tuple[str, ...], words: tuple[str, ...] = (), **kwargs: Any
    ) -> None:
        self.names, self.words = names, words
        super().__init__(required=False, decoder=BoundedDecoder, **kwargs)

    def to_python(self, value: Any) -> Any:
        """Return a list of rows by name."""
        if isinstance(value, str) and not value.strip().startswith("["):
            lines = [line for line in re.split(r"[\n;]", value) if line.strip()]
            return self._rows([BETWEEN.split(line.strip().rstrip(",")) for line in lines])
        found = super().to_python(value)
        if found in (None, ""):
            return []
        if not isinstance(found, list) or not all(isinstance(r, (dict, list)) for r in found):
            raise forms.ValidationError("Give a list of rows.")
        return self._rows(found)

    def _rows(self, given: list[Any]) -> list[dict[str, str]]:
        """Return every row by name, or refuse with all that is wrong of any row."""
        done, wrong = [], []
        for number, row in enumerate(given, 1):
            try:
                done.append(self._row(row) if isinstance(row, list) else self._named(row))
            except forms.ValidationError as trouble:
                wrong += [f"Line {number}: {message}" for message in trouble.messages]
        if wrong:
            raise forms.ValidationError(wrong[:MOST_TOLD])
        return done

    def _row(self, cells: list[Any]) -> dict[str, str]:
        if len(cells) != len(self.names):
            raise forms.ValidationError(
                f"write {', '.join(self.names)}; got {' '.join(map(str, cells))[:60]}."
            )
        return self._read(dict(zip(self.names, cells, strict=True)))

    def _named(self, row: dict[str, Any]) -> dict[str, str]:
        if set(row) != set(self.names):
            raise forms.ValidationError(f"a row has the fields {', '.join(self.names)}.")
        return self._read(row)

    def _read(self, row: dict[str, Any]) -> dict[str, str]:
        """Return the cells as texts, numbers written plainly."""
        try:
            return {
                n: str(row[n]) if n in self.words else f"{read_number(str(row[n])):f}"
                for n in self.names
            }
        except UnclearNumber as unclear:
            raise forms.ValidationError(str(unclear)) from unclear

    def prepare_value(self, value: Any) -> Any:
        """Show rows as lines."""
        if isinstance(value, list):
            return "\n".join(
                " ".join(str(c) for c in (r.values() if isinstance(r, dict) else r)) for r in value
            )
        return value if isinstance(value, str) else json.dumps(value) if value else ""

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whatever was typed counts."""
        return bool(data)


def mw(label: str, help_text: str = "") -> NumberField:
    """Return an optional field for megawatts."""
    return NumberField(
        label=label,
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=MW.places,
        help_text=help_text,
    )


def usd(label: str) -> NumberField:
    """Return an optional field for dollars and cents."""
    return NumberField(
        label=label, required=False, min_value=0, max_digits=14, decimal_places=USD.places
    )


MARKETS = [("DA", "Day-ahead"), ("RT", "Real-time")]


class BidForm(forms.Form):
    """A bid for hours of a trade date."""

    market = forms.ChoiceField(label="Market", choices=MARKETS)
    resource = forms.CharField(label="Resource ID", max_length=40)
    trade_date = day("Trade date")
    first_hour = WholeField(label="From hour ending", min_value=1, max_value=25, initial=1)
    last_hour = WholeField(
        label="To hour ending",
        min_value=1,
        max_value=25,
        required=False,
        help_text="Blank: the last hour of the day",
    )
    config = forms.CharField(
        label="Configuration", max_length=40, required=False, help_text="Of a multi-stage resource"
    )
    energy = RowsTextField(
        names=("from_mw", "to_mw", "usd_mwh"),
        label="Energy curve",
        help_text="A line for each segment: from MW, to MW, $/MWh, such as 10 30 39.00",
    )
    ruc_mw = mw("RUC (MW)", "Day-ahead only")
    services = RowsTextField(
        names=("product", "mw", "usd_mw"),
        words=("product",),
        label="Ancillary services",
        help_text=f"A line for each: {', '.join(SERVICES)}, MW, $/MW, such as SPIN 15 0",
    )
    self_schedule_mw = mw("Self-schedule (MW)")
    startup = usd("Start-up ($/start)")
    min_load = usd("Minimum load ($/run-hour)")
    transitions = RowsTextField(
        names=("to", "usd"),
        words=("to",),
        label="Transitions",
        help_text="A line for each: to configuration, $, such as 1X2 2500.00",
    )


class BidFileForm(FileOrRows):
    """A file of bids, or its rows pasted."""


class InstructionForm(forms.Form):
    """An outage card to be filed."""

    resource = forms.CharField(label="Resource ID", max_length=40)
    limit_type = forms.ChoiceField(label="To preserve", choices=[(t, t) for t in LIMIT_TYPES])
    nature = forms.ChoiceField(label="Nature of work", choices=[(n, n) for n in USE_LIMIT_NATURES])
    curtailed_mw = NumberField(label="To be out (MW)", max_digits=14, decimal_places=MW.places)
    starts_at = moment("From")
    ends_at = moment("To")
    reason = forms.CharField(label="Reason", max_length=300)
