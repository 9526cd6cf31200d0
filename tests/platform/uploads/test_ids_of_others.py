"""IDs of SCs and areas, and IDs in filters: case, separators and what cannot be seen."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db
HEAD = "SC_ID,TAC_AREA,TRADE_DATE,HOUR_ENDING,MWH\n"


@pytest.mark.parametrize(
    ("sc", "area", "says"),
    [
        ("syn_lse_bay", "PGE-TAC", "There is no active SC syn_lse_bay. Did you mean SYN_LSE_BAY?"),
        ("SYN LSE BAY", "PGE-TAC", "Did you mean SYN_LSE_BAY?"),
        ("SYN_LSE_BAY\u200b", "PGE-TAC", "SYN_LSE_BAY[U+200B]. Did you mean SYN_LSE_BAY?"),
        ("SYN_LSE_BYA", "PGE-TAC", "Did you mean SYN_LSE_BAY?"),
        ("SYN_LSE_BAY", "pge-tac", "There is no TAC area pge-tac. Did you mean PGE-TAC?"),
        ("SYN_LSE_BAY", "PGE TAC", "Did you mean PGE-TAC?"),
        ("SYN_LSE_BAY", "PGE_TAC", "Did you mean PGE-TAC?"),
        ("NOBODY", "PGE-TAC", "There is no active SC NOBODY."),
    ],
)
def test_another_spelling_is_refused_with_what_it_means(sc, area, says, send):
    upload = send("metered-demand", HEAD + f"{sc},{area},2024-10-01,1,4\n")
    (error,) = upload.violations.filter(severity="error")
    assert upload.state == "REFUSED"
    assert error.line == 2
    assert error.message.endswith(says)


@pytest.mark.parametrize(
    "text",
    [
        "SUNSET_2_UNITS",
        "sunset_2_units",
        "sunset 2 units",
        "SUNSET2UNITS",
        "SUNSET-2-UNITS",
        "SUNSET_2_UNITS\u200b",
        " SUNSET_2",
        "ＳＵＮＳＥＴ_2",
    ],
)
def test_a_filter_finds_an_id_however_it_is_typed(text, client, person):
    client.force_login(person("iso.operator"))
    told = client.get("/api/v1/resources/", {"resource__code": text}).json()
    assert {r["resource__code"] for r in told["results"]} == {"SUNSET_2_UNITS"}


@pytest.mark.parametrize("text", ["SUNSET_3_UNITS", "(", "[", ".*", "_", "SUNSET.*UNITS$"])
def test_a_filter_takes_no_pattern(text, client, person):
    client.force_login(person("iso.operator"))
    answer = client.get("/api/v1/resources/", {"resource__code": text})
    assert answer.status_code == 200
    found = {r["resource__code"] for r in answer.json()["results"]}
    assert (len(found) > 1) if text == "_" else not found


def test_a_supply_plan_asks_for_the_lse_that_is_meant():
    import polars as pl

    from apps.reference.resources.services import unknown_codes

    frame = pl.DataFrame({"line_no": [2, 3], "lse": ["SYN-LSE-BAY", None]})
    (said,) = unknown_codes(frame, "lse", "LSE SCID", ["SYN_LSE_BAY"], "PLAN-LSE", "LSE")
    assert said.message == "There is no LSE SYN-LSE-BAY. Did you mean SYN_LSE_BAY?"
