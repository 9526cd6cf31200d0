"""The chain from its declarations: it fits together, and one that does not is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from apps.platform.core.registry import RegistryError
from apps.settlement.settlements.rules import chain
from apps.settlement.settlements.rules.chain import (
    NODES,
    BadChain,
    Figures,
    Node,
    Version,
    in_order,
)
from tests.registries import put

pytestmark = pytest.mark.brq("BRQ-1225", "BRQ-1255")
NOTHING = Version(date(2000, 1, 1), "none", lambda book, day: {})


def node(code, reads, gives, unit="$"):
    return Node(
        code=code,
        title=code,
        role="PC",
        reads=reads,
        gives=tuple(Figures(g, unit, (), g) for g in gives),
        versions=(NOTHING,),
        requirements=(),
        source="test",
    )


def test_every_node_stands_after_what_it_reads():
    seen = set()
    for found in in_order(list(NODES)):
        assert set(found.reads) <= seen, found.code
        seen |= {p.name for p in found.gives}


def test_every_charge_code_gives_its_own_lines_with_source_and_requirement():
    for code, found in chain.charge_codes().items():
        assert code in {p.name for p in found.gives}
        assert found.source
        assert found.requirements
        assert found.versions


def test_a_circle_is_refused():
    with pytest.raises(BadChain, match="circle"):
        in_order([node("A", {"b": "$"}, ["a"]), node("B", {"a": "$"}, ["b"])])


def test_a_unit_that_differs_is_refused():
    with pytest.raises(BadChain, match="in MWh; A gives it in"):
        in_order([node("A", {}, ["a"]), node("B", {"a": "MWh"}, ["b"])])


def test_a_port_that_nobody_gives_is_refused():
    with pytest.raises(BadChain, match="nobody gives"):
        in_order([node("B", {"a": "$"}, ["b"])])


def test_a_port_that_two_give_is_refused():
    with pytest.raises(BadChain, match="given by A and B"):
        in_order([node("A", {}, ["a"]), node("B", {}, ["a"])])


def test_a_code_is_declared_once():
    with pytest.raises(RegistryError, match=r"settlements\.nodes has PC-MEAF already, from "):
        NODES.register(NODES["PC-MEAF"])


def test_the_trade_date_chooses_the_version():
    later = Version(date(2025, 1, 1), "other", NOTHING.compute)
    dated = replace(node("A", {}, ["a"]), versions=(NOTHING, later))
    assert dated.version(date(2024, 12, 31)) is NOTHING
    assert dated.version(date(2025, 1, 1)) is later
    with pytest.raises(BadChain, match="no formula"):
        dated.version(date(1999, 1, 1))


@pytest.mark.django_db
def test_a_new_charge_code_is_a_module_and_nothing_else(settle, monkeypatch, now):
    """A code declared beside the others is calculated, stored, stated and explained."""
    from apps.settlement.settlements.rules.lines import line_frame
    from apps.settlement.settlements.services import explain_line
    from apps.settlement.statements.models import StatementLine

    def half_a_dollar(book, day):
        first, second = sorted(book["md"].sc_keys.values())[:2]
        return {
            "NEW-CODE": line_frame(
                [
                    ("NEW-CODE", first, None, None, "", None, None, 50),
                    ("NEW-CODE", second, None, None, "", None, None, -50),
                ]
            )
        }

    added = Node(
        code="NEW-CODE",
        title="A new code",
        role="CHARGE",
        reads={"md": "MWh"},
        gives=(Figures("NEW-CODE", "cents", ("sc",), "half a dollar"),),
        versions=(Version(date(2000, 1, 1), "0.50", half_a_dollar),),
        requirements=("BRQ-1225",),
        source="test",
    )
    put(monkeypatch, NODES, added)
    run = settle()
    line = StatementLine.objects.filter(run=run, charge_code="NEW-CODE").order_by("amount").last()
    assert str(line.amount) == "0.50"
    from apps.platform.accounts.models import User

    found = explain_line(
        run=run,
        charge_code="NEW-CODE",
        resource_id=None,
        sc_id=line.statement.sc_id,
        tac_area_id=None,
        stored=line.amount,
        viewer=User.objects.get(username="iso.approver").viewer(),
    )
    assert found.reproduced


def test_the_graph_shows_every_node_once_and_runs_from_left_to_right():
    from apps.settlement.settlements.rules.chain import givers
    from apps.settlement.settlements.views.overview import drawn

    ordered = in_order(list(NODES))
    graph = drawn(ordered, givers(ordered))
    column = {n["name"]: n["column"] for n in graph["nodes"]}
    assert sorted(column) == sorted(n.code for n in ordered)
    assert graph["links"]
    assert all(column[link["source"]] < column[link["target"]] for link in graph["links"])
    assert len({(n["column"], n["row"]) for n in graph["nodes"]}) == len(ordered)


@pytest.mark.brq("BRQ-1225", "BRQ-1230")
def test_every_charge_code_has_a_formula_that_is_worked_out_again():
    from apps.settlement.settlements.rules.formulas import MAKERS
    from apps.settlement.settlements.rules.share_formulas import SHARES

    assert set(MAKERS) | set(SHARES) == set(chain.charge_codes())
    assert not set(MAKERS) & set(SHARES)
