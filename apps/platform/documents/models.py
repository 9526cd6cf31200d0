"""Papers of cases, kept as received with their fingerprint."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from apps.platform.accounts.codes import OWN_PARTY
from apps.platform.accounts.hooks import ROW_POLICIES, RowPolicy
from apps.platform.audit.hooks import PLAIN_MODELS, PlainModel
from apps.platform.audit.models import append_only

ROW_POLICIES.register(RowPolicy("documents_document", f"party_id = {OWN_PARTY}"))
ROW_POLICIES.register(
    RowPolicy("documents_documentcontent", "document_id in (select id from documents_document)")
)
PLAIN_MODELS.register(PlainModel("documents.Document", "a paper of a case, append-only"))
PLAIN_MODELS.register(PlainModel("documents.DocumentContent", "the bytes of a paper, append-only"))


class Document(models.Model):
    """One document of one case. ``party``: the SC whose case it is; empty for the ISO's own."""

    desk = models.CharField("belongs to", max_length=60)
    case_id = models.PositiveBigIntegerField("case no.")
    party = models.ForeignKey(
        "accounts.Party", on_delete=models.PROTECT, null=True, related_name="+"
    )
    file_name = models.CharField("file", max_length=200)
    media_type = models.CharField("type", max_length=100)
    size_bytes = models.PositiveIntegerField("size")
    sha256 = models.CharField("SHA-256", max_length=64)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    sent_at = models.DateTimeField("sent")

    class Meta:
        ordering = ("sent_at", "id")
        triggers = append_only()
        indexes = [models.Index(fields=["desk", "case_id"], name="papers_of_a_case")]
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "case_id", "sha256"], name="a_case_holds_a_paper_once"
            )
        ]


class DocumentContent(models.Model):
    """The bytes, as received."""

    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="content")
    content = models.BinaryField()

    class Meta:
        triggers = append_only()
