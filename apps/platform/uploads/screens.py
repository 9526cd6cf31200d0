"""Lists of uploads and dataset versions."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from apps.platform.accounts.codes import APPROVERS, ISO_ROLES
from apps.platform.accounts.models import User
from apps.platform.accounts.rules import Viewer
from apps.platform.ui.hooks import MENU, MenuItem
from apps.platform.ui.screens import SCREENS, BulkAction, Column, Screen, link_to
from apps.platform.uploads import selectors
from apps.platform.uploads.hooks import UPLOAD_KINDS, dataset_title, kind_title
from apps.platform.uploads.models import DatasetVersion, Upload
from apps.platform.uploads.services import confirm, withdraw


def _confirm(key: str, actor: User, at: datetime, reason: str) -> None:
    confirm(upload_id=int(key), actor=actor, at=at, reason=reason)


def _withdraw(key: str, actor: User, at: datetime, reason: str) -> None:
    withdraw(upload_id=int(key), actor=actor, at=at, reason=reason)


def _waits(viewer: Viewer) -> Q:
    """Return files a viewer may confirm, and the viewer's own refused ones not corrected yet."""
    mine = Q(opened_by_id=viewer.user_id)
    kinds = [kind.code for kind in UPLOAD_KINDS if viewer.may(kind.confirm_roles)]
    ready = Q(state="READY", kind__in=kinds) & (~mine | Q(second_person=False))
    again = Upload.objects.filter(corrects=OuterRef("pk")).exclude(state="WITHDRAWN")
    return ready | (mine & Q(state="REFUSED") & ~Q(Exists(again)))


UPLOADS = Screen(
    name="uploads",
    title="Uploads",
    model=Upload,
    select=selectors.uploads,
    columns=(
        Column("id", "No.", link=link_to("upload", "pk")),
        Column("file_name", link=link_to("upload", "pk")),
        Column("kind", text=lambda row: kind_title(row["kind"]), breaks=True),
        "state",
        "row_count",
        "error_count",
        "warning_count",
        Column("opened_by__username", "Sent by"),
        Column("opened_at", "Received"),
        Column("decided_by__username", "Decided by", shown=False),
        Column("decided_at", "Decided", shown=False),
        Column("sha256", shown=False),
        Column("size_bytes", "Size (bytes)", shown=False),
        Column("note", shown=False),
    ),
    filters=("kind", "state", "opened_at", "opened_by__username"),
    search=("file_name", "sha256"),
    order=("-id",),
    roles=ISO_ROLES,
    group="inputs",
    implements=("BRQ-0105",),
    intro="Every file as received, with its violations and what became of it.",
    empty="No file has been sent yet.",
    waits=_waits,
    tools=lambda viewer: [("Upload", reverse("upload-kinds"))],
    actions=(
        BulkAction("confirm", "Confirm and load", APPROVERS, _confirm, reason=True, typed=True),
        BulkAction("withdraw", "Withdraw", ISO_ROLES, _withdraw, reason=True),
    ),
)
VERSIONS = Screen(
    name="dataset-versions",
    title="Dataset versions",
    model=DatasetVersion,
    select=selectors.dataset_versions,
    columns=(
        Column("dataset", text=lambda row: dataset_title(row["dataset"]), breaks=True),
        "period",
        "version",
        "row_count",
        Column("valid", "Days"),
        "known_from",
        Column("confirmed_by__username", "Confirmed by"),
        Column("upload__file_name", "File", link=link_to("upload", "upload_id")),
        "is_synthetic",
        Column("content_hash", shown=False),
    ),
    extra=("upload_id",),
    filters=("dataset", "period", "valid", "is_synthetic"),
    search=("dataset", "period"),
    order=("-known_from", "-id"),
    roles=ISO_ROLES,
    group="inputs",
    intro="What runs read: each confirmed version of each dataset and period. Nothing is ever "
    "overwritten.",
)
SCREENS.register(UPLOADS, VERSIONS)
MENU.register(
    MenuItem(group="Inputs", label="Upload", name="upload-kinds", roles=ISO_ROLES, order=9)
)
MENU.register(MenuItem(group="Inputs", label="Uploads", name="uploads", roles=ISO_ROLES, order=10))
MENU.register(
    MenuItem(
        group="Inputs",
        label="Dataset versions",
        name="dataset-versions",
        roles=ISO_ROLES,
        order=11,
        pages=("uploaded-row",),
    )
)
