"""Answer what a file was refused for: values that look wrong and that the sender says are right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from apps.platform.accounts.models import User
from apps.platform.core.violations import Violation
from apps.platform.core.words import counted
from apps.platform.uploads.codes import MOST_IDS, Option, listed_ids
from apps.platform.uploads.hooks import kind
from apps.platform.uploads.models import Upload
from apps.platform.uploads.selectors import violations
from apps.platform.uploads.services.receiving import UploadRefused, receive


@dataclass(frozen=True)
class Question:
    """An option that answers violations of a refused file, and what it may list: (value, words)."""

    option: Option
    values: list[tuple[str, str]]


def questions(upload: Upload) -> list[Question]:
    """Return what the sender of a refused file may answer, with at most 500 values each."""
    if upload.state != "REFUSED":
        return []
    found = []
    for option in kind(upload.kind).answers:
        refused = violations(upload=upload).filter(code=option.answers)
        if option.type == "choice":
            if refused.exists():
                found.append(Question(option, list(option.choices)))
            continue
        told = refused.exclude(value="")
        values = dict(told.order_by("-line", "-pk").values_list("value", "message"))
        if values:
            found.append(Question(option, sorted(values.items())[:MOST_IDS]))
    return found


@transaction.atomic
def answer(
    *, upload_id: int, name: str, values: Iterable[str], actor: User, at: datetime
) -> Upload:
    """Send a refused file again with values that the actor says are right.

    The first file stays as it was received; the new one names it, keeps what was answered among
    its options, and is read and confirmed like any other. Raises UploadRefused where nothing was
    asked or chosen, or the actor may not send the kind.
    """
    first = Upload.objects.select_for_update().get(pk=upload_id)
    asked = {q.option.name: q for q in questions(first)}.get(name)
    chosen = set(values) & {value for value, _ in asked.values} if asked else set()
    one = asked is not None and asked.option.type == "choice"
    if not chosen or (one and len(chosen) > 1):
        sentence = "Choose one answer." if one else "Mark at least one ID the file was refused for."
        raise UploadRefused([Violation("UP-ANSWER", sentence)])
    told = chosen if one else listed_ids(first.options, name) | chosen
    said = "its question answered" if one else f"{counted(len(chosen), 'ID')} said to be right"
    upload = receive(
        kind_code=first.kind,
        file_name=first.file_name,
        content=bytes(first.content.content),
        actor=actor,
        at=at,
        options={**first.options, name: ", ".join(sorted(told))},
        note=f"no. {first.pk} with {said}",
    )
    Upload.objects.filter(pk=upload.pk).update(corrects=first)
    upload.corrects = first
    return upload
