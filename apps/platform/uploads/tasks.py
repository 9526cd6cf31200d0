"""The queue's way to read a large upload."""

from __future__ import annotations

from typing import Any

from apps.platform.accounts.models import User
from apps.platform.clock.selectors import site_now
from apps.platform.jobs.codes import Steps
from apps.platform.jobs.hooks import JobKind
from apps.platform.uploads import services
from apps.platform.uploads.models import Upload


def read_upload(steps: Steps, *, upload_id: int, actor_id: int) -> None:
    """Read a received upload, telling how far it is; then tell who sent it."""
    actor = User.objects.get(pk=actor_id)
    upload = services.read(upload_id=upload_id, actor=actor, at=site_now(), steps=steps)
    services.tell_read(upload, at=site_now())


def give_up(arguments: dict[str, Any], actor: Any, at: Any) -> None:
    """Put an upload whose reading was cancelled to rest."""
    upload = Upload.objects.get(pk=arguments["upload_id"])
    if upload.state == "RECEIVED":
        services.withdraw(upload_id=upload.pk, actor=upload.opened_by, at=at, reason="cancelled")


READ_UPLOAD = JobKind(
    code="read-upload",
    title="Read a file",
    work=read_upload,
    advice="Open the upload and read it again; if that fails too, send the file in parts.",
    gone=give_up,
)
