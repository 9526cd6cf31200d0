"""Public layouts of supply plans and of an LSE's RA filing."""

from __future__ import annotations

from apps.platform.core.layouts import Field, FieldType, FileLayout
from apps.platform.core.quantity import MW

DECIMAL, DATE = FieldType.DECIMAL, FieldType.DATE
MOST_MW = 100_000


def _mw(
    name: str, header: str, example: str, *, required: bool = True, default: str | None = None
) -> Field:
    return Field(
        name,
        header,
        DECIMAL,
        quantity=MW,
        places=2,
        minimum=0,
        maximum=MOST_MW,
        required=required,
        default=default,
        example=example,
    )


def _left(name: str, header: str, max_length: int = 2000) -> Field:
    """A column that exports carry and nothing is read from."""
    return Field(name, header, required=False, optional_column=True, max_length=max_length)


RESOURCE = Field("resource_id", "Resource ID", max_length=40, example="SYN_1_UNIT")
START = Field("first_date", "Start Date", DATE, example="2024-09-01")
END = Field("last_date", "End Date", DATE, example="2024-09-30")
SUPPLIER = Field("scid", "Supplier SCID", max_length=30, example="SYN_GEN_A")
LSE = Field("lse", "LSE SCID", max_length=30, example="SYN_LSE_A")
STATUS = _left("status", "Validation Status", 200)
ERRORS = _left("errors", "Errors and Warnings")
SUPPLY_GENERIC = FileLayout(
    name="generic supply plan",
    key=("resource_id", "lse", "first_date"),
    fields=(
        STATUS,
        SUPPLIER,
        RESOURCE,
        _mw("local_mw", "Local RA MW", "20"),
        _mw("system_mw", "System RA MW", "5"),
        _mw("mw", "Total RA MW", "25"),
        START,
        END,
        LSE,
        ERRORS,
    ),
    examples=({},),
)
SUPPLY_FLEX = FileLayout(
    name="flexible supply plan",
    key=("resource_id", "category", "lse", "first_date"),
    fields=(
        STATUS,
        SUPPLIER,
        RESOURCE,
        Field("category", "Category", FieldType.INTEGER, minimum=1, maximum=3, example="1"),
        _mw("mw", "Flex MW", "10"),
        START,
        END,
        LSE,
        ERRORS,
    ),
    examples=({},),
)
RA_FILING = FileLayout(
    name="RA plan",
    key=("resource_id", "contract", "first_date"),
    fields=(
        Field("contract", "Contract Identifier", max_length=60, example="C-1"),
        RESOURCE,
        _mw("system_mw", "System RA", "5", required=False, default="0"),
        _mw("local_mw", "Local RA", "20", required=False, default="0"),
        Field("bucket", "MCC Bucket", required=False, max_length=20, example="4"),
        Field(
            "continuous",
            "Continuous Availability (Y/N)",
            required=False,
            max_length=3,
            aliases=("Continuous Availability",),
            example="Y",
        ),
        _mw("flex_mw", "Committed Flexible RA", "10", required=False, default="0"),
        Field(
            "category",
            "Flexible Category",
            FieldType.INTEGER,
            minimum=1,
            maximum=3,
            required=False,
            example="1",
        ),
        START,
        END,
        Field("scid", "SCID", max_length=30, example="SYN_GEN_A"),
        Field("zone", "Zonal Designation", required=False, max_length=40, example="NP26"),
        Field("local_area", "Local Area", required=False, max_length=60, example="Bay Area"),
    ),
    examples=({},),
)


def layout_of(plan_type: str, part: str) -> FileLayout:
    """Return the layout of a plan."""
    if plan_type == "RA_PLAN":
        return RA_FILING
    return SUPPLY_FLEX if part == "FLEX" else SUPPLY_GENERIC
