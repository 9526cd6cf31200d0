"""Views of lists that people keep for themselves or share."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from apps.platform.accounts.codes import OWN_USERS
from apps.platform.accounts.hooks import ROW_POLICIES, RowPolicy
from apps.platform.accounts.models import tracked
from apps.platform.audit.hooks import PLAIN_MODELS, PlainModel

PLAIN_MODELS.register(
    PlainModel("ui.SavedView", "a person's way to look at a list; no fact of the business")
)
ROW_POLICIES.register(RowPolicy("ui_savedview", f"owner_id in {OWN_USERS}"))


@tracked
class SavedView(models.Model):
    """Filters, columns, order and page length of one list under a name.

    ``shared``: everybody of the owner's organisation may use it; only the owner changes it.
    """

    screen = models.CharField(max_length=60)
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=2000, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    shared = models.BooleanField(default=False)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                fields=["screen", "owner", "name"], name="a_view_is_named_once_by_its_owner"
            )
        ]
