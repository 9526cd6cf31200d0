"""What people were told, whether they looked, and how they want to be told."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from apps.platform.accounts.codes import OWN_USERS
from apps.platform.accounts.hooks import ROW_POLICIES, RowPolicy
from apps.platform.audit.hooks import PLAIN_MODELS, PlainModel
from apps.platform.ui.fields import AddressField

PLAIN_MODELS.register(
    PlainModel("notifications.Notification", "a message to one person; only 'read' changes")
)
PLAIN_MODELS.register(
    PlainModel("notifications.Preference", "how a person wants to be told; theirs alone")
)
ROW_POLICIES.register(RowPolicy("notifications_notification", f"user_id in {OWN_USERS}"))
ROW_POLICIES.register(RowPolicy("notifications_preference", f"user_id in {OWN_USERS}"))


class Notification(models.Model):
    """One message in somebody's inbox."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    topic = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    body = models.CharField(max_length=500, blank=True)
    address = AddressField("leads to", max_length=300, blank=True)
    at = models.DateTimeField("received")
    read_at = models.DateTimeField("read", null=True)

    class Meta:
        ordering = ("-at", "-id")
        indexes = [models.Index(fields=["user", "read_at"], name="unread_notices_of_a_user")]


class Preference(models.Model):
    """How one person wants to be told of one topic."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    topic = models.CharField(max_length=40)
    in_app = models.BooleanField("in the inbox", default=True)
    email = models.BooleanField("by e-mail", default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "topic"], name="a_topic_is_preferred_once")
        ]
