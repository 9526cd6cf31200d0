"""Who sends the files of a benchmark, and how they come in."""

from __future__ import annotations

from datetime import UTC, datetime


def people():
    """Return who sends and who confirms."""
    from apps.platform.accounts.models import User

    return User.objects.get(username="iso.admin"), User.objects.get(username="iso.approver")


def upload(kind, content, *, options=None):
    """Send, read and confirm; return the upload and the versions."""
    from apps.platform.uploads import services

    sender, approver = people()
    now = datetime.now(UTC)
    sent = services.receive(
        kind_code=kind,
        file_name="bench.csv",
        content=content,
        actor=sender,
        at=now,
        options=options or {},
    )
    sent = services.read(upload_id=sent.pk, actor=sender, at=now)
    assert sent.state == "READY", list(sent.violations.values_list("message", flat=True)[:3])
    return services.confirm(
        upload_id=sent.pk,
        actor=approver,
        at=now,
        reason="bench",
        acknowledged=services.one_reason(sent, "bench"),
    )
