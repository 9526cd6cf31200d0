"""The layouts of CPM facts of public record and of LSEs' deficiencies."""

from __future__ import annotations

from apps.platform.core.layouts import Field, FieldType, FileLayout
from apps.platform.core.quantity import MW

FACT_ROW = FileLayout(
    name="CPM facts of public record",
    key=("fact_id",),
    fields=(
        Field("fact_id", "fact_id", max_length=10, example="C11"),
        Field("kind", "kind", max_length=120, example="CPM soft offer cap"),
        Field("resource_id", "resource_id", required=False, max_length=40, example=""),
        Field("tac_area", "tac_area", required=False, max_length=20, example="PGE"),
        Field(
            "effective_date",
            "effective_date",
            max_length=10,
            example="2024-06",
            help="A year, a month or a day, as the page says.",
        ),
        Field(
            "term_days",
            "term_days",
            FieldType.INTEGER,
            required=False,
            minimum=0,
            maximum=4000,
            example="30",
        ),
        Field("quantity", "quantity", required=False, example="cap"),
        Field("value", "value", max_length=40, example="7.34"),
        Field("unit", "unit", max_length=20, example="USD/kW-month"),
        Field("source_url", "source_url", max_length=300, example="https://example.org/page"),
        Field("note", "note", required=False, max_length=300, example="", remark=True),
    ),
    examples=({},),
)
DEFICIENCY_ROW = FileLayout(
    name="CPM deficiencies",
    key=("designation_no", "sc_id"),
    fields=(
        Field(
            "designation_no",
            "DESIGNATION",
            FieldType.INTEGER,
            minimum=1,
            maximum=2**31 - 1,
            help="Number of the CPM designation that made up for it.",
            example="1",
        ),
        Field(
            "sc_id", "SC_ID", max_length=30, help="The deficient LSE's SC.", example="SYN_LSE_BAY"
        ),
        Field("mw", "DEFICIENCY_MW", FieldType.DECIMAL, quantity=MW, minimum=0, example="30"),
        Field(
            "source",
            "SOURCE",
            required=False,
            optional_column=True,
            max_length=300,
            help="Where the figure comes from; starts with SYNTHETIC where it is invented.",
            remark=True,
        ),
    ),
    examples=({},),
)
