"""A file corrects the parts of a period that it names; all others stay in force."""

from __future__ import annotations

from dataclasses import replace

import pytest

from apps.platform.jobs.codes import Unseen
from apps.platform.uploads import services
from apps.platform.uploads.hooks import kind
from apps.platform.uploads.models import DatasetVersion, Upload
from apps.platform.uploads.rules import typed_columns
from apps.platform.uploads.selectors import current_version
from apps.platform.uploads.services import apart, typed_files
from apps.platform.uploads.services.reading import unreadable_sheet
from apps.platform.uploads.services.text_table import Unreadable
from apps.reference.market.models import EnergyPrice, MeteredDemand, TacLoad
from apps.reference.market.selectors import current_prices
from apps.reference.resources.models import EffectiveFlexibleCapacity
from apps.reference.resources.selectors import efc_frame, rmr_nqc_frame
from tests.platform.uploads.market_files import HEAD, LOAD, case, demand, said

pytestmark = pytest.mark.django_db
NQC = "RESOURCE_ID,RA_YEAR,RA_MONTH,NQC_MW,EFC_MW,FLEX_CATEGORY,LOCAL_AREA\n"


def prices(day, node):
    frame = current_prices(day)
    return frame.filter(frame["node"] == node)


def test_a_window_an_hour_off_ends_no_other_hour(load, send):
    """given prices of a day; when a file brings its last hour and 23 of the next; then both stay"""
    load("energy-prices", case("p01_np15_dam_2024-01-15.csv"))
    upload = send("energy-prices", case("p02_window_off_by_an_hour_2024-01-16.csv"))
    assert not said(upload, "UP-ENDS")
    (stays,) = said(upload, "UP-STAYS")
    assert stays.startswith("2024-01-15")
    assert "23 other rows of version 1 stay in force" in stays
    (gap,) = said(upload, "MKT-GAP")
    assert gap == (
        "TH_NP15_GEN-APND DAM LMP has 23 of 24 hours of 2024-01-16. Missing: HE24. There is no "
        "price for the missing ones."
    )
    load("energy-prices", case("p02_window_off_by_an_hour_2024-01-16.csv"))
    frame = prices("2024-01-15", "TH_NP15_GEN-APND").sort("opr_hr")
    assert frame["opr_hr"].to_list() == list(range(1, 25))
    assert frame["price"].to_list()[:2] == [29_750_000, 30_750_000]
    assert frame["price"].to_list()[-1] == 29_750_000  # the one the second file corrected


def test_a_file_of_one_node_ends_nothing_of_another(load, send):
    """given NP15 of a day; when SP15 of the same day comes; then both are in force"""
    load("energy-prices", case("p01_np15_dam_2024-01-15.csv"))
    upload = send("energy-prices", case("p03_sp15_dam_2024-01-15.csv"))
    assert (upload.state, upload.warning_count) == ("READY", 0)
    (version,) = load("energy-prices", case("p03_sp15_dam_2024-01-15.csv"))
    assert (version.version, version.row_count) == (2, 48)
    assert prices("2024-01-15", "TH_NP15_GEN-APND").height == 24
    assert prices("2024-01-15", "TH_SP15_GEN-APND").height == 24


def test_a_file_of_one_market_ends_nothing_of_another(load):
    load("energy-prices", case("p01_np15_dam_2024-01-15.csv"))
    load("energy-prices", case("p01_np15_dam_2024-01-15.csv").replace(b",DAM,", b",RUC,"))
    frame = prices("2024-01-15", "TH_NP15_GEN-APND")
    assert sorted(frame["market_run_id"].unique()) == ["DAM", "RUC"]


