"""The second wall: the database shows a party its own rows even where a selector forgets."""

from __future__ import annotations

import re
from datetime import date
from fnmatch import fnmatch
from pathlib import Path

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from apps.platform.accounts.hooks import OPEN_TABLES
from apps.platform.accounts.models import Party, User
from apps.platform.accounts.services import (
    as_party,
    bypass_rls,
    declared_row_policies,
    install_guards,
)
from apps.platform.audit.models import AuditEvent, Case, EffectiveDated
from apps.platform.runs.models import Result
from apps.platform.uploads.models import DatasetVersion, Fact, Upload, UploadContent
from apps.platform.uploads.selectors import in_force
from apps.reference.market.models import MeteredDemand
from apps.reliability.designations.models import CapacityByTac, ContractPrice, RmrContract
from apps.reliability.designations.selectors import contracts
from apps.settlement.settlements.models import AllocationLine, CapacityPayment
from apps.settlement.statements.models import Statement, StatementLine
from tests.acts import give_value
from tests.scenarios.told import decide, sc_viewer

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def bay():
    return Party.objects.get(code="SYN_LSE_BAY")


def tables():
    with connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = 'public'")
        return sorted(name for (name,) in cursor.fetchall())


def test_every_table_is_behind_the_wall_or_open_for_a_reason():
    unclassified = [
        t
        for t in tables()
        if t not in declared_row_policies() and not any(fnmatch(t, o.table) for o in OPEN_TABLES)
    ]
    assert unclassified == []
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname from pg_class where relrowsecurity and relnamespace = "
            "'public'::regnamespace"
        )
        assert {name for (name,) in cursor.fetchall()} == set(declared_row_policies())


def test_plain_selects_behind_the_wall_show_own_rows_only(settle, bay):
    settle()
    everything = {m: m.objects.count() for m in (MeteredDemand, AllocationLine, Statement)}
    with as_party(bay.pk):
        for model in everything:
            assert set(model.objects.values_list("sc_id", flat=True)) == {bay.pk}
        assert set(StatementLine.objects.values_list("statement__sc_id", flat=True)) == {bay.pk}
        assert not CapacityPayment.objects.exists()  # it owns no resource
        for model in (RmrContract, ContractPrice, CapacityByTac, Upload, UploadContent):
            assert not model.objects.exists(), model
        assert {p.code for p in Party.objects.all()} == {"ISO", "SYN_LSE_BAY"}
        assert not User.objects.filter(username="sc.sunset").exists()
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from uploads_uploadevent")
            assert cursor.fetchone() == (0,)
    assert {m: m.objects.count() for m in everything} == everything


def test_an_owner_sees_its_contract_and_the_public_sees_nothing(settle):
    settle()
    sunset = Party.objects.get(code="SYN_GEN_SUNSET")
    with as_party(sunset.pk):
        assert set(RmrContract.objects.values_list("resource__code", flat=True)) == {
            "SUNSET_2_UNITS"
        }
        assert ContractPrice.objects.exists()
    with as_party(None):
        assert not MeteredDemand.objects.exists()
        assert not Statement.objects.exists()
        assert not User.objects.filter(party__kind="SC").exists()


@pytest.mark.brq("BRQ-1230")
def test_an_open_contract_is_read_through_both_walls_and_closed_again(settle, bay, person):
    """The row policy and the selectors open and close one contract together, and no other."""
    settle()
    viewer = sc_viewer(bay.pk)
    for kind, seen in (("OPEN", {"RMR-SUNSET"}), ("CLOSE", set())):
        decide("RMR-SUNSET", kind, person)
        with as_party(bay.pk):
            for model in (RmrContract, ContractPrice, CapacityByTac):
                assert set(model.objects.values_list("contract_no", flat=True)) == seen
            listed = contracts(viewer=viewer).values_list("contract_no", flat=True)
            assert set(listed) == seen
        with as_party(None):
            assert not RmrContract.objects.exists()
    decide("RMR-SUNSET", "OPEN", person, first=date(2199, 1, 1))
    with as_party(bay.pk):
        assert not RmrContract.objects.exists()  # not yet


@pytest.mark.brq("BRQ-1230")
def test_the_parameter_opens_every_contract_through_both_walls(settle, bay):
    settle()
    give_value("rmr.terms_told", "TERMS")
    with as_party(bay.pk):
        listed = set(contracts(viewer=sc_viewer(bay.pk)).values_list("contract_no", flat=True))
        assert listed == set(RmrContract.objects.values_list("contract_no", flat=True))
        assert len(listed) > 1
    with as_party(None):
        assert not RmrContract.objects.exists()


def test_nobody_writes_another_partys_rows_through_the_wall(bay):
    with as_party(bay.pk):
        assert Upload.objects.filter(pk__gt=0).update(note="mine") == 0
        assert Party.objects.exclude(pk=bay.pk).filter(kind="SC").update(name="x") == 0
    off = "alter table market_metereddemand disable row level security"
    with pytest.raises(DatabaseError), transaction.atomic(), as_party(bay.pk):
        connection.cursor().execute(off)
    assert MeteredDemand.objects.exclude(sc=bay).exists()


