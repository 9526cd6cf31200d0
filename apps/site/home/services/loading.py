"""Load reference data and the demo; note signs of life."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from apps.platform.accounts.codes import SERVICE_ACCOUNTS, PartyKind
from apps.platform.accounts.models import Party, User
from apps.platform.accounts.services import party_ensure, user_ensure
from apps.platform.parameters.services import seed
from apps.platform.uploads import services as uploads
from apps.platform.uploads.hooks import kind
from apps.platform.uploads.models import DatasetVersion, Upload
from apps.reference.masterfile.services import ensure_accounts
from apps.reference.resources.services import load_areas
from apps.site.home.models import Heartbeat

ROOT = Path(__file__).resolve().parents[4]
FIXTURES = ROOT / "fixtures"
DEMO = FIXTURES / "demo"
RELEASE = {
    "sent_by": SERVICE_ACCOUNTS[0],
    "confirmed_by": SERVICE_ACCOUNTS[1],
    "note": "table of the release",
}


def beat(*, name: str, at: datetime) -> None:
    """Note that a background program is alive."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": at})


def read_yaml(path: Path) -> Any:
    """Return what a YAML file of ours says."""
    return yaml.safe_load(path.read_text())


@transaction.atomic
def load_reference(*, at: datetime) -> int:
    """Load the ISO, TAC areas, local areas and first parameter values; twice is harmless."""
    party_ensure(code="ISO", name="Independent System Operator", kind=PartyKind.ISO)
    ensure_accounts()
    load_areas(
        tac=read_yaml(FIXTURES / "reference" / "tac_areas.yaml"),
        local=read_yaml(FIXTURES / "reference" / "local_areas.yaml"),
    )
    entries = [
        entry
        for path in sorted((FIXTURES / "parameters").glob("*.yaml"))
        for entry in read_yaml(path)
    ]
    made = seed(entries=entries, at=at)
    for row in read_yaml(FIXTURES / "reference" / "files.yaml"):
        if not DatasetVersion.objects.filter(dataset=kind(row["kind"]).dataset.name).exists():
            load_file(row | RELEASE, at, FIXTURES / "reference")
    return made


@transaction.atomic
def load_demo_people(*, password: str) -> list[dict[str, str]]:
    """Make the demo's SCs and users where they are missing; return who can sign in.

    They share one password, and its hash: hashing is slow on purpose.
    """
    people = read_yaml(DEMO / "people.yaml")
    names = {row["username"] for row in people["users"]}
    known = User.objects.filter(username__in=names).count() == len(names)
    hashed = "" if known else make_password(password)
    for row in people["parties"]:
        party_ensure(code=row["code"], name=row["name"], is_synthetic=True)
    for row in people["users"]:
        user_ensure(
            username=row["username"],
            password=None,
            password_hash=hashed,
            roles=row["roles"],
            party=Party.objects.get(code=row["party"]),
            first_name=row["first_name"],
            set_up=True,
        )
    return [dict(row) for row in people["users"]]


def demo_sign_ins(*, password: str) -> list[str]:
    """Return the active people of the demo who can sign in with a password, by user name.

    They share one password and its hash, so that one check serves for all who kept it.
    """
    names = [row["username"] for row in read_yaml(DEMO / "people.yaml")["users"]]
    found = User.objects.filter(username__in=names, is_active=True).order_by("username")
    opens: dict[str, bool] = {}
    for user in found:
        if user.password not in opens:
            opens[user.password] = check_password(password, user.password)
    return [user.username for user in found if opens[user.password]]


def load_demo_files(*, at: datetime) -> list[str]:
    """Send the demo's files through the upload door and have a second person confirm each.

    A file that was confirmed before (same SHA-256 and kind) is not sent again. Returns the names
    of what was loaded; raises RuntimeError where a file is refused.
    """
    loaded = []
    for row in read_yaml(DEMO / "files.yaml"):
        if load_file(row, at):
            loaded.append(row["file"])
    return loaded


@transaction.atomic
def load_file(row: dict[str, Any], at: datetime, folder: Path = DEMO) -> bool:
    """Send one file of ours and have it confirmed; whether it was not on file before."""
    content = (folder / row["file"]).read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if Upload.objects.filter(kind=row["kind"], sha256=digest, state="CONFIRMED").exists():
        return False
    sender = User.objects.get(username=row["sent_by"])
    upload = uploads.receive(
        kind_code=row["kind"],
        file_name=row["file"],
        content=content,
        actor=sender,
        at=at,
        options={k: str(v) for k, v in row.get("options", {}).items()},
        note=row.get("note", "demo"),
    )
    upload = uploads.read(upload_id=upload.pk, actor=sender, at=at)
    if upload.state != "READY":
        said = "; ".join(_sentences(upload.violations.all()[:5]))
        raise RuntimeError(f"The file {row['file']} was refused: {said}")
    uploads.confirm(
        upload_id=upload.pk,
        actor=User.objects.get(username=row["confirmed_by"]),
        at=at,
        reason="as prepared",
    )
    return True


def _sentences(violations: Iterable[Any]) -> list[str]:
    return [f"row {f.line} {f.column}: {f.message}" for f in violations]
