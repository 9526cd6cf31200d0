"""Layouts of contract terms and of NQC/EFC for RMR resources."""

from __future__ import annotations

from apps.platform.kernel.quantity import MW, USD, USD_PER_MW_DAY
from apps.platform.kernel.records import Field, FieldType, Record
from apps.reference.resources.records import SOURCE, TAC_CODES, TAC_SYNONYMS
from apps.reference.resources.terms import LOCAL_AREAS
from apps.reliability.designations.terms import Nonperformance, ObligationType, Scope

CONTRACT_ROW = Record(
    name="RMR contract terms",
    key=("contract_id", "start_date", "tac_area", "obligation_type"),
    fields=(
        Field("contract_id", "CONTRACT_ID", max_length=40, example="RMR-2024-GRNLF2"),
        Field("resource_id", "RESOURCE_ID", max_length=40, example="GRNLF2_1_UNIT"),
        Field("effective_date", "EFFECTIVE_DATE", FieldType.DATE, example="2020-01-01",
              help="Day the agreement took effect; it decides the vintage. An extension keeps it."),
        Field("condition", "CONDITION", FieldType.CHOICE, choices=("1", "2"), required=False,
              help="Condition 1 or 2 of a legacy contract, blank for new-tariff."),
        Field("start_date", "START_DATE", FieldType.DATE, example="2024-01-01",
              help="First trade date of these terms; first of a month for new-tariff."),
        Field("end_date", "END_DATE", FieldType.DATE, example="2024-12-31",
              help="Last trade date of these terms; last of a month for new-tariff."),
        Field("scope", "RELIABILITY_SCOPE", FieldType.CHOICE, choices=tuple(Scope),
              help="LOCAL where both needs exist.", example="LOCAL"),
        Field("local_area", "LOCAL_AREA", FieldType.CHOICE, choices=LOCAL_AREAS, required=False,
              help="Required for LOCAL.", example="SIERRA"),
        Field("price", "PRICE_USD_PER_MW_DAY", FieldType.DECIMAL, quantity=USD_PER_MW_DAY,
              minimum=0, required=False, example="185.5",
              help="Contract price; blank while it is not approved (the day is then held)."),
        Field("tac_area", "TAC_AREA", FieldType.CHOICE, choices=TAC_CODES,
              synonyms=TAC_SYNONYMS, example="PGE-TAC"),
        Field("obligation_type", "OBLIGATION_TYPE", FieldType.CHOICE,
              choices=tuple(ObligationType), example="GENERIC"),
        Field("mw", "MW", FieldType.DECIMAL, quantity=MW, minimum=0, places=2, example="49.2",
              help="Capacity of this TAC area and obligation type."),
        Field("nonperformance", "NONPERFORMANCE", FieldType.CHOICE,
              choices=tuple(Nonperformance), required=False, optional_column=True,
              default=Nonperformance.RAAIM.value, example="RAAIM"),
        Field("afrr", "AFRR_USD", FieldType.DECIMAL, quantity=USD, minimum=0, required=False,
              optional_column=True, example="",
              help="Fixed revenue requirement of these dates; the price is derived from it where "
              "the price is blank."),
        Field("penalty", "PENALTY", required=False, optional_column=True, max_length=300,
              help="The negotiated penalty of ALTERNATIVE.", example=""),
        Field("mw_override", "MW_OVERRIDE", required=False, optional_column=True, max_length=300,
              help="Why MW differs from Pmax, where it does.", example=""),
        Field("ferc_docket", "FERC_DOCKET", required=False, optional_column=True, max_length=40,
              example="ER21-998"),
        Field("ferc_approved", "FERC_APPROVED", FieldType.DATE, required=False,
              optional_column=True, help="Day of the approval.", example=""),
        SOURCE,
    ),
    examples=({}, {"obligation_type": "FLEX", "mw": "30"}),
)  # fmt: skip

RMR_NQC_ROW = Record(
    name="NQC and EFC of RMR resources",
    key=("resource_id", "ra_year", "ra_month"),
    fields=(
        Field("resource_id", "RESOURCE_ID", max_length=40, example="GRNLF2_1_UNIT"),
        Field("ra_year", "RA_YEAR", FieldType.INTEGER, minimum=2000, maximum=2100, example="2024"),
        Field("ra_month", "RA_MONTH", FieldType.INTEGER, minimum=1, maximum=12, example="9"),
        Field("nqc_mw", "NQC_MW", FieldType.DECIMAL, quantity=MW, minimum=0, places=2,
              help="Net qualifying capacity.", example="49.2"),
        Field("efc_mw", "EFC_MW", FieldType.DECIMAL, quantity=MW, minimum=0, places=2,
              required=False, help="Effective flexible capacity, blank for none.", example="30",
              default="0"),
        Field("flex_category", "FLEX_CATEGORY", FieldType.INTEGER, minimum=1, maximum=3,
              required=False, help="1, 2 or 3 where EFC is above 0, else blank.", example="1"),
        Field("local_area", "LOCAL_AREA", FieldType.CHOICE, choices=LOCAL_AREAS, required=False,
              help="Listed local area, if any.", example="SIERRA", code="RMR-E-0105E"),
        Field("source", "SOURCE", required=False, optional_column=True, max_length=300,
              help="Where the figures come from; starts with SYNTHETIC where invented."),
    ),
    examples=({},),
    double_code="RMR-E-0105F",
)  # fmt: skip


PUBLIC_FACT_ROW = Record(
    name="RMR facts of public record",
    key=("fact_id",),
    fields=(
        Field("fact_id", "fact_id", max_length=10, example="R10"),
        Field("resource_name", "resource_name", example="Greenleaf II Cogen"),
        Field("resource_id", "resource_id", max_length=40, example="GRNLF2_1_UNIT"),
        Field("event", "event", max_length=200, example="Board conditional RMR designation"),
        Field("event_date", "event_date", max_length=10, example="2020-03-25",
              help="A year, a month or a day, as the page says."),
        Field("period_start", "period_start", FieldType.DATE, required=False,
              example="2020-01-01"),
        Field("period_end", "period_end", FieldType.DATE, required=False, example="2020-12-31"),
        Field("need", "reliability_need", required=False, max_length=20, example="local"),
        Field("local_area", "local_area", required=False, example="Sierra"),
        Field("quantity", "quantity", required=False, example="sub-area need"),
        Field("value", "value", required=False, max_length=40, example="734"),
        Field("unit", "unit", required=False, max_length=20, example="MW"),
        Field("docket", "docket", required=False, max_length=40, example="ER20-1708"),
        Field("source_url", "source_url", max_length=300, example="https://example.org/page"),
        Field("note", "note", required=False, max_length=300, example=""),
    ),
    examples=({},),
)  # fmt: skip