def test_the_whole_period_may_be_meant(load, send):
    load("energy-prices", case("p01_np15_dam_2024-01-15.csv"))
    whole = {"covers": "WHOLE"}
    upload = send("energy-prices", case("p03_sp15_dam_2024-01-15.csv"), options=whole)
    assert len(said(upload, "UP-ENDS")) == 1
    (version,) = load("energy-prices", case("p03_sp15_dam_2024-01-15.csv"), options=whole)
    assert version.row_count == EnergyPrice.objects.filter(dataset_version=version).count() == 24


def test_an_option_that_is_no_choice_is_refused(send):
    with pytest.raises(services.UploadRefused, match=r"must be one of PARTS .*, WHOLE"):
        send("energy-prices", case("p03_sp15_dam_2024-01-15.csv"), options={"covers": "ALL"})


def test_rows_sent_again_change_nothing(load, send):
    load("energy-prices", case("p01_np15_dam_2024-01-15.csv"))
    load("energy-prices", case("p03_sp15_dam_2024-01-15.csv"))
    upload = send("energy-prices", case("p01_np15_dam_2024-01-15.csv"))
    assert upload.preview["periods"][0]["same"]
    assert load("energy-prices", case("p01_np15_dam_2024-01-15.csv")) == []


def test_one_sc_corrects_itself_alone(load):
    """given demand of two SCs; when one is sent again; then the other stays as it was"""
    load("metered-demand", HEAD + demand("SYN_LSE_BAY") + demand("SYN_LSE_NORTH", mwh="4"))
    (version,) = load("metered-demand", HEAD + demand("SYN_LSE_BAY", mwh="2"))
    held = MeteredDemand.objects.filter(dataset_version=version)
    assert held.count() == version.row_count == 48
    assert {str(r.mwh) for r in held.filter(sc__code="SYN_LSE_NORTH")} == {"4.0000"}
    assert {str(r.mwh) for r in held.filter(sc__code="SYN_LSE_BAY")} == {"2.0000"}


def test_an_sc_that_a_whole_day_leaves_out_is_a_warning(load, send, person):
    """given three SCs of a day; when all hours come of two; then why needs a reason"""
    north = demand("SYN_LSE_NORTH", mwh="4")
    coast = demand("SYN_LSE_COAST", mwh="3")
    load("metered-demand", HEAD + demand("SYN_LSE_BAY") + north + coast)
    upload = send("metered-demand", HEAD + demand("SYN_LSE_BAY", mwh="2") + coast)
    stays = upload.violations.get(code="UP-STAYS")
    assert stays.severity == "warning"
    assert "but nothing of SYN_LSE_NORTH" in stays.message
    with pytest.raises(services.ConfirmRefused, match="has warnings"):
        services.confirm(upload_id=upload.pk, actor=person("iso.approver"), at=upload.opened_at)
    upload = send("metered-demand", HEAD + demand("SYN_LSE_BAY", mwh="2"))  # its own file
    assert upload.violations.get(code="UP-STAYS").severity == "info"
    some = demand("SYN_LSE_BAY", mwh="2", hours=[7]) + demand("SYN_LSE_COAST", hours=[7])
    upload = send("metered-demand", HEAD + some)
    assert upload.violations.get(code="UP-STAYS").severity == "info"


def test_one_hour_corrects_itself_alone(load):
    load("metered-demand", HEAD + demand("SYN_LSE_BAY"))
    (version,) = load("metered-demand", HEAD + demand("SYN_LSE_BAY", hours=[7], mwh="9"))
    rows = MeteredDemand.objects.filter(dataset_version=version).order_by("hour_ending")
    assert [str(r.mwh) for r in rows] == ["1.5000"] * 6 + ["9.0000"] + ["1.5000"] * 17


def test_demand_that_moves_to_another_area_is_not_counted_twice(load):
    """An SC's hour is restated over all its areas, so the area left out ends."""
    load("metered-demand", HEAD + demand("SYN_LSE_BAY"))
    (version,) = load("metered-demand", HEAD + demand("SYN_LSE_BAY", area="SCE-TAC"))
    rows = MeteredDemand.objects.filter(dataset_version=version)
    assert set(rows.values_list("tac_area__code", flat=True)) == {"SCE-TAC"}


