"""The Master File against the contracts, by the matrix of Appendix 2."""

from datetime import date

import pytest

from apps.reference.masterfile.rules import ContractSaid, Flags, verify_flags
from apps.reliability.verification.selectors import verification
from tests.reference.masterfile.files import DAY, ROWS, text

pytestmark = pytest.mark.django_db


@pytest.mark.brq("APP-2", "BRQ-0045", "BRQ-0035")
def test_the_verification_reports_each_mismatch_and_nothing_else(retrieve, as_user):
    retrieve(text())
    of, count, mismatches = verification(DAY)
    assert (of, count, mismatches) == (DAY, 10, [])
    wrong = {
        "METEC_2_PL1X3": ROWS["METEC_2_PL1X3"].replace(",R,Y,1,", ",N,Y,N/A,"),
        "GRNLF2_1_UNIT": ROWS["GRNLF2_1_UNIT"].replace("2020-01-01", "2018-08-31"),
        "FREE_1_UNIT": ROWS["FREE_1_UNIT"].replace(",Y,N,", ",R,Y,"),
        "SYN_PLAYA_3_ST": "",
    }
    retrieve(text(**wrong), name="masterfile-2024-09-05.csv")
    found = {(m.resource, m.violation.code) for m in verification(date(2024, 9, 5))[2]}
    assert found == {
        ("METEC_2_PL1X3", "APP2-MOO"),
        ("METEC_2_PL1X3", "APP2-CONDITION"),
        ("GRNLF2_1_UNIT", "APP2-VINTAGE"),
        ("FREE_1_UNIT", "APP2-NO-CONTRACT"),
        ("SYN_PLAYA_3_ST", "RMR-W-0100"),
    }
    client = as_user("iso.monitor")
    page = client.get("/master-file-check/?day=2024-09-05").content.decode()
    assert "APP2-VINTAGE" in page
    said = client.get("/api/v1/master-file-check/?day=2024-09-05").json()
    assert len(said["mismatches"]) == 5
    assert b"APP2-MOO" in client.get("/master-file-check/?day=2024-09-05&format=csv").content
    assert client.get("/master-file-check/?day=nonsense").status_code == 404


@pytest.mark.brq("BRQ-0100", "BRQ-0035")
def test_rmr_attributes_are_those_of_new_tariff_contracts(retrieve, as_user):
    retrieve(text())
    client = as_user("iso.monitor")
    said = client.get("/api/v1/rmr-attributes/").json()["results"]
    assert [row["resource__code"] for row in said] == [
        "GRNLF2_1_UNIT",
        "SUNSET_2_UNITS",
        "SYN_HARBOR_1_GT",
        "SYN_MESA_2_CC",
        "SYN_PLAYA_3_ST",
    ]
    page = client.get("/rmr-attributes/").content.decode()
    assert "Legacy RMR stands on the list of contracts" in page
    assert "METEC_2_PL1X3" not in page


@pytest.mark.brq("APP-2")
@pytest.mark.parametrize(
    ("effective", "moo", "condition", "exception", "codes"),
    [
        ("2018-08-31", "R", "1", False, set()),
        ("2018-08-31", "R", "2", False, set()),
        ("2018-08-31", "N", "1", False, {"APP2-MOO"}),
        ("2018-08-31", "R", None, False, {"APP2-CONDITION"}),
        ("2018-09-01", "R", "N/A", False, set()),
        ("2018-09-01", "R", None, False, set()),
        ("2018-09-01", "N", "N/A", True, set()),
        ("2018-09-01", "N", "N/A", False, {"APP2-EXCEPTION"}),
        ("2018-09-01", "R", "1", False, {"APP2-CONDITION"}),
        ("2018-09-01", "Y", "N/A", False, {"APP2-MOO"}),
    ],
)
def test_every_row_of_the_matrix(effective, moo, condition, exception, codes):
    day = date.fromisoformat(effective)
    flags = Flags("X", moo, "Y", condition, day, date(2024, 12, 31), exception, False)
    said = ContractSaid(day, None, date(2024, 12, 31))
    found = verify_flags(flags, said, cutoff=date(2018, 9, 1), resource="X")
    assert {f.code for f in found} == codes
