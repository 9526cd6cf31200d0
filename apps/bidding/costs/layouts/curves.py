"""Layouts of published heat-rate files, column by column as their publishers wrote them."""

from __future__ import annotations

from apps.platform.core.layouts import Field, FieldType, FileLayout
from apps.platform.core.quantity import MODEL, USD_PER_MWH

DECIMAL = FieldType.DECIMAL


def _mw(name: str, header: str, example: str, *, required: bool = True) -> Field:
    return Field(name, header, DECIMAL, quantity=MODEL, required=required, example=example)


def _rate(name: str, header: str, example: str) -> Field:
    """Return a heat rate in MMBtu/MWh."""
    return Field(
        name, header, DECIMAL, quantity=MODEL, required=False, example=example, help="MMBtu/MWh."
    )


STEPS = tuple(range(2, 8))
WECC_ROW = FileLayout(
    name="WECC input-output curves",
    key=("unit",),
    names_in="unit",
    fields=(
        Field("unit", "Generator Name", max_length=80, example="Metcalf CC1a"),
        Field(
            "generic",
            "Generic IO Curve Name",
            required=False,
            optional_column=True,
            max_length=80,
            example="NA",
        ),
        _mw("max_mw", "IOMaxCap(MW)", "298"),
        _mw("min_mw", "IOMinCap(MW)", "190"),
        Field(
            "min_input",
            "MinInput(MMBTu)",
            DECIMAL,
            quantity=MODEL,
            example="1355.9",
            help="Heat input of an hour at the least output.",
        ),
        *(
            field
            for n in STEPS
            for field in (
                _mw(f"width_{n}", f"IncCap{n}(MW)", "23.167" if n == 2 else "0", required=n == 2),
                _rate(f"rate_{n}", f"IncHR{n}(MMBTu/MWh)", "6.017" if n == 2 else "0"),
            )
        ),
    ),
    examples=({},),
)
CAPOW_ROW = FileLayout(
    name="CAPOW generators",
    key=("unit",),
    names_in="unit",
    fields=(
        Field("unit", "name", max_length=80, example="GRNLF2_1_UNIT"),
        Field("kind", "typ", required=False, max_length=60, example="ngcc"),
        Field("zone", "zone", required=False, max_length=20, example="PGE_valley"),
        _mw("max_mw", "netcap", "63.75"),
        _rate("rate_1", "seg1", "6.64"),
        _rate("rate_2", "seg2", "6.9"),
        _rate("rate_3", "seg3", "7.16"),
        _mw("min_mw", "mincap", "26"),
        Field("vom", "var_om", DECIMAL, quantity=USD_PER_MWH, required=False, example="2"),
        Field("start_usd", "st_cost", DECIMAL, quantity=MODEL, required=False, example="4462.5"),
        *(
            Field(name, name, required=False, optional_column=True, example=example)
            for name, example in (("ramp", "19"), ("minu", "6"), ("mind", "6"), ("no_load", "2.62"))
        ),
    ),
    examples=({},),
)
EPA_ROW = FileLayout(
    name="EPA annual rates",
    key=("plant_id", "unit_id"),
    fields=(
        Field("plant", "Facility Name", max_length=120, example="Metcalf Energy Center"),
        Field("plant_id", "Facility ID", max_length=12, example="55393"),
        Field("unit_id", "Unit ID", max_length=20, example="1"),
        Field(
            "hours",
            "Sum of the Operating Time",
            DECIMAL,
            quantity=MODEL,
            required=False,
            example="6535.09",
            help="Hours of operation in the year.",
        ),
        Field(
            "load",
            "Gross Load (MWh)",
            DECIMAL,
            quantity=MODEL,
            required=False,
            example="1544994.31",
        ),
        Field(
            "heat",
            "Heat Input (mmBtu)",
            DECIMAL,
            quantity=MODEL,
            required=False,
            example="11037482.277",
        ),
        Field(
            "heat_rate",
            "Heat Input (mmBtu/MWh)",
            required=False,
            max_length=40,
            example="7.144",
            blanks=("#DIV/0!",),
            help="As printed, #DIV/0! of units without load; the rate is taken from input and "
            "load.",
        ),
        Field(
            "fuel",
            "Primary Fuel Type",
            required=False,
            max_length=60,
            example="Pipeline Natural Gas",
        ),
        Field("kind", "Unit Type", required=False, max_length=80, example="Combined cycle"),
    ),
    examples=({},),
)