def test_a_carried_row_leads_to_the_file_it_came_from(load, person):
    (first,) = load("metered-demand", HEAD + demand("SYN_LSE_BAY"))
    load("metered-demand", HEAD + demand("SYN_LSE_NORTH", mwh="4"))
    (third,) = load("metered-demand", HEAD + demand("SYN_LSE_BASIN", area="SCE-TAC", mwh="5"))
    row = MeteredDemand.objects.get(dataset_version=third, sc__code="SYN_LSE_BAY", hour_ending=3)
    version, line, cells = services.uploaded_row(
        viewer=person("iso.operator").viewer(), version_id=third.pk, line_no=row.line_no
    )
    assert (version, line) == (first, 4)
    assert dict(cells)["HOUR_ENDING"] == "3"


def test_versions_of_one_file_over_different_ones_have_different_fingerprints(load):
    load("metered-demand", HEAD + demand("SYN_LSE_BAY"))
    (one,) = load("metered-demand", HEAD + demand("SYN_LSE_NORTH"))
    load("metered-demand", HEAD + demand("SYN_LSE_BAY", mwh="2"))
    load("metered-demand", HEAD + demand("SYN_LSE_NORTH", mwh="3"))
    (other,) = load("metered-demand", HEAD + demand("SYN_LSE_NORTH"))
    assert one.content_hash != other.content_hash
    assert len(one.content_hash) == 64


@pytest.mark.brq("BRQ-0105")
def test_a_month_of_nqc_and_efc_corrects_that_month(load):
    """given a year of NQC and EFC; when one month is sent; then the other months stay in force"""
    before = rmr_nqc_frame("2024")
    june = NQC + "GRNLF2_1_UNIT,2024,6,48,28,1,SIERRA\n"
    (version,) = load("rmr-nqc-efc", june)
    after = rmr_nqc_frame("2024")
    assert after.height == before.height == version.row_count
    one = (after["resource_id"] == "GRNLF2_1_UNIT") & (after["ra_month"] == 6)
    assert after.filter(one)["nqc_mw"].to_list() == [480_000]
    rest = [f.filter(~one).sort("resource_id", "ra_month") for f in (before.sort(before.columns),)]
    keys = ["resource_id", "ra_month"]
    kept = after.filter(~one).sort(keys)
    was = before.join(after.filter(one).select(keys), on=keys, how="anti").sort(keys)
    assert kept.equals(was), rest
    efcs = EffectiveFlexibleCapacity.objects.filter(dataset_version=version)
    assert efc_frame(2024).height >= efcs.count()


def test_an_efc_list_of_one_month_keeps_the_others(load):
    head = "RESOURCE_ID,RA_YEAR,RA_MONTH,EFC_MW,FLEX_CATEGORY\n"
    load("efc-list", head + "SYN_MESA_2_CC,2031,1,30,1\nSYN_MESA_2_CC,2031,2,31,1\n")
    (version,) = load("efc-list", head + "SYN_MESA_2_CC,2031,2,29,1\n")
    rows = services.rows_as_confirmed("resources.efc_list", "2031").sort("ra_month")
    assert rows["efc_mw"].to_list() == [300_000, 290_000]
    held = EffectiveFlexibleCapacity.objects.filter(dataset_version=version)
    assert held.count() == version.row_count == 2


@pytest.fixture
def unreadable(monkeypatch):
    """Have files that hold some bytes be refused for the memory they take; no file is kept."""
    real = typed_files.typed_sheet

    def go(mark):
        typed_files._KEPT.clear()

        def typed_sheet(content, layout, steps=None, **words):
            if mark not in content:
                return real(content, layout, steps, **words)
            sheet = unreadable_sheet(layout, Unreadable("UP-SIZE", apart.TOO_MUCH))
            return sheet, typed_columns(sheet.frame, layout)

        monkeypatch.setattr(typed_files, "typed_sheet", typed_sheet)

    return go


