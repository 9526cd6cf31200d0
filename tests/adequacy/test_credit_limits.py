"""Credits stay within Pmax, NQC, EFC and their designation, or carry a reason."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from apps.adequacy.credits import services
from apps.adequacy.credits.models import CreditProposal, CreditShare, RmrCredit
from apps.platform.audit.services import MoveRefused
from apps.platform.core.tradetime import FAR_MOMENT
from apps.platform.core.violations import ValidationFailed
from apps.platform.uploads.services import ConfirmRefused, confirm
from tests.adequacy import files

pytestmark = pytest.mark.django_db
MW = Decimal
GREENLEAF, SUNSET = "GRNLF2_1_UNIT", "SUNSET_2_UNITS"
HEAD = files.MONTHLY_HEAD.removesuffix(",OVERRIDE_REASON\n")


@pytest.fixture
def propose(person, now):
    def go(resource=GREENLEAF, kind="LOCAL", mw="49.20", **more):
        words = {"ra_year": 2024, "ra_month": 6, "reference": "test"} | more
        return services.propose_credit(
            given=services.CreditInput(resource=resource, kind=kind, mw=MW(mw), **words),
            actor=person("iso.operator"),
            at=now,
        )

    return go


@pytest.fixture
def approve(person, now):
    return lambda case: services.credit_approve(
        case_id=case.pk, actor=person("iso.approver"), at=now
    )


def refused(propose, **words):
    with pytest.raises(ValidationFailed) as trouble:
        propose(**words)
    return [f.code for f in trouble.value.violations]


@pytest.mark.brq("BRQ-0116", "BRQ-0117")
@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ({"resource": SUNSET, "kind": "SYSTEM", "mw": "300", "ra_month": 7}, ["CRD-PMAX"]),
        ({"resource": SUNSET, "kind": "SYSTEM", "mw": "248.01"}, ["CRD-PMAX"]),
        ({"resource": SUNSET, "kind": "SYSTEM", "mw": "231.01"}, ["CRD-NQC"]),
        ({"resource": SUNSET, "kind": "SYSTEM", "mw": "231", "tac_areas": "PGE-TAC"}, ["CRD-TAC"]),
        ({"resource": SUNSET, "kind": "LOCAL", "mw": "100"}, ["CRD-KIND", "CRD-LOCAL"]),
        (
            {"resource": SUNSET, "kind": "FLEX", "mw": "1", "category": 1},
            ["CRD-KIND", "CRD-FLEX", "CRD-EFC"],
        ),
        ({"kind": "SYSTEM"}, ["CRD-KIND"]),
        ({"tac_areas": "ALL"}, ["CRD-TAC"]),
        ({"tac_areas": "PGE-TAC;SCE-TAC"}, ["CRD-TAC"]),
        ({"tac_areas": "SCE-TAC"}, ["CRD-TAC"]),
        ({"kind": "FLEX", "mw": "30", "category": 2}, ["CRD-CATEGORY"]),
        ({"kind": "FLEX", "mw": "35", "category": 2}, ["CRD-CATEGORY", "CRD-EFC"]),
        ({"kind": "FLEX", "mw": "30.01", "category": 1}, ["CRD-EFC"]),
        ({"kind": "LOCAL", "category": 1}, ["CRD-FLEX"]),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_kept(propose, words, codes):
    assert refused(propose, **words) == codes
    assert not CreditProposal.objects.exists()
    hard = {"CRD-PMAX", "CRD-LOCAL", "CRD-FLEX"}
    if hard & set(codes):  # no reason helps
        assert set(refused(propose, **words, override_reason="the board asked for it")) <= hard
        assert not CreditProposal.objects.exists()
        return
    case = propose(**words, override_reason="the board asked for it")
    assert case.override_reason == "the board asked for it"
    assert [(r["code"], r["severity"]) for r in case.remarks] == [(c, "warning") for c in codes]


@pytest.mark.brq("BRQ-0114", "BRQ-0117")
def test_what_fits_is_taken_and_blank_areas_of_a_local_credit_are_its_own(propose):
    local = propose(override_reason="not needed")
    assert (local.tac_areas, local.override_reason, local.remarks) == ("PGE-TAC", "", [])
    system = propose(resource=SUNSET, kind="SYSTEM", mw="231")
    assert (system.tac_areas, system.remarks) == ("ALL", [])
    flexible = propose(kind="FLEX", mw="30", category=1)
    assert (flexible.tac_areas, flexible.remarks) == ("ALL", [])


@pytest.mark.brq("BRQ-0117")
def test_system_and_local_of_a_month_count_together_and_another_month_does_not(propose, approve):
    approve(propose(mw="40"))
    with pytest.raises(ValidationFailed) as trouble:
        propose(kind="SYSTEM", mw="49.20", override_reason="both are needed")
    assert [f.code for f in trouble.value.violations if f.severity == "error"] == ["CRD-PMAX"]
    assert "89.2 MW is above the Pmax of GRNLF2_1_UNIT, 49.2 MW" in str(trouble.value)
    assert propose(kind="SYSTEM", mw="9.20", override_reason="split").remarks
    assert propose(mw="49.20", ra_month=7).remarks == []
    approve(propose(mw="0"))  # ends it
    assert [c.mw for c in RmrCredit.objects.filter(known__contains=FAR_MOMENT)] == [0]


@pytest.mark.brq("BRQ-0117")
def test_of_two_proposals_at_once_the_second_counts_the_first(propose, approve):
    first = propose(mw="40")
    assert set(refused(propose, kind="SYSTEM", mw="10")) == {"CRD-KIND", "CRD-PMAX"}  # 50 of 49.2
    second = propose(kind="SYSTEM", mw="9.20", override_reason="split")
    for case in (first, second):
        approve(case)
    assert sorted(c.mw for c in RmrCredit.objects.all()) == [MW("9.2"), 40]


@pytest.mark.brq("BRQ-0117")
def test_an_approval_is_refused_where_more_has_come_on_file(propose, approve, load, shares):
    case = propose(mw="49.20", ra_month=9)
    load(
        "rmr-credits-monthly",
        f"{HEAD},OVERRIDE_REASON\n2024,9,{GREENLEAF},SYSTEM,,RMR,,20,the board asked for it\n",
    )
    with pytest.raises(MoveRefused, match="CRD-PMAX"):
        approve(case)
    case.refresh_from_db()
    assert case.state == "PROPOSED"
    assert RmrCredit.objects.get().kind == "SYSTEM"


@pytest.mark.brq("BRQ-0116", "BRQ-0117")
def test_a_file_is_judged_the_same_and_its_reason_is_kept(send, load):
    both = (
        f"2024,6,{GREENLEAF},LOCAL,,RMR,,49.20{{reason}}\n"
        f"2024,6,{SUNSET},SYSTEM,,RMR,,240{{reason}}\n"
    )
    plain = send("rmr-credits-monthly", HEAD + "\n" + both.format(reason=""))
    assert plain.state == "REFUSED"
    assert list(plain.violations.values_list("code", "line")) == [("CRD-NQC", 3)]
    assert not RmrCredit.objects.exists()
    load("rmr-credits-monthly", HEAD + ",OVERRIDE_REASON\n" + both.format(reason=",as tested"))
    kept = RmrCredit.objects.get(resource__code=SUNSET)
    assert (kept.mw, kept.override_reason) == (240, "as tested")
    people = (kept.proposed_by.username, kept.approved_by.username)
    assert people == ("iso.operator", "iso.approver")
    assert RmrCredit.objects.get(resource__code=GREENLEAF).tac_areas == "PGE-TAC"


@pytest.mark.brq("BRQ-0116", "BRQ-0121")
def test_rows_of_one_file_count_beside_one_another(send):
    two = send(
        "rmr-credits-monthly",
        f"{HEAD},OVERRIDE_REASON\n"
        f"2024,6,{GREENLEAF},FLEX,2,RMR,,20,why\n"
        f"2024,6,{GREENLEAF},FLEX,3,RMR,,40,why\n",
    )
    assert two.state == "REFUSED"
    assert {f.code for f in two.violations.filter(severity="error")} == {"CRD-PMAX"}
    assert not RmrCredit.objects.exists()


@pytest.mark.brq("BRQ-0117")
def test_an_unknown_nqc_takes_a_reason_and_is_not_taken_for_zero(propose):
    assert refused(propose, resource="BOGUE_1_UNITA1", mw="47.16") == ["CRD-NO-NQC"]
    why = "the list of June comes next week"
    case = propose(resource="BOGUE_1_UNITA1", mw="47.16", override_reason=why)
    (remark,) = case.remarks
    assert remark["code"] == "CRD-NO-NQC"
    assert remark["message"].endswith(f"Overridden: {why}")
    assert case.override_reason == why
    assert refused(propose, resource="BOGUE_1_UNITA1", mw="48.70") == ["CRD-PMAX"]


@pytest.mark.brq("BRQ-0117")
def test_the_reason_is_shown_to_the_approver_with_who_and_when(propose, as_user):
    case = propose(resource=SUNSET, kind="SYSTEM", mw="240", override_reason="as tested")
    page = as_user("iso.approver").get(f"/credit-proposals/{case.pk}/").content.decode()
    assert "as tested, by iso.operator on 20" in page
    api = as_user("iso.approver").get(f"/api/v1/credit-proposals/{case.pk}/").json()
    assert api["facts"]["Override"].startswith("as tested, by iso.operator on ")


@pytest.mark.brq("BRQ-0116", "BRQ-0121")
def test_a_reason_holds_for_the_limit_it_was_read_with(send, propose, approve, person, now):
    """A file 1 MW above EFC waits; 18 MW more come on file; its reason was for 1 MW."""
    waits = send(
        "rmr-credits-monthly",
        f"{HEAD},OVERRIDE_REASON\n2024,6,{GREENLEAF},FLEX,1,RMR,,31,one MW more as tested\n",
    )
    assert waits.state == "READY"
    approve(propose(kind="FLEX", category=2, mw="18", override_reason="split"))
    with pytest.raises(ConfirmRefused, match="Something has come up since the file was read"):
        confirm(upload_id=waits.pk, actor=person("iso.approver"), at=now, reason="as tested")
    assert [c.mw for c in RmrCredit.objects.all()] == [18]


@pytest.mark.brq("BRQ-0114", "BRQ-0117")
@pytest.mark.usefixtures("shares")
def test_the_approver_sees_first_who_gets_what(propose, approve, send, as_user, run_of):
    """Given a credit that waits; page, API and file name each part; then the run gives the same."""
    case = propose(ra_month=9)
    client = as_user("iso.approver")
    facts = client.get(f"/api/v1/credit-proposals/{case.pk}/").json()["facts"]
    told = facts["Who gets it"]
    assert told == (  # 34.276, 5.002, 5.904 and 4.018 MW: two hundredths to the largest remainders
        "Goes to PGE-TAC 49.2 MW (SYN_LSE_BAY 5, SYN_LSE_NORTH 34.28, SYN_LSE_RETAIL 4.02, "
        "SYN_LSE_VALLEY 5.9)."
    )
    page = client.get(f"/credit-proposals/{case.pk}/").content.decode()
    assert "Who gets it, if it is approved" in page
    sent = send("rmr-credits-monthly", f"{HEAD}\n2024,9,{GREENLEAF},LOCAL,,RMR,,49.20\n")
    note = sent.violations.get(code="CRD-WHO")
    assert (note.severity, note.line, note.message) == ("info", 2, told)
    parts = services.who_gets("2024-09", [(MW("49.20"), "PGE-TAC")])[0].parts
    assert sum(mw for _, _, mw in parts) == MW("49.20")
    approve(case)
    run = run_of("credits.monthly", date(2024, 9, 1))
    given = CreditShare.objects.filter(run=run).values_list("tac", "lse_code", "mw")
    assert sorted(given) == sorted(parts)
    after = client.get(f"/api/v1/credit-proposals/{case.pk}/").json()["facts"]
    assert after["Who gets it"] is None


def test_without_forecasts_it_is_said_that_nobody_knows_yet(propose, as_user):
    case = propose()
    facts = as_user("iso.approver").get(f"/api/v1/credit-proposals/{case.pk}/").json()["facts"]
    assert facts["Who gets it"].startswith("Not known yet who gets it: ")


NQC = "RESOURCE_ID,RA_YEAR,RA_MONTH,NQC_MW,EFC_MW,FLEX_CATEGORY,LOCAL_AREA\n"
YEARLY = files.ANNUAL.splitlines()[0]


def _listed(load, months):
    rows = "".join(f"{GREENLEAF},2024,{m},49.2,30,1,SIERRA\n" for m in months)
    rows += "".join(f"{SUNSET},2024,{m},231,0,,\n" for m in range(1, 13))
    load("rmr-nqc-efc", NQC + rows, options={"covers": "WHOLE"})


@pytest.mark.brq("BRQ-0114", "BRQ-0117")
def test_an_annual_credit_names_the_months_without_an_nqc(send, load):
    """given NQC of ten months; when a year is credited; then the other two need a reason"""
    _listed(load, range(1, 11))
    row = f"2024,{GREENLEAF},LOCAL,,RMR,PGE-TAC,49.20"
    upload = send("rmr-credits-annual", f"{YEARLY}\n{row}\n")
    assert upload.state == "REFUSED"
    (said,) = upload.violations.filter(severity="error")
    assert (said.code, said.line) == ("CRD-NO-NQC", 2)
    assert said.message == (
        f"No NQC of {GREENLEAF} is on file in 2024-11, 2024-12 to check against. Send it, or say "
        "why the credit is right all the same."
    )
    told = send(
        "rmr-credits-annual", f"{YEARLY},OVERRIDE_REASON\n{row},the list of autumn comes in May\n"
    )
    assert told.state == "READY"
    assert "2024-11, 2024-12" in told.violations.get(code="CRD-NO-NQC").message


@pytest.mark.brq("BRQ-0114", "BRQ-0117")
def test_the_months_with_an_nqc_are_checked_beside_those_without(send, load):
    """given NQC of some months, one of them small; when a year is credited; then both are said"""
    _listed(load, range(1, 11))
    load("rmr-nqc-efc", NQC + f"{GREENLEAF},2024,3,20,10,1,SIERRA\n")
    upload = send("rmr-credits-annual", f"{YEARLY}\n2024,{GREENLEAF},LOCAL,,RMR,PGE-TAC,49.20\n")
    assert set(upload.violations.values_list("code", flat=True)) >= {"CRD-NO-NQC", "CRD-NQC"}


@pytest.mark.brq("BRQ-0114", "BRQ-0117")
def test_an_annual_flexible_credit_names_the_months_without_an_efc(send, load):
    _listed(load, (2, 3))
    upload = send("rmr-credits-annual", f"{YEARLY}\n2024,{GREENLEAF},FLEX,1,RMR,PGE-TAC,10\n")
    (said,) = upload.violations.filter(code="CRD-NO-EFC")
    assert "2024-01, 2024-04, 2024-05" in said.message
