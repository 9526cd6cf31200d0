"""A role that decides names the two people who gave it; those held before count as set up."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

DECIDING = ["ISO_ADMIN", "ISO_APPROVER", "ISO_CONTRACTS", "ISO_OPERATOR", "ISO_SETTLEMENTS"]


def person(**how):
    """Return a nullable key of a user."""
    return models.ForeignKey(null=True, related_name="+", to=settings.AUTH_USER_MODEL, **how)


def of_history(**how):
    """Return the same in the table of the history."""
    nothing = django.db.models.deletion.DO_NOTHING
    return person(db_constraint=False, on_delete=nothing, related_query_name="+", **how)


PROTECT = {"on_delete": django.db.models.deletion.PROTECT}


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_system_users")]

    operations = [
        migrations.AddField("membership", "approved_by", person(**PROTECT)),
        migrations.AddField("membership", "proposed_by", person(**PROTECT)),
        migrations.AddField("membership", "set_up", models.BooleanField(default=True)),
        migrations.AlterField("membership", "set_up", models.BooleanField(default=False)),
        migrations.AddField("membershipevent", "approved_by", of_history()),
        migrations.AddField("membershipevent", "proposed_by", of_history()),
        migrations.AddField("membershipevent", "set_up", models.BooleanField(default=False)),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                name="two_others_give_a_role_that_decides",
                condition=~models.Q(role__in=DECIDING)
                | models.Q(set_up=True)
                | (
                    models.Q(proposed_by__isnull=False, approved_by__isnull=False)
                    & ~models.Q(proposed_by=models.F("approved_by"))
                    & ~models.Q(user=models.F("proposed_by"))
                    & ~models.Q(user=models.F("approved_by"))
                ),
            ),
        ),
    ]
