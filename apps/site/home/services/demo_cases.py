"""The demo's cases: notices, findings, designations, an affidavit and a price that waits."""

from __future__ import annotations

from datetime import UTC, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.db import transaction

from apps.platform.accounts.models import User
from apps.platform.ui.pdf import pdf
from apps.reliability.designations import services as designations
from apps.reliability.retirements import services as retirements
from apps.reliability.retirements.selectors import notices
from apps.site.home.services.loading import DEMO, read_yaml

CONTRACTS, APPROVER, PLANNER = "iso.contracts", "iso.approver", "iso.operator"


@transaction.atomic
def load_demo_cases(*, at: datetime) -> int:
    """Open the demo's cases through the same doors as anybody's; return how many notices.

    Where any notice is on file nothing is done. Terms that were on file before there was a
    payload get theirs first, as each morning.
    """
    if notices(viewer=_user(CONTRACTS).viewer()).exists():
        return 0
    designations.publish_due(at=at)
    said = read_yaml(DEMO / "cases.yaml")
    for row in said["notices"]:
        _notice(row, at)
    for row in said["prices"]:
        designations.propose_price(
            given=designations.PriceInput(
                contract_no=row["contract"],
                first_date=row["first"],
                last_date=row["last"],
                ferc_docket=row["docket"],
                ferc_approved_on=row["approved"],
                reference=row["reference"],
                price=Decimal(row["price"]),
            ),
            actor=_user(CONTRACTS),
            at=at,
        )
    return len(said["notices"])


def _user(name: str) -> User:
    return User.objects.get(username=name)


def _paper(title: str, body: str) -> Any:
    made = BytesIO(pdf("letter", {"title": title, "body": body}))
    made.name = "affidavit.pdf"
    return made


def _filed(row: dict[str, Any], at: datetime) -> datetime:
    """Return when a notice is filed: an SC files on its day, Regulatory Contracts enters it now."""
    noon = datetime.combine(row["notice"], time(20), UTC)
    return min(at, noon) if row["by"].startswith("sc.") else at


def _notice(row: dict[str, Any], at: datetime) -> None:
    notice = retirements.file_notice(
        given=retirements.NoticeInput(
            resource=row["resource"],
            state_before=row["from"],
            state_requested=row["to"],
            notice_date=row["notice"],
            requested_date=row["requested"],
            owner=row["owner"],
            reason=row["reason"],
            is_synthetic=row.get("synthetic", False),
        ),
        actor=_user(row["by"]),
        at=_filed(row, at),
        document=_paper(
            f"Affidavit of {row['owner']}",
            f"SYNTHETIC paper of the demo. {row['resource']} is to be {row['to']} on "
            f"{row['requested']}.",
        ),
    )
    finding = None
    for found in row.get("findings", []):
        finding = designations.finding_open(
            notice=notice.pk,
            study=found["study"],
            study_date=found["date"],
            needs=found["needs"],
            need_mw=_number(found.get("need_mw")),
            available_mw=_number(found.get("available_mw")),
            note="",
            actor=_user(PLANNER),
            at=at,
        )
    last = None
    for given in row.get("designations", []):
        last = _designate(given, notice.pk, finding, last, at)
        designations.designation_approve(
            case_id=last.pk, actor=_user(APPROVER), at=at, note="designated as on public record"
        )
    for given in row.get("proposed", []):
        _designate(given, notice.pk, finding, None, at)
    if "taken_back" in row:
        back = row["taken_back"]
        retirements.affidavit_open(
            notice=notice.pk,
            reason_code=back["reason"],
            justification=back["why"],
            return_date=back["back_on"],
            actor=_user(row["by"]),
            at=at,
            document=_paper(f"Affidavit of {row['owner']}", back["why"]),
        )


def _number(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None


def _designate(given: dict[str, Any], notice: int, finding: Any, last: Any, at: datetime) -> Any:
    return designations.propose_designation(
        given=designations.DesignationInput(
            need=given["need"],
            start=given["start"],
            end=given["end"],
            ra_year=given["start"].year,
            notice=notice,
            finding=finding.pk,
            renews=last.pk if last else None,
            contract_mw=_number(given.get("mw")),
            mw_override=given.get("override", ""),
            conditional=given.get("conditional", False),
            board_date=given.get("board"),
            is_synthetic=given.get("synthetic", False),
        ),
        actor=_user(CONTRACTS),
        at=at,
    )
