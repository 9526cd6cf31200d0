"""Lists tell which rows are in force; a page opens with those alone."""

from __future__ import annotations

import pytest
from django.urls import reverse

from apps.platform.ui.screens import IN_FORCE, SCREENS

pytestmark = pytest.mark.django_db
LISTS = [s for s in SCREENS if IN_FORCE in s.filters]
NQC = "RESOURCE_ID,RA_YEAR,RA_MONTH,NQC_MW,EFC_MW,FLEX_CATEGORY,LOCAL_AREA\n"


@pytest.mark.brq("BRQ-0105")
def test_a_corrected_month_stands_once_among_what_is_in_force(load, person):
    """given EFC of a year; when June is corrected; then the list in force has June once"""
    load("rmr-nqc-efc", NQC + "GRNLF2_1_UNIT,2024,6,48,28,1,SIERRA\n")
    viewer = person("iso.operator").viewer()
    for name, column, value in (("efc", "efc_mw", "28.0000"), ("nqc", "nqc_mw", "48.0000")):
        rows = (
            SCREENS[name]
            .rows(viewer=viewer)
            .filter(
                resource__code="GRNLF2_1_UNIT",
                ra_year=2024,
                ra_month=6,
                dataset_version__dataset="resources.rmr_nqc_efc",
            )
        )
        assert [r[IN_FORCE] for r in rows] == [True, False]
        assert str(rows[0][column]) == value


def test_a_page_opens_with_what_is_in_force(load, client, person):
    load("rmr-nqc-efc", NQC + "GRNLF2_1_UNIT,2024,6,48,28,1,SIERRA\n")
    client.force_login(person("iso.operator"))
    opened = client.get(reverse("efc")).wsgi_request
    assert opened.GET.dict() == {IN_FORCE: "true"}
    told = client.get("/api/v1/efc/?in_force=true&resource__code=GRNLF2_1_UNIT&ra_month=6").json()
    assert [r["efc_mw"] for r in told["results"]] == ["28.0000"]
    both = client.get("/api/v1/efc/?resource__code=GRNLF2_1_UNIT&ra_month=6").json()
    assert [r[IN_FORCE] for r in both["results"]] == [True, False]


@pytest.mark.parametrize("screen", LISTS, ids=lambda s: s.name)
def test_every_list_of_versions_says_what_is_in_force(screen, person):
    viewer = person("iso.operator").viewer()
    row = screen.rows(viewer=viewer).first()
    assert row is None or isinstance(row[IN_FORCE], bool)
    assert screen.opens_with(viewer) == {IN_FORCE: "true"}


def test_the_lists_that_hold_versions_are_among_them():
    assert {s.name for s in LISTS} >= {
        "resources",
        "sc-associations",
        "nqc",
        "efc",
        "nqc-list",
        "capability-list",
        "metered-demand",
        "tac-load",
        "energy-prices",
        "market-hours",
    }
