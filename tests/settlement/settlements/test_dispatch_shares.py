"""What exceptional dispatch is shared by the tariff's way: the file, its gaps, and who is told."""

import polars as pl
import pytest

from apps.reference.market.codes import MEASURED_DEMAND, TRANSMISSION_OWNER
from apps.reference.market.models import DispatchShare
from apps.settlement.settlements.rules.demand import Load
from apps.settlement.settlements.rules.dispatch_shares import (
    DispatchShares,
    ShareRow,
    dispatch_base,
    shared_dispatch,
)
from apps.settlement.settlements.rules.lines import owner_lines
from tests.conftest import DAY

HEAD = "TRADE_DATE,BASIS,RESOURCE_ID,SC_ID,QUANTITY\n"
KEYS = {"SC_A": 1, "SC_B": 2, "SC_C": 3}
LOAD = Load({("SC_A", "T"): 60, ("SC_B", "T"): 30, ("SC_C", "T"): 10}, KEYS, {"T": 9})


def book(*entries, reading="TARIFF"):
    shares = DispatchShares(tuple(ShareRow(n, *e) for n, e in enumerate(entries, 2)), KEYS)
    return {
        "md": LOAD,
        "md_sc": {"SC_A": 60, "SC_B": 30, "SC_C": 10},
        "ed_base": dispatch_base(shares, reading),
        "ED-IIE": owner_lines("ED-IIE", [(11, -60_000)], {11: 1}),
        "ED-TR": owner_lines("ED-TR", [(11, -10_000), (12, -12_000)], {11: 1, 12: 1}),
    }


def borne(code, of, at):
    lines = shared_dispatch(code, of)(at, None)[code]
    assert lines["amount"].sum() == -at[of]["amount"].sum()
    return {(r["sc_id"], r["resource_id"]): r["amount"] for r in lines.iter_rows(named=True)}


MEASURED = [(MEASURED_DEMAND, None, sc, n) for sc, n in (("SC_A", 5), ("SC_B", 3), ("SC_C", 2))]
OWNERS = [(TRANSMISSION_OWNER, 11, "SC_B", 3), (TRANSMISSION_OWNER, 11, "SC_C", 1)]


@pytest.mark.brq("BRQ-1260")
def test_energy_is_shared_by_measured_demand_and_uplift_by_the_territory():
    """Worked in docs/algorithms/settlement-engine.md, Allocations."""
    at = book(*MEASURED, *OWNERS)
    assert borne("ED-IIE-ALLOC", "ED-IIE", at) == {
        (1, None): 30_000,
        (2, None): 18_000,
        (3, None): 12_000,
    }
    assert borne("ED-TR-ALLOC", "ED-TR", at) == {
        (1, None): 7_200,
        (2, None): 3_600,
        (3, None): 1_200,
        (2, 11): 7_500,
        (3, 11): 2_500,
    }


@pytest.mark.brq("BRQ-1260")
def test_owners_of_any_resource_stand_back_behind_those_of_one():
    at = book(*OWNERS, (TRANSMISSION_OWNER, None, "SC_A", 7))
    assert borne("ED-TR-ALLOC", "ED-TR", at) == {(2, 11): 7_500, (3, 11): 2_500, (1, 12): 12_000}
    assert borne("ED-IIE-ALLOC", "ED-IIE", at)[1, None] == 36_000  # no measured demand on file


@pytest.mark.brq("BRQ-1260")
def test_simple_reads_no_quantity_and_zero_is_none():
    nothing = book(*MEASURED, *OWNERS, reading="SIMPLE")
    assert borne("ED-IIE-ALLOC", "ED-IIE", nothing)[1, None] == 36_000
    zero = book((MEASURED_DEMAND, None, "SC_A", 0), (TRANSMISSION_OWNER, 11, "SC_B", 0))
    assert borne("ED-TR-ALLOC", "ED-TR", zero) == {
        (1, None): 13_200,
        (2, None): 6_600,
        (3, None): 2_200,
    }


@pytest.mark.django_db
@pytest.mark.brq("BRQ-1260")
def test_a_file_of_shares_is_checked_and_corrects_the_basis_it_names(send, load):
    wrong = HEAD + (
        f"{DAY},MEASURED_DEMAND,SUNSET_2_UNITS,SYN_LSE_BAY,5\n"
        f"{DAY},TRANSMISSION_OWNER,SUNSET_2_UNIT,SYN_LSE_BAY,5\n"
        f"{DAY},TRANSMISSION_OWNER,,SYN_LSE_BAI,5\n"
        f"{DAY},TRANSMISSION_OWNER,,SYN_LSE_BAY,-5\n"
    )
    found = send("dispatch-shares", wrong).violations.all()
    assert sorted((f.code, f.line, f.column) for f in found) == [
        ("MKT-RESOURCE", 3, "RESOURCE_ID"),
        ("MKT-SC", 4, "SC_ID"),
        ("MKT-SHARE", 2, "RESOURCE_ID"),
        ("UP-LOW", 5, "QUANTITY"),
    ]
    load("dispatch-shares", HEAD + f"{DAY},TRANSMISSION_OWNER,,SYN_LSE_BAY,1250000\n")
    load("dispatch-shares", HEAD + f"{DAY},MEASURED_DEMAND,,SYN_LSE_BAY,5.5\n")
    newest = DispatchShare.objects.order_by("-dataset_version_id").first().dataset_version_id
    kept = DispatchShare.objects.filter(dataset_version_id=newest)
    assert sorted(kept.values_list("basis", flat=True)) == [
        "MEASURED_DEMAND",
        "TRANSMISSION_OWNER",
    ]


def test_the_frame_of_lines_is_one_whatever_shares():
    lines = shared_dispatch("ED-TR-ALLOC", "ED-TR")(book(*OWNERS), None)["ED-TR-ALLOC"]
    plain = shared_dispatch("ED-TR-ALLOC", "ED-TR")(book(), None)["ED-TR-ALLOC"]
    assert lines.schema == plain.schema
    assert isinstance(lines, pl.DataFrame)
