"""The public files themselves, where they lie beside the project."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest

from apps.platform.uploads.models import DatasetVersion
from apps.reference.market.models import EnergyPrice, TacLoad
from apps.reference.resources.codes import MONTHS
from apps.reference.resources.models import CapabilityListing, NetQualifyingCapacity, NqcListEntry
from tests.conftest import SHARED

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not SHARED.exists(), reason="the public data are not beside the project"),
]


def test_the_capability_list_loads_whole_and_ids_keep_their_blanks(load):
    content = (SHARED / "resources" / "caiso_gen_capability_list_20190601.csv").read_bytes()
    version = load("capability-list", content, options={"as_of": "2019-06-01"})[0]
    rows = CapabilityListing.objects.filter(dataset_version=version)
    assert version.row_count == rows.count() == 1275
    assert rows.filter(agg_type="Y").count() == 436
    oakland = rows.get(resource__code="OAK C_7_UNIT 1")
    assert (str(oakland.net_dependable_mw), oakland.energy_source) == ("55.0000", "DISTILLATE")


def test_tac_load_of_the_two_days_adds_up_to_the_published_totals(load):
    content = (SHARED / "load" / "tac_load_hourly_2024-09-04_05.csv").read_bytes()
    from apps.platform.uploads.selectors import versions_known_at

    load("tac-load", content)
    versions = versions_known_at("market.tac_load", datetime.now(UTC))
    total = {}
    for row in TacLoad.objects.filter(dataset_version__in=versions, tac_area="CA ISO-TAC"):
        total[row.trade_date.isoformat()] = total.get(row.trade_date.isoformat(), 0) + row.mw
    assert total == {"2024-09-04": 840094, "2024-09-05": 885069}


@pytest.mark.parametrize(
    "name",
    [
        "20191101_20191201_PRC_LMP_DAM_20200603_00_24_23_v1.csv",
        "20200101_20200201_PRC_LMP_DAM_20200603_08_11_05_v1.csv",
        "20200201_20200301_PRC_LMP_DAM_20200603_08_31_18_v1.csv",
        "20200401_20200501_PRC_LMP_DAM_20200603_08_42_03_v1.csv",
    ],
)
def test_a_month_of_prices_loads_with_a_version_a_day(name, load):
    content = (SHARED / "prices_energy" / name).read_bytes()
    versions = load("energy-prices", content)
    rows = EnergyPrice.objects.filter(dataset_version__in=versions)
    with io.StringIO(content.decode()) as source:
        published = list(csv.DictReader(source))
    assert rows.count() == len(published)
    assert len(versions) == len({r["OPR_DT"] for r in published})
    if "201911" in name:
        assert rows.filter(trade_date="2019-11-03", lmp_type="LMP", hour_ending=25).count() == 3
    first = published[0]
    kept = rows.get(
        node=first["NODE"],
        trade_date=first["OPR_DT"],
        hour_ending=int(first["OPR_HR"]),
        lmp_type=first["LMP_TYPE"],
    )
    assert kept.price == __import__("decimal").Decimal(first["MW"])


def test_the_twenty_column_list_loads_with_its_months(load):
    """Written from the published NQC values of 2024, in the layout of the public list."""
    values = {}
    with (SHARED / "resources" / "caiso_nqc_pmax_by_month_2024.csv").open() as source:
        for row in csv.DictReader(source):
            month = int(row["MONTH"][5:])
            key = (row["RESOURCE ID"], month)
            if key not in values or values[key][0] <= row["LAST SEEN"]:
                values[key] = (
                    row["LAST SEEN"],
                    row["NET QUALIFYING CAPACITY MW"],
                    row["RESOURCE NAME"],
                )
    names = {code: name for (code, _), (_, _, name) in values.items()}
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(
        [
            "Generator Name",
            "Resource ID",
            "Path Designation",
            "Local Area",
            *MONTHS,
            "Dispatchable",
            "Deliverability Status",
            "Deliverability MW",
            "Comments",
        ]
    )
    for code in sorted(names):
        months = [values.get((code, m), ("", "", ""))[1] for m in range(1, 13)]
        writer.writerow([names[code], code, "North", "CAISO System", *months, "Y", "FC", "", ""])
    version = load("nqc-list", target.getvalue(), options={"ra_year": "2024"})[0]
    assert NqcListEntry.objects.filter(dataset_version=version).count() == 1073
    stored = NetQualifyingCapacity.objects.filter(dataset_version=version)
    assert stored.count() == len(values)
    sunset = stored.get(resource__code="SUNSET_2_UNITS", ra_month=9)
    assert str(sunset.nqc_mw) == "243.0000"
    assert DatasetVersion.objects.get(pk=version.pk).period == "2024"


def test_an_oasis_error_reply_is_refused(send):
    content = (SHARED / "oasis_samples" / "oasis_invalid_request.xml").read_bytes()
    upload = send("energy-prices", content, name="reply.xml")
    assert upload.state == "REFUSED"


def test_every_row_of_nqc_by_month_is_kept_and_the_one_seen_last_holds(load):
    from apps.reference.resources.models import NqcByMonth

    content = (SHARED / "resources" / "caiso_nqc_pmax_by_month_2024.csv").read_bytes()
    version = load("nqc-by-month", content)[0]
    rows = NqcByMonth.objects.filter(dataset_version=version)
    assert rows.count() == version.row_count == 8514
    holding = rows.filter(holds=True)
    months = {(r.resource_id, r.ra_month) for r in rows.only("resource_id", "ra_month")}
    assert holding.count() == len(months)
    notes = version.upload.violations.filter(code="NQC-REVISED").count()
    assert notes == 8514 - holding.count() > 300


def test_every_fact_of_public_record_is_kept_with_what_it_is_good_for(load, as_user):
    from apps.reliability.designations.models import PublicFact

    content = (SHARED / "ra" / "rmr_public_facts.csv").read_bytes()
    version = load("rmr-facts", content)[0]
    assert PublicFact.objects.filter(dataset_version=version).count() == 23
    assert version.upload.violations.filter(code="FACT-USE").count() == 23
    assert "Kept as evidence." not in set(
        version.upload.violations.filter(code="FACT-USE").values_list("message", flat=True)
    )
    page = as_user("iso.contracts").get("/rmr-facts/").content.decode()
    assert "Midway Sunset" in page