EFC = "RESOURCE_ID,RA_YEAR,RA_MONTH,EFC_MW,FLEX_CATEGORY\n"
YEAR = EFC + "".join(f"SYN_MESA_2_CC,2031,{month},30,1\n" for month in range(1, 13))


@pytest.mark.brq("BRQ-0105")
def test_a_correction_of_a_list_that_cannot_be_read_ends_no_month_of_it(load, send, unreadable):
    """given a year; when its file cannot be read; then one month waits, and is not all there is"""
    load("efc-list", YEAR)
    unreadable(b",2031,12,")
    june = EFC + "SYN_MESA_2_CC,2031,6,29,1\n"
    with pytest.raises(services.ReadingBusy, match=r"is in force, and the rows of its file"):
        services.rows_as_confirmed("resources.efc_list", "2031")
    with pytest.raises(services.ReadingBusy, match="nothing is compared with them"):
        send("efc-list", june)
    assert not Upload.objects.filter(state="READY").exists()
    whole = send("efc-list", june, options={"covers": "WHOLE"})
    (ends,) = said(whole, "UP-ENDS")
    assert ends.startswith("2031: the rows of version 1 cannot be read")


def test_rows_in_force_that_nobody_finds_are_not_taken_for_none(load, send, monkeypatch):
    load("efc-list", YEAR)
    wanted = replace(kind("efc-list"), current=lambda period: None)
    monkeypatch.setattr(typed_files, "kind", lambda code: wanted)
    typed_files._KEPT.clear()
    with pytest.raises(services.ReadingBusy, match="nothing is compared with them"):
        send("efc-list", EFC + "SYN_MESA_2_CC,2031,6,29,1\n")
    typed_files._KEPT.clear()


def test_that_a_file_took_too_much_is_not_kept(load, send, unreadable, monkeypatch):
    """The machine may have been loaded: the same file is read anew, and well."""
    with monkeypatch.context() as patch:
        real = typed_files.typed_sheet
        unreadable(b",2031,12,")
        assert send("efc-list", YEAR).state == "REFUSED"
        patch.setattr(typed_files, "typed_sheet", real)
        assert send("efc-list", YEAR).state == "READY"


@pytest.mark.parametrize(
    ("state", "accepted"),
    [("RECEIVED", False), ("REFUSED", False), ("READY", True), ("CONFIRMED", True)],
)
def test_a_file_that_was_read_well_has_more_room(send, monkeypatch, state, accepted):
    upload, asked, real = send("efc-list", YEAR), [], typed_files.typed_sheet

    def typed_sheet(content, layout, steps=None, *, accepted):
        asked.append(accepted)
        return real(content, layout, steps, accepted=accepted)

    monkeypatch.setattr(typed_files, "typed_sheet", typed_sheet)
    typed_files._KEPT.clear()
    upload.state = state
    typed_files.typed_file(upload, Unseen())
    assert asked == [accepted]


def test_load_of_one_area_ends_no_other(load):
    before = current_version("market.tac_load", "2024-09-04")
    (version,) = load("tac-load", LOAD + "2024-09-04T07:00:00,ACTUAL,MWD-TAC,,,209,\n")
    assert version.row_count == before.row_count
    assert TacLoad.objects.filter(dataset_version=version).count() == before.row_count


def test_versions_are_whole(load):
    """Every version of a kind that takes parts holds as many rows as it says."""
    load("energy-prices", case("p01_np15_dam_2024-01-15.csv"))
    load("energy-prices", case("p03_sp15_dam_2024-01-15.csv"))
    load("energy-prices", case("p02_window_off_by_an_hour_2024-01-16.csv"))
    for version in DatasetVersion.objects.filter(dataset="market.energy_prices"):
        held = EnergyPrice.objects.filter(dataset_version=version)
        assert held.count() == version.row_count
