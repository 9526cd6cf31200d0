"""A renamed resource: rows under its former ID lead to the ID of today."""

from __future__ import annotations

import pytest

from apps.reference.resources.rules import KnownIds
from apps.reference.resources.selectors import did_you_mean

HEAD = "FORMER_ID,RESOURCE_ID,RENAMED_ON,REASON\n"
ROW = "MIDWAY_7_PLANT,SUNSET_2_UNITS,2023-06-01,Master File notice of 2023-05-12\n"
DEMAND = "RESOURCE_ID,TRADE_DATE,HOUR_ENDING,DA_MWH,DA_LMP\n{},2024-10-01,1,1,30\n"


def test_a_former_id_means_the_resource_of_today_in_any_spelling():
    known = KnownIds(["SUNSET_2_UNITS", "MIDWAX_7_PLANT"], {"MIDWAY_7_PLANT": "SUNSET_2_UNITS"})
    for typed in ("MIDWAY_7_PLANT", "midway 7 plant"):
        assert known.meaning(typed).question == (
            " Did you mean SUNSET_2_UNITS, which was called MIDWAY_7_PLANT?"
        )
    assert known.meaning("MIDWAZ_7_PLANT").close == "MIDWAX_7_PLANT"
    assert not known.meaning("ANOTHER_1_UNIT").same


@pytest.mark.django_db
def test_files_and_forms_ask_for_the_id_of_today(load, send):
    """given a former ID; when a list or a form names it; then it is asked for, and nothing made"""
    assert did_you_mean("MIDWAY_7_PLANT") == ""
    load("former-resource-ids", HEAD + ROW)
    asked = " Did you mean SUNSET_2_UNITS, which was called MIDWAY_7_PLANT?"
    assert did_you_mean("MIDWAY_7_PLANT") == asked
    upload = send("market-hours", DEMAND.format("MIDWAY_7_PLANT"))
    assert upload.violations.get(code="MKT-RESOURCE").message == (
        f"There is no resource MIDWAY_7_PLANT.{asked}"
    )
    capability = "RESOURCE_ID,RA_YEAR,RA_MONTH,EFC_MW,FLEX_CATEGORY\nMIDWAY_7_PLANT,2024,9,30,1\n"
    upload = send("efc-list", capability, options={"ra_year": "2024"})
    assert upload.state == "REFUSED"  # never a new resource
    assert upload.violations.get(code="RES-LIKE").message.endswith(asked)


@pytest.mark.django_db
def test_an_id_that_stands_on_file_is_no_former_one(send):
    wrong = ROW.replace("MIDWAY_7_PLANT", "GRNLF2_1_UNIT") + ROW.replace("SUNSET_2", "SUNSET_9")
    found = send("former-resource-ids", HEAD + wrong).violations.filter(severity="error")
    assert sorted((f.code, f.line, f.column) for f in found) == [
        ("RES-FORMER", 2, "FORMER_ID"),
        ("RES-RENAMED", 3, "RESOURCE_ID"),
    ]
