"""Wherever a person types a number, a comma or a dollar sign is read right or refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django import forms
from django.core.management import CommandError, call_command

from apps.bidding.bids.forms import BidForm
from apps.bidding.bids.models import Bid, BidFile
from apps.platform.core.effective import ParameterRefused, declared
from apps.platform.core.quantity import MW
from apps.platform.core.violations import ValidationFailed
from apps.platform.ui.form_fields import NumberField
from apps.platform.ui.workflow import WORKFLOWS
from apps.settlement.what_if.rules.changes import read_changes

UNCLEAR = ["31,91", "1.234,56", "12,450", "1 250.00", "1'250.00", "12,45.00", "€5", "1e3", "5,"]


def form_fields():
    """Yield every field of every form of a desk: (desk, name, field)."""
    for desk in WORKFLOWS:
        made = [desk.opening and desk.opening.form, *(s.form for s in desk.steps.values())]
        for form in filter(None, made):
            for name, field in form.base_fields.items():
                yield desk.name, name, field


NUMBERS = [
    pytest.param(field, id=f"{desk}-{name}")
    for desk, name, field in form_fields()
    if isinstance(field, (forms.DecimalField, forms.FloatField))
]
WHOLE = [
    pytest.param(field, id=f"{desk}-{name}")
    for desk, name, field in form_fields()
    if isinstance(field, forms.IntegerField) and not isinstance(field, forms.DecimalField)
]

DAYS = [
    pytest.param(field, id=f"{desk}-{name}")
    for desk, name, field in form_fields()
    if isinstance(field, (forms.DateField, forms.DateTimeField))
]


@pytest.mark.parametrize("field", NUMBERS)
def test_a_number_box_reads_groups_and_refuses_what_is_unclear(field):
    assert isinstance(field, NumberField)
    assert field.to_python("$12,450.00") == Decimal("12450.00")
    for text in UNCLEAR:
        with pytest.raises(forms.ValidationError):
            field.to_python(text)


@pytest.mark.parametrize("field", WHOLE)
def test_a_box_for_a_whole_number_takes_no_comma(field):
    for text in ("1,000", "1,5", "$5", "1 000", "1_0", "\uff11", "\u0663", "1e1", "12-"):
        with pytest.raises(forms.ValidationError):
            field.clean(text)


@pytest.mark.parametrize("field", DAYS)
def test_a_box_for_a_day_reads_what_files_read(field):
    assert str(field.to_python("2024-09-06"))[:10] == "2024-09-06"
    assert str(field.to_python("9/6/2024"))[:10] == "2024-09-06"
    for text in ("9/6/24", "06.09.2024", "Sep 6 2024", "\uff19/6/2024", "20240906", "13/9/2024"):
        with pytest.raises(forms.ValidationError):
            field.to_python(text)


def bid(**words):
    """Return a bid's form."""
    first = {"market": "DA", "resource": "X", "trade_date": "2024-09-04", "first_hour": "1"}
    return BidForm(first | words)


@pytest.mark.parametrize(
    ("name", "typed", "rows"),
    [
        ("energy", "10 30 1,250.00", [["10", "30", "1250.00"]]),
        ("energy", "10, 30, $39.00; 30 45.5 @ 41", [["10", "30", "39.00"], ["30", "45.5", "41"]]),
        ("energy", '[["10", "30", "$1,250.00"]]', [["10", "30", "1250.00"]]),
        ("energy", '[{"from_mw": 10, "to_mw": 30, "usd_mwh": 39.5}]', [["10", "30", "39.5"]]),
        ("services", "SPIN, 15, 1,250.00", [["SPIN", "15", "1250.00"]]),
        ("transitions", "1X2 2,500.00", [["1X2", "2500.00"]]),
        ("transitions", "1X2, $2500", [["1X2", "2500"]]),
    ],
)
def test_lines_of_a_bid_are_read(name, typed, rows):
    form = bid(**{name: typed})
    assert form.is_valid(), form.errors
    assert [list(r.values()) for r in form.cleaned_data[name]] == rows


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("energy", "10 30 {}"),
        ("energy", "{} 30 39"),
        ("services", "SPIN 15 {}"),
        ("services", "SPIN {} 0"),
        ("transitions", "1X2 {}"),
        ("energy", '[["10", "30", "{}"]]'),
        ("transitions", '[["1X2", "{}"]]'),
    ],
)
@pytest.mark.parametrize("text", [t for t in UNCLEAR if t != "5,"])
def test_lines_of_a_bid_that_are_unclear_are_refused(name, line, text):
    form = bid(**{name: line.replace("{}", text)})
    assert not form.is_valid()
    assert set(form.errors) == {name}
    assert "Line 1" in str(form.errors[name])


@pytest.mark.parametrize("glued", ["10,30,39.00", "10,30 39.00", "1,0 30 39"])
def test_a_comma_inside_digits_divides_no_cells(glued):
    assert "energy" in bid(energy=glued).errors


@pytest.mark.parametrize(
    "what", ["price RMR-1", "capacity RMR-1 PGE-TAC GENERIC", "demand SC-1 PGE-TAC"]
)
def test_changes_of_a_trial_are_read_or_refused(what):
    (change,) = read_changes(f"{what} = $1,250.00", {})
    assert change.value(Decimal(1), MW) == 1250
    for text in [*UNCLEAR, "+5,5%", "+1,000%", "-5"]:
        with pytest.raises(ValidationFailed) as caught:
            read_changes(f"{what} = {text}", {})
        assert [(f.code, f.line) for f in caught.value.violations] == [("TRL-LINE", 1)]


def test_a_parameter_takes_no_comma():
    numbers = [p for p in declared() if p.type not in ("choice", "date")]
    assert numbers
    for parameter in numbers:
        for text in UNCLEAR:
            with pytest.raises(ParameterRefused):
                parameter.read(text)


@pytest.mark.django_db
@pytest.mark.parametrize("price", ["1,250.00", "31,91"])
def test_a_pasted_file_of_bids_never_shifts_a_cell(settle, as_user, price):
    settle()
    rows = (
        "MARKET,RESOURCE_ID,TRADE_DATE,HOUR_ENDING,PRODUCT,FROM_MW,MW,PRICE\n"
        f"DA,SUNSET_2_UNITS,2024-09-04,1,ENERGY,40,30,{price}\n"
    )
    as_user("sc.sunset").post("/bid-files/new/", {"rows": rows})
    assert not BidFile.objects.exclude(state="REFUSED").exists()
    assert not Bid.objects.exists()


@pytest.mark.django_db
def test_the_command_line_refuses_an_unclear_bid(settle):
    settle()
    words = [
        "market=DA",
        "resource=SUNSET_2_UNITS",
        "trade_date=2099-01-01",
        "first_hour=1",
        "energy=10 30 31,91",
    ]
    with pytest.raises(CommandError, match="a decimal sign is a point"):
        call_command("case", "open", "bids", *words, "--as", "sc.sunset")
    assert not Bid.objects.exists()
