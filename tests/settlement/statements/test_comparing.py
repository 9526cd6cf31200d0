"""Compared, split by cause, held against one's own figures, previewed before it is published."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from io import BytesIO
from time import sleep

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.platform.core.violations import ValidationFailed
from apps.platform.runs.models import Run
from apps.settlement.settlements.rules.causes import CAUSES
from apps.settlement.settlements.services import attributing, causes_of
from apps.settlement.statements import services
from apps.settlement.statements.models import Statement, StatementLine
from apps.settlement.statements.rules.comparing import side_by_side, summed
from apps.site.home.services import DEMO
from tests import acts
from tests.conftest import DAY

CORRECTED = DEMO / "try" / "metered_demand_2024-09-04_corrected.csv"
KEY = {
    "sc_id": pl.Int64,
    "charge_code": pl.String,
    "resource_id": pl.Int64,
    "tac_area_id": pl.Int64,
    "contract_no": pl.String,
    "amount": pl.Int64,
}
SIDE = st.dictionaries(
    st.tuples(
        st.integers(1, 3),
        st.sampled_from(["A", "B"]),
        st.none() | st.integers(1, 2),
        st.none() | st.integers(1, 2),
        st.sampled_from(["", "C1"]),
    ),
    st.integers(-(10**6), 10**6),
    max_size=12,
)


def frame(side):
    return pl.DataFrame([(*key, cents) for key, cents in side.items()], schema=KEY, orient="row")


@pytest.mark.brq("BRQ-1201")
@given(old=SIDE, new=SIDE)
def test_both_sides_are_told_completely_and_the_largest_change_first(old, new):
    lines = side_by_side(frame(old), frame(new))
    assert lines.height == len({*old, *new})
    assert lines["change"].sum() == sum(new.values()) - sum(old.values())
    sizes = lines["change"].abs().to_list()
    assert sizes == sorted(sizes, reverse=True)
    for row in lines.iter_rows(named=True):
        key = tuple(row[name] for name in list(KEY)[:5])
        assert (row["was"], row["now"]) == (old.get(key), new.get(key))
    for by in ("sc_id", "charge_code"):
        assert summed(lines, by)["change"].sum() == lines["change"].sum()


@pytest.fixture(scope="module")
def settled_twice(world):
    """Settle the demo day, and again with corrected demand; return both runs' keys."""
    with world():
        first = acts.settle()
        acts.load("metered-demand", CORRECTED.read_text())
        yield first.pk, acts.settle(publish=False).pk


@pytest.fixture
def corrected(settled_twice, db):
    """Return the run of a day and that of its corrected demand, which is sealed."""
    return [Run.objects.get(pk=key) for key in settled_twice]


@pytest.mark.django_db
@pytest.mark.brq("BRQ-1201")
def test_a_preview_says_who_moves_before_anybody_publishes(corrected, as_user, person):
    first, second = corrected
    client = as_user("iso.approver")
    run = client.get(f"/runs/{second.pk}/").content.decode()
    assert f"/publication-preview/{second.pk}/" in run
    page = client.get(f"/publication-preview/{second.pk}/").content.decode()
    told = client.get(f"/api/v1/publication-preview/{second.pk}/").json()
    assert told["old"] == first.pk
    assert Decimal(told["change_usd"]) == 0  # what one pays less, another pays more
    assert "market.metered_demand" in told["inputs_changed"]
    assert told["differing"]
    assert told["by_sc"][0]["name"] in page
    assert told["lines"][0]["determinants"]
    assert not Statement.objects.filter(run=second).exists()
    assert as_user("sc.bay").get(f"/publication-preview/{second.pk}/").status_code == 403
    few = services.preview(
        run=second, viewer=person("iso.approver").viewer(), least=Decimal("100.00")
    )
    assert few.hidden
    assert few.hidden + few.differing == told["differing"]
    assert all(abs(p.change) >= 100 for p in few.shown)


@pytest.mark.django_db
@pytest.mark.brq("BRQ-1201", "BRQ-1203")
def test_a_correction_of_demand_is_all_of_it_allocation_base(corrected):
    first, second = corrected
    parts = causes_of(old=first, new=second)
    for row in parts.iter_rows(named=True):
        assert sum(row[c] for c in CAUSES) == row["now"] - row["was"]
        assert row["Allocation base"] == row["now"] - row["was"]
    assert parts["Allocation base"].abs().sum() > 0
    other = services.why(old=first, new=first, sc_id=None)
    assert other.lines == []


