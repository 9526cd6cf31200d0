"""A file of contract terms that waits when a designation ends, and Pmax on the days of terms."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from apps.platform.audit.services import MoveRefused
from apps.platform.core.violations import ValidationFailed
from apps.platform.uploads import services as uploads
from apps.platform.uploads.services import apart, typed_files
from apps.reference.resources.services import pmax_change
from apps.reliability.designations import services
from apps.reliability.designations.services import waiting_files

pytestmark = pytest.mark.django_db
JUNE = date(2099, 6, 30)
HEAD = (
    "CONTRACT_ID,RESOURCE_ID,EFFECTIVE_DATE,CONDITION,START_DATE,END_DATE,RELIABILITY_SCOPE,"
    "LOCAL_AREA,PRICE_USD_PER_MW_DAY,TAC_AREA,OBLIGATION_TYPE,MW,SOURCE\n"
)
ROW = (
    "RMR-FAR,HARBOR_9_UNIT,2099-01-01,,2099-01-01,2099-12-31,LOCAL,LA_BASIN,100,SCE-TAC,GENERIC,"
    "27.5,agreement\n"
)


@pytest.fixture
def far(designate):
    return designate(start=date(2099, 1, 1), end=date(2099, 12, 31), ra_year=2099)


@pytest.fixture
def file(send):
    def go(row=ROW):
        upload = send("contract-terms", HEAD + row, sender="iso.contracts", name="terms.csv")
        assert upload.state == "READY", list(upload.violations.values_list("code", "message"))
        return upload

    return go


@pytest.fixture
def end(person, now):
    def go(case, last_day=JUNE, **words):
        return services.propose_ending(
            given=services.EndingInput(case.pk, "TERMINATE", "as agreed", last_day, **words),
            actor=person("iso.contracts"),
            at=now,
        )

    return go


@pytest.fixture
def finish(person):
    def go(ending):
        return services.ending_approve(
            case_id=ending.pk, actor=person("iso.approver"), at=datetime.now(UTC)
        )

    return go


@pytest.mark.brq("BRQ-0055")
def test_a_file_that_waits_is_said_before_a_designation_ends(far, file, end, person):
    """given a file of terms that waits; when its designation is to end; then it is refused"""
    upload = file()
    with pytest.raises(ValidationFailed) as trouble:
        end(far)
    (said,) = trouble.value.violations
    assert (said.code, said.column) == ("DES-FILE", "last_day")
    assert said.message == (
        f"The file terms.csv (upload no. {upload.pk}, sent by iso.contracts) waits to be confirmed "
        "and holds terms of RMR-FAR from 2099-07-01 on. Confirm or withdraw it first, or say "
        "beside the ending why it ends all the same."
    )
    uploads.withdraw(upload_id=upload.pk, actor=person("iso.contracts"), at=datetime.now(UTC))
    assert end(far).state == "PROPOSED"


@pytest.mark.brq("BRQ-0055")
def test_a_file_of_earlier_days_or_of_another_resource_holds_nothing_back(far, file, end):
    file(ROW.replace("2099-12-31", "2099-06-30"))
    assert end(far).state == "PROPOSED"


@pytest.mark.brq("BRQ-0055")
def test_a_file_that_came_in_between_holds_the_approval_back(far, file, end, finish):
    ending = end(far)
    file()
    with pytest.raises(MoveRefused, match=r"terms\.csv"):
        finish(ending)


@pytest.mark.brq("BRQ-0055", "BRQ-0015")
def test_an_ending_over_a_file_is_read_by_the_second_person_and_asked_of_the_file(
    far, file, end, finish, person
):
    """given a reason; when the ending is approved; then the file asks for a designation anew"""
    upload = file()
    ending = end(far, over_files="The parties withdrew these terms.")
    assert any("terms.csv" in said for said in ending.follows)
    assert finish(ending).over_files == "The parties withdrew these terms."
    with pytest.raises(uploads.ConfirmRefused, match="No designation of HARBOR_9_UNIT"):
        uploads.confirm(
            upload_id=upload.pk,
            actor=person("iso.approver"),
            at=datetime.now(UTC),
            reason="agreed",
        )


@pytest.mark.brq("BRQ-0055")
def test_no_file_is_parsed_while_a_designation_ends(far, file, end, finish, monkeypatch):
    """given a file of terms that waits; when an ending is asked for; then what was kept tells"""
    file()

    def parsed(*_, **__):
        raise AssertionError("a file was parsed")

    monkeypatch.setattr(apart, "_asked", parsed)
    monkeypatch.setattr(typed_files, "_KEPT", type(typed_files._KEPT)())
    with pytest.raises(ValidationFailed, match=r"holds terms of RMR-FAR from 2099-07-01 on"):
        end(far)
    ending = end(far, over_files="The parties withdrew these terms.")
    assert any("holds terms of RMR-FAR" in said for said in finish(ending).follows)


@pytest.mark.brq("BRQ-0055")
def test_a_file_of_more_terms_than_are_kept_holds_back(far, file, end, monkeypatch):
    monkeypatch.setattr(waiting_files, "MOST_KEPT", 1)
    half = ROW.replace("2099-12-31", "2099-06-30")
    file(half + ROW.replace("2099-01-01,2099-12-31", "2099-07-01,2099-12-31"))
    with pytest.raises(ValidationFailed, match="is not read yet"):
        end(far)


@pytest.mark.brq("BRQ-0055")
def test_a_file_that_is_not_read_yet_holds_back_as_one_that_waits(far, end, person):
    upload = uploads.receive(
        kind_code="contract-terms",
        file_name="terms.csv",
        content=(HEAD + ROW).encode(),
        actor=person("iso.contracts"),
        at=datetime.now(UTC),
    )
    with pytest.raises(ValidationFailed) as trouble:
        end(far)
    (said,) = trouble.value.violations
    assert said.code == "DES-FILE"
    assert said.message.startswith(
        f"The file terms.csv (upload no. {upload.pk}, sent by iso.contracts) waits to be confirmed "
        "and is not read yet: it may hold terms of this resource from 2099-07-01 on."
    )


@pytest.fixture
def smaller(far, person):
    """Let Pmax be 20 MW from July 2099 on."""
    pmax_change(
        resource_id=far.resource_id,
        pmax_mw=20,
        first=date(2099, 7, 1),
        known_from=datetime.now(UTC),
        reference="ER99-1",
        proposed_by=person("iso.contracts"),
        approved_by=person("iso.approver"),
    )


@pytest.mark.brq("BRQ-0048", "BRQ-0020")
def test_terms_are_held_against_pmax_of_all_their_days(smaller, send):
    """given a Pmax that changes in July; when terms say the old one all year; then July is named"""
    upload = send("contract-terms", HEAD + ROW, sender="iso.contracts")
    said = upload.violations.get(code="RMR-W-0048D")
    assert (said.line, said.column, said.severity) == (2, "MW", "warning")
    assert said.message == (
        "Pmax of HARBOR_9_UNIT is 20 MW from 2099-07-01 to 2099-12-31, and the terms say 27.5 MW. "
        "File rows of their own for these days, or say why the terms stay."
    )
    two = ROW.replace("2099-12-31", "2099-06-30") + ROW.replace(
        "2099-01-01,2099-12-31", "2099-07-01,2099-12-31"
    ).replace("27.5", "20")
    upload = send("contract-terms", HEAD + two, sender="iso.contracts")
    assert upload.state == "READY"
    assert not upload.violations.filter(code__contains="0048").exists()


@pytest.mark.brq("BRQ-0048", "BRQ-0020")
def test_terms_at_the_desk_are_of_the_pmax_of_their_first_day(smaller, far, person, now):
    """given a Pmax of 20 MW from July; when terms from July say so; then the desk takes them"""
    given = {
        "designation": far.pk,
        "contract_no": "RMR-FAR",
        "first_date": date(2099, 7, 1),
        "last_date": date(2099, 12, 31),
        "reference": "agreement",
        "price": 100,
    }
    proposal = services.propose_terms(
        given=services.TermsInput(**given, capacity={("SCE-TAC", "GENERIC"): 20}),
        actor=person("iso.contracts"),
        at=now,
    )
    assert services.pmax_said(far.resource_id, date(2099, 1, 1), date(2099, 12, 31)) == (
        "27.50 MW 2099-01-01 to 2099-06-30; 20.00 MW 2099-07-01 to 2099-12-31"
    )
    assert proposal.state == "PROPOSED"