def test_the_wall_ends_with_the_body_and_opens_for_a_reason_only(bay):
    with as_party(bay.pk):
        mine = MeteredDemand.objects.count()
        with bypass_rls("a sum"):
            assert MeteredDemand.objects.count() > mine
        assert MeteredDemand.objects.count() == mine
    with pytest.raises(DatabaseError), as_party(bay.pk), transaction.atomic():
        connection.cursor().execute("select 1/0")
    assert MeteredDemand.objects.count() > mine


def test_a_page_that_forgets_its_selector_still_leaks_nothing(settle, as_user, monkeypatch):
    settle()
    monkeypatch.setattr(
        "apps.platform.ui.screens.Screen.rows",
        lambda self, viewer: (
            (
                self.model.objects.annotate(in_force=in_force())
                if self.name == "metered-demand"
                else self.model.objects.all()
            )
            .order_by("pk")
            .values(*dict.fromkeys([*self.key_paths, *(c.path for c in self.all_columns)]))
            if self.name in {"metered-demand", "statements"}
            else pytest.fail("another screen")
        ),
    )
    client = as_user("sc.bay")
    for name in ("metered-demand", "statements"):
        for address in (f"/{name}/?per_page=500", f"/{name}.csv", f"/api/v1/{name}/"):
            response = client.get(address)
            content = b"".join(response) if response.streaming else response.content
            assert b"SYN_LSE_BAY" in content, address
            assert not re.findall(rb"SYN_(?!LSE_BAY)\w+", content), address


KEPT = [
    m
    for m in apps.get_models()
    if issubclass(m, (Fact, EffectiveDated, Case, Result))
    or m in (AuditEvent, UploadContent, DatasetVersion)
]


@pytest.mark.parametrize("model", KEPT, ids=lambda m: m._meta.label)
def test_a_table_of_one_of_the_four_kinds_is_never_emptied(model):
    with pytest.raises(DatabaseError, match="Cannot truncate"), transaction.atomic():
        connection.cursor().execute(f"truncate {model._meta.db_table} cascade")


def test_building_the_wall_again_changes_nothing_and_mends_what_is_gone():
    install_guards()
    with connection.cursor() as cursor:
        cursor.execute("comment on function rmrcpm_party() is 'old'")
        cursor.execute("drop policy party_reads on market_metereddemand")
    install_guards()
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_policies where tablename = 'market_metereddemand'")
        assert cursor.fetchone() == (4,)


def test_a_connection_made_anew_stands_behind_the_same_wall(bay):
    from django.db import connections

    anew = connections.create_connection("default")
    anew.rmrcpm_party = bay.pk
    try:
        with anew.cursor() as cursor:
            cursor.execute("select current_user, current_setting('rmrcpm.party')")
            assert cursor.fetchone() == ("rmrcpm_party", str(bay.pk))
    finally:
        anew.close()


def test_every_look_over_the_wall_is_known():
    uses = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "apps").rglob("*.py")
        if "with bypass_rls(" in path.read_text()
    }
    assert uses == {
        "apps/settlement/settlements/services/explaining.py",  # the load a share is a share of
        "apps/settlement/settlements/services/attributing.py",  # the same for each cause
        "apps/settlement/settlements/services/packing.py",  # the same, for a replay kit
        "apps/settlement/settlements/selectors/withholding.py",  # how many SCs share a sum
        "apps/settlement/settlements/selectors/held.py",  # how many of others' inputs are missing
        "apps/settlement/settlements/selectors/sharers.py",  # who shares a sum, to withhold it
        "apps/settlement/cost_recovery/services/filing.py",  # is one's own resource under new RMR
        "apps/settlement/cost_recovery/services/previewing.py",  # own energy comes by COPY
        "apps/platform/notifications/services.py",  # a notice is for its reader, whoever caused it
        "apps/platform/notifications/views.py",  # the key in a calendar's address says whose it is
        "apps/bidding/bids/services/bid_files.py",  # the system takes or refuses a party's file
        "apps/bidding/costs/services/requesting.py",  # the threshold decides, not the party
        "apps/platform/uploads/services/rows.py",  # whose row it is stands in the row
        "apps/adequacy/plans/services.py",  # a plan is checked against contracts of any resource
        "apps/adequacy/plans/selectors.py",  # every source of the viewer's own resources is counted
        "apps/adequacy/cpm/services/offering.py",  # what the offered resource shows already
        "apps/adequacy/cpm/services/designating.py",  # designates in the ISO's name
        "apps/adequacy/substitutions/services/requesting.py",  # what the substitute shows already
        "apps/adequacy/substitutions/services/exempting.py",  # whose outage, which contract
        "apps/site/home/selectors/life.py",  # a probe has no party; it is told kinds and numbers
        "apps/adequacy/substitutions/services/searching.py",  # what own resources could spare
    }