@pytest.mark.django_db
@pytest.mark.brq("BRQ-1201")
def test_a_line_that_a_price_moved_says_so_though_its_determinants_are_the_same(
    settle, person, now, as_user
):
    from datetime import date

    from apps.reliability.designations import services as contracts

    settle()
    change = contracts.propose_price(
        given=contracts.PriceInput(
            contract_no="RMR-SUNSET",
            first_date=date(2024, 9, 1),
            ferc_docket="ER24-9",
            ferc_approved_on=date(2024, 9, 2),
            reference="test",
            price=Decimal("311.25"),
        ),
        actor=person("iso.contracts"),
        at=now,
    )
    contracts.price_approve(case_id=change.pk, actor=person("iso.approver"), at=now)
    second = settle(publish=False)
    client = as_user("iso.approver")
    told = client.get(f"/api/v1/publication-preview/{second.pk}/").json()["lines"]
    shared = [line for line in told if line["charge_code"] == "RMR-ALLOC"]
    assert shared
    for line in shared:
        assert line["determinants"] == []
        assert line["parts_usd"]["Prices"] == line["change"]
    page = client.get(f"/publication-preview/{second.pk}/").content.decode()
    assert f"<div>Prices {Decimal(shared[0]['change']):,.2f}" in page
    assert "no determinant differs" not in page


@pytest.mark.django_db
@pytest.mark.brq("BRQ-1201", "BRQ-1203")
def test_while_another_change_is_split_a_comparison_comes_without_causes(
    corrected, as_user, monkeypatch
):
    first, second = corrected
    monkeypatch.setattr(attributing, "SPLITS", attributing.Splits(patience=0.05))
    client, page = as_user("iso.approver"), f"/publication-preview/{second.pk}/"
    with attributing.SPLITS.lock:
        told = client.get(f"/api/v1{page}").json()
        assert told["unsplit"].endswith("Open this again in a few seconds.")
        assert told["lines"][0]["determinants"]
        assert all(line["parts_usd"] is None for line in told["lines"])
        assert told["unsplit"] in client.get(page).content.decode()
        for door in ("/runs", "/api/v1/runs"):
            answer = client.get(f"{door}/{first.pk}/causes/{second.pk}/")
            assert (answer.status_code, answer["Retry-After"]) == (503, "5"), door
            assert told["unsplit"] in answer.content.decode()
    told = client.get(f"/api/v1{page}").json()
    assert told["unsplit"] == ""
    assert all(line["parts_usd"] for line in told["lines"])


def test_one_change_is_split_at_a_time_and_the_newest_are_kept():
    splits, at_once, most, made = attributing.Splits(most=2, patience=5), [], [], []

    def split(key):
        at_once.append(key)
        most.append(len(at_once))
        sleep(0.02)
        made.append(at_once.pop())
        return pl.DataFrame({"key": [key]})

    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(lambda k: splits.of((k,), lambda: split(k)), [1, 2, 1, 2, 1, 2]))
    assert [f["key"][0] for f in found] == [1, 2, 1, 2, 1, 2]
    assert (max(most), sorted(made)) == (1, [1, 2])
    splits.of((3,), lambda: split(3))
    assert len(splits.kept) == 2
    splits.lock.acquire()
    assert splits.of((3,), lambda: split(3))["key"][0] == 3  # what is kept waits for nobody
    splits.patience = 0.01
    with pytest.raises(attributing.SplitBusy):
        splits.of((4,), lambda: split(4))


@pytest.mark.django_db
@pytest.mark.brq("BRQ-1203")
def test_a_price_and_its_shares_are_told_apart(settle, load, person, now, as_user):
    """A later price and a corrected demand at once: both parts, and they add up to the cent."""
    from datetime import date

    from apps.reliability.designations import services as contracts

    first = settle()
    change = contracts.propose_price(
        given=contracts.PriceInput(
            contract_no="RMR-SUNSET",
            first_date=date(2024, 9, 1),
            ferc_docket="ER24-9",
            ferc_approved_on=date(2024, 9, 2),
            reference="test",
            price=Decimal("311.25"),
        ),
        actor=person("iso.contracts"),
        at=now,
    )
    contracts.price_approve(case_id=change.pk, actor=person("iso.approver"), at=now)
    load("metered-demand", CORRECTED.read_text())
    second = settle()
    parts = causes_of(old=first, new=second)
    for row in parts.iter_rows(named=True):
        assert sum(row[c] for c in CAUSES) == row["now"] - row["was"], row
    paid = parts.filter(pl.col("charge_code") == "RMR-CAP").filter(pl.col("Prices") != 0)
    assert paid.height == 1
    assert paid["Prices"][0] == paid["now"][0] - paid["was"][0]  # a payment has no shares
    shared = parts.filter(pl.col("charge_code") == "RMR-ALLOC")
    assert shared["Prices"].sum() == -paid["Prices"][0]
    assert shared["Allocation base"].sum() == 0
    mine = Statement.objects.get(run=second, sc__code="SYN_LSE_BAY")
    told = services.why(old=first, new=second, sc_id=mine.sc_id)
    assert (told.was, told.now) == (mine.previous.total, mine.total)
    assert sum(amount for _, _, amount in told.parts) == mine.change
    client = as_user("sc.bay")
    page = client.get(f"/statements/{mine.pk}/difference/").content.decode()
    assert "What each cause did" in page
    split = client.get(f"/api/v1/statements/{mine.pk}/difference/").json()["split"]
    assert Decimal(split["parts_usd"]["Prices"]) != 0
    assert {row["sc"] for row in split["lines"]} == {"SYN_LSE_BAY"}
    assert client.get(f"/runs/{first.pk}/causes/{second.pk}/").status_code == 403
    iso = as_user("iso.analyst")
    assert iso.get(f"/runs/{first.pk}/causes/{second.pk}/").status_code == 200
    assert iso.get(f"/runs/{first.pk}/causes/{second.pk}/?sc=NOBODY").status_code == 400


