"""API tokens of people and certificates of machines, with their whole history."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from apps.platform.accounts.codes import NOBODY_READS, OWN_PARTY, OWN_USERS
from apps.platform.accounts.hooks import ROW_POLICIES, RowPolicy
from apps.platform.accounts.models import tracked
from apps.platform.audit.hooks import PLAIN_MODELS, PlainModel
from apps.platform.audit.models import Case, case_triggers, second_person
from apps.platform.sign_in.codes import ROLE_STATES, TokenScope

PLAIN_MODELS.register(PlainModel("sign_in.ApiToken", "a credential; its changes are tracked"))
PLAIN_MODELS.register(
    PlainModel("sign_in.PartyCertificate", "a credential; its changes are tracked")
)
ROW_POLICIES.register(RowPolicy("sign_in_apitoken", f"user_id in {OWN_USERS}"))
PLAIN_MODELS.register(
    PlainModel(
        "sign_in.IdempotentReply", "an answer kept for a day, so that a write may be sent twice"
    )
)
ROW_POLICIES.register(RowPolicy("sign_in_idempotentreply", f"user_id in {OWN_USERS}"))
ROW_POLICIES.register(RowPolicy("sign_in_rolerequest", NOBODY_READS))
ROW_POLICIES.register(RowPolicy("sign_in_partycertificate", f"party_id = {OWN_PARTY}"))
for table in (
    "account_emailaddress",
    "mfa_authenticator",
    "usersessions_usersession",
    "socialaccount_socialaccount",
):
    ROW_POLICIES.register(RowPolicy(table, f"user_id in {OWN_USERS}"))
for table in (
    "account_emailconfirmation",
    "socialaccount_socialapp",
    "socialaccount_socialtoken",
    "axes_accessattempt",
    "axes_accesslog",
    "axes_accessfailurelog",
    "axes_accessattemptexpiration",
):
    ROW_POLICIES.register(RowPolicy(table, "false"))


PLAIN_MODELS.register(
    PlainModel(
        "sign_in.SharedValue", "what sign-in counts for some minutes; removed when it expires"
    )
)
ROW_POLICIES.register(RowPolicy("sign_in_sharedvalue", "false"))


class SharedValue(models.Model):
    """The table of Django's database cache: tries at second factors and codes that were used.

    All web processes see it. It is written and read by the cache alone.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)


@tracked
class ApiToken(models.Model):
    """A secret with which a program acts as its person; only a digest of it is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80, help_text="what uses it, such as 'nightly upload'")
    prefix = models.CharField("begins with", max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(
        models.CharField(max_length=10, choices=[(s.value, s.value) for s in TokenScope])
    )
    created_at = models.DateTimeField("made")
    expires_at = models.DateTimeField("expires")
    last_used_at = models.DateTimeField("last used", null=True)
    revoked_at = models.DateTimeField("revoked", null=True)

    class Meta:
        ordering = ("-created_at",)
        constraints = [
            models.CheckConstraint(
                name="a_token_expires", condition=models.Q(expires_at__gt=models.F("created_at"))
            ),
            models.CheckConstraint(
                name="a_token_has_a_scope", condition=models.Q(scopes__len__gt=0)
            ),
        ]


@tracked
class RoleRequest(Case):
    """A request to give somebody roles that decide: one person asks, another one approves.

    Neither is the person who would get them.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="role_requests"
    )
    roles = ArrayField(models.CharField(max_length=20))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    STATES = ROLE_STATES

    class Meta:
        triggers = case_triggers(ROLE_STATES)
        constraints = [
            *second_person("a_role_request", "APPROVED", "REJECTED"),
            models.CheckConstraint(
                name="nobody_asks_for_roles_of_their_own",
                condition=~models.Q(user=models.F("opened_by")),
            ),
            models.CheckConstraint(
                name="nobody_decides_on_roles_of_their_own",
                condition=models.Q(decided_by__isnull=True)
                | ~models.Q(user=models.F("decided_by")),
            ),
            models.UniqueConstraint(
                name="one_role_request_waits_for_a_person",
                fields=["user"],
                condition=models.Q(state="ASKED"),
            ),
        ]


@tracked
class PartyCertificate(models.Model):
    """A client certificate with which a party's machine comes to the second listener."""

    party = models.ForeignKey("accounts.Party", on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="the account in whose name the machine acts",
    )
    fingerprint = models.CharField("SHA-256 fingerprint", max_length=64, unique=True)
    subject = models.CharField(max_length=200)
    serial = models.CharField(max_length=50)
    pem = models.TextField()
    not_before = models.DateTimeField("valid from")
    not_after = models.DateTimeField("valid until")
    issued_here = models.BooleanField("issued by this site", default=False)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    registered_at = models.DateTimeField("registered")
    revoked_at = models.DateTimeField("revoked", null=True)
    revoked_why = models.CharField("why revoked", max_length=300, blank=True)

    class Meta:
        ordering = ("-registered_at",)


class IdempotentReply(models.Model):
    """The answer to a write that carried an Idempotency-Key; blank where it held a secret."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    mark = models.CharField("fingerprint of the request", max_length=64)
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    media_type = models.CharField(max_length=100, blank=True)
    body = models.BinaryField(default=b"")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="a_key_is_used_once")]
