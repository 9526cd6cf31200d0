"""Credits: checked, distributed exactly, published, seen by their LSE only."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import polars as pl
import pytest
from django.db.models import Sum
from hypothesis import given
from hypothesis import strategies as st

from apps.adequacy.credits import selectors, services
from apps.adequacy.credits.models import CreditShare, FlexCover, FlexStep, RmrCredit, YearlyCredit
from apps.adequacy.credits.rules import distribute, distribute_one, flex_cascade
from apps.platform.accounts.models import Party
from apps.platform.accounts.services import as_party
from tests.adequacy import files

SEPTEMBER = date(2024, 9, 1)
hundredths = st.integers(1, 5_000_000)


@pytest.mark.brq("BRQ-0114")
def test_the_worked_examples_of_the_rule_book():
    tac, _ = distribute_one(
        Decimal("49.20"),
        {"PGE-TAC": Decimal(20750), "SCE-TAC": Decimal(23100)},
        {"PGE-TAC": {"A": Decimal(1)}, "SCE-TAC": {"B": Decimal(1)}},
    )
    assert tac == {"PGE-TAC": Decimal("23.28"), "SCE-TAC": Decimal("25.92")}
    loads = {"LPGE": 418, "LMCE": 61, "LEBCE": 72, "LSJCE": 49}
    _, rows = distribute_one(
        Decimal("49.20"),
        {"PGE-TAC": Decimal(1)},
        {"PGE-TAC": {k: Decimal(v) for k, v in loads.items()}},
    )
    assert {lse: mw for _, lse, mw in rows} == {
        "LPGE": Decimal("34.28"),
        "LMCE": Decimal("5.00"),
        "LEBCE": Decimal("5.90"),
        "LSJCE": Decimal("4.02"),
    }


@given(
    hundredths,
    st.dictionaries(st.sampled_from("PQRST"), st.integers(1, 10**9), min_size=1),
    st.data(),
)
@pytest.mark.brq("BRQ-0114")
def test_columns_agree_with_the_plain_way_and_sum_exactly(mw, forecasts, data):
    shares = {
        tac: data.draw(
            st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 10**10), min_size=1).filter(
                lambda d: sum(d.values()) > 0
            )
        )
        for tac in forecasts
    }
    frame, lse = distribute(
        pl.DataFrame({"credit_no": [1], "hundredths": [mw], "tac_areas": [sorted(forecasts)]}),
        pl.DataFrame({"tac": list(forecasts), "forecast": list(forecasts.values())}),
        pl.DataFrame(
            [(t, n, s) for t, rows in shares.items() for n, s in rows.items()],
            schema={"tac": pl.String, "lse": pl.String, "share": pl.Int64},
            orient="row",
        ),
    )
    assert frame["part"].sum() == mw == lse["part"].sum()
    tac, rows = distribute_one(
        Decimal(mw) / 100,
        {k: Decimal(v) for k, v in forecasts.items()},
        {t: {n: Decimal(s) for n, s in r.items()} for t, r in shares.items()},
    )
    assert dict(frame.select("tac", "part").iter_rows()) == {k: v * 100 for k, v in tac.items()}
    columns = {(t, n): p for t, n, p in lse.select("tac", "lse", "part").iter_rows()}
    assert columns == {(t, n): v * 100 for t, n, v in rows}


@pytest.mark.brq("BRQ-0121")
def test_the_cascade_fills_from_the_highest_category_down():
    done = flex_cascade([Decimal(v) for v in (50, 30, 20)], [Decimal(v) for v in (80, 30, 0)])
    assert [(a.obligation, a.credit, a.mw) for a in done.applied] == [
        (1, 1, 50),
        (2, 1, 30),
        (3, 2, 20),
    ]
    assert done.left == (0, 10, 0)
    done = flex_cascade([Decimal(v) for v in (40, 0, 10)], [Decimal(v) for v in (0, 0, 25)])
    assert (done.unmet, done.left) == ((40, 0, 0), (0, 0, 15))


three = st.lists(st.decimals(0, 1000, places=2), min_size=3, max_size=3)


@given(three, three)
@pytest.mark.brq("BRQ-0121")
def test_the_cascade_neither_loses_nor_makes_megawatts(need, credit):
    done = flex_cascade(need, credit)
    used = sum(a.mw for a in done.applied)
    assert sum(need) - sum(done.unmet) == used == sum(credit) - sum(done.left)
    assert all(a.credit <= a.obligation and a.mw > 0 for a in done.applied)
    for o in range(3):  # nothing that could have been met is left unmet
        assert not done.unmet[o] or not any(done.left[: o + 1])


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0114", "BRQ-0116", "BRQ-0117")
def test_the_last_file_starts_the_distribution_and_an_lse_sees_its_own(
    load, shares, run_of, person, client
):
    load("rmr-credits-monthly", files.MONTHLY)
    run = run_of("credits.monthly", SEPTEMBER)
    rows = CreditShare.objects.filter(run=run)
    given_out = dict(
        rows.values_list("unit", "kind").annotate(s=Sum("mw")).values_list("unit", "s")
    )
    assert {k: v for k, v in given_out.items() if k != "GRNLF2_1_UNIT"} == {
        "SUNSET_2_UNITS": Decimal("231"),
        "BOGUE_1_UNITA1": Decimal("47.16"),
    }
    local = rows.filter(unit="GRNLF2_1_UNIT", kind="LOCAL")
    assert dict(local.values_list("lse_code", "mw")) == {
        "SYN_LSE_NORTH": Decimal("34.28"),
        "SYN_LSE_BAY": Decimal("5.00"),
        "SYN_LSE_VALLEY": Decimal("5.90"),
        "SYN_LSE_RETAIL": Decimal("4.02"),
    }
    system = rows.filter(unit="SUNSET_2_UNITS")
    assert set(system.values_list("tac", flat=True)) == {
        "PGE-TAC",
        "SCE-TAC",
        "SDGE-TAC",
        "VEA-TAC",
        "MWD-TAC",
    }
    bay = person("sc.bay")
    assert not selectors.yearly(viewer=bay.viewer()).exists()  # not published yet
    run_of("credits.monthly", SEPTEMBER, publish=True)
    own = selectors.yearly(viewer=bay.viewer())
    assert set(own.values_list("lse_code", flat=True)) == {"SYN_LSE_BAY"}
    line = own.get(kind="LOCAL", label="RMR")
    assert (line.sep, line.aug, line.tac) == (Decimal("5.00"), None, "PGE-TAC")
    client.force_login(bay)
    text = client.get("/lse-credits/").content.decode()
    assert "5.00" in text
    assert "SYN_LSE_NORTH" not in text
    with as_party(Party.objects.get(code="SYN_LSE_BAY").pk):
        assert set(YearlyCredit.objects.values_list("lse_code", flat=True)) == {"SYN_LSE_BAY"}
        assert set(CreditShare.objects.values_list("lse_code", flat=True)) == {"SYN_LSE_BAY"}


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0121")
def test_flexible_credits_fill_obligations_step_by_step(load, shares, run_of):
    load("rmr-credits-monthly", files.MONTHLY)
    run = run_of("credits.monthly", SEPTEMBER)
    north = FlexCover.objects.filter(run=run, lse_code="SYN_LSE_NORTH").order_by("category")
    # 30 × 0.6966666667 = 20.90 of category 1 against 10, 5, 4
    assert [(c.need_mw, c.unmet_mw, c.left_mw) for c in north] == [
        (10, 0, Decimal("1.9")),
        (5, 0, 0),
        (4, 0, 0),
    ]
    steps = FlexStep.objects.filter(run=run, lse_code="SYN_LSE_NORTH").order_by("line_no")
    assert list(steps.values_list("obligation", "credit", "mw")) == [
        (1, 1, 10),
        (2, 1, 5),
        (3, 1, 4),
    ]


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0114")
def test_the_annual_figure_stands_in_every_month_and_a_new_share_only_moves_its_own_month(
    load, shares, run_of
):
    load("rmr-credits-annual", files.ANNUAL)
    run = run_of("credits.annual", date(2024, 1, 1), publish=True)
    line = YearlyCredit.objects.get(lse_code="SYN_LSE_BAY", kind="LOCAL", process="ANNUAL")
    assert {line.jan, line.jul, line.dec} == {Decimal("5.00")}
    leaves = files.SHARES.replace(
        "2024,9,PGE-TAC,SYN_LSE_BAY,0.1016666667", "2024,9,PGE-TAC,SYN_LSE_BAY,0"
    )
    leaves = leaves.replace(
        "2024,9,PGE-TAC,SYN_LSE_NORTH,0.6966666667", "2024,9,PGE-TAC,SYN_LSE_NORTH,0.7983333334"
    )
    load("load-shares", leaves)
    assert run_of("credits.annual", date(2024, 1, 1)).pk == run.pk  # nothing of the year changed
    load("rmr-credits-monthly", files.MONTHLY)
    month = run_of("credits.monthly", SEPTEMBER)
    assert not CreditShare.objects.filter(run=month, lse_code="SYN_LSE_BAY").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        (
            "load-shares",
            files.SHARES.replace(",SYN_LSE_BASIN,0.8", ",SYN_LSE_BASIN,0.77"),
            "RMR-E-0114A",
        ),
        ("load-shares", files.SHARES + "2024,9,SDGE-TAC,SYN_LSE_BORDER,1\n", "UP-DOUBLE"),
        ("load-shares", files.SHARES.replace("SYN_LSE_DESERT", "SYN_NOBODY"), "CRD-LSE"),
        ("demand-forecasts", files.FORECASTS.replace(",4500", ",0"), "RMR-E-0114B"),
        ("rmr-credits-monthly", files.MONTHLY.replace(",FLEX,1,", ",FLEX,,"), "CRD-FLEX"),
        (
            "rmr-credits-monthly",
            files.MONTHLY.replace("GRNLF2_1_UNIT,FLEX", "SUNSET_2_UNITS,FLEX"),
            "CRD-FLEX",
        ),
        ("rmr-credits-monthly", files.MONTHLY.replace(",RMRL,", ",RMR,"), "RMR-E-0116"),
        (
            "rmr-credits-monthly",
            files.MONTHLY.replace(
                "SUNSET_2_UNITS,SYSTEM,,RMR,", "SUNSET_2_UNITS,SYSTEM,,RMR,PGE-TAC"
            ),
            "CRD-TAC",
        ),
        (
            "rmr-credits-monthly",
            files.MONTHLY.replace("LOCAL,,RMR,PGE-TAC", "LOCAL,,RMR,SCE-TAC"),
            "CRD-TAC",
        ),
        (
            "rmr-credits-monthly",
            files.MONTHLY.replace("GRNLF2_1_UNIT,LOCAL", "SYN_CEDAR_4_ST,LOCAL"),
            "RMR-E-0114C",
        ),
        ("rmr-credits-monthly", files.MONTHLY.replace("2024,9,", "2025,9,"), "RMR-E-0114C"),
    ],
)
@pytest.mark.brq("BRQ-0114", "BRQ-0116", "BRQ-0117")
def test_bad_rows_are_named_and_nothing_is_stored(kind, text, code, send):
    upload = send(kind, text)
    assert upload.state == "REFUSED"
    assert code in set(upload.violations.filter(severity="error").values_list("code", flat=True))
    assert not RmrCredit.objects.exists()


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0116", "BRQ-0117")
def test_a_credit_above_nqc_is_taken_with_a_reason_by_two_people(person, shares, run_of, now):
    given = services.CreditInput(
        resource="SUNSET_2_UNITS",
        kind="SYSTEM",
        mw=Decimal("240"),
        ra_year=2024,
        ra_month=9,
        reference="test",
        override_reason="tested at 240 MW in August",
    )
    case = services.propose_credit(given=given, actor=person("iso.operator"), at=now)
    assert [(r["code"], r["severity"]) for r in case.remarks] == [("CRD-NQC", "warning")]
    assert "Overridden: tested at 240 MW in August" in case.remarks[0]["message"]
    assert (case.label, case.tac_areas) == ("RMR", "ALL")
    services.credit_approve(case_id=case.pk, actor=person("iso.approver"), at=datetime.now(UTC))
    run = run_of("credits.monthly", SEPTEMBER)
    assert CreditShare.objects.filter(run=run).aggregate(s=Sum("mw"))["s"] == 240


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0117")
def test_a_legacy_credit_before_2020_keeps_the_label_rmr(load, person, now):
    load("contract-terms", CONTRACT_2019, sender="iso.contracts")
    for month, year, label in ((12, 2019, "RMR"), (1, 2020, "RMRL")):
        case = services.propose_credit(
            given=services.CreditInput(
                resource="BOGUE_1_UNITA1",
                kind="LOCAL",
                mw=Decimal(40),
                ra_year=year,
                ra_month=month,
                reference="test",
                override_reason="NQC and Pmax of those years are not on file",
            ),
            actor=person("iso.operator"),
            at=now,
        )
        assert case.label == label


CONTRACT_2019 = (
    "CONTRACT_ID,RESOURCE_ID,EFFECTIVE_DATE,CONDITION,START_DATE,END_DATE,RELIABILITY_SCOPE,"
    "LOCAL_AREA,PRICE_USD_PER_MW_DAY,TAC_AREA,OBLIGATION_TYPE,MW,SOURCE\n"
    "RMR-OLD,BOGUE_1_UNITA1,2018-01-01,1,2019-01-01,2019-12-31,LOCAL,SIERRA,,PGE-TAC,GENERIC,"
    "48.69,SYNTHETIC\n"
    "RMR-OLD,BOGUE_1_UNITA1,2018-01-01,1,2020-01-01,2020-12-31,LOCAL,SIERRA,,PGE-TAC,GENERIC,"
    "48.69,SYNTHETIC\n"
)


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0121")
def test_a_transfer_is_refused_whoever_asks(as_user):
    for who in ("iso.admin", "sc.bay"):
        answer = as_user(who).post(
            "/api/v1/credit-transfers/",
            {"from_lse": "A", "to_lse": "B"},
            content_type="application/json",
        )
        assert answer.status_code == 409
        assert "RMR-E-0121A" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0114")
def test_an_upload_in_the_browser_ends_with_the_distribution(load, shares, send, as_user, run_of):
    upload = send("rmr-credits-monthly", files.MONTHLY)
    client = as_user("iso.approver")
    answer = client.post(f"/uploads/{upload.pk}/confirm/", {"reason": "as agreed"})
    assert answer["Location"] == "/credit-distribution/2024-09/"
    assert "being computed" in client.get(answer["Location"]).content.decode()
    run_of("credits.monthly", SEPTEMBER)
    text = client.get(answer["Location"]).content.decode()
    plain = re.sub(r"<[^>]+>", "", text)
    assert "49.20 × 21,000.00 / 21,000.00" in plain
    for address in ("/demand-forecasts/?tac_area__code=PGE-TAC", "/rmr-credits/?resource__code="):
        assert address in text
    assert "34.28" in text
    load("rmr-credits-monthly", files.MONTHLY.replace("49.20", "48.20"))
    run_of("credits.monthly", SEPTEMBER)
    text = client.get("/credit-distribution/2024-09/compare/").content.decode()
    assert "34.28" in text
    assert "33.58" in text
    api = client.get("/api/v1/credit-distribution/2024-09/").json()
    assert sum(Decimal(t["mw"]) for t in api["tac"] if t["kind"] == "LOCAL") == Decimal("95.36")


@pytest.mark.django_db
def test_a_period_without_its_inputs_says_what_it_lacks(as_user):
    text = as_user("iso.admin").get("/credit-distribution/2030-01/").content.decode()
    assert "CEC demand forecasts" in text
    assert as_user("iso.admin").get("/credit-distribution/2030-13/").status_code == 404
