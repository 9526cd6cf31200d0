"""Retrieve the Master File of a day: every file through the upload door, checked, then applied."""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from apps.platform.accounts.codes import CONTRACT_WRITERS, PartyKind, Role
from apps.platform.accounts.models import Party, User
from apps.platform.accounts.services import user_ensure
from apps.platform.core.rulebook import implements
from apps.platform.core.words import counted
from apps.platform.jobs.codes import Steps, Unseen
from apps.platform.notifications.services import holders, tell
from apps.platform.uploads import services as uploads
from apps.platform.uploads.models import Upload
from apps.platform.uploads.selectors import plausibility_shown
from apps.reference.masterfile.codes import CHECKER, SENDER, kind_of_name
from apps.reference.masterfile.models import Retrieval
from apps.reference.masterfile.services.sources import Fetched, Source, SourceTrouble
from apps.reference.resources.codes import NEW_RESOURCES

DAY_IN_NAME = re.compile(r"(20\d\d)-?([01]\d)-?([0-3]\d)")
ALERTS = ("RMR-W-0100", "RMR-W-0048", NEW_RESOURCES)


def ensure_accounts() -> None:
    """Make the two service accounts nobody signs in with: one sends, one confirms."""
    iso = Party.objects.get(kind=PartyKind.ISO)
    for name, role in ((SENDER, Role.ISO_OPERATOR), (CHECKER, Role.ISO_APPROVER)):
        if not User.objects.filter(username=name).exists():
            user_ensure(
                username=name,
                password=None,
                roles=[role.value],
                party=iso,
                first_name="Master File",
                set_up=True,
            )


@implements("BRQ-0100", source="BRS 1.2 section 6.2.1")
def retrieve(
    *, source: Source, day: date, at: datetime, steps: Steps | None = None
) -> list[Retrieval]:
    """Take in what a source has for a day; return what became of each new file.

    A file that was taken in or refused before is passed over, so asking twice is harmless. A file
    with errors is refused whole and Regulatory Contracts is told. One that would create resources
    waits for a person to confirm it, and Regulatory Contracts is told which (*Interpretation*: the
    BRS does not say who lets a resource come into being). Raises SourceTrouble where the source
    cannot be read.
    """
    steps = steps or Unseen()
    steps.step(0, 1, f"asking {source.name}")
    try:
        found = source.fetch(day)
    except SourceTrouble as trouble:
        _tell_trouble(
            f"The Master File could not be retrieved: {trouble}", at, reverse("master-file")
        )
        raise
    done = []
    ordered = sorted(found, key=lambda f: kind_of_name(f.name) == "msg-transitions")
    for number, file in enumerate(ordered, 1):
        steps.step(number, len(found) + 1, file.name)
        entry = _take(source, file, day, at)
        if entry is not None:
            steps.line(f"{file.name}: {entry.sentence}")
            done.append(entry)
    return done


def day_of(name: str, default: date) -> date:
    """Return the day a file's name tells, else the default."""
    match = DAY_IN_NAME.search(name)
    if match is None:
        return default
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        return default


def _take(source: Source, file: Fetched, day: date, at: datetime) -> Retrieval | None:
    kind = kind_of_name(file.name)
    day = day_of(file.name, day)
    words = {"at": at, "day": day, "source": source.name[:300], "file_name": file.name[:200]}
    if kind is None:
        known = Retrieval.objects.filter(file_name=words["file_name"], outcome="PASSED_OVER")
        if known.exists():
            return None
        return Retrieval.objects.create(
            **words, outcome="PASSED_OVER", sentence="Its name tells no kind of file."
        )
    options = {"as_of": day.isoformat()} if kind == "master-file" else {}
    digest = hashlib.sha256(file.content).hexdigest()
    before = Upload.objects.filter(kind=kind, sha256=digest, options=options)
    if before.filter(state__in=["READY", "CONFIRMED", "REFUSED"]).exists():
        return None
    try:
        upload = _through_the_door(kind, file, options, at)
    except (uploads.UploadRefused, uploads.ConfirmRefused) as trouble:
        _tell_trouble(f"{file.name} was not taken in: {trouble}", at, reverse("retrievals"))
        return Retrieval.objects.create(**words, outcome="REFUSED", sentence=str(trouble)[:300])
    sentence = (
        f"{counted(upload.row_count or 0, 'row')}, {counted(upload.error_count or 0, 'error')}, "
        f"{counted(upload.warning_count or 0, 'warning')}"
    )
    if upload.state == "READY":
        new = upload.violations.filter(code=NEW_RESOURCES).exists()
        what = "confirm the new resources" if new else "acknowledge what is unlikely"
        sentence += f"; it waits for a person to {what}"
    _alert(upload, file.name, at)
    return Retrieval.objects.create(**words, upload=upload, outcome=upload.state, sentence=sentence)


@transaction.atomic
def _through_the_door(kind: str, file: Fetched, options: dict[str, str], at: datetime) -> Upload:
    sender = User.objects.get(username=SENDER)
    upload = uploads.receive(
        kind_code=kind,
        file_name=file.name,
        content=file.content,
        actor=sender,
        at=at,
        options=options,
        note="retrieved",
    )
    upload = uploads.read(upload_id=upload.pk, actor=sender, at=at)
    asks = upload.violations.filter(code=NEW_RESOURCES).exists()
    if upload.state == "READY" and not asks and not plausibility_shown(upload=upload).exists():
        checker = User.objects.get(username=CHECKER)
        upload, _ = uploads.confirm(
            upload_id=upload.pk, actor=checker, at=at, reason="retrieved and checked"
        )
    return upload


def _alert(upload: Upload, name: str, at: datetime) -> None:
    """Tell Regulatory Contracts of a refused file, and of designations the file leaves out."""
    address = reverse("upload", args=[upload.pk])
    if upload.state == "REFUSED":
        _tell_trouble(
            f"{name} is refused: {counted(upload.error_count or 0, 'error')}", at, address
        )
    for violation in upload.violations.filter(code__in=ALERTS)[:20]:
        _tell_trouble(f"{violation.code}: {violation.message}", at, address)


def _tell_trouble(title: str, at: datetime, address: str) -> None:
    tell(holders(CONTRACT_WRITERS), topic="master-file", title=title, at=at, address=address)
