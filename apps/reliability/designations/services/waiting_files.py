"""Files of contract terms that wait to be confirmed, and whose designations they are about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from apps.platform.core.rulebook import implements
from apps.platform.core.unseen import seen_text
from apps.platform.core.violations import Violation
from apps.platform.uploads.models import Upload
from apps.reliability.designations.models import Designation

KIND = "contract-terms"
READ = "READY"
WAITS = ("RECEIVED", READ)
MOST_KEPT = 5_000


@dataclass(frozen=True)
class WaitingFile:
    """A file that waits, with the contracts it names for the days asked about.

    None are named where it is not known what the file holds: it may be terms of any resource.
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
            else "is not read yet: it may hold terms of this resource"
        )
        return (
            f"The file {self.name} (upload no. {self.upload_id}, sent by {self.sender}) waits to "
            f"be confirmed and {holds}"
        )


def terms_kept(frame: pl.DataFrame) -> list[list[str]] | None:
    """Return what is kept of a read file of terms: resource, contract, first and last day.

    None where it has more of them than are kept.
    """
    days = (pl.col(c).cast(pl.String) for c in ("start_date", "end_date"))
    rows = frame.select("resource_id", "contract_id", *days).unique().sort(pl.all())
    return [list(row) for row in rows.iter_rows()] if rows.height <= MOST_KEPT else None


def files_waiting(case: Designation, first: date) -> list[WaitingFile]:
    """Return the files that wait with terms of a designation's resource on a day or later.

    What a file holds was kept as it was read, so none is parsed here. One that is not read yet, or
    of which nothing was kept, is among them.
    """
    found = []
    waiting = Upload.objects.filter(kind=KIND, state__in=WAITS).select_related("opened_by")
    for upload in waiting.order_by("pk"):
        numbers = _contracts_of(case, first, upload)
        if numbers or numbers is None:
            sender = upload.opened_by.username
            found.append(WaitingFile(upload.pk, upload.file_name, sender, numbers or ()))
    return found


def _contracts_of(case: Designation, first: date, upload: Upload) -> tuple[str, ...] | None:
    """Return the contracts a file names for a designation's later days; None where unknown."""
    kept = upload.preview.get("kept") if upload.state == READ else None
    if kept is None:
        return None
    return tuple(
        sorted(
            {
                contract
                for resource, contract, start, end in kept
                if resource == case.resource.code
                and date.fromisoformat(end) >= first
                and date.fromisoformat(start) < case.period.upper
            }
        )
    )


@implements("BRQ-0055", source="BRS 1.2 section 6.1.1")
def against_files(case: Designation, first: date, reason: str, column: str) -> list[Violation]:
    """Refuse to end a designation over a file that waits with terms of its later days.

    *Interpretation*: unless a reason is given beside the ending, which the second person reads. The
    file itself asks anew before it is confirmed, as no designation stands behind it then.
    """
    if seen_text(reason):
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
