"""Warnings of confirmed files, and who said of each, or of all of a file, that it is right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import F, IntegerField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from apps.platform.core.violations import Severity
from apps.platform.core.words import counted
from apps.platform.uploads.hooks import kind
from apps.platform.uploads.models import Acknowledgement, DatasetVersion, UploadViolation
from apps.platform.uploads.selectors import carry_chains

READING, LIKELY = "Reading of the file", "Plausibility"
MOST_OF_A_CODE = 20


class _Said(NamedTuple):
    """What the places of one warning share: they are told once, with their number."""

    code: str
    column: str
    message: str
    person: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class AcknowledgedViolation:
    """A violation of a dataset version, and the person who acknowledged it.

    ``version`` and ``source``: the key of the version asked about, and of the one whose file has
    it, which the first may carry rows of; ``file`` and ``upload``: name and number of that file.
    ``check``: what looked, in words. ``count``: at how many places. ``person``: a user's name.
    """

    version: int
    source: DatasetVersion
    file: str
    upload: int
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
    """Return the warnings of the files whose rows are in force in versions, each by itself.

    Rows that a version carries keep the warnings of the file they came in. One of plausibility has
    a reason and a moment of its own; over all others stood who confirmed the file. Warnings that
    say the very same of several places are told once, with their number; past the first twenty of a
    code in a file the rest are told together. For the ISO: files of every sender are asked. The
    number of queries does not depend on how many versions there are or carry others.
    """
    chains = carry_chains(versions)
    sources = {one.pk: one for chain in chains.values() for one in chain}
    warned = _warnings({one.upload_id for one in sources.values()})
    answers = _answers(sources)
    told = {
        key: _of_file(one, warned.get(one.upload_id, []), answers.get(key, {}))
        for key, one in sources.items()
    }
    return [
        (
            version,
            AcknowledgedViolation(
                version=version.pk,
                source=source,
                file=source.upload.file_name,
                upload=source.upload_id,
                check=LIKELY if said.reason else READING,
                code=said.code,
                sentence=sentence,
                count=count,
                person=said.person,
                at=said.at,
                reason=said.reason,
            ),
        )
        for version in versions
        for source in chains[version.pk]
        for said, sentence, count in told[source.pk]
    ]


def _warnings(uploads: Iterable[int]) -> dict[int, list[UploadViolation]]:
    """Return the warnings of the latest reading of each upload, in the order of its rows."""
    kept = KeyTextTransform("reading", F("upload__preview"))
    latest = Coalesce(Cast(kept, IntegerField()), 1)
    rows = UploadViolation.objects.filter(upload__in=uploads, severity=Severity.WARNING)
    found: dict[int, list[UploadViolation]] = {}
    for row in rows.filter(reading=latest).order_by("code", "line", "pk"):
        found.setdefault(row.upload_id, []).append(row)
    return found


def _answers(versions: Iterable[int]) -> dict[int, dict[int, Acknowledgement]]:
    """Return what was acknowledged, by version and violation."""
    rows = Acknowledgement.objects.filter(dataset_version__in=versions)
    found: dict[int, dict[int, Acknowledgement]] = {}
    for row in rows.select_related("acknowledged_by"):
        found.setdefault(row.dataset_version_id, {})[row.violation_id] = row
    return found


def _of_file(
    version: DatasetVersion,
    rows: Iterable[UploadViolation],
    answers: dict[int, Acknowledgement],
) -> list[tuple[_Said, str, int]]:
    """Return the warnings of the file of a version, each with its first sentence and places."""
    of_likelihood = kind(version.upload.kind).plausibility_codes
    found: dict[_Said, tuple[str, int]] = {}
    for row in rows:
        answer = answers.get(row.pk)
        if answer is None and row.code in of_likelihood:
            continue  # it speaks of another period of the file
        person, reason, at = (
            (answer.acknowledged_by, answer.reason, answer.acknowledged_at)
            if answer
            else (version.confirmed_by, "", version.known_from)
        )
        said = _Said(row.code, row.column, row.message, person.username, reason, at)
        first, count = found.get(said, (_sentence(row), 0))
        found[said] = (first, count + 1)
    return _few([(said, *told) for said, told in found.items()])


def _few(found: list[tuple[_Said, str, int]]) -> list[tuple[_Said, str, int]]:
    """Return the first warnings of each code of one reason, and the rest of them in one line."""
    kept: list[tuple[_Said, str, int]] = []
    seen: dict[tuple[str, str], int] = {}
    rest: dict[tuple[str, str], tuple[_Said, int, int]] = {}
    for said, sentence, count in found:
        of = (said.code, said.reason)
        seen[of] = seen.get(of, 0) + 1
        if seen[of] <= MOST_OF_A_CODE:
            kept.append((said, sentence, count))
        else:
            first, many, places = rest.get(of, (said, 0, 0))
            rest[of] = (first, many + 1, places + count)
    more = [
        (said, f"{counted(many, 'more warning')} of this code; the page of the file has them.", n)
        for said, many, n in rest.values()
    ]
    return sorted([*kept, *more], key=lambda told: told[0].code) if more else kept


def _sentence(row: UploadViolation) -> str:
    return f"Row {row.line}: {row.message}" if row.line else row.message
