"""Layouts of contract terms and of NQC/EFC for RMR resources."""

from __future__ import annotations

from apps.designations.terms import Nonperformance, ObligationType, Scope
from apps.kernel.quantity import MW, USD_PER_MW_DAY
from apps.kernel.records import Field, FieldType, Record
from apps.resources.records import SOURCE, TAC_CODES, TAC_SYNONYMS
from apps.resources.terms import LOCAL_AREAS

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
              help="Listed local area, if any.", example="SIERRA"),
        Field("source", "SOURCE", required=False, optional_column=True, max_length=300,
              help="Where the figures come from; starts with SYNTHETIC where invented."),
    ),
    examples=({},),
)  # fmt: skip
