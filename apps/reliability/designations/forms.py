"""Forms of study findings, designations, contract terms, disclosures, prices and Pmax."""

from __future__ import annotations

from typing import Any

from django import forms

from apps.platform.core.quantity import MW, USD, USD_PER_MW_DAY
from apps.platform.ui.form_fields import NumberField, WholeField, case_number, day, number
from apps.reference.resources.layouts import TAC_CODES
from apps.reliability.designations.codes import (
    DISCLOSURES,
    ENDINGS,
    NEEDS,
    Nonperformance,
    ObligationType,
)


class StudyFindingForm(forms.Form):
    """What a study found."""

    notice = case_number("Notice no.")
    study = forms.CharField(label="Study", max_length=200, help_text="Its title or reference")
    study_date = day("Study of")
    needs = forms.MultipleChoiceField(
        label="Needed for",
        required=False,
        choices=[(n.value, t) for n, t in NEEDS.items()],
        widget=forms.CheckboxSelectMultiple,
        help_text="None: the resource is not needed",
    )
    need_mw = number("Need", MW)
    available_mw = number("Available", MW)
    note = forms.CharField(label="Note", max_length=500, required=False)


class DesignationForm(forms.Form):
    """A designation of months of one RA year."""

    notice = case_number("Notice no.", required=False)
    finding = case_number("Finding no.", required=False)
    renews = case_number(
        "Renews designation no.",
        required=False,
        help_text="Notice and finding are then those of what it renews",
    )
    need = forms.ChoiceField(
        label="Need",
        choices=[(n.value, t) for n, t in NEEDS.items()],
        help_text="Local where the study found it with another",
    )
    ra_year = WholeField(label="RA year", min_value=2018, max_value=2199)
    start = day("First day", help_text="First of a month")
    end = day("Last day", help_text="Last of a month, within the RA year")
    contract_mw = number("Contract capacity", MW, help_text="Blank: the whole Pmax on file")
    mw_override = forms.CharField(
        label="Why MW differs from Pmax",
        required=False,
        max_length=300,
        help_text="Only where public records disagree; kept with the contract",
    )
    conditional = forms.BooleanField(
        label="Conditional: lapses where an RA contract comes first", required=False
    )
    board_date = day("Board decision", required=False)


class EndingForm(forms.Form):
    """How a designation ends before its last day."""

    designation = case_number("Designation no.")
    kind = forms.ChoiceField(label="How", choices=[(e.value, t) for e, t in ENDINGS.items()])
    last_day = day(
        "New last day", required=False, help_text="Of a termination: the last of a month"
    )
    ferc_docket = forms.CharField(
        label="FERC docket",
        max_length=40,
        required=False,
        help_text="Where FERC ordered it; needed for days whose payload is published",
    )
    ferc_approved_on = day("FERC order of", required=False)
    reason = forms.CharField(label="Reason", max_length=400)
    over_files = forms.CharField(
        label="Why although a file waits",
        max_length=400,
        required=False,
        help_text="Where a file of contract terms waits with terms of the days that are to end",
    )


def capacity_field(tac: str, kind: str) -> str:
    """Return the name of the field for MW of a TAC area and obligation type."""
    return f"{kind}_{tac}".lower().replace("-", "_")


class TermsForm(forms.Form):
    """Contract terms of a designation."""

    designation = case_number("Designation no.")
    contract_no = forms.CharField(label="Contract", max_length=40)
    first_date = day("First trade date")
    last_date = day("Last trade date")
    price = number(
        "Price",
        USD_PER_MW_DAY,
        help_text="Or the revenue requirement; or neither, until one is approved",
    )
    afrr_usd = number("Fixed revenue requirement of these dates", USD)
    nonperformance = forms.ChoiceField(
        label="Non-performance", choices=[(n.value, n.value) for n in Nonperformance]
    )
    penalty = forms.CharField(
        label="Negotiated penalty",
        max_length=300,
        required=False,
        help_text="Where it is ALTERNATIVE",
    )
    ferc_docket = forms.CharField(label="FERC docket", max_length=40, required=False)
    ferc_approved_on = day("FERC approval", required=False)
    reference = forms.CharField(label="Reference", max_length=300)

    def clean(self) -> dict[str, Any]:
        """Take price or revenue requirement, not both; gather the megawatts."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("price") is not None and found.get("afrr_usd") is not None:
            self.add_error("afrr_usd", "Give the price or the revenue requirement, not both.")
        found["capacity"] = {
            (tac, kind.value): mw
            for tac in TAC_CODES
            for kind in ObligationType
            if (mw := found.pop(capacity_field(tac, kind), None))
        }
        return found


for _tac in TAC_CODES:
    for _kind in ObligationType:
        _field = number(f"{_kind.title()} {_tac}", MW)
        TermsForm.base_fields[capacity_field(_tac, _kind)] = _field
        TermsForm.declared_fields[capacity_field(_tac, _kind)] = _field


class PriceForm(forms.Form):
    """An approved price."""

    contract_no = forms.CharField(label="Contract", max_length=40)
    first_date = day("First trade date")
    last_date = day("Last trade date", required=False, help_text="Blank: to the contract's end")
    price = number("Price", USD_PER_MW_DAY)
    afrr_usd = number("Or fixed revenue requirement of the contract's dates", USD)
    ferc_docket = forms.CharField(label="FERC docket", max_length=40)
    ferc_approved_on = day("FERC approval")
    reference = forms.CharField(label="Reference", max_length=300)

    def clean(self) -> dict[str, Any]:
        """Take price or revenue requirement, one of the two."""
        found: dict[str, Any] = super().clean() or {}
        if "price" in found and "afrr_usd" in found:
            given = [v for v in (found["price"], found["afrr_usd"]) if v is not None]
            if len(given) != 1:
                self.add_error("price", "Give the price or the revenue requirement.")
        return found


class PmaxForm(forms.Form):
    """A Pmax that FERC approved."""

    resource = forms.CharField(label="Resource ID", max_length=40)
    pmax_mw = NumberField(label="Pmax (MW)", min_value=0, max_digits=14, decimal_places=MW.places)
    first_date = day("From trade date")
    ferc_docket = forms.CharField(label="FERC docket", max_length=40)
    ferc_approved_on = day("FERC approval")
    reference = forms.CharField(label="Reference", max_length=300)


class DisclosureForm(forms.Form):
    """A contract whose terms are to be told to every SC, or no longer."""

    contract_no = forms.CharField(label="Contract", max_length=40)
    kind = forms.ChoiceField(label="What", choices=[(d.value, t) for d, t in DISCLOSURES.items()])
    first_date = day("From", help_text="The first day on which readers are told, or no longer")
    ferc_docket = forms.CharField(
        label="FERC docket",
        max_length=40,
        required=False,
        help_text="Where the contract is public; needed to open it",
    )
    reason = forms.CharField(label="Reason", max_length=400)
