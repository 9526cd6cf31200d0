"""Confirming: two people, all or nothing, and never against a base that moved on."""

from __future__ import annotations

import hashlib

import pytest

from apps.platform.accounts.models import Party
from apps.platform.uploads import services
from apps.platform.uploads.models import DatasetVersion
from apps.reference.market.models import MeteredDemand
from apps.reference.resources.models import EffectiveFlexibleCapacity, NetQualifyingCapacity
from tests.platform.uploads.test_reading import HEAD, day

pytestmark = pytest.mark.django_db
NQC = "RESOURCE_ID,RA_YEAR,RA_MONTH,NQC_MW,EFC_MW,FLEX_CATEGORY,LOCAL_AREA\n"
STALE = "is at version 1 now; this file was checked before there was one. Check it again"


def confirm(upload, who, now, reason=""):
    return services.confirm(upload_id=upload.pk, actor=who, at=now, reason=reason)


def test_a_file_is_kept_byte_for_byte(send):
    text = day()
    upload = send("metered-demand", text)
    assert bytes(upload.content.content) == text.encode()
    assert upload.sha256 == hashlib.sha256(text.encode()).hexdigest()


def test_the_sender_cannot_confirm_and_an_approver_can(send, person, now):
    upload = send("metered-demand", day(), sender="iso.admin")
    with pytest.raises(services.ConfirmRefused, match="second person"):
        confirm(upload, person("iso.admin"), now)
    with pytest.raises(services.ConfirmRefused, match="roles"):
        confirm(upload, person("iso.monitor"), now)
    assert MeteredDemand.objects.filter(trade_date="2024-10-01").count() == 0
    done, versions = confirm(upload, person("iso.approver"), now)
    assert (done.state, [v.version for v in versions]) == ("CONFIRMED", [1])
    assert MeteredDemand.objects.filter(dataset_version=versions[0]).count() == 24


def test_warnings_need_a_reason(send, person, now):
    upload = send("metered-demand", day(20))
    with pytest.raises(services.ConfirmRefused, match="warnings"):
        confirm(upload, person("iso.approver"), now)
    done, _ = confirm(upload, person("iso.approver"), now, "meter was out")
    assert done.state == "CONFIRMED"


def test_a_preview_shows_what_differs(load, send):
    load("metered-demand", day())
    text = day(23).replace(",5,1.5", ",5,9.25") + "SYN_LSE_NORTH,PGE-TAC,2024-10-01,1,4\n"
    counts = ("added", "changed", "removed", "unchanged", "kept")
    entry = send("metered-demand", text).preview["periods"][0]
    assert [entry[c] for c in counts] == [1, 1, 0, 22, 1]
    whole = send("metered-demand", text, options={"covers": "WHOLE"}).preview["periods"][0]
    assert [whole[c] for c in counts] == [1, 1, 1, 22, 0]
    assert entry["samples"]["changed"][0]["changes"] == [
        {"column": "MWH", "was": "1.5000", "now": "9.2500"}
    ]


def test_the_same_content_again_makes_no_version(load, send, person, now):
    load("metered-demand", day())
    lines = day().splitlines()
    shuffled = "\n".join([lines[0], *reversed(lines[1:])])
    upload = send("metered-demand", shuffled)
    assert upload.preview["periods"][0]["same"]
    _, versions = confirm(upload, person("iso.approver"), now)
    assert versions == []


def test_a_base_that_moved_on_is_refused_until_read_again(load, send, person, now):
    first = send("metered-demand", day(mwh="2"))
    load("metered-demand", day(mwh="3"))
    with pytest.raises(services.ConfirmRefused, match=STALE):
        confirm(first, person("iso.approver"), now)
    again = services.reread(upload_id=first.pk, actor=person("iso.operator"), at=now)
    _, versions = confirm(again, person("iso.approver"), now)
    assert [v.version for v in versions] == [2]


def test_what_the_file_names_may_be_gone_by_then(send, person, now):
    upload = send("metered-demand", day())
    Party.objects.filter(code="SYN_LSE_BAY").update(is_active=False)
    with pytest.raises(services.ConfirmRefused, match="has changed since"):
        confirm(upload, person("iso.approver"), now)
    assert not DatasetVersion.objects.filter(period="2024-10-01").exists()


def test_a_fault_while_storing_leaves_nothing(send, person, now, monkeypatch):
    upload = send("metered-demand", day() + day(trade_date="2024-10-02").removeprefix(HEAD))
    from apps.reference.market.services import files as market

    calls = []
    real = market.copy_rows

    def faulty(model, frame):
        calls.append(1)
        if len(calls) == 2:
            raise OSError("disk full")
        return real(model, frame)

    monkeypatch.setattr(market, "copy_rows", faulty)
    with pytest.raises(OSError, match="disk full"):
        confirm(upload, person("iso.approver"), now)
    upload.refresh_from_db()
    assert upload.state == "READY"
    assert not DatasetVersion.objects.filter(period__startswith="2024-10").exists()
    assert not MeteredDemand.objects.filter(trade_date__month=10).exists()


@pytest.mark.brq("BRQ-0105")
def test_nqc_and_efc_of_a_new_tariff_resource_land_in_their_lists(load):
    versions = load(
        "rmr-nqc-efc",
        NQC
        + "SUNSET_2_UNITS,2025,9,231.50,100,2,\nGRNLF2_1_UNIT,2024,9,49,,,SIERRA\n".replace(
            "2025", "2024"
        ),
    )
    nqc = NetQualifyingCapacity.objects.filter(dataset_version=versions[0], ra_month=9)
    assert {(n.resource.code, str(n.nqc_mw), n.local_area and n.local_area.code) for n in nqc} == {
        ("SUNSET_2_UNITS", "231.5000", None),
        ("GRNLF2_1_UNIT", "49.0000", "SIERRA"),
    }
    efc = EffectiveFlexibleCapacity.objects.get(
        dataset_version=versions[0], ra_month=9, efc_mw__gt=0
    )
    assert (efc.resource.code, efc.flex_category) == ("SUNSET_2_UNITS", 2)


@pytest.mark.brq("BRQ-0105")
@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("NO_SUCH,2024,9,1,,,", "RMR-E-0105A", "RESOURCE_ID"),
        ("METEC_2_PL1X3,2024,9,1,,,", "RMR-E-0105B", "RESOURCE_ID"),
        ("SUNSET_2_UNITS,2025,9,1,,,", "RMR-E-0105B", "RESOURCE_ID"),
        ("SUNSET_2_UNITS,2024,9,248.01,,,", "RMR-E-0105C", "NQC_MW"),
        ("SUNSET_2_UNITS,2024,9,1,1,,", "RMR-E-0105D", "FLEX_CATEGORY"),
        ("SUNSET_2_UNITS,2024,9,1,0,2,", "RMR-E-0105D", "FLEX_CATEGORY"),
        ("SUNSET_2_UNITS,2024,9,1,1,4,", "UP-HIGH", "FLEX_CATEGORY"),
        ("SUNSET_2_UNITS,2024,9,1,,,ATLANTIS", "RMR-E-0105E", "LOCAL_AREA"),
        ("SUNSET_2_UNITS,2024,9,1.001,,,", "UP-DECIMALS", "NQC_MW"),
        ("SUNSET_2_UNITS,2024,13,1,,,", "UP-HIGH", "RA_MONTH"),
    ],
)
def test_a_wrong_nqc_row_is_refused_by_row_and_column(row, code, column, send):
    upload = send("rmr-nqc-efc", NQC + row + "\n")
    assert upload.state == "REFUSED"
    assert (2, column, code) in set(upload.violations.values_list("line", "column", "code"))
