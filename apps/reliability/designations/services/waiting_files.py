"""Files of contract terms that wait to be confirmed, and whose designations they are about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from apps.platform.core.rulebook import implements
from apps.platform.core.violations import Severity, Violation
from apps.platform.uploads.models import Upload
from apps.platform.uploads.services import ReadingBusy, typed_rows
from apps.reliability.designations.layouts import CONTRACT_ROW
from apps.reliability.designations.models import Designation

KIND = "contract-terms"
WAITS = ("RECEIVED", "READY")


@dataclass(frozen=True)
class WaitingFile:
    """A file that waits, with the contracts it names for the days asked about.

    None are named where the file cannot be read now: it may hold terms of any resource.
    """

    upload_id: int
    name: str
    sender: str
    contracts: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """Say which file waits, whose it is and which contracts it names."""
        holds = (
            f"holds terms of {', '.join(self.contracts)}"
            if self.contracts
            else "cannot be read now: it may hold terms of this resource"
        )
        return (
            f"The file {self.name} (upload no. {self.upload_id}, sent by {self.sender}) waits to "
            f"be confirmed and {holds}"
        )


def files_waiting(case: Designation, first: date) -> list[WaitingFile]:
    """Return the files that wait with terms of a designation's resource on a day or later.

    A file that cannot be read now is among them.
    """
    found = []
    waiting = Upload.objects.filter(kind=KIND, state__in=WAITS).select_related(
        "content", "opened_by"
    )
    for upload in waiting.order_by("pk"):
        numbers = _contracts_of(case, first, upload)
        if numbers or numbers is None:
            sender = upload.opened_by.username
            found.append(WaitingFile(upload.pk, upload.file_name, sender, numbers or ()))
    return found


def _contracts_of(case: Designation, first: date, upload: Upload) -> tuple[str, ...] | None:
    """Return the contracts a file names for a designation's later days; None where unreadable."""
    try:
        rows, said = typed_rows(bytes(upload.content.content), CONTRACT_ROW)
    except ReadingBusy:
        return None
    if rows.is_empty() and any(v.severity is Severity.ERROR for v in said):
        return None
    own = rows.filter(
        (pl.col("resource_id") == case.resource.code)
        & (pl.col("end_date") >= first)
        & (pl.col("start_date") < case.period.upper)
    )
    return tuple(sorted(own["contract_id"].drop_nulls().unique()))


@implements("BRQ-0055", source="BRS 1.2 section 6.1.1")
def against_files(case: Designation, first: date, reason: str, column: str) -> list[Violation]:
    """Refuse to end a designation over a file that waits with terms of its later days.

    *Interpretation*: unless a reason is given beside the ending, which the second person reads. The
    file itself asks anew before it is confirmed, as no designation stands behind it then.
    """
    if reason.strip():
        return []
    return [
        Violation(
            "DES-FILE",
            f"{file.sentence} from {first} on. Confirm or withdraw it first, or say beside the "
            "ending why it ends all the same.",
            column=column,
            value=str(file.upload_id),
        )
        for file in files_waiting(case, first)
    ]