@pytest.mark.django_db
@pytest.mark.brq("BRQ-1201")
def test_runs_and_days_are_compared_by_whoever_may_see_them(corrected, as_user):
    first, second = corrected
    client = as_user("iso.analyst")
    page = client.get(f"/compare/?old={first.pk}&new={second.pk}&least=0.05")
    assert page.status_code == 200
    assert "Lines, the largest change first" in page.content.decode()
    for query in (
        "old=2024-09-04&new=nonsense",
        "old=&new=1",
        f"old={first.pk}&new=999999999",
        f"old={first.pk}&new={second.pk}&least=-1",
        f"old={first.pk}&new={second.pk}&sc=NOBODY",
    ):
        assert client.get(f"/compare/?{query}").status_code == 400, query
        assert client.get(f"/api/v1/compare/?{query}").status_code == 400, query
    one = client.get(f"/api/v1/compare/?old={first.pk}&new={second.pk}&sc=SYN_LSE_BAY").json()
    assert {row["sc"] for row in one["lines"]} == {"SYN_LSE_BAY"}
    sc = as_user("sc.bay")
    assert sc.get(f"/api/v1/compare/?old={first.pk}&new={second.pk}").status_code == 400
    own = sc.get(f"/api/v1/compare/?old={DAY}&new={first.pk}").json()
    assert own["differing"] == 0
    assert {m["name"] for m in own["by_sc"]} == {"SYN_LSE_BAY"}


@pytest.mark.django_db
@pytest.mark.brq("BRQ-1201", "BRQ-1203")
def test_own_figures_are_held_against_a_statement_and_not_kept(settle, as_user):
    run = settle()
    own = Statement.objects.get(run=run, sc__code="SYN_LSE_BAY")
    document = services.document_of(own)
    rows = [f"{x.charge_code},{x.resource},{x.tac_area},{x.full}" for x in document.lines]
    head = "CHARGE_CODE,RESOURCE_ID,TAC_AREA,AMOUNT_FULL"

    def told(lines, **more):
        return services.shadow(statement=own, content="\n".join([head, *lines]).encode(), **more)

    same = told(rows)
    assert (same.shown, same.same, same.ours) == ([], len(rows), own.total)
    first = document.lines[0]
    wrong = [rows[0].rsplit(",", 1)[0] + f",{first.full + Decimal('0.04')}", *rows[1:-1]]
    found = told(wrong)
    assert {s.stands for s in found.shown} == {"DIFFERENT", "ONLY_OURS"}
    assert found.shown[0].stands == "ONLY_OURS"  # the larger difference stands first
    quiet = told(wrong, least=Decimal("0.05"))
    assert (len(quiet.shown), quiet.hidden) == (1, 1)
    with pytest.raises(ValidationFailed) as trouble:
        told([*rows, "BCR-IFM,SOMEBODY_1_UNIT,,5.00", "RMR-ALLOC,,NO-TAC,1.00"])
    assert [f.code for f in trouble.value.violations] == ["SHD-UNKNOWN"] * 3
    assert {f.line for f in trouble.value.violations} == {len(rows) + 2, len(rows) + 3}
    client = as_user("sc.bay")
    address = f"/statements/{own.pk}/shadow/"
    for content in (b"", b"\x00\xff\xfe", b"A,B\n1,2", b"CHARGE_CODE,AMOUNT_FULL\nRMR-ALLOC,x"):
        file = BytesIO(content)
        file.name = "own.csv"
        answer = client.post(address, {"file": file})
        assert answer.status_code == 400, content
        file.seek(0)
        assert client.post(f"/api/v1{address}", {"file": file}).status_code == 400
    assert client.post(address, {}).status_code == 400
    file = BytesIO("\n".join([head, *wrong]).encode())
    file.name = "own.csv"
    assert "MISSING IN YOURS" in client.post(address, {"file": file}).content.decode()
    csv = BytesIO("".join(services.written(own, "csv")[1]).encode())
    csv.name = "statement.csv"
    answer = client.post(f"/api/v1{address}", {"file": csv})
    assert answer.status_code == 200, answer.content
    assert answer.json()["lines"] == []  # the statement's own CSV agrees with it
    other = StatementLine.objects.filter(statement__sc__code="SYN_LSE_NORTH")[0].statement_id
    assert client.get(f"/statements/{other}/shadow/").status_code == 404
