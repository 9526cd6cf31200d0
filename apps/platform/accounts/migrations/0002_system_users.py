"""The two accounts nobody signs in with: ``system`` acts on schedule, ``release`` brings values."""

from django.db import migrations


def make(apps, editor):
    User = apps.get_model("accounts", "User")
    for name in ("system", "release"):
        User.objects.get_or_create(username=name, defaults={"password": "!", "is_active": True})


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
