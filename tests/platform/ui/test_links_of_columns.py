"""A column leads a viewer to what it may open alone; a sentence is shown whole."""

from __future__ import annotations

import pytest

from apps.platform.accounts.codes import ISO_ROLES, PartyKind, Role
from apps.platform.accounts.rules import Viewer
from apps.platform.ui.screens import SCREENS, Column
from apps.platform.ui.selectors import table_of

SC = Viewer(2, 7, PartyKind.SC, frozenset({Role.SC_USER}))
ISO = Viewer(1, 1, PartyKind.ISO, frozenset({Role.ISO_OPERATOR}))


def test_a_link_is_for_whom_its_column_names():
    column = Column("run__version", link=lambda row: "/runs/1/", link_roles=ISO_ROLES)
    assert column.address({}, ISO) == "/runs/1/"
    assert column.address({}, SC) is None
    assert column.address({}, None) is None
    assert Column("name", link=lambda row: "/x/").address({}, None) == "/x/"


@pytest.mark.parametrize("name", ["market-netting", "raaim", "raaim-pool"])
def test_the_iso_opens_the_run_of_results_that_scs_read_too(name):
    (version,) = [c for c in SCREENS[name].all_columns if c.path == "run__version"]
    assert version.address({"run_id": 5}, ISO) == "/runs/5/"
    assert version.address({"run_id": 5}, SC) is None


def test_a_column_of_sentences_is_not_cut():
    columns = table_of(SCREENS["cost-violations"]).base_columns
    assert "why" in columns["message"].attrs["td"]["class"]
    assert "why" not in columns["code"].attrs["td"]["class"]
