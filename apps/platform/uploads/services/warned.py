"""Warnings of confirmed files, and who said of each, or of all of a file, that it is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from apps.platform.core.violations import Severity
from apps.platform.uploads.hooks import kind
from apps.platform.uploads.models import Acknowledgement, DatasetVersion, UploadViolation

READING, LIKELY = "Reading of the file", "Plausibility"


class _Said(NamedTuple):
    """What the places of one warning share: they are told once, with their number."""

    code: str
    person: str
    reason: str


@dataclass(frozen=True)
class AcknowledgedViolation:
    """A violation of a dataset version, and the person who acknowledged it.

    ``check``: what looked, in words. ``count``: at how many places. ``person``: a user's name.
    """

    version: int
    check: str
    code: str
    sentence: str
    count: int
    person: str
    at: datetime
    reason: str = ""


def acknowledged_in(
    versions: Sequence[DatasetVersion],
) -> list[tuple[DatasetVersion, AcknowledgedViolation]]:
    """Return the warnings of the files whose rows are in force in versions, by code and reason.

    Rows that a version carries keep the warnings of the file they came in. One of plausibility has
    a reason of its own; over all others stood who confirmed the file. The sentence is that of the
    first place. For the ISO: files of every sender are asked.
    """
    chains = {v.pk: _chain(v) for v in versions}
    sources = {one.pk: one for chain in chains.values() for one in chain}
    told = {key: _of_file(source) for key, source in sources.items()}
    return [
        (
            version,
            AcknowledgedViolation(
                version=version.pk,
                check=LIKELY if said.reason else READING,
                code=said.code,
                sentence=sentence,
                count=count,
                person=said.person,
                at=source.known_from,
                reason=said.reason,
            ),
        )
        for version in versions
        for source in chains[version.pk]
        for said, (sentence, count) in told[source.pk].items()
    ]


def _chain(version: DatasetVersion) -> list[DatasetVersion]:
    """Return a version and those whose rows it carries, the newest first."""
    chain = [version]
    while chain[-1].carries is not None:
        chain.append(chain[-1].carries)
    return chain


def _of_file(version: DatasetVersion) -> dict[_Said, tuple[str, int]]:
    """Return the first sentence of each warning of the file of a version, and its places."""
    reading = version.upload.preview.get("reading", 1)
    rows = UploadViolation.objects.filter(
        upload_id=version.upload_id, severity=Severity.WARNING, reading=reading
    )
    kept = Acknowledgement.objects.filter(dataset_version=version)
    answers = {a.violation_id: a for a in kept.select_related("acknowledged_by")}
    of_likelihood = kind(version.upload.kind).plausibility_codes
    found: dict[_Said, tuple[str, int]] = {}
    for row in rows.order_by("code", "line", "pk"):
        answer = answers.get(row.pk)
        if answer is None and row.code in of_likelihood:
            continue  # it speaks of another period of the file
        said = _Said(
            row.code,
            (answer.acknowledged_by if answer else version.confirmed_by).username,
            answer.reason if answer else "",
        )
        first, count = found.get(said, (_sentence(row), 0))
        found[said] = (first, count + 1)
    return found


def _sentence(row: UploadViolation) -> str:
    return f"Row {row.line}: {row.message}" if row.line else row.message
